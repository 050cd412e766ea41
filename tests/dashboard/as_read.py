"""What a reader of a page reads: its HTML, and the words that its charts write above and below themselves."""

from __future__ import annotations

import json
from html import escape

from streamlit.testing.v1 import AppTest


def pieces(run: AppTest) -> list[str]:
    """Every piece of a page as HTML: what Streamlit was given, then the words of each chart."""
    return [part.proto.body for part in run.get("html")] + [piece for one in said(run) if (piece := _words(one))]


def said(run: AppTest) -> list[dict[str, object]]:
    """The data of every component on the page."""
    return [json.loads(part.proto.json or part.proto.mixed.json or "{}") for part in run.get("bidi_component")]


def _words(data: dict[str, object]) -> str:
    told = [escape(str(data[key])) for key in ("title", "summary", "caption") if "chart" in data and data.get(key)]
    return f"<h2>{told[0]}</h2> <p>{'</p> <p>'.join(told[1:])}</p>" if told else ""
