"""A bad row is kept as line, rule and column, so that its sender can find it; its personal cells are not kept."""

from __future__ import annotations

import duckdb
import polars as pl

from pipelines.delivery import Delivery
from pipelines.errors import Reason
from pipelines.facts import FACTS
from pipelines.map import LINE, RAW_LINE
from pipelines.mapping import SourceMapping

SHOWN = 200
CREATE = """
    create table if not exists quarantine (
        sha256 varchar, source varchar, line bigint, rule varchar, "column" varchar, value varchar
    )
"""
_SCHEMA = pl.Schema({LINE: pl.Int64(), "rule": pl.String(), "column": pl.String(), "value": pl.String()})


class Quarantine:
    """The bad rows of one delivery; `column` is the sender's own name where the contract column has one."""

    def __init__(self, delivery: Delivery, mapping: SourceMapping) -> None:
        self._delivery = delivery
        facts = [(mapping.fact, mapping.columns)]
        if mapping.fold is not None:
            facts.insert(0, (FACTS[mapping.fold.fact], mapping.fold.columns))
        taken = [(fact.columns[name], one) for fact, columns in facts for name, one in columns.items() if one.header]
        self._headers = {one.name: str(one.header) for _, one in taken}
        personal = {one.header for column, one in taken if column.personal}
        self._shown = {str(one.header) for _, one in taken} - personal
        self._frames: list[pl.DataFrame] = []
        self._broken = 0

    def add_broken(self, broken: pl.DataFrame) -> None:
        """Rows that could not be read as records: line, rule, column (the sender's) and value."""
        shown = pl.when(pl.col("column").is_in(sorted(self._shown))).then("value")
        self._keep(broken.with_columns(value=shown))
        self._broken = broken[LINE].n_unique() if broken.height else 0

    def add(self, faults: pl.DataFrame, raw: pl.DataFrame) -> None:
        """line, rule and contract column; the value is looked up in the chunk of text that they come from."""
        named = self._named(faults).unique(maintain_order=True)
        hidden = ~pl.col("column").is_in(sorted(self._shown & set(raw.columns))).fill_null(False)
        self._keep(named.filter(hidden).with_columns(value=pl.lit(None, pl.String)))
        for (header,), part in named.filter(~hidden).group_by("column"):
            cells = raw.select(pl.col(RAW_LINE).alias(LINE), pl.col(str(header)).alias("value"))
            self._keep(part.join(cells, on=LINE, how="left"))

    def add_lines(self, faults: pl.DataFrame) -> None:
        """Faults that are known only when the whole file is: line, rule, contract column; without values."""
        self._keep(self._named(faults).with_columns(value=pl.lit(None, pl.String)))

    def broken_count(self) -> int:
        """Records that could not be read."""
        return self._broken

    def line_count(self) -> int:
        """Records in quarantine, each once however many rules it breaks."""
        return self._all()[LINE].n_unique() if self._frames else 0

    def reasons(self) -> tuple[Reason, ...]:
        """One reason per rule, with how many rows and the first line."""
        rules = self._all().group_by("rule").agg(pl.col(LINE).n_unique().alias("rows"), pl.col(LINE).min())
        return tuple(
            Reason(rule, {"rows": rows, "line": line})
            for rule, rows, line in rules.sort("rows", "rule", descending=[True, False]).rows()
        )

    def write(self, db: duckdb.DuckDBPyConnection) -> None:
        """Adds to the table `quarantine` of the draft."""
        db.execute(CREATE)
        if self._all().height:
            rows = self._all().sort(LINE, "rule", "column")
            db.register("bad_rows", rows)
            db.execute(
                'insert into quarantine select ?, ?, line, rule, "column", value from bad_rows',
                [self._delivery.sha256, self._delivery.source],
            )
            db.unregister("bad_rows")

    def _all(self) -> pl.DataFrame:
        return pl.concat(self._frames) if self._frames else pl.DataFrame(schema=_SCHEMA)

    def _named(self, faults: pl.DataFrame) -> pl.DataFrame:
        return faults.with_columns(pl.col("column").replace(self._headers))

    def _keep(self, frame: pl.DataFrame) -> None:
        if frame.height:
            cut = pl.col("value").cast(pl.String).str.slice(0, SHOWN)
            self._frames.append(frame.with_columns(value=cut).select(list(_SCHEMA)).cast(_SCHEMA))
