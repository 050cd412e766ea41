"""The one component that draws: Plotly.react in the reader's own browser, from a dict, with its table beside it.

The code that runs in the browser lies in `dashboard/static/script/`; what Streamlit sends with every run is
the three lines below that import it, so a rerun costs the data and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from streamlit.components.v2 import component
from streamlit.components.v2.types import ComponentRenderer

from dashboard.assets import ROOT
from dashboard.chart import Chart, Style
from dashboard.look import FONT_STACK

_BLOCK_HTML = """
<div class="ioc-chart">
  <div class="ioc"><h2></h2><p class="ioc-quiet ioc-told"></p></div>
  <div class="ioc-plot" role="img"></div>
  <div class="ioc-table"><table></table></div>
  <div class="ioc-tools">
    <button type="button" class="ioc-toggle" aria-pressed="false"></button>
    <button type="button" class="ioc-png">PNG</button>
    <button type="button" class="ioc-svg">SVG</button>
    <button type="button" class="ioc-csv"></button>
    <button type="button" class="ioc-xlsx"></button>
  </div>
  <div class="ioc ioc-small ioc-caption"></div>
</div>
"""


def _script(module: str, function: str) -> str:
    # The component's own code is loaded from a blob, against which a path would not resolve.
    return (
        f'const root = new URL("{ROOT}", window.location.origin).href;\n'
        f"const code = import(`${{root}}/script/{module}.js`);\n"
        f"export default async (component) => (await code).{function}(component, root);\n"
    )


def _renderer(name: str, html: str, module: str) -> ComponentRenderer:
    return component(name, html=html, js=_script(module, module), isolate_styles=False)


_CHART = _renderer("ioc_chart", _BLOCK_HTML, "block")
_LINKS = _renderer("ioc_links", "<span></span>", "links")
_FETCH = _renderer("ioc_fetch", "<span></span>", "fetch")


@dataclass(frozen=True)
class Event:
    """What the reader just did with a chart; each is told in one run only."""

    picked: str | None
    """The code of the point that was clicked."""
    export: str | None
    """The format of a file that was asked for."""


def draw(
    chart: Chart,
    *,
    key: str,
    style: Style,
    title: str,
    summary: str,
    caption: str,
    file: str,
    columns: Sequence[tuple[str, bool]],
    rows: Sequence[Sequence[str]],
    words: Mapping[str, str],
    pick: bool = False,
    formats: Sequence[str] = (),
) -> Event:
    """Show `chart` and its table under `title` and `summary` and over `caption`; return what the reader just did.

    All of it is one element: a page of twelve charts changes in twelve steps of the browser instead of thirty-six.
    `columns` are (heading, is it a number) of the table, `rows` its texts. `title` goes into a saved picture,
    `file` tells the chart from the others of the page; a screen reader says `summary`. `words` names
    table, chart, save, refused and every one of `formats`: files that leave through the audited counter.
    """
    data = sheet(style, title, columns, rows, words) | {
        "chart": chart,
        "lang": style.lang,
        "summary": summary,
        "caption": caption,
        "file": file,
        "pick": pick,
        "formats": list(formats),
    }
    result: Any = _CHART(key=key, data=data, on_picked_change=_nothing, on_export_change=_nothing)
    export = result.export if result.export in formats else None
    return Event(None if result.picked is None else str(result.picked), export)


def _table(columns: Sequence[tuple[str, bool]], rows: Sequence[Sequence[str]]) -> dict[str, object]:
    return {
        "columns": [{"name": name, "number": number} for name, number in columns],
        "rows": [list(row) for row in rows],
    }


def follow_links(lang: str, title: str) -> str | None:
    """Let links marked `data-go` change the view without a reload; return the query string just followed."""
    result: Any = _LINKS(key="links", data={"lang": lang, "title": title}, on_go_change=_nothing)
    return None if result.go is None else str(result.go)


def fetch(path: str) -> None:
    """Let the browser download what lies at `path` of this server, once."""
    _FETCH(key="hand_over", data={"path": path})


def bring(path: str, kind: str, file: str, notes: Sequence[str], table: Mapping[str, object] | None = None) -> None:
    """Let the browser draw `file` as "png" or "svg" with `notes` below it, show it at `path`, and keep it.

    `file` is a chart of the page, drawn as it is shown (as picture or table); without one, `table` is drawn.
    """
    _FETCH(key="hand_over", data={"path": path, "format": kind, "file": file, "notes": list(notes), "table": table})


def sheet(
    style: Style,
    title: str,
    columns: Sequence[tuple[str, bool]],
    rows: Sequence[Sequence[str]],
    words: Mapping[str, str],
) -> dict[str, object]:
    """What a browser needs to draw a table: title, texts, words and colours."""
    return {
        "title": title,
        "words": dict(words),
        "ink": style.colour.text,
        "paper": style.colour.surface,
        "font": FONT_STACK,
        "table": _table(columns, rows),
    }


def _nothing() -> None:
    """A trigger needs a callback to be declared; ours is read from the result of the same run."""
