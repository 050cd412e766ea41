"""A sending system is one TOML file: its columns, words, dates and units in our terms, and nothing in Python."""

from pipelines.mapping.read import load_mapping, load_mappings
from pipelines.mapping.shape import DELIVERY_DAY, EXCEL, ColumnMapping, Fold, Scalar, SourceMapping

__all__ = [
    "DELIVERY_DAY",
    "EXCEL",
    "ColumnMapping",
    "Fold",
    "Scalar",
    "SourceMapping",
    "load_mapping",
    "load_mappings",
]
