"""Units that begin and end, names written many ways, days off and promises: what people know about a place."""

from pipelines.reference.lists import PublishedTable
from pipelines.reference.names import fold, folded
from pipelines.reference.place import Place, Reform, load_place
from pipelines.reference.reference import Reference, load_reference
from pipelines.reference.resolve import is_known, resolve_units, unit_versions

__all__ = [
    "Place",
    "PublishedTable",
    "Reference",
    "Reform",
    "fold",
    "folded",
    "is_known",
    "load_place",
    "load_reference",
    "resolve_units",
    "unit_versions",
]
