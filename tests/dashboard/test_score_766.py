"""Decision 766 in slow plain Python: every sub-indicator, every cap and every empty denominator, one by one."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from dashboard.query.batch import Cell
from dashboard.query.formula import Look, evaluate, in_force, references
from pipelines.catalogue import Indicator
from tests.pipelines.measured import product_catalogue

CATALOGUE = product_catalogue()
DAY = date(2026, 10, 31)
GROUPS = {"CKMB": 18, "TDGQ": 20, "CLGQ": 12, "TTTT": 10, "MDHL": 18, "MDSH": 22}
# item -> group, full points, share at which they are full, points where nothing can be divided (None: no value)
RULES: dict[str, tuple[str, float, float, float | None]] = {
    "1.1": ("CKMB", 6, 1, None), "1.2": ("CKMB", 4, 1, None), "1.3": ("CKMB", 2, 1, None), "1.4": ("CKMB", 6, 1, None),
    "2.1": ("TDGQ", 20, 1, None),
    "3.1": ("CLGQ", 2, 0.8, None), "3.2": ("CLGQ", 4, 1, None), "3.3": ("CLGQ", 6, 0.5, None),
    "3.5": ("TTTT", 2, 0.8, None), "3.5b": ("TTTT", 2, 0.8, None), "3.6": ("TTTT", 6, 1, None),
    "4.1": ("MDSH", 6, 1, None), "4.2": ("MDSH", 4, 1, None), "4.2b": ("MDSH", 2, 1, None),
    "4.3": ("MDSH", 2, 0.8, None), "4.4": ("MDSH", 4, 1, None),
    "4.5a": ("MDSH", 2, 1, None), "4.5b": ("MDSH", 2, 1, None),
    "5.2": ("MDHL", 6, 1, 6), "5.3": ("MDHL", 6, 1, 6), "5.4": ("MDHL", 6, 0.9, 0),
}  # fmt: skip
# What files of dossiers and tickets alone cannot tell: a register, a portal's counters and the list of procedures do.
UNKNOWN = ("1.1", "1.2", "1.3", "4.2b", "4.4", "4.5a")
SHARES = (None, 0.0, 0.001, 0.275, 0.45, 0.5, 0.584, 0.799, 0.8, 0.9, 0.986, 1.0, 1.2)


def item(code: str) -> Indicator:
    return CATALOGUE["score_" + code.replace(".", "_")]


def of_group(code: str) -> Indicator:
    return next(entry for entry in CATALOGUE.values() if entry.code == f"DVC27-{code}")


def share_of(code: str) -> str:
    """The one entry that an item scores."""
    [(word, name)] = references(item(code).tree)
    assert word == "v"
    return name


def oracle(code: str, share: float | None) -> float | None:
    _, full, full_at, empty = RULES[code]
    if share is None:
        return empty
    return full if share >= full_at else full * share / full_at


def cell(entry: Indicator, shares: dict[str, float | None], day: date = DAY) -> Cell:
    """An entry evaluated where its parts stand at `shares`; what is not named there has no value."""
    weights = in_force(entry.spec.get("weights", ()), day)

    def look(word: str, name: str) -> Cell:
        part = CATALOGUE[name]
        most = in_force(part.spec.get("weights", ()), day).get("points")
        found = cell(part, shares, day) if name.startswith("score_") else Cell(value=shares.get(name))
        return Cell(value=found.value, by_rule=found.by_rule, n=found.n, most=most if word == "most" else None)

    wanted: Look = look
    return evaluate(entry.spec["tree"], wanted, weights)


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("code", RULES)
def test_every_item_follows_its_rule(code: str, share: float | None) -> None:
    found = cell(item(code), {share_of(code): share})
    expected = oracle(code, share)
    assert found.value == (None if expected is None else pytest.approx(expected))
    assert found.by_rule == (share is None and expected is not None)


@pytest.mark.parametrize("code", RULES)
def test_more_never_scores_less_and_nothing_scores_beyond_the_full_points(code: str) -> None:
    told = [cell(item(code), {share_of(code): step / 50}).value or 0.0 for step in range(60)]
    assert all(low <= high for low, high in pairwise(told))
    assert (told[0], told[-1]) == (0.0, RULES[code][1])


def test_the_published_example_gives_8_56() -> None:
    """3.1 from (31 + 21) / 89, 3.2 from 518 / 1881, 3.3 from 591,643 / 600,057: 1.46 + 1.10 + 6.00."""
    shares: dict[str, float | None] = {
        share_of("3.1"): 52 / 89, share_of("3.2"): 518 / 1881, share_of("3.3"): 591643 / 600057}
    parts = [cell(item(code), shares).value or 0.0 for code in ("3.1", "3.2", "3.3")]
    assert [round(part, 2) for part in parts] == [1.46, 1.10, 6.00]
    assert round(cell(of_group("CLGQ"), shares).value or 0.0, 2) == 8.56


def test_empty_denominators_are_not_alike() -> None:
    """No complaints is full marks, no dossiers is none, everything else is not known."""
    assert {code: cell(item(code), {}).value for code in RULES if oracle(code, None) is not None} == {
        "5.2": 6.0, "5.3": 6.0, "5.4": 0.0}
    satisfied = cell(of_group("MDHL"), {})
    assert (satisfied.value, satisfied.by_rule) == (12.0, True)
    assert not cell(of_group("MDHL"), {share_of("5.4"): 0.95}).by_rule


@pytest.mark.parametrize(
    ("received", "synchronised", "usual", "share"),
    [(1000, 970, 900.0, 0.97), (0, 0, 900.0, 0.0), (0, 0, 0.0, None)],
)
def test_item_1_4_divides_by_the_year_before_where_nothing_was_received(
    received: int, synchronised: int, usual: float, share: float | None
) -> None:
    value = synchronised / received if received else None
    cells = {
        "v": Cell(value=value, numerator=synchronised, denominator=received, n=received),
        "n": Cell(value=value, numerator=synchronised, denominator=received, n=received),
        "last_year": Cell(value=usual, n=usual),
    }
    found = evaluate(CATALOGUE[share_of("1.4")].spec["tree"], lambda word, _: cells[word])
    assert (found.value, found.by_rule) == (share, not received and share is not None)


def test_six_groups_hold_their_items_and_add_up_to_a_hundred() -> None:
    """One public dashboard had CLGQ and TTTT in each other's place."""
    for group, most in GROUPS.items():
        entry = of_group(group)
        inside = {code for code in RULES if ("v", item(code).id) in set(references(entry.tree))}
        assert inside == {code for code, rule in RULES.items() if rule[0] == group}
        assert in_force(entry.spec["weights"], DAY)["points"] == most == sum(RULES[code][1] for code in inside)
    assert sum(GROUPS.values()) == 100
    assert len(set(references(CATALOGUE["score_766"].tree))) == 6
    assert {name for _, name in references(CATALOGUE["score_766_most"].tree)} == {item(code).id for code in RULES}


def test_the_total_leaves_out_what_nobody_can_reckon_and_says_how_much_that_is() -> None:
    shares: dict[str, float | None] = {share_of(code): 1.0 for code in RULES if code not in UNKNOWN}
    assert (cell(CATALOGUE["score_766"], shares).value, cell(CATALOGUE["score_766_most"], shares).value) == (80.0, 80.0)
    everything: dict[str, float | None] = {share_of(code): 1.0 for code in RULES}
    assert cell(CATALOGUE["score_766"], everything).value == 100.0
    for code in RULES:  # whichever source falls away, its points and nothing else stand apart
        rest: dict[str, float | None] = {share_of(other): 1.0 for other in RULES if other != code}
        lost = RULES[code][1] if RULES[code][3] is None else 0.0
        most = cell(CATALOGUE["score_766_most"], rest).value
        assert most == 100.0 - lost and (cell(CATALOGUE["score_766"], rest).value or 0.0) <= most


def test_before_the_decision_there_is_no_score() -> None:
    shares: dict[str, float | None] = {share_of(code): 1.0 for code in RULES}
    assert cell(CATALOGUE["score_766"], shares, date(2022, 6, 22)).value is None
    assert cell(CATALOGUE["score_766"], shares, date(2022, 6, 23)).value == 100.0


def test_a_later_row_of_weights_holds_from_its_day() -> None:
    rows = [{"from": "2022-06-23", "points": 6, "full_at": 0.5}, {"from": "2027-01-01", "points": 12, "full_at": 1}]
    tree = item("3.3").spec["tree"]
    told = [evaluate(tree, lambda word, name: Cell(value=0.5), in_force(rows, day)).value
            for day in (date(2026, 12, 31), date(2027, 1, 1))]
    assert told == [6.0, 6.0]
    days = (date(2022, 1, 1), date(2026, 1, 1), DAY, date(2030, 1, 1))
    assert [in_force(rows, day).get("points") for day in days] == [None, 6, 6, 12]


DESK = [entry for entry in CATALOGUE.values() if entry.desk == "score"]


@pytest.mark.parametrize("entry", DESK, ids=lambda one: one.id)
def test_nothing_claims_to_be_the_official_score(entry: Indicator) -> None:
    assert entry.legal and all(item["checked"] is False for item in entry.legal)
    if entry.code.startswith("DVC27") and entry.code != "DVC27M":
        assert "điểm chính thức" in entry.definition["vi"] and "official score" in entry.definition["en"]
    assert entry.kind != "reported"  # numbers that somebody else divided cannot be checked: parts only
