"""A log of steps finds its dossiers: under one name for their numbers, and with nobody's name in it."""

from datetime import datetime
from pathlib import Path

import polars as pl

from pipelines.demo.step_log import EVENTS
from pipelines.mapping import load_mappings
from pipelines.pseudonym import pseudonym
from tests.pipelines.installation import install, row, table_hashes
from tests.pipelines.loading import KEY, REPOSITORY, draft, fact, load, mapping, rows

LOG = """
name = { vi = "Nhật ký", en = "Log" }
fact = "dossier_step"
cases_of = "mot_cua"
owner = { vi = "Văn phòng", en = "Office" }
rhythm = "daily"

[defaults]
datetime = ["%d/%m/%Y %H:%M"]
years = [2015, 2035]

[columns]
case_id = "so"
step = { column = "buoc", values = { "Thẩm định" = "examine" } }
done_at = "luc"
holder_position = { column = "chuc_danh", values = { "Chuyên viên" = "examiner" } }

[ignore]
columns = ["nguoi"]
"""
SENT = LOG.replace('cases_of = "mot_cua"', 'cases_of = "counter"').replace(
    '"Thẩm định" = "examine" }', '"Thẩm định" = "examine", "Ký duyệt" = "sign" }'
)
SENT = SENT.replace('holder_position = { column = "chuc_danh", values = { "Chuyên viên" = "examiner" } }\n', "")
EVENT = {"so": "A-1", "buoc": "Thẩm định", "luc": "04/03/2025 10:00", "chuc_danh": "Chuyên viên", "nguoi": "Nguyễn A"}


def test_the_steps_of_another_source_carry_its_pseudonyms(tmp_path: Path) -> None:
    with draft() as db:
        load(db, rows({}), mapping(tmp_path), tmp_path)
        log = mapping(tmp_path, LOG, "nhat_ky")
        loaded = load(db, rows({}, {"luc": "05/03/2025 09:00"}, {"so": "B-2"}, good=EVENT), log, tmp_path, "log.csv")
        assert (loaded.rows_loaded, loaded.rows_quarantined) == (3, 0)
        steps = fact(db, "dossier_step")
        assert steps["source"].unique().to_list() == ["nhat_ky"]
        assert pseudonym("A-1", "mot_cua", KEY) == fact(db)["case_id"][0]
        found = steps.join(fact(db).select("case_id"), on="case_id")
        assert found.select("step", "done_at", "holder_position").rows() == [
            ("examine", datetime(2025, 3, 4, 10), "examiner"), ("examine", datetime(2025, 3, 5, 9), "examiner"),
        ]  # fmt: skip
        assert "Nguyễn" not in str(steps.rows())


def test_the_same_log_again_changes_nothing(tmp_path: Path) -> None:
    with draft() as db:
        log = mapping(tmp_path, LOG, "nhat_ky")
        load(db, rows({}, good=EVENT), log, tmp_path, "one.csv")
        before = fact(db, "dossier_step")
        load(db, rows({}, {"so": "B-2"}, good=EVENT), log, tmp_path, "two.csv")
        assert fact(db, "dossier_step").filter(pl.col("case_id").is_in(before["case_id"].implode())).equals(before)


def test_the_shipped_log_names_every_word_that_the_demo_writes() -> None:
    for source in ("nhat_ky_tinh", "nhat_ky_xa"):
        log = load_mappings(REPOSITORY / "data")[source]
        steps, holders = log.columns["step"].values or {}, log.columns["holder_position"].values or {}
        assert {step for step, _ in EVENTS.values()} <= set(steps)
        assert {holder for _, holder in EVENTS.values()} <= set(holders)


def test_steps_of_a_source_of_their_own_survive_every_order_and_a_rebuild(tmp_path: Path) -> None:
    early = ["A1;Thẩm định;04/03/2026 10:00", "A2;Thẩm định;05/03/2026 10:00"]
    late = ["A1;Ký duyệt;06/03/2026 11:00", "A1;Thẩm định;04/03/2026 10:00"]
    hashes: list[object] = []
    key = b""
    for name, order in (("forth", (early, late)), ("back", (late, early))):
        one = install(tmp_path / name)
        (one.data / "mappings" / "log.toml").write_text(SENT, encoding="utf-8")
        if key:
            one.home.key.write_bytes(key)
        for number, lines in enumerate(order):
            one.drop(f"log{number}.csv", lines, "log", "so;buoc;luc")
            one.load()
        one.drop("dossiers.csv", [row("A1"), row("A2")])
        one.load()
        joined = "SELECT count(*), count(DISTINCT case_id) FROM fact_dossier_step JOIN fact_dossier USING (case_id)"
        assert one.ask(joined) == [(3, 2)]
        assert one.ask("SELECT sum(rows_in), sum(rows_loaded) FROM delivery WHERE source = 'log'") == [(4, 4)]
        before = table_hashes(one)
        one.rebuild()
        assert table_hashes(one) == before
        key = one.home.key.read_bytes()
        hashes.append(before["False"]["fact_dossier_step"])
    assert hashes[0] == hashes[1]
