"""What an entry may say is a short list; whatever else somebody writes there never reaches the database."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.catalogue.formula import parse_formula, references
from pipelines.expression import Kind, RefusedError, compile_expression

COLUMNS: dict[str, Kind] = {
    "due_on": "date", "ended_on": "date", "ended_at": "time", "channel": "text", "fee": "number", "count": "number",
    "complained": "boolean",
}


@pytest.mark.parametrize(("text", "kind", "sql"), [
    ("due_on is not null and ended_on <= due_on", "boolean", "NOT due_on IS NULL AND ended_on <= due_on"),
    ("channel in ('online', 'post')", "boolean", "channel IN ('online', 'post')"),
    ("fee between 1 and 2.5", "boolean", "fee BETWEEN 1 AND 2.5"),
    ("case when complained then 1 else 0 end", "number", "CASE WHEN complained THEN 1 ELSE 0 END"),
    ("fee - fee * 2 + -count", "number", "fee - fee * 2 + -count"),
    ("coalesce(complained, false) is true", "boolean", "COALESCE(complained, FALSE) IS TRUE"),
    ("channel = 'it''s'", "boolean", "channel = 'it''s'"),
])
def test_plain_conditions_and_sums_are_written_anew(text: str, kind: str, sql: str) -> None:
    found = compile_expression(text, COLUMNS)
    assert (found.kind, found.sql) == (kind, sql)


def test_comments_do_not_survive() -> None:
    found = compile_expression("fee /* who reads this */ > 0 -- nobody", COLUMNS)
    assert found.sql == "fee > 0"
    assert found.columns == {"fee"}


INJECTIONS = """
(select 1)
fee in (select 1)
exists(select 1)
fee = any(fee)
fee = (select max(fee) from fact_dossier)
read_text('/etc/passwd')
read_csv('x') is null
getenv('HOME') = 'x'
now() > ended_at
current_date = due_on
fee::regclass
cast(fee as varchar) = 'x'
date '2020-01-01' = due_on
sum(fee)
count(*)
sum(fee) over ()
row_number() over (order by fee)
fee; drop table fact_dossier
fee > 0; select 1
;
fee > 0 union select 1
fact_dossier.fee > 0
"fee" > 0
main.fact_dossier.fee
fee / 0
fee % 2
fee // 2
channel like '%x'
channel ~ 'x'
channel || 'x' = 'y'
$1 = fee
? = fee
@fee
[fee]
{'a': fee}
fee[1]
*
columns('.*')
interval 1 day
if(complained, 1, 0)
case fee when 1 then 2 end
fee as x
1e400
9999999999999999999
attach 'x'
pragma version
lambda x: x
fee collate nocase
fee between symmetric 2 and 1
fee in ()
fee is distinct from 1
""".strip().splitlines()


@pytest.mark.parametrize("text", INJECTIONS)
def test_everything_else_is_refused(text: str) -> None:
    with pytest.raises(RefusedError):
        compile_expression(text, COLUMNS)


@pytest.mark.parametrize("text", ["", "   ", "-- only a comment", "(" * 3000, "fee >", "null", "\0"])
def test_what_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(RefusedError):
        compile_expression(text, COLUMNS)


@pytest.mark.parametrize(("text", "message"), [
    ("nobody > 0", "no column `nobody`"),
    ("due_on = ended_at", "date, time do not go together"),
    ("due_on = '2025-01-01'", "do not go together"),
    ("fee = null", "never true"),
    ("complained and fee", "a boolean is needed"),
    ("case when fee then 1 end", "a boolean is needed"),
    ("coalesce(fee, 'x') = fee", "do not go together"),
    ("channel > 1", "do not go together"),
])
def test_slips_of_the_pen_are_named_in_both_languages(text: str, message: str) -> None:
    with pytest.raises(RefusedError, match=message) as caught:
        compile_expression(text, COLUMNS)
    assert caught.value.vi and caught.value.vi != caught.value.en


@given(st.text(max_size=60))
def test_no_text_ever_gets_through_that_duckdb_would_read_otherwise(text: str) -> None:
    try:
        found = compile_expression(text, COLUMNS)
    except RefusedError:
        return
    with duckdb.connect() as db:
        db.execute("CREATE TABLE f (due_on DATE, ended_on DATE, ended_at TIMESTAMP, channel VARCHAR, fee BIGINT, "
                   "count BIGINT, complained BOOLEAN)")
        assert db.execute(f"SELECT {found.sql} FROM f").fetchall() == []


@pytest.mark.parametrize(("text", "tree"), [
    ("end(a) + n(b)", ["+", ["end", "a"], ["n", "b"]]),
    ("(n(a) + END (b)) / (d(a) + end(b))", ["/", ["+", ["n", "a"], ["end", "b"]], ["+", ["d", "a"], ["end", "b"]]]),
    ("greatest(0, v(a) - b)", ["greatest", 0.0, ["-", ["v", "a"], ["v", "b"]]]),
    ("least(1, p90(a) / 0.5) * -2", ["*", ["least", 1.0, ["/", ["p90", "a"], 0.5]], ["-", 0.0, 2.0]]),
    ("start(a)", ["start", "a"]),
    ("coalesce(a, n(a) / last_year(b))", ["coalesce", ["v", "a"], ["/", ["n", "a"], ["last_year", "b"]]]),
])
def test_formulas_become_trees(text: str, tree: object) -> None:
    assert parse_formula(text) == tree


@pytest.mark.parametrize("text", [
    "sum(a)", "n(a, b)", "n(1)", "n()", "n('a')", "n(t.a)", 'n("a")', "n(n(a))", "(select 1)", "a; b", "a::int",
    "now()", "case when a then 1 end", "least(1, 2, 3)", "'a'", "1e9", "a % b", "", "a > b", "coalesce(a)",
    "coalesce(a, 1, 2)", "known()", "w(1)", "w()", "most(1)",
    "n(a) over ()",
])
def test_formulas_know_nothing_else(text: str) -> None:
    with pytest.raises(RefusedError):
        parse_formula(text)


def test_references_are_found_wherever_they_stand() -> None:
    tree = parse_formula("least(1, (n(a) - start(b)) / (d(a) + p50(c))) * 2 + d")
    assert list(references(tree)) == [("n", "a"), ("start", "b"), ("d", "a"), ("p50", "c"), ("v", "d")]
