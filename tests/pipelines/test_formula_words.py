"""What a formula may say of lists that a whole place shares, and what it may not."""

from __future__ import annotations

import pytest

from dashboard.query.batch import Cell
from dashboard.query.formula import evaluate
from pipelines.catalogue.formula import PARTS, parse_formula, references
from pipelines.expression import RefusedError


def test_either_and_everywhere_are_parsed_with_what_they_ask_for() -> None:
    tree = parse_formula("either(n(used) / end(own), n(used) / everywhere(shared))")
    assert tree == ["either", ["/", ["n", "used"], ["end", "own"]], ["/", ["n", "used"], ["everywhere", "shared"]]]
    assert list(references(tree)) == [("n", "used"), ("end", "own"), ("n", "used"), ("everywhere", "shared")]
    assert PARTS["everywhere"] == ("stock",)


@pytest.mark.parametrize("text", ["either(a)", "either(a, b, c)", "everywhere(a, b)", "everywhere(1)", "everywhere()"])
def test_what_they_cannot_mean_is_refused(text: str) -> None:
    with pytest.raises(RefusedError):
        parse_formula(text)


@pytest.mark.parametrize(
    ("own", "shared", "value", "parts", "by_rule"),
    [
        (8.0, 10.0, 0.5, (4.0, 8.0), False),  # what is its own comes first
        (0.0, 10.0, 0.4, (4.0, 10.0), True),  # a list shared by all says nothing of this unit alone
        (0.0, None, None, (4.0, None), False),
    ],
)
def test_the_side_that_speaks_tells_its_own_numerator_and_denominator(
    own: float, shared: float | None, value: float | None, parts: tuple[float, float | None], by_rule: bool
) -> None:
    cells = {"n": Cell(value=0.1, numerator=4.0, denominator=40.0, n=40.0), "end": Cell(value=own, n=own),
             "everywhere": Cell(value=shared, n=shared, by_rule=shared is not None)}  # fmt: skip
    tree = parse_formula("either(n(used) / end(own), n(used) / everywhere(shared))")
    found = evaluate(tree, lambda word, name: cells[word])
    assert (found.value, found.by_rule) == (value, by_rule)
    assert (found.numerator, found.denominator) == parts


def test_a_sum_rests_on_cases_and_not_on_what_a_rule_says() -> None:
    cells = {"list": Cell(value=2.0, n=69.0, denominator=69.0, by_rule=True),
             "counted": Cell(value=5.0, n=12.0, denominator=20.0)}  # fmt: skip
    told = evaluate(parse_formula("known(list, counted)"), lambda word, name: cells[name])
    assert (told.value, told.n, told.by_rule) == (7.0, 12.0, False)
    alone = evaluate(parse_formula("known(list)"), lambda word, name: cells[name])
    assert (alone.value, alone.n, alone.by_rule) == (2.0, None, True)
