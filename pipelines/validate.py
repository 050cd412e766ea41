"""A rule is named for what is true of a good row, and a row may break several without being counted twice."""

from __future__ import annotations

import polars as pl

from pipelines.facts import Fact
from pipelines.map import LINE, PROBLEMS


def broken_rules(rows: pl.DataFrame, fact: Fact, problems: pl.DataFrame) -> pl.DataFrame:
    """line, rule and contract column of everything wrong with `rows`, beginning with `problems` of their cells.

    A rule about a column whose cell could not be understood is not named a second time. `rows` need `line`
    and the columns that the fact's rules speak of.
    """
    names = list(fact.rules.columns())
    _, failure = fact.rules.filter(rows.select(names))
    if len(failure) == 0:
        return problems
    details = failure.details()
    rules = [name for name in details.columns if name not in names]
    long = details.unpivot(rules, index=LINE, variable_name="rule", value_name="verdict")
    about = pl.DataFrame({"rule": list(fact.about), "column": list(fact.about.values())})
    broken = long.filter(pl.col("verdict").cast(pl.String) == "invalid").join(about, on="rule", how="left")
    fresh = broken.join(problems, on=[LINE, "column"], how="anti").select(list(PROBLEMS))
    return pl.concat([problems, fresh.cast(PROBLEMS)]).sort(LINE, "column", "rule")
