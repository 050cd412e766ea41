"""A kind of record is a file in this folder; being there registers it."""

from __future__ import annotations

import importlib
import pkgutil

from pipelines.facts.shape import Column, Fact

_MODULES = [importlib.import_module(f"{__name__}.{name}") for _, name, _ in pkgutil.iter_modules(__path__)]

FACTS: dict[str, Fact] = {
    fact.name: fact for module in _MODULES if isinstance(fact := getattr(module, "FACT", None), Fact)
}

__all__ = ["FACTS", "Column", "Fact"]
