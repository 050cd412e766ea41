"""Entries that speak of each other: everyone spoken of exists, fits, and nobody speaks of himself in the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from pipelines.catalogue.formula import PARTS, references
from pipelines.catalogue.indicator import Catalogue, Indicator
from pipelines.catalogue.weights import MOST
from pipelines.catalogue.written import complaint

CARRIERS = ("rate", "count", "stock")


def check_links(catalogue: Mapping[str, Indicator]) -> None:
    """Refuse (PersonError) references to missing or unfit entries, cycles, and double codes."""
    for entry in catalogue.values():
        for key, other, kinds in _links(entry):
            _check_link(catalogue, entry, key, other, kinds)
    for entry in catalogue.values():
        _check_cycle(catalogue, entry, (entry.id,))
    _check_codes(catalogue)


def aged(catalogue: Mapping[str, Indicator]) -> Catalogue:
    """The catalogue with the fact of its stock given to every entry that tells the age of a stock."""
    return {name: replace(entry, fact=catalogue[entry.ages_of].fact) if entry.ages_of else entry
            for name, entry in catalogue.items()}


def _links(entry: Indicator) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """(key, entry spoken of, kinds that would do) of one entry."""
    for word, other in references(entry.tree if entry.tree is not None else 0.0):
        yield word if word == "most" else "expression", other, PARTS[word]
    if entry.ages_of:
        yield "ages_of", entry.ages_of, ("stock",)
    if entry.over:
        yield "over", entry.over, ("stock", "distinct")
    if entry.carried_by:
        yield "carried_by", entry.carried_by, CARRIERS


def _check_link(
    catalogue: Mapping[str, Indicator], entry: Indicator, key: str, other: str, kinds: tuple[str, ...]
) -> None:
    found = catalogue.get(other)
    if found is None:
        raise complaint(entry.file, entry.id, f"`{key}` nhắc đến mục không có: `{other}`.",
                        f"`{key}` speaks of an entry that does not exist: `{other}`.")
    if found.kind not in kinds:
        wanted = "/".join(kinds)
        raise complaint(entry.file, entry.id, f"`{key}` không dùng được `{other}` ({found.kind}); cần {wanted}.",
                        f"`{key}` cannot use `{other}`, a {found.kind}; it takes {wanted}.")
    if key == "most" and not all(MOST in row for row in found.spec.get("weights", [{}])):
        raise complaint(entry.file, entry.id, f"`most({other})` cần `weights` có `{MOST}`.",
                        f"`most({other})` needs `weights` with `{MOST}`.")
    if key == "ages_of" and not found.ages:
        raise complaint(entry.file, entry.id, f"`{other}` cần `ages = true`.", f"`{other}` needs `ages = true`.")
    if found.clearance == "party" and entry.clearance == "state":
        raise complaint(entry.file, entry.id, f"`{other}` thuộc hồ sơ Đảng, mục này thì không.",
                        f"`{other}` is Party business and this entry is not.")


def _check_cycle(catalogue: Mapping[str, Indicator], entry: Indicator, path: tuple[str, ...]) -> None:
    for _, other, _ in _links(entry):
        if other == path[0] or other in path:
            walked = " → ".join((*path, other))
            raise complaint(entry.file, path[0], f"tự nhắc lại chính mình: {walked}.", f"ends up in itself: {walked}.")
        _check_cycle(catalogue, catalogue[other], (*path, other))


def _check_codes(catalogue: Mapping[str, Indicator]) -> None:
    owners: dict[str, str] = {}
    for entry in catalogue.values():
        first = owners.setdefault(entry.code, entry.id)
        if first != entry.id:
            raise complaint(entry.file, entry.id, f"mã {entry.code} đã thuộc về `{first}`.",
                            f"has the code of `{first}`: {entry.code}.")
