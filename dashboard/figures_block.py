"""A row of figures under one question, or one honest sentence where no source tells any of them."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import numbers
from dashboard.block import heading
from dashboard.fold import said
from dashboard.here import Here
from dashboard.tile import tiles


def figures_block(here: Here, key: str, names: Sequence[str], question: str, told: str, nothing: str) -> bool:
    """Draw the figures `names`; False where none has a value, and `nothing` (words) is said instead."""
    shown = numbers.many(here, names)
    with st.container(key=f"card_{key}"):
        heading(question, told)
        if all(figure.plot is None for figure in shown.values()):
            st.html(said(nothing))
            return False
        st.html(tiles(here, numbers.with_history(here, shown)))
    return True
