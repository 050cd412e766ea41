"""What every test may lean on: real records only through one variable, a real browser or an honest skip."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest
from hypothesis import settings

REPOSITORY = Path(__file__).resolve().parent.parent

# A test says what is true, not how fast the machine was while somebody else used it too.
settings.register_profile("untimed", parent=settings(), deadline=None)
settings.load_profile("untimed")

MAIN = sys.modules["__main__"]


@pytest.fixture(autouse=True)
def _main_module() -> None:
    """A screen under test leaves its script as the main module, and a process forked later would run that first."""
    sys.modules["__main__"] = MAIN


@pytest.fixture(scope="session")
def repository() -> Path:
    return REPOSITORY


@pytest.fixture(scope="session")
def product_data() -> Path:
    """The product's own `data/`: read, never written by a test."""
    return REPOSITORY / "data"


@pytest.fixture(scope="session")
def real_records() -> Path:
    """The folder of real records that the project does not ship."""
    folder = os.environ.get("IOC_REAL_RECORDS")
    if not folder:
        pytest.skip("IOC_REAL_RECORDS is not set: the real records lie beside the project only where CI runs")
    return Path(folder)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Where Chromium is; a skip on a developer's machine without one, a failure where CI=true."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        message = "no Chromium on this machine: tests/chromium.sh says how to get one"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return found
