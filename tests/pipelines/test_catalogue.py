"""A slip of the pen in an entry stops the loading with file, entry, key and cure, never a number on a wall."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.catalogue import Catalogue, Shape, load_catalogue
from pipelines.errors import PersonError

FACTS = {
    "dossier": Shape("dossier", {"due_on": "date", "ended_on": "date", "received_on": "date", "moved_on": "date",
                                 "channel": "text", "fee": "number", "late": "boolean"}, ("channel",)),
}
DESK = '[desk]\nname = { vi = "Bộ phận", en = "Desk" }\n'
RATE = """[on_time]
code = "A1"
name = { vi = "Đúng hạn", en = "On time" }
short = { vi = "Đúng hạn", en = "On time" }
definition = { vi = "Đúng hạn", en = "On time" }
kind = "rate"
fact = "dossier"
day = "ended_on"
numerator = "ended_on <= due_on"
denominator = "due_on is not null"
unit = "percent"
better = "higher"
rhythm = "daily"
"""
STOCK = """[open]
code = "A2"
name = { vi = "Đang mở", en = "Open" }
short = { vi = "Đang mở", en = "Open" }
definition = { vi = "Đang mở", en = "Open" }
kind = "stock"
fact = "dossier"
entered = { day = "received_on" }
left = { day = "ended_on" }
unit = "count"
better = "lower"
rhythm = "daily"
"""
FORMULA = """[share]
code = "A3"
name = { vi = "Tỷ lệ", en = "Share" }
short = { vi = "Tỷ lệ", en = "Share" }
definition = { vi = "Tỷ lệ", en = "Share" }
kind = "formula"
expression = "n(on_time) / (d(on_time) + end(open))"
unit = "percent"
better = "higher"
rhythm = "daily"
"""


def load(folder: Path, text: str, *more: Path) -> Catalogue:
    (folder / "catalogue").mkdir(parents=True, exist_ok=True)
    (folder / "catalogue" / "desk.toml").write_text(DESK + text, encoding="utf-8")
    return load_catalogue(folder, *more, facts=FACTS)


def test_an_entry_becomes_an_indicator(tmp_path: Path) -> None:
    found = load(tmp_path, RATE + STOCK + FORMULA)
    assert list(found) == ["on_time", "open", "share"]
    entry = found["on_time"]
    assert entry.numerator is not None and entry.numerator.sql == "ended_on <= due_on"
    assert (entry.desk, entry.position, entry.clearance, entry.minimum_n) == ("desk", 0, "state", 10)
    assert entry.owner == {"vi": "Bộ phận", "en": "Desk"}
    assert found["share"].spec["tree"] == ["/", ["n", "on_time"], ["+", ["d", "on_time"], ["end", "open"]]]
    assert found["open"].day == "received_on" and found["open"].adds and not found["on_time"].adds


def without(text: str, key: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith(f"{key} "))


@pytest.mark.parametrize("key", ["code", "name", "short", "definition", "kind", "unit", "better", "rhythm", "fact",
                                 "day", "numerator", "denominator"])
def test_what_is_missing_is_named(tmp_path: Path, key: str) -> None:
    with pytest.raises(PersonError, match=rf"desk\.toml: \[on_time\].*{key}"):
        load(tmp_path, without(RATE, key))


@pytest.mark.parametrize(("before", "after", "message"), [
    ("short =", "shrt =", r"lacks the key `short`. Is `shrt` meant to be `short`\?"),
    ('rhythm = "daily"', 'rhythm = "daily"\nminimum = 3', r"unknown key `minimum`. Did you mean `minimum_n`\?"),
    ('better = "higher"', 'better = "hihger"', r"`better` = “hihger” must be one of.*Did you mean “higher”\?"),
    ('better = "higher"', 'better = "up"', r"`better` = “up” must be one of: higher, lower, context"),
    ('kind = "rate"', 'kind = "rates"', r"`kind` = “rates” must be one of.*Did you mean “rate”\?"),
    ('unit = "percent"', 'unit = "%"', "`unit` = “%” must be one of"),
    ('vi = "Đúng hạn", en = "On time" }\nshort', 'vi = "Đúng hạn" }\nshort', "lacks the key `name.en`"),
    ('short = { vi = "Đúng hạn"', 'short = { vi = "Tỷ lệ hồ sơ đúng hạn"', r"`short.vi` has more than 4 words"),
    ('definition = { vi = "Đúng hạn"', 'definition = { vi = " "', "`definition.vi` is empty"),
    ('fact = "dossier"', 'fact = "dosier"', "unknown fact `dosier`; there are: dossier"),
    ('day = "ended_on"', 'day = "channel"', "`day` = “channel” is no date column of dossier"),
    ('day = "ended_on"', 'day = "moved_on"', "`day` = “moved_on” is no date column"),
    ('"ended_on <= due_on"', '"endet_on <= due_on"', "`numerator`: the fact has no column `endet_on`"),
    ('"ended_on <= due_on"', '"channel"', "`numerator` must give a boolean or number, not a text"),
    ('"ended_on <= due_on"', "\"read_text('x')\"", "`numerator`: `Anonymous` is not allowed"),
    ('rhythm = "daily"', 'rhythm = "daily"\nminimum_n = true', "`minimum_n` must be int"),
    ('rhythm = "daily"', 'rhythm = "daily"\namount = "fee"', "unknown key `amount`"),
    ('rhythm = "daily"', 'rhythm = "daily"\ntarget = { value = 9, basis = "law" }', "lacks the key `target.from`"),
    ('rhythm = "daily"', 'rhythm = "daily"\ntarget = { value = 9, from = 2025-01-01, basis = "lore" }', "target.basis"),
    ('rhythm = "daily"', 'rhythm = "daily"\nlegal = [{ document = "X" }]', "lacks the key `legal.checked`"),
    ("[on_time]", "[On-Time]", "lower-case letters"),
    ("[on_time]", "[on__time]", "single underscores"),
    ("[on_time]", "[on_time", "cannot be read"),
])
def test_slips_are_named_with_the_cure(tmp_path: Path, before: str, after: str, message: str) -> None:
    assert before in RATE
    with pytest.raises(PersonError, match=message) as caught:
        load(tmp_path, RATE.replace(before, after))
    assert "desk.toml" in caught.value.en and caught.value.vi != caught.value.en


@pytest.mark.parametrize(("before", "after", "message"), [
    ("n(on_time)", "n(on_tme)", "does not exist: `on_tme`"),
    ("n(on_time)", "n(open)", "cannot use `open`, a stock; it takes rate"),
    ("end(open)", "end(on_time)", "cannot use `on_time`, a rate; it takes stock"),
    ("end(open)", "v(share)", "ends up in itself: share → share"),
    ("end(open)", "total(open)", "may not use `total`"),
    ('code = "A3"', 'code = "A1"', "has the code of `on_time`: A1"),
])
def test_links_are_checked(tmp_path: Path, before: str, after: str, message: str) -> None:
    with pytest.raises(PersonError, match=message):
        load(tmp_path, RATE + STOCK + FORMULA.replace(before, after))


def test_cycles_over_several_entries_are_found(tmp_path: Path) -> None:
    one = FORMULA.replace("n(on_time) / (d(on_time) + end(open))", "v(other)")
    other = one.replace("[share]", "[other]").replace("A3", "A4").replace("v(other)", "1 + v(share)")
    with pytest.raises(PersonError, match="ends up in itself: share → other → share"):
        load(tmp_path, one + other)


def test_ages_need_a_stock_that_keeps_them(tmp_path: Path) -> None:
    age = FORMULA.replace('"formula"', '"duration"').replace("percent", "working_day").replace(
        'expression = "n(on_time) / (d(on_time) + end(open))"', 'ages_of = "open"')
    with pytest.raises(PersonError, match="`open` needs `ages = true`"):
        load(tmp_path, STOCK + age)
    assert load(tmp_path, STOCK + "ages = true\n" + age)["share"].fact == "dossier"


def test_a_state_entry_never_leans_on_party_business(tmp_path: Path) -> None:
    with pytest.raises(PersonError, match="`open` is Party business"):
        load(tmp_path, RATE + STOCK + 'clearance = "party"\n' + FORMULA)


def test_a_place_adds_but_does_not_silently_replace(tmp_path: Path) -> None:
    product, place = tmp_path / "product", tmp_path / "place"
    load(product, RATE)
    added = load(place, STOCK)
    assert list(load_catalogue(product, place, facts=FACTS)) == ["on_time", *added]
    (place / "catalogue" / "desk.toml").write_text(DESK + RATE, encoding="utf-8")
    with pytest.raises(PersonError, match=r"\[on_time\] is already in desk\.toml.*`overrides = true`"):
        load_catalogue(product, place, facts=FACTS)
    mine = RATE.replace('"higher"', '"lower"') + "overrides = true\n"
    (place / "catalogue" / "desk.toml").write_text(DESK + mine, encoding="utf-8")
    assert load_catalogue(product, place, facts=FACTS)["on_time"].better == "lower"
    with pytest.raises(PersonError, match="nothing to replace"):
        load_catalogue(place, facts=FACTS)


def test_the_same_folder_twice_is_one_folder(tmp_path: Path) -> None:
    load(tmp_path, RATE)
    assert list(load_catalogue(tmp_path, tmp_path / "catalogue" / "..", facts=FACTS)) == ["on_time"]
    assert list(load_catalogue(tmp_path / "catalogue", facts=FACTS)) == ["on_time"]


def test_an_empty_or_nameless_catalogue_says_so(tmp_path: Path) -> None:
    with pytest.raises(PersonError, match="no entry"):
        load_catalogue(tmp_path, facts=FACTS)
    (tmp_path / "catalogue").mkdir()
    (tmp_path / "catalogue" / "x.toml").write_text(RATE, encoding="utf-8")
    with pytest.raises(PersonError, match=r"\[desk\] lacks the desk's `name"):
        load_catalogue(tmp_path, facts=FACTS)
