"""All chance comes from one seed through named streams, so a new kind of file never changes the others."""

from __future__ import annotations

from zlib import crc32

import numpy as np

from pipelines.demo.office import Flags, Floats, Ints


def stream(seed: int, name: str, number: int = 0) -> np.random.Generator:
    """An independent generator for one purpose (`name`) and one part of it (`number`, for example the month)."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, crc32(name.encode()), number])))


def happens(rng: np.random.Generator, share: Floats | float, size: int) -> Flags:
    """A yes or no for each of `size` cases; `share` is one probability or one per case."""
    return rng.random(size) < share


def pick(rng: np.random.Generator, weights: Floats, size: int) -> Ints:
    """`size` row numbers of `weights`, each as likely as its weight."""
    edges = np.cumsum(weights / weights.sum())
    return np.minimum(np.searchsorted(edges, rng.random(size), side="right"), len(weights) - 1).astype(np.int64)


def pick_within(rng: np.random.Generator, groups: Ints, weights: Floats, wanted: Ints) -> Ints:
    """For each wanted group one row of it by weight; `groups` must be sorted, a group without rows gives -1."""
    totals = np.concatenate([[0.0], np.cumsum(weights)])
    since = np.searchsorted(groups, wanted, side="left")
    until = np.searchsorted(groups, wanted, side="right")
    aim = totals[since] + rng.random(len(wanted)) * (totals[until] - totals[since])
    row = np.clip(np.searchsorted(totals, aim, side="right") - 1, since, np.maximum(until - 1, since))
    return np.where(until > since, row, -1).astype(np.int64)


def waits(rng: np.random.Generator, mean: Floats | float, size: int) -> Ints:
    """Whole working days, at least one, geometric with the given mean."""
    return rng.geometric(1 / np.maximum(mean, 1.0), size).astype(np.int64)
