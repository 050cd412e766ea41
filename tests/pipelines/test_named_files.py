"""The named cases of files as such (F01 to F35): one inbox holds them all, and every one gets its one verdict."""

from __future__ import annotations

import os
import socket
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from pipelines.publish.pointer import read_pointer
from pipelines.read import Limits, Worker
from pipelines.receive import keeping
from pipelines.receive.inbox import Entry, temporaries
from pipelines.verify import verify
from tests.pipelines.installation import HEADER, Installation, install, row, table_hashes
from tests.pipelines.reading import GOOD as GOOD_ROW
from tests.pipelines.reading import HEADER as CSV_HEADER
from tests.pipelines.reading import Reading, zipped

GOOD = [row("A-1"), row("A-2")]
ODD_NAMES = ("f14 a\nb.csv", "f14 ...csv", "f14 %2e.csv", "f14 \u202ea.csv", "f14" + "x" * 248 + ".csv",
             unicodedata.normalize("NFD", "f14 hồ sơ.csv"))  # fmt: skip
Seen = dict[str, tuple[str, list[str]]]


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> tuple[Installation, Seen]:
    """Everything at once that needs no history; by name what became of it."""
    one = install(tmp_path_factory.mktemp("named"))
    one.drop("f01.csv", ["x;y"], header="ma phan anh;kenh")
    one.drop("f06.tmp", GOOD)
    folder = one.drop("f11-before.csv", [row("B-1")]).parent
    (folder / "f09.csv").symlink_to("/etc/shadow")
    os.mkfifo(folder / "f10.csv")
    _socket(folder)
    (folder / "f12.csv").mkdir()
    for number, name in enumerate(ODD_NAMES):
        one.drop(name, [row(f"N-{number}")])
    one.drop("f15 '; DROP TABLE delivery; --.csv", [row("Q-1")])
    for name, moment in (("f18 2099.csv", 4_070_908_800), ("f18 1970.csv", 0)):
        os.utime(one.drop(name, [row(name[-6:])]), (moment, moment))
    one.drop("f25.csv", [row("C-1") + ";x"], header=HEADER + ";CCCD")
    one.drop("f26.csv", ["D-1;03/03/2026 08:00"], header="so;nhan")
    one.drop("f27.csv", [row("E-1")], header=HEADER.replace("hen", "ngay_hen"))
    one.drop("f29.csv", [row("G-1", unit="27697")])
    one.drop("f30 MẬT.csv", GOOD)
    one.drop_bytes("f32.csv", zipped([("a.csv", b"x"), ("b.csv", b"y")]))
    for name in ("~$f33.csv", "Thumbs.db"):
        one.drop(name, GOOD)
    one.drop("f34.csv", [row("H-1")])
    one.drop("F34.csv", [row("H-2")])
    one.drop_bytes("f35.csv", ("\n".join([HEADER, *(row(f"L-{n}") for n in range(65_535)), ""])).encode())
    report = one.load()
    return one, {file.file or "": (file.verdict, [reason.code for reason in file.reasons]) for file in report.files}


def _socket(folder: Path) -> None:
    """A door in the inbox; its path is too long to be bound by its full name."""
    here = Path.cwd()
    os.chdir(folder)
    try:
        with socket.socket(socket.AF_UNIX) as door:
            door.bind("f11.csv")
    finally:
        os.chdir(here)


@pytest.mark.parametrize(
    ("name", "verdict", "code"),
    [
        ("f01.csv", "rejected", "header_not_found"),
        ("f09.csv", "rejected", "not_a_regular_file"),
        ("f10.csv", "rejected", "not_a_regular_file"),
        ("f11.csv", "rejected", "not_a_regular_file"),
        ("f12.csv", "rejected", "not_a_regular_file"),
        ("f14 a\ufffdb.csv", "loaded", None),
        ("f14 ...csv", "loaded", None),
        ("f14 %2e.csv", "loaded", None),
        ("f14 \ufffda.csv", "loaded", None),
        ("f14" + "x" * 248 + ".csv", "loaded", None),
        ("f14 hồ sơ.csv", "loaded", None),
        ("f15 '; DROP TABLE delivery; --.csv", "loaded", None),
        ("f18 2099.csv", "loaded", None),
        ("f18 1970.csv", "loaded", None),
        ("f25.csv", "rejected", "columns_unknown"),
        ("f26.csv", "rejected", "columns_missing"),
        ("f27.csv", "rejected", "columns_renamed"),
        ("f29.csv", "loaded", "old_unit_carried"),
        ("", "rejected", "marked_secret"),
        ("f32.csv", "rejected", "content_is_something_else"),
        ("f34.csv", "loaded", None),
        ("F34.csv", "loaded", None),
        ("f35.csv", "loaded", "row_count_at_limit"),
    ],
    ids=["F01", "F09", "F10", "F11", "F12", "F14 newline", "F14 dots", "F14 %2e", "F14 bidi", "F14 255 bytes",
         "F14 NFD", "F15", "F18 2099", "F18 1970", "F25", "F26", "F27", "F29", "F30", "F32", "F34 a", "F34 b", "F35"],
)  # fmt: skip
def test_named_file(inbox: tuple[Installation, Seen], name: str, verdict: str, code: str | None) -> None:
    assert inbox[1][name] == (verdict, [code] if code else [])


def test_f06_and_f33_leftovers_are_nobodys_files(inbox: tuple[Installation, Seen]) -> None:
    assert not {"f06.tmp", "~$f33.csv", "Thumbs.db"} & set(inbox[1])


def test_f30_a_marked_file_is_nowhere(inbox: tuple[Installation, Seen]) -> None:
    places = [path.name for path in inbox[0].home.root.rglob("*") if path.is_file()]
    assert not [name for name in places if "f30" in name]


def test_f06_renamed_into_place_it_is_loaded(fresh: Installation) -> None:
    path = fresh.drop("a.csv.tmp", GOOD)
    assert fresh.load().files == []
    path.rename(path.with_name("a.csv"))
    assert [file.verdict for file in fresh.load().files] == ["loaded"]


def verdicts(one: Installation) -> list[str]:
    return [file.verdict for file in one.load().files]


def ends(one: Installation) -> list[tuple[str]]:
    return one.ask("SELECT ended_on::VARCHAR FROM fact_dossier ORDER BY ended_on")


def test_f02_f03_f04_again_changed_and_yesterdays_again(fresh: Installation) -> None:
    """The same bytes are a duplicate, other bytes a version, and an older version changes nothing back."""
    old, new = [row("A-1")], [row("A-1", ended="09/03/2026 09:30", updated="09/03/2026 09:30")]
    fresh.drop("a.csv", old)
    assert verdicts(fresh) == ["loaded"]
    fresh.drop("b.csv", old)
    assert verdicts(fresh) == ["duplicate"]
    fresh.drop("a.csv", new)
    assert verdicts(fresh) == ["loaded"]
    fresh.drop("a.csv", [*old, row("A-2", ended="10/03/2026 09:30")])
    assert verdicts(fresh) == ["loaded"]
    assert ends(fresh) == [("2026-03-09",), ("2026-03-10",)]


def test_f05_f07_f08_growing_gone_and_exchanged_while_looked_at(fresh: Installation) -> None:
    growing, gone, other = (fresh.drop(f"{name}.csv", [row(name)]) for name in ("f05", "f07", "f08"))
    meanwhile: list[Callable[[], object]] = [
        lambda: growing.write_text("\n".join([HEADER, row("f05"), row("f05b"), ""])),
        gone.unlink,
        lambda: (other.unlink(), other.write_text("\n".join([HEADER, row("f08"), row("f08b"), ""]))),
    ]

    class Slept(list[float]):
        def append(self, seconds: float) -> None:
            while meanwhile:
                meanwhile.pop()()

    fresh.slept = Slept()
    assert verdicts(fresh) == ["waiting"] * 3
    found = {file.file: (file.verdict, file.rows_in) for file in fresh.load().files}
    assert found == {"f05.csv": ("loaded", 2), "f08.csv": ("loaded", 2)}


def test_f06_seen_before_under_a_temporary_name_it_is_taken_at_once(fresh: Installation) -> None:
    """The same file under its own name needs no second look; one that was written to meanwhile does."""
    renamed, written = fresh.drop("a.csv.tmp", GOOD), fresh.drop("b.csv.part", [row("W-1")])
    fresh.moment = datetime.now(UTC) - timedelta(hours=2)  # everything here is fresh by this clock
    fresh.settled = temporaries(fresh.home.inbox)
    written.write_text("\n".join([HEADER, row("W-1"), row("W-2"), ""]))
    for path in (renamed, written):
        path.rename(path.with_suffix(""))
    fresh.slept = [0.0]
    found = {file.file: file.verdict for file in fresh.load().files}
    assert found == {"a.csv": "loaded", "b.csv": "loaded"} and fresh.slept == [0.0, 2.0], "slept over b.csv alone"
    fresh.drop("c.csv.tmp", [row("C-1")])
    fresh.settled = temporaries(fresh.home.inbox)
    (fresh.home.inbox / "counter" / "c.csv.tmp").rename(fresh.home.inbox / "counter" / "c.csv")
    assert verdicts(fresh) == ["loaded"] and fresh.slept == [0.0, 2.0]


def test_f13_a_file_that_we_may_not_open_waits_and_stops_nobody(
    fresh: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = fresh.drop("closed.csv", GOOD)
    closed.chmod(0)
    fresh.drop("open.csv", [row("O-1")])
    real = keeping.open_regular

    def refuse(entry: Entry) -> int:  # root may open anything
        if (entry.folder / entry.file).stat().st_mode & 0o777 == 0:
            raise PermissionError(13, "Permission denied")
        return real(entry)

    monkeypatch.setattr(keeping, "open_regular", refuse)
    report = fresh.load()
    assert {file.file: (file.verdict, [one.code for one in file.reasons]) for file in report.files} == {
        "closed.csv": ("waiting", ["cannot_be_opened"]), "open.csv": ("loaded", [])}  # fmt: skip
    closed.chmod(0o600)
    assert verdicts(fresh) == ["loaded"]


def test_f16_very_many_files_at_once_are_one_generation_with_a_verdict_each(fresh: Installation) -> None:
    """A slice of the ten thousand, small enough for every day."""
    for number in range(40):
        fresh.drop(f"f16-{number:05d}.csv", [row(f"V-{number}")])
    report = fresh.load()
    assert report.snapshot == 1 and sorted({file.verdict for file in report.files}) == ["loaded"]
    assert len(report.files) == 40 and fresh.ask("SELECT count(*) FROM fact_dossier") == [(40,)]
    assert not any((fresh.home.inbox / "counter").iterdir())


def test_f17_a_large_file_has_more_time_and_is_never_held_whole(tmp_path: Path) -> None:
    """What 2 GB may cost follows from their size; rows come in chunks, whatever the size."""
    limits = Limits()
    assert (limits.cpu_seconds(2 * 10**9), limits.wall_seconds(2 * 10**9)) == (180.0, 1200.0)
    with Worker() as worker:
        table = Reading(worker, tmp_path)(CSV_HEADER + GOOD_ROW * 2_000, limits=Limits(chunk=500))
    heights = [pl.read_parquet(chunk).height for chunk in table.chunks]
    assert sum(heights) == table.rows_in == 2_000 and len(heights) > 1 and max(heights) <= 500


def test_f19_a_clock_that_is_set_back_changes_no_number_and_takes_no_generation_away(fresh: Installation) -> None:
    fresh.drop("one.csv", [row("A-1", updated="08/03/2026 09:30")])
    fresh.load()
    fresh.moment -= timedelta(hours=25)
    fresh.drop("two.csv", [row("A-1", ended="09/03/2026 09:30", updated="09/03/2026 09:30"), row("A-2")])
    assert verdicts(fresh) == ["loaded"]
    assert ends(fresh) == [("2026-03-07",), ("2026-03-09",)]
    pointer = read_pointer(fresh.home)
    assert pointer is not None and pointer.generation == 2 and verify(fresh.home) == []
    hashes = table_hashes(fresh)
    fresh.rebuild()
    assert table_hashes(fresh) == hashes


def test_f31_two_agencies_that_disagree_are_both_kept_each_under_its_own_name(fresh: Installation) -> None:
    mapping = (fresh.data / "mappings" / "counter.toml").read_text("utf-8")
    (fresh.data / "mappings" / "other.toml").write_text(mapping, encoding="utf-8")
    fresh.drop("ours.csv", [row("A-1", ended="07/03/2026 09:30")])
    fresh.drop("theirs.csv", [row("A-1", ended="12/03/2026 09:30")], source="other")
    fresh.load()
    said = fresh.ask("SELECT source, ended_on::VARCHAR FROM fact_dossier ORDER BY source")
    assert said == [("counter", "2026-03-07"), ("other", "2026-03-12")]
