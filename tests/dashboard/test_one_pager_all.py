"""The pages of all units are one archive: every commune and ward of today, a manifest, one line in the audit."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import replace

import pytest

from dashboard import audit
from dashboard.pack.command import Typed, pack
from dashboard.pack.manifest import Order
from dashboard.pack.profiles import make_profiles
from dashboard.pack.template import find_template, templates
from dashboard.paper.one_pager import one_pager
from dashboard.running import PRODUCT_DATA
from dashboard.settings import Settings
from dashboard.words import PersonError
from tests.dashboard.screens_at import NOW, here_at, started
from tests.dashboard.tiny import write_tiny


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return write_tiny(tmp_path_factory.mktemp("home"))


def made(home, out, **typed):
    told, stream = [], io.StringIO()
    asked = Typed(**{"template": "unit", "unit": "all", "out": out, **typed})
    (file,) = pack(Settings(home, lambda: NOW), asked, told.append, stream)
    return file, told, stream.getvalue()


def test_all_means_a_page_per_commune_and_ward_in_each_language_with_a_manifest(home, tmp_path):
    file, told, progress = made(home, tmp_path, lang="both", period="2026-10")
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        bodies = {name: archive.read(name) for name in names}
    assert names == ["manifest.json", "27727_vi.pdf", "27694_vi.pdf", "27694_en.pdf", "27727_en.pdf"]
    manifest = json.loads(bodies["manifest.json"])
    assert {one["name"]: one["sha256"] for one in manifest["files"]} == {
        name: hashlib.sha256(body).hexdigest() for name, body in bodies.items() if name != "manifest.json"
    }
    assert (manifest["snapshot"], manifest["period"], manifest["unit"]) == (1, "2026-10", "all")
    assert told == [f"{file}: 4 hồ sơ một trang"]
    assert progress.splitlines()[0].startswith("1/4 ") and progress.splitlines()[-1].startswith("4/4 ")


def test_a_page_of_the_archive_is_the_page_of_the_screen(home, tmp_path):
    file, _, _ = made(home, tmp_path, period="2026-10")
    with zipfile.ZipFile(file) as archive:
        body = archive.read("27727_vi.pdf")
    assert body == one_pager(here_at(started(home), unit="27727", period="2026-10", role="leader"))


def test_the_archive_has_its_line_in_the_audit(home, tmp_path):
    file, _, _ = made(home, tmp_path)
    *_, event = audit.events(home / "audit" / "exports.jsonl")
    assert event["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert (event["question"]["template"], event["question"]["unit"], event["role"]) == ("unit", "all", "leader")


def test_the_same_moment_gives_the_same_bytes(home, tmp_path):
    first, _, _ = made(home, tmp_path / "a")
    second, _, _ = made(home, tmp_path / "b")
    assert first.read_bytes() == second.read_bytes()


def test_a_role_that_may_make_no_packs_is_told_so(home, tmp_path):
    with pytest.raises(PersonError):
        made(home, tmp_path, role="auditor")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_told_and_leaves_nothing(home, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("x")
    with pytest.raises(PersonError) as caught:
        made(home, blocked / "packs")
    assert str(blocked) in caught.value.text("vi")


def test_only_the_template_of_one_unit_knows_all(home, tmp_path):
    with pytest.raises(PersonError):
        made(home, tmp_path, template="monthly")


def test_progress_is_told_before_the_next_page_is_made(home):
    running = started(home)
    order = Order(find_template(templates(PRODUCT_DATA), "unit"), "leader", unit="all")
    steps = []
    make_profiles(running, replace(order, langs=("vi",)), NOW, lambda at, of, what: steps.append((at, of, what)))
    assert steps == [(1, 2, "Phường Đức"), (2, 2, "Xã An")]


def test_the_pack_of_one_unit_holds_its_page_in_each_language_where_paper_is_wanted(home, tmp_path):
    file, _, _ = made(home, tmp_path, unit="27727", lang="both", formats=("pdf",), period="2026-10")
    with zipfile.ZipFile(file) as archive:
        pages = {name: archive.read(name) for name in archive.namelist() if "_profile_" in name}
    assert sorted(name[-6:] for name in pages) == ["en.pdf", "vi.pdf"]
    here = here_at(started(home), unit="27727", period="2026-10", role="leader", lang="en")
    assert next(body for name, body in pages.items() if name.endswith("en.pdf")) == one_pager(here)
