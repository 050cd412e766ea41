"""A slice of the faults that a machine can have in the middle of a run; the script beside it tries them all."""

from __future__ import annotations

import errno
from collections.abc import Iterator

import pytest

from tests.pipelines import kernel
from tests.pipelines.faults import Clinic, Fault, Subject
from tests.pipelines.kernel import NAME, OPEN, SYNC, WRITE

# Where the disk is full; of these every run tries the second to the fourth, the script beside it all of them.
FULL = ("hold/", "archive/", "snapshots/.draft", "ledger.jsonl", "scratch/", "returned/")
SPREAD = ((WRITE, errno.EIO, 0.25), (SYNC, errno.EIO, 0.95), (NAME, errno.EIO, 0.5), (OPEN, errno.EMFILE, 0.55))


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    if why := kernel.available():
        pytest.skip(why)
    try:
        with Subject() as subject:
            yield Clinic(subject, tmp_path_factory.mktemp("clinic"))
    except OSError as error:
        pytest.skip(f"this machine forbids to answer for the kernel: {error}")


def test_a_run_makes_every_kind_of_call(clinic: Clinic) -> None:
    """Were the listener deaf, nothing below would mean anything."""
    assert all(clinic.usual.count(family) > 10 for family in (WRITE, SYNC, NAME, OPEN))
    assert all(clinic.usual.count(WRITE, place) for place in FULL)


@pytest.mark.parametrize("place", FULL[1:4])
def test_a_disk_that_is_full_there_costs_nothing_but_time(clinic: Clinic, place: str) -> None:
    assert clinic.try_out(Fault(WRITE, errno.ENOSPC, 1, lasting=True, where=place)) == []


@pytest.mark.parametrize(("family", "error", "share"), SPREAD)
def test_one_call_that_fails_leaves_a_whole_snapshot_and_loses_no_file(
    clinic: Clinic, family: str, error: int, share: float
) -> None:
    number = 1 + int(share * (clinic.usual.count(family) - 1))
    assert clinic.try_out(Fault(family, error, number)) == []
