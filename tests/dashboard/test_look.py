"""The tokens keep the contrasts that `look.md` promises, and every theme names every one of them."""

import itertools

import pytest

from dashboard import look


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", look.THEMES)
@pytest.mark.parametrize("token", ["text", "secondary", "better", "worse"])
def test_words_can_be_read_on_the_page_and_on_tiles(theme, token):
    tokens = look.palette(theme)
    for ground in (tokens.background, tokens.surface):
        assert contrast(getattr(tokens, token), ground) >= 4.5


@pytest.mark.parametrize("theme", look.THEMES)
def test_the_series_of_a_chart_stand_out_from_the_ground(theme):
    tokens = look.palette(theme)
    assert len(tokens.series) == 4
    for colour in tokens.series:
        assert contrast(colour, tokens.surface) >= 3


@pytest.mark.parametrize("theme", look.THEMES)
def test_the_steps_of_a_map_run_one_way(theme):
    steps = [luminance(colour) for colour in look.palette(theme).sequential]
    assert steps == sorted(steps, reverse=theme == "light")
    assert all(a != b for a, b in itertools.pairwise(steps))


def test_streamlit_gets_exactly_ten_categorical_colours():
    options = look.streamlit_theme()
    for section in ("light", "dark"):
        assert len(options[f"theme.{section}.chartCategoricalColors"]) == 10


def test_css_names_every_token_of_the_theme():
    css = look.css_variables("dim")
    assert "--better:#5AA9E6" in css
    assert "--step5:" in css
    assert "--secondary:#9AA3AD" in css


def test_no_other_module_holds_a_colour():
    import re
    from pathlib import Path

    root = Path(look.__file__).parent
    found = [
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if path.name != "look.py" and re.search(r"#[0-9A-Fa-f]{6}\b", path.read_text(encoding="utf-8"))
    ]
    assert found == []
