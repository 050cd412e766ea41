"""Whatever came in whichever order, how often, how late and however corrected: the tables are those of a rebuild."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.correct import Correction, load_corrections
from pipelines.publish.hashes import hash_table
from tests.pipelines.installation import Installation, install, row, table_hashes
from tests.pipelines.loading import load, mapping, rows
from tests.pipelines.test_load_laws import UNTIMED, empty_draft

CASES, FACTS = 5, ("fact_dossier",)
CORRECTIONS = """
[[correction]]
source = "{source}"
case   = "HS-1"
expect = {{ ended_on = 2025-06-29 }}
set    = {{ ended_on = 2025-06-27 }}
reason = "Gõ nhầm ngày"
who    = "Văn phòng"

[[correction]]
source = "{source}"
case   = "HS-2"
expect = {{ channel = "online" }}
set    = {{ channel = "counter" }}
reason = "Chỉ đúng đến hết tuần đầu"
who    = "Văn phòng"
until  = 2025-07-05
"""
# number, day it speaks of (None: of its receipt), days after which it came, rows (case, day of end, channel)
Sent = tuple[int, date | None, int, list[tuple[int, int, int]]]
ROW = st.tuples(st.integers(0, CASES), st.integers(0, 9), st.integers(1, 2))
SENT = st.tuples(
    st.one_of(st.none(), st.dates(date(2025, 4, 1), date(2025, 7, 9))),  # a late file speaks of months ago
    st.integers(0, 20),
    st.lists(ROW, max_size=5, unique_by=lambda one: one[0]),
)


def cells(case: int, end: int, channel: int) -> dict[str, str]:
    ended = "" if end == 0 else (date(2025, 6, 24) + timedelta(days=end)).strftime("%d/%m/%Y")
    return {"so": f"HS-{case}", "nhan": "23/06/2025 08:00", "hen": "30/06/2025", "xong": ended, "kenh": str(channel),
            "hien_tai": "27694", "cap_nhat": ""}  # fmt: skip


def hashes(history: Sequence[Sent]) -> list[object]:
    """The facts after a history; the first receipt of a file is its own, however often and late it is replayed."""
    db = empty_draft()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        source = mapping(place, UNTIMED)
        corrections = written(place, source.source)
        for turn, (number, as_of, days, some) in enumerate(history):
            text = rows(*(cells(*one) for one in some)) if some else rows({}).clear()
            received = datetime(2025, 7, 1, 2, tzinfo=UTC) + timedelta(days=days)
            load(db, text, source, place / str(turn), f"tep-{number}", as_of=as_of, received_at=received,
                 corrections=corrections)  # fmt: skip
        return [hash_table(db, name) for name in FACTS]


def written(folder: Path, source: str) -> tuple[Correction, ...]:
    path = folder / "reference" / "corrections.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(CORRECTIONS.format(source=source), encoding="utf-8")
    return load_corrections(folder, {source: mapping(folder, UNTIMED)})


@settings(deadline=None, max_examples=10)
@given(st.data(), st.lists(SENT, min_size=1, max_size=5))
def test_order_repeats_corrections_and_late_files_change_no_table(
    data: st.DataObject, sent: list[tuple[date | None, int, list[tuple[int, int, int]]]]
) -> None:
    archive: list[Sent] = [(number, *one) for number, one in enumerate(sent)]
    rebuilt = sorted(archive, key=lambda one: one[2])  # in the order of first receipt, each once
    again = data.draw(st.lists(st.sampled_from(archive), max_size=3))
    assert hashes(data.draw(st.permutations([*archive, *again]))) == hashes(rebuilt)


@pytest.mark.parametrize("seed", [31])
def test_a_whole_history_is_a_rebuild(tmp_path: Path, seed: int) -> None:
    """The same through real runs: random batches, files again, a late one, a correction that comes in between."""
    one, chance = install(tmp_path), random.Random(seed)
    files = {f"{n}.csv": [row(f"A-{chance.randrange(4)}-{k}", ended=f"{chance.randrange(5, 20):02d}/03/2026 09:00",
                              updated=f"{chance.randrange(1, 29):02d}/0{chance.randrange(3, 9)}/2026 10:0{n}")
                          for k in range(3)] for n in range(5)}  # fmt: skip
    waiting = [*files, *chance.sample(sorted(files), 2)]
    chance.shuffle(waiting)
    for turn in range(3):
        for name in waiting[turn::3]:
            one.drop(f"{turn}-{name}", files[name])
        if turn == 1:
            correct(one)
        one.load()
    assert one.ask("SELECT count(*) FROM delivery") == [(5,)], "what came again is no second delivery"
    history = table_hashes(one)
    one.rebuild()
    assert table_hashes(one) == history


def correct(one: Installation) -> None:
    text = '[[correction]]\nsource = "counter"\ncase = "A-1-0"\nexpect = { channel = "counter" }\n'
    text += 'set = { channel = "post" }\nreason = "Nộp qua bưu chính"\nwho = "Văn phòng"\n'
    (one.data / "reference" / "corrections.toml").write_text(text, encoding="utf-8")
