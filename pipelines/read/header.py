"""A header is an agreement: what it lacks, doubles, leaves empty or adds is said by name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from pipelines.errors import Reason, Rejected
from pipelines.read.format import FileFormat, Limits
from pipelines.read.mojibake import kind_of
from pipelines.read.text import ANY_RULE, BLANKS, folded, repaired_text

SHOWN: Final = 8


def resolve(cells: Sequence[str], form: FileFormat, limits: Limits) -> tuple[list[str], list[Reason]]:
    """The header's names in the mapping's spelling, and warnings; raises Rejected with the first fault.

    Values of a row that is no header are never quoted: they may be a citizen's name.
    """
    if len(cells) > limits.columns:
        raise Rejected(Reason("too_many_columns", {"count": len(cells), "limit": limits.columns}))
    if kind := kind_of("\n".join(cells)):
        raise Rejected(Reason(f"garbled_{kind}", {"column": f"{form.header_row}"}))
    spelling = {folded(name): name for name in form.known}
    names = [spelling.get(folded(cell), repaired_text(cell)) for cell in cells]
    if form.columns and not set(names) & set(form.columns):
        raise Rejected(Reason("header_not_found", {"row": form.header_row, "columns": listed(form.columns)}))
    _refuse_unnamed(names)
    warnings = judge_columns(names, form)
    respelled = [cell for cell, name in zip(cells, names, strict=True) if cell != name]
    if respelled:
        warnings.append(Reason("header_spelled_differently", {"count": len(respelled)}))
    return names, warnings


def _refuse_unnamed(names: Sequence[str]) -> None:
    if "" in names:
        raise Rejected(Reason("header_empty", {"position": names.index("") + 1}))
    doubled = [name for name, count in Counter(folded(name) for name in names).items() if count > 1]
    if doubled:
        raise Rejected(Reason("header_doubled", {"columns": listed(doubled)}))


def judge_columns(names: Sequence[str], form: FileFormat) -> list[Reason]:
    """Warnings about columns beyond the agreement; raises Rejected where one is missing or unwelcome."""
    if not form.columns:
        return []
    missing = [name for name in form.columns if name not in names]
    unknown = [name for name in names if name not in form.known]
    if missing and unknown:
        values = {"columns": listed(missing), "unknown": listed(unknown)}
        raise Rejected(Reason("columns_renamed", values))
    if missing:
        raise Rejected(Reason("columns_missing", {"columns": listed(missing)}))
    if unknown and form.unknown == "reject":
        raise Rejected(Reason("columns_unknown", {"columns": listed(unknown)}))
    return [Reason("columns_not_taken", {"columns": listed(unknown)})] if unknown else []


def listed(names: Sequence[str]) -> str:
    """At most a handful of names, each cut to a readable length and without anything that a terminal obeys."""
    clean = [re.sub(f"{ANY_RULE}|{BLANKS}", "\ufffd", name) for name in names[:SHOWN]]
    shown = [name if len(name) <= 60 else f"{name[:59]}…" for name in clean]
    return ", ".join(shown) + (f" … (+{len(names) - SHOWN})" if len(names) > SHOWN else "")
