"""The desks beside public services: every number of the brief is there, and every series has a sender and a reader."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.catalogue.formula import references
from pipelines.mapping import load_mappings
from tests.pipelines.measured import product_catalogue

CATALOGUE = product_catalogue()
CODES = {entry.code for entry in CATALOGUE.values()}
DESKS = ("economy", "tasks", "safety", "grassroots")


@pytest.mark.parametrize("code", [
    *(f"KT{number:02d}" for number in range(1, 10)), "NV01", "NV02", "VB01", "VB02", "VB03", "HN01", "GT01", "GT02",
    "AN01", "AN02", *(f"CD{number:02d}" for number in range(1, 6)),
])  # fmt: skip
def test_the_numbers_of_the_brief_are_there(code: str) -> None:
    assert code in CODES


def sent(product_data: Path) -> set[str]:
    """Every series that some mapping may bring."""
    found: set[str] = set()
    for mapping in load_mappings(product_data).values():
        series = mapping.columns.get("series")
        if series is not None:
            found |= {str(value) for value in (series.values or {}).values()}
            found |= {str(series.constant)} if series.constant is not None else set()
    return found


def test_every_series_of_these_desks_has_a_sender(product_data: Path) -> None:
    wanted = {entry.series for entry in CATALOGUE.values() if entry.desk in DESKS and entry.series is not None}
    assert wanted <= sent(product_data) and len(wanted) > 40


def test_every_series_that_is_sent_has_a_reader(product_data: Path) -> None:
    read = {entry.series for entry in CATALOGUE.values() if entry.series is not None}
    # What departments count by hand is read by the reconciliation, and by no entry.
    assert sent(product_data) - read == {"ho_so_tiep_nhan_thang"}


def test_a_growth_is_of_one_entry_and_the_same_entry_a_year_before() -> None:
    growths = [entry for entry in CATALOGUE.values()
               if any(use == "year_before" for use, _ in references(entry.tree or 0.0))]  # fmt: skip
    assert len(growths) >= 12
    for entry in growths:
        assert len({name for _, name in references(entry.tree or 0.0)}) == 1, entry.id
        assert entry.spec["settings"] == {"unbounded": True}, entry.id
        assert entry.target is None, entry.id
