"""One calm face for wall, desk and paper: every colour, size and font that a person sees is named here, once.

App, charts, wall, slides and documents take their tokens from this module; nothing else in the code holds
a colour. The contrast of each token against its own background is checked by `tests/dashboard/test_look.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

FONT: Final = "Be Vietnam Pro"
FONT_STACK: Final = f"'{FONT}', 'Noto Sans', sans-serif"
SIZES: Final = (12, 14, 16, 20, 28, 40)
"""Type scale on the desk, in px; the wall computes its own from room and screen."""
LINE_HEIGHT: Final = 1.4
"""Vietnamese letters stack two marks (ế, ộ, ữ): below 1.35 they touch the line above."""
THEMES: Final = ("light", "dim")
WEIGHTS: Final = (400, 500, 600, 700)
UNICODE_RANGES: Final = {
    "vietnamese": "U+0102-0103,U+0110-0111,U+0128-0129,U+0168-0169,U+01A0-01A1,U+01AF-01B0,U+0300-0301,"
    "U+0303-0304,U+0308-0309,U+0323,U+0329,U+1EA0-1EF9,U+20AB",
    "latin-ext": "U+0100-02BA,U+02BD-02C5,U+02C7-02CC,U+02CE-02D7,U+02DD-02FF,U+0304,U+0308,U+0329,"
    "U+1D00-1DBF,U+1E00-1E9F,U+1EF2-1EFF,U+2020,U+20A0-20AB,U+20AD-20C0,U+2113,U+2C60-2C7F,U+A720-A7FF",
    "latin": "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329,"
    "U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD",
}


@dataclass(frozen=True)
class Palette:
    """The colour tokens of one theme, as #RRGGBB."""

    background: str
    surface: str
    line: str
    text: str
    secondary: str
    better: str
    worse: str
    second: str
    third: str
    sequential: tuple[str, str, str, str, str]
    diverging: tuple[str, str, str, str, str]
    """From clearly worse to clearly better than a target; used against a target only."""

    @property
    def series(self) -> tuple[str, str, str, str]:
        """At most four series share a chart; a fifth means small multiples."""
        return (self.better, self.second, self.third, self.secondary)


PALETTES: Final = {
    "light": Palette(
        background="#F6F7F8",
        surface="#FFFFFF",
        line="#D9DDE1",
        text="#1B2127",
        secondary="#56606B",
        better="#1F6FB2",
        worse="#B45309",
        second="#1C7A72",
        third="#6B4FA0",
        sequential=("#DCE9F5", "#A9CBE8", "#6FA7D6", "#3B83C0", "#14528A"),
        diverging=("#B45309", "#E3A868", "#DDE1E5", "#86B5DC", "#1F6FB2"),
    ),
    "dim": Palette(
        background="#1E2329",
        surface="#262C33",
        line="#3A424B",
        text="#E6E8EB",
        secondary="#9AA3AD",
        better="#5AA9E6",
        worse="#F2A33A",
        second="#28A197",
        third="#A285D1",
        sequential=("#22384C", "#2C5678", "#3B79A8", "#5AA9E6", "#B5DAF7"),
        diverging=("#F2A33A", "#94703F", "#4B545E", "#3D6F99", "#5AA9E6"),
    ),
}


def palette(theme: str) -> Palette:
    """The tokens of `theme` ("light" or "dim"); any other name gives light, as a URL may hold anything."""
    return PALETTES.get(theme, PALETTES["light"])


def css_variables(theme: str) -> str:
    """The tokens as CSS custom properties (`--better: #1F6FB2; …`) for every piece of HTML we write."""
    tokens = palette(theme)
    single = [f"--{f.name}:{getattr(tokens, f.name)}" for f in fields(tokens) if f.type == "str"]
    steps = [f"--step{i}:{colour}" for i, colour in enumerate(tokens.sequential, start=1)]
    return ";".join((*single, *steps, f"--font:{FONT_STACK}", f"--line-height:{LINE_HEIGHT}"))


def font_faces(prefix: str) -> str:
    """`@font-face` rules of the shipped subsets under the URL `prefix`; a browser takes what a page needs."""
    return "\n".join(
        f"@font-face{{font-family:'{FONT}';font-style:normal;font-display:swap;font-weight:{weight};"
        f"src:url({prefix}be-vietnam-pro-{subset}-{weight}-normal.woff2) format('woff2');"
        f"unicode-range:{span}}}"
        for subset, span in UNICODE_RANGES.items()
        for weight in WEIGHTS
    )


def streamlit_theme() -> dict[str, object]:
    """The same tokens as Streamlit options (`theme.light.textColor`, …): no config file repeats them."""
    options: dict[str, object] = {"theme.font": FONT_STACK, "theme.baseRadius": "6px"}
    options["theme.baseFontSize"] = SIZES[1]
    for section, theme in (("light", "light"), ("dark", "dim")):
        options |= {f"theme.{section}.{name}": value for name, value in _streamlit_colours(theme).items()}
    return options


def _streamlit_colours(theme: str) -> dict[str, object]:
    tokens = palette(theme)
    return {
        "primaryColor": tokens.better,
        "backgroundColor": tokens.background,
        "secondaryBackgroundColor": tokens.surface,
        "textColor": tokens.text,
        "borderColor": tokens.line,
        "linkColor": tokens.better,
        # Fewer than ten and the frontend fills the rest with the word "undefined".
        "chartCategoricalColors": [*(tokens.series * 3)[:10]],
    }
