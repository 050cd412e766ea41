"""Everything that people wrote and that decides a number: place, mappings, catalogue, and their one contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.catalogue import Indicator, load_catalogue
from pipelines.contract import Code, Contract, read_contract
from pipelines.mapping import SourceMapping, load_mappings
from pipelines.publish.draft import Clearance
from pipelines.reference import Reference, load_reference
from pipelines.signals.rebased import Rebasing, load_rebased


@dataclass(frozen=True, eq=False)
class Rulebook:
    """One reading of a data folder; a run uses one and the same from its first file to its last."""

    data: Path
    reference: Reference
    mappings: Mapping[str, SourceMapping]
    catalogue: Mapping[str, Indicator]
    contract: Contract
    rebased: tuple[Rebasing, ...] = ()

    def clearance(self, source: str) -> Clearance | None:
        """Which of the two files a source belongs to; None for a source that no mapping knows."""
        mapping = self.mappings.get(source)
        if mapping is None:
            return None
        return "party" if mapping.clearance == "party" else "state"


def read_rulebook(data: Path, product: Path, code: Code) -> Rulebook:
    """Read `data`; a place's catalogue adds to that of `product`, and a place without one gets the product's.

    Raises PersonError naming file, entry and what to do.
    """
    folders = catalogue_folders(data, product)
    reference, catalogue = load_reference(data), load_catalogue(*folders)
    return Rulebook(
        data=data,
        reference=reference,
        mappings=load_mappings(data),
        catalogue=catalogue,
        contract=read_contract(data, folders, code),
        rebased=load_rebased(data, catalogue, reference.units),
    )


def catalogue_folders(data: Path, product: Path) -> list[Path]:
    """The folders that the catalogue is read from: the product's first, then the place's own."""
    folders = [product / "catalogue", data / "catalogue"]
    return [folder for number, folder in enumerate(folders) if folder.is_dir() and folder not in folders[:number]]
