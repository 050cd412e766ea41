"""A screen is a file in this folder: being there, with `SCREEN`, puts it into the navigation."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from dashboard.screens.screen import Screen


@cache
def screens() -> Mapping[str, Screen]:
    """All screens by code, in the order of the navigation."""
    found = [
        getattr(importlib.import_module(f"{__name__}.{module.name}"), "SCREEN", None)
        for module in pkgutil.iter_modules(__path__)
    ]
    listed = sorted((screen for screen in found if screen is not None), key=lambda screen: screen.position)
    return MappingProxyType({screen.code: screen for screen in listed})
