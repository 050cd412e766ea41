"""Weights are data with a day: a formula may ask for them by name, and every mistake in them has a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.catalogue import load_catalogue
from pipelines.catalogue.formula import parse_formula, references, weights_named
from pipelines.errors import PersonError

ENTRY = """
[desk]
name = {{ vi = "Bộ phận", en = "Desk" }}

[told]
code = "T0"
name = {{ vi = "Tỷ lệ", en = "Share" }}
short = {{ vi = "Tỷ lệ", en = "Share" }}
definition = {{ vi = "Tỷ lệ.", en = "A share." }}
kind = "reported"
series = "told"
unit = "percent"
better = "higher"
rhythm = "monthly"

[scored]
code = "T1"
name = {{ vi = "Điểm", en = "Points" }}
short = {{ vi = "Điểm", en = "Points" }}
definition = {{ vi = "Điểm.", en = "Points." }}
kind = "formula"
expression = "{expression}"
{weights}
unit = "point"
better = "higher"
rhythm = "monthly"
"""
ROW = "{ from = 2022-06-23, points = 6, full_at = 0.5 }"
SCORE = "w(points) * least(1, told / w(full_at))"


def loaded(folder: Path, expression: str, weights: str) -> object:
    (folder / "one.toml").write_text(ENTRY.format(expression=expression, weights=weights), encoding="utf-8")
    return load_catalogue(folder)


@pytest.mark.parametrize(("text", "tree"), [
    ("w(points) * a", ["*", ["w", "points"], ["v", "a"]]),
    ("coalesce(v(a) / 2, w(empty))", ["coalesce", ["/", ["v", "a"], 2.0], ["w", "empty"]]),
    ("known(a, most(b), 1)", ["known", ["v", "a"], ["most", "b"], 1.0]),
])
def test_rules_of_a_score_become_trees(text: str, tree: object) -> None:
    assert parse_formula(text) == tree


def test_weights_are_no_references() -> None:
    tree = parse_formula("known(w(points) * a, coalesce(most(b), w(empty)))")
    assert (list(references(tree)), list(weights_named(tree))) == ([("v", "a"), ("most", "b")], ["points", "empty"])


def test_a_row_of_weights_is_published_with_its_day(tmp_path: Path) -> None:
    catalogue = load_catalogue(tmp_path) if loaded(tmp_path, SCORE, f"weights = [{ROW}]") else {}
    assert catalogue["scored"].spec["weights"] == [{"from": "2022-06-23", "points": 6, "full_at": 0.5}]


@pytest.mark.parametrize(("expression", "weights", "said"), [
    (SCORE, "", "needs `weights`"),
    (SCORE, "weights = []", "needs `weights`"),
    (SCORE, "weights = [{ from = 2022-06-23, points = 6 }]", "lacks `full_at`"),
    (SCORE, 'weights = [{ from = 2022-06-23, points = 6, full_at = "half" }]', "`weights.full_at` must be a number"),
    (SCORE, "weights = [{ points = 6, full_at = 0.5 }]", "needs a day `from`"),
    (SCORE, 'weights = [{ from = "2022", points = 6, full_at = 0.5 }]', "needs a day `from`"),
    (SCORE, f"weights = [{ROW}, {ROW}]", "in the order of their days"),
    (SCORE, "weights = [7]", "needs a day `from`"),
    ("most(told)", "", "needs `weights` with `points`"),
    ("w(told, told)", "", "takes the id of one entry"),
])
def test_every_mistake_has_a_sentence(tmp_path: Path, expression: str, weights: str, said: str) -> None:
    with pytest.raises(PersonError) as caught:
        loaded(tmp_path, expression, weights)
    assert said in caught.value.en and "[scored]" in caught.value.vi
