"""Where two systems speak of one thing both numbers stay, side by side, with who said which in what file.

Nothing is averaged and nobody is preferred: the answer of the product is always the computed number, and what another
system says of the same unit and period stands beside it in the table `reconciliation`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb

from pipelines.catalogue import Indicator
from pipelines.catalogue.written import complaint

FILE: Final = "reconciliation.toml"
KEYS: Final = frozenset({"name", "series", "indicator", "measure", "relative", "absolute"})
COMPUTED: Final = ("count", "rate")  # kinds whose parts answer for any span of days
# Statement by statement: the newest vintage of each source, with the file that brought it.
TOLD: Final = """
    CREATE OR REPLACE TEMP TABLE told AS
    SELECT r.series, r.unit, r.period_start, r.period_end, r.source, d.file, r.value::DOUBLE AS value, r.measure
    FROM fact_reported_value r LEFT JOIN delivery d ON d.sha256 = r.version_sha AND d.source = r.source
    QUALIFY row_number() OVER (
        PARTITION BY r.series, r.unit, r.period_start, r.period_end, r.source
        ORDER BY r.vintage DESC, r.version_sha DESC) = 1
"""
WRITE: Final = """
    INSERT INTO reconciliation
    SELECT check_id, name_vi, name_en, measure, indicator, unit, period_start, period_end,
           left_source, left_file, left_value, right_source, right_file, right_value, computed,
           left_value - right_value, allowed, abs(left_value - right_value) <= allowed
    FROM (SELECT *, greatest($absolute, $relative * abs(right_value)) + 1e-9 AS allowed FROM ({pairs}))
"""
# Two senders of the same series.
BETWEEN: Final = """
    SELECT $id AS check_id, $vi AS name_vi, $en AS name_en, coalesce($measure, a.measure) AS measure,
           $indicator AS indicator, a.unit, a.period_start, a.period_end, a.source AS left_source, a.file AS left_file,
           a.value AS left_value, b.source AS right_source, b.file AS right_file, b.value AS right_value,
           FALSE AS computed
    FROM told a JOIN told b USING (series, unit, period_start, period_end)
    WHERE a.source < b.source AND a.series = $series
"""
# A sender, and what the records of the unit say; only where no more of the period is to be expected.
AGAINST: Final = """
    SELECT $id AS check_id, $vi AS name_vi, $en AS name_en, coalesce($measure, measure) AS measure,
           $indicator AS indicator, told.unit, period_start, period_end, told.source AS left_source,
           told.file AS left_file, told.value AS left_value, u.source AS right_source, NULL AS right_file,
           {value} AS right_value, TRUE AS computed
    FROM told JOIN unit_until u ON u.unit = told.unit AND u.fact = $fact AND u.whole_until >= told.period_end
    JOIN {part} p ON p.unit = told.unit AND p.day BETWEEN told.period_start AND told.period_end
    WHERE told.series = $series GROUP BY ALL HAVING right_value IS NOT NULL
"""


@dataclass(frozen=True)
class Check:
    """One quantity that is told by more than one system; `relative` is a share, `absolute` in units of the measure."""

    id: str
    name: Mapping[str, str]
    series: str
    indicator: str | None = None
    measure: str | None = None
    relative: float = 0.0
    absolute: float = 0.0


def load_checks(data: Path, catalogue: Mapping[str, Indicator]) -> list[Check]:
    """`reference/reconciliation.toml` of a data folder; none where there is no such file.

    Raises PersonError naming the entry for an unknown key, and for an indicator that cannot be computed by day.
    """
    path = data / "reference" / FILE
    if not path.exists():
        return []
    return [_check(path, name, raw, catalogue) for name, raw in tomllib.loads(path.read_text(encoding="utf-8")).items()]


def _check(path: Path, name: str, raw: Mapping[str, Any], catalogue: Mapping[str, Indicator]) -> Check:
    if unknown := set(raw) - KEYS:
        raise complaint(path, name, f"khóa không có trong quy ước: {', '.join(sorted(unknown))}.",
                        f"unknown keys: {', '.join(sorted(unknown))}.")  # fmt: skip
    if set(raw.get("name", ())) != {"vi", "en"} or not raw.get("series"):
        raise complaint(path, name, "cần name = { vi, en } và series.", "needs name = { vi, en } and series.")
    indicator = raw.get("indicator")
    if indicator is not None and (indicator not in catalogue or catalogue[indicator].kind not in COMPUTED):
        raise complaint(path, name, f"chỉ tiêu «{indicator}» không tính được theo ngày (cần loại count hoặc rate).",
                        f"indicator “{indicator}” cannot be computed by day (count or rate is needed).")  # fmt: skip
    return Check(name, raw["name"], str(raw["series"]), indicator, raw.get("measure"),
                 float(raw.get("relative", 0)), float(raw.get("absolute", 0)))  # fmt: skip


def write_reconciliation(
    db: duckdb.DuckDBPyConnection, checks: Iterable[Check], catalogue: Mapping[str, Indicator]
) -> None:
    """(Re)make `reconciliation`: every pair of statements about one series, unit and period.

    A series that no check names is compared too, exactly, under the name of its indicator.
    """
    db.execute("DELETE FROM reconciliation")
    tables = {name for (name,) in db.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    if "fact_reported_value" not in tables:
        return
    db.execute(TOLD)
    named = list(checks)
    for check in [*named, *_unnamed(db, {one.series for one in named}, catalogue)]:
        _write(db, BETWEEN, check, None)
        entry = catalogue.get(check.indicator or "")
        if entry is not None and entry.kind in COMPUTED and f"part_{entry.fact}_{entry.day}" in tables:
            _write(db, _against(entry), check, entry.fact)
    db.execute("DROP TABLE told")


def _unnamed(db: duckdb.DuckDBPyConnection, known: set[str], catalogue: Mapping[str, Indicator]) -> Iterable[Check]:
    """Series that more than one sender tells, and of which nobody has written how far they may be apart."""
    names = {entry.series: entry for entry in catalogue.values() if entry.series is not None}
    query = "SELECT series FROM told GROUP BY series HAVING count(DISTINCT source) > 1 ORDER BY series"
    for (series,) in db.execute(query).fetchall():
        if series not in known:
            entry = names.get(series)
            yield Check(series, entry.name if entry else {"vi": series, "en": series}, series)


def _against(entry: Indicator) -> str:
    over = f'sum(p."{entry.id}__n")'
    value = over if entry.kind == "count" else f'100.0 * {over} / nullif(sum(p."{entry.id}__d"), 0)'
    return AGAINST.format(value=f"({value})::DOUBLE", part=f"part_{entry.fact}_{entry.day}")


def _write(db: duckdb.DuckDBPyConnection, pairs: str, check: Check, fact: str | None) -> None:
    bound = {"id": check.id, "vi": check.name["vi"], "en": check.name["en"], "measure": check.measure,
             "indicator": check.indicator, "series": check.series, "relative": check.relative,
             "absolute": check.absolute} | ({"fact": fact} if fact else {})  # fmt: skip
    db.execute(WRITE.replace("{pairs}", pairs), bound)
