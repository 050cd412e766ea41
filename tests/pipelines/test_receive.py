"""Whatever lies in an inbox is taken in once, or told why not, and never stops what lies beside it."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.read import Worker
from pipelines.receive import Received, kept, receive

NOON = datetime(2026, 11, 22, 5, tzinfo=UTC)
CONTENT = b"ma,ten\nA1,An\n"
SOURCES = ("mot_cua", "tong_dai")


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker() as one:
        yield one


class Office:
    """A home with an inbox, a clock that a test sets, and naps during which something may happen."""

    def __init__(self, home: Path, worker: Worker) -> None:
        self.home = home
        self.worker = worker
        self.now = NOON
        self.naps: list[float] = []
        self.meanwhile: Callable[[], object] = lambda: None
        for source in SOURCES:
            (home / "inbox" / source).mkdir(parents=True)

    def drop(self, name: str | bytes, content: bytes = CONTENT, source: str = "mot_cua", age: float = 60) -> Path:
        path = Path(os.fsdecode(os.path.join(os.fsencode(self.home / "inbox" / source), os.fsencode(name))))
        path.write_bytes(content)
        moment = (self.now - timedelta(seconds=age)).timestamp()
        os.utime(path, (moment, moment))
        return path

    def nap(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.meanwhile()

    def receive(self, *known: str) -> list[Received]:
        found = receive(self.home, SOURCES, lambda: self.now, set(known), sleep=self.nap, worker=self.worker)
        return list(found)

    def verdicts(self, *known: str) -> list[tuple[str, str]]:
        return [(one.name, one.verdict) for one in self.receive(*known)]

    def codes(self) -> list[str]:
        return [reason.code for one in self.receive() for reason in one.reasons]


@pytest.fixture
def office(tmp_path: Path, worker: Worker) -> Office:
    return Office(tmp_path / "home", worker)


def everything(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_file_moves_into_the_archive_with_its_first_receipt(office: Office) -> None:
    office.drop("hs 2026.CSV")
    (one,) = office.receive()
    assert (one.verdict, one.sha256, one.name) == ("received", sha(CONTENT), "hs 2026.CSV")
    assert one.delivery is not None
    assert one.delivery.path == office.home / "archive" / "mot_cua" / f"{sha(CONTENT)}.csv"
    assert one.delivery.path.read_bytes() == CONTENT
    assert json.loads(one.delivery.path.with_suffix(".json").read_text("utf-8")) == {
        "source": "mot_cua",
        "name": "hs 2026.CSV",
        "sha256": sha(CONTENT),
        "bytes": len(CONTENT),
        "received_at": "2026-11-22T05:00:00+00:00",
    }
    assert everything(office.home / "inbox") == everything(office.home / "hold") == []
    assert kept(office.home / "archive", "mot_cua", sha(CONTENT)) == one.delivery


def test_only_we_may_open_what_is_kept(office: Office) -> None:
    office.drop("a.csv")
    office.receive()
    for folder in ("hold", "archive", "archive/mot_cua"):
        assert stat.S_IMODE((office.home / folder).stat().st_mode) == 0o700
    archived = office.home / "archive" / "mot_cua" / f"{sha(CONTENT)}.csv"
    assert stat.S_IMODE(archived.stat().st_mode) == 0o600


def test_the_same_bytes_again_are_a_duplicate_of_the_first_receipt(office: Office) -> None:
    office.drop("a.csv")
    office.receive()
    office.now += timedelta(days=1)
    office.drop("khac ten.csv")
    (one,) = office.receive(sha(CONTENT))
    assert (one.verdict, everything(office.home / "inbox")) == ("duplicate", [])
    assert one.delivery is not None
    assert (one.delivery.name, one.delivery.received_at) == ("a.csv", NOON)


def test_the_same_bytes_of_another_source_are_no_duplicate(office: Office) -> None:
    office.drop("a.csv")
    office.drop("a.csv", source="tong_dai")
    assert [one.verdict for one in office.receive()] == ["received", "received"]


def test_the_same_name_with_other_bytes_is_a_new_delivery(office: Office) -> None:
    office.drop("a.csv")
    office.receive()
    office.drop("a.csv", b"ma\n2\n")
    assert office.verdicts(sha(CONTENT)) == [("a.csv", "received")]


def test_what_a_killed_run_received_is_handed_out_again(office: Office) -> None:
    office.drop("a.csv")
    (first,) = office.receive()
    office.now += timedelta(hours=1)
    (again,) = office.receive()
    assert (again.verdict, again.delivery) == ("received", first.delivery)
    assert office.receive(sha(CONTENT)) == []


def test_a_receipt_that_was_cut_short_keeps_its_time(office: Office) -> None:
    office.drop("a.csv")
    (first,) = office.receive()
    assert first.delivery is not None
    first.delivery.path.unlink()  # killed between sidecar and rename
    office.now += timedelta(hours=1)
    office.drop("a.csv")
    (again,) = office.receive()
    assert again.delivery == first.delivery


def test_fresh_files_share_one_nap(office: Office) -> None:
    for number in range(5):
        office.drop(f"{number}.csv", b"ma\n%d\n" % number, age=0.5)
    assert {verdict for _, verdict in office.verdicts()} == {"received"}
    assert office.naps == [2.0]


def test_old_files_need_no_nap(office: Office) -> None:
    office.drop("a.csv", age=10)
    assert office.verdicts() == [("a.csv", "received")]
    assert office.naps == []


@pytest.mark.parametrize("age", [-86_400 * 365 * 73, 86_400 * 365 * 56], ids=["2099", "1970"])
def test_odd_times_of_change_are_no_obstacle(office: Office, age: float) -> None:
    office.drop("a.csv", age=age)
    assert office.verdicts() == [("a.csv", "received")]


def test_a_growing_file_waits_and_is_then_received_once(office: Office) -> None:
    path = office.drop("a.csv", age=0)
    office.meanwhile = lambda: path.write_bytes(CONTENT * 2)
    assert office.verdicts() == [("a.csv", "waiting")]
    assert path.exists()
    office.meanwhile = lambda: None
    assert office.verdicts() == [("a.csv", "received")]


def test_a_file_taken_away_meanwhile_stops_nobody(office: Office) -> None:
    gone = office.drop("a.csv", age=0)
    office.drop("b.csv", b"ma\n2\n")
    office.meanwhile = gone.unlink
    assert ("b.csv", "received") in office.verdicts()


def test_leftovers_of_programs_are_ignored(office: Office) -> None:
    for name in ("~$a.xlsx", "a.tmp", "a.csv.part", "Thumbs.db", ".hidden", "A.TMP"):
        office.drop(name)
    assert office.receive() == []


def test_only_regular_files_are_opened(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    inbox = office.home / "inbox" / "mot_cua"
    (inbox / "a.csv").symlink_to("/etc/hostname")
    os.mkfifo(inbox / "b.csv")
    (inbox / "c.csv").mkdir()
    with socket.socket(socket.AF_UNIX) as door:
        monkeypatch.chdir(inbox)  # a socket's path must be short
        door.bind("d.csv")
        office.drop("e.csv")
        found = office.receive()
    assert [(one.name, one.verdict) for one in found] == [
        *((name, "refused") for name in ("a.csv", "b.csv", "c.csv", "d.csv")),
        ("e.csv", "received"),
    ]
    assert {reason.code for one in found for reason in one.reasons} == {"not_a_regular_file"}
    assert Path("/etc/hostname").exists()


def test_a_folder_nobody_agreed_on_is_refused(office: Office) -> None:
    (office.home / "inbox" / "la").mkdir()
    office.drop("a.csv", source="la")
    assert office.codes() == ["source_unknown"]


@pytest.mark.parametrize(
    "name",
    ["a\nb.csv", "x..csv", "%2e%2e.csv", "a\u202egpj.csv", "x" * 251 + ".csv", "o\u0309.csv",
     "'; DROP TABLE x.csv", b"\xff\xfe.csv", "A.csv;rm", "a.CSV"],
)  # fmt: skip
def test_odd_names_are_safe(office: Office, name: str | bytes) -> None:
    office.drop(name)
    (one,) = office.receive()
    assert one.verdict == "received"
    assert one.delivery is not None
    assert one.delivery.path.parent == office.home / "archive" / "mot_cua"
    assert one.delivery.path.name.startswith(sha(CONTENT))
    assert "\n" not in one.name
    assert "\u202e" not in one.name
    one.name.encode("utf-8")
    assert everything(office.home / "inbox") == []


def test_names_that_differ_by_case_are_two_files(office: Office) -> None:
    office.drop("a.csv", b"ma\n1\n")
    office.drop("A.csv", b"ma\n2\n")
    assert office.verdicts() == [("A.csv", "received"), ("a.csv", "received")]


@pytest.mark.parametrize(
    ("name", "content"), [("a.csv", "Độ mật: Tối mật\nma\n1\n".encode()), ("BC_TUYET_MAT.csv", CONTENT)]
)
def test_a_marked_file_leaves_nothing_but_hash_source_and_time(
    office: Office, name: str, content: bytes
) -> None:
    office.drop(name, content)
    (one,) = office.receive()
    assert (one.verdict, one.name, one.delivery, one.sha256) == ("marked", "", None, sha(content))
    assert [reason.code for reason in one.reasons] == ["marked_secret"]
    assert everything(office.home) == []


def test_leftovers_in_hold_are_swept(office: Office) -> None:
    (office.home / "hold").mkdir()
    (office.home / "hold" / "incoming.part").write_bytes(b"half")
    office.drop("a.csv")
    assert office.verdicts() == [("a.csv", "received")]
    assert everything(office.home / "hold") == []


def test_a_full_disk_costs_one_file_and_keeps_it_in_the_inbox(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pipelines.receive.keeping as keeping

    office.drop("a.csv", b"ma\n1\n")
    office.drop("b.csv", b"ma\n2\n")
    real, calls = keeping.sync_folder, []

    def fail_once(folder: Path) -> None:
        calls.append(folder)
        if len(calls) == 1:
            raise OSError(28, "No space left on device")
        real(folder)

    monkeypatch.setattr(keeping, "sync_folder", fail_once)
    assert office.verdicts() == [("a.csv", "refused"), ("b.csv", "received")]
    assert everything(office.home / "inbox") == ["mot_cua/a.csv"]


def test_a_look_that_dies_holds_the_file_for_the_operator(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipelines.errors import Reason, Rejected

    def die(*_: object) -> dict[str, object]:
        raise Rejected(Reason("reader_too_slow"))

    monkeypatch.setattr(office.worker, "ask", die)
    office.drop("a.csv")
    assert office.verdicts() == [("a.csv", "held")]
    assert everything(office.home) == [f"hold/{sha(CONTENT)}.held"]
    monkeypatch.undo()
    assert office.receive() == []
    assert everything(office.home) == [f"hold/{sha(CONTENT)}.held"]
