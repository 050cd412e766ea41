"""Quiet pieces of a page: a sentence, a folded-away part, a list of names and values; every text is escaped."""

from __future__ import annotations

import html
from collections.abc import Sequence


def said(text: str, small: bool = False) -> str:
    """A quiet sentence."""
    return f'<div class="ioc ioc-quiet{" ioc-small" if small else ""}">{html.escape(text)}</div>'


def folded(summary: str, inner: str) -> str:
    """A part that opens on a click; `inner` is HTML that is already escaped. It needs no script and no server."""
    return f'<details class="ioc ioc-fold"><summary>{html.escape(summary)}</summary>{inner}</details>'


def listed(pairs: Sequence[tuple[str, str]]) -> str:
    """Names with their values; pairs without a value are left out."""
    lines = "".join(f"<dt>{html.escape(name)}</dt><dd>{html.escape(told)}</dd>" for name, told in pairs if told)
    return f'<div class="ioc"><dl>{lines}</dl></div>'


def code(text: str) -> str:
    """Text as a machine reads it, such as SQL."""
    return f'<div class="ioc"><pre>{html.escape(text)}</pre></div>'
