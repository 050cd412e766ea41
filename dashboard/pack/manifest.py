"""The manifest of a pack: what was asked, of which snapshot, every figure that it quotes, and the hash of each file."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from dashboard.pack.archive import CLOCKED, data_sha256
from dashboard.pack.changes import Earlier
from dashboard.pack.content import Pack, Quoted
from dashboard.pack.template import Template, read_template
from dashboard.pack.workbook import SCOPE_SHEET
from dashboard.snapshot import Snapshot
from dashboard.words import PersonError

NAME: Final = "manifest.json"
FORMAT: Final = 1
FORMATS: Final = ("pptx", "xlsx", "pdf")
_MOST: Final = 20_000_000  # bytes of a manifest that anybody could have made


@dataclass(frozen=True)
class Order:
    """What somebody asks for. Empty texts mean the defaults; `snapshot` 0 is the newest."""

    template: Template
    role: str
    period: str = ""
    unit: str = ""
    basis: str = ""
    langs: tuple[str, ...] = ("vi",)
    classification: str = "internal"
    formats: tuple[str, ...] = FORMATS
    snapshot: int = 0


@dataclass(frozen=True)
class Again:
    """A manifest that was read: the same order, its moment, what it was compared with, and the hashes of its files."""

    order: Order
    made_at: datetime
    earlier: Earlier | None
    figures: Earlier
    files: Mapping[str, str]


def manifest(
    order: Order, packs: Sequence[Pack], files: Mapping[str, bytes], snapshot: Snapshot, earlier: Earlier | None
) -> bytes:
    """The manifest as JSON; keys in a fixed order, so that equal packs have equal manifests."""
    first, publication = packs[0], snapshot.publication
    told = {
        "format": FORMAT, "snapshot": first.snapshot, "clearance": snapshot.clearance,
        "made_at": first.made_at.isoformat(timespec="seconds"), "code_version": publication.code_version,
        "contract": publication.contract_sha, "illustrative": publication.illustrative,
        "template": {"code": order.template.code, "text": order.template.text},
        "question": {"role": order.role, "period": order.period, "unit": order.unit, "basis": order.basis,
                     "langs": list(order.langs), "classification": order.classification,
                     "formats": list(order.formats)},
        "files": [_file(name, body) for name, body in files.items()],
        "figures": [asdict(one) for one in first.quoted],
        "earlier": None if earlier is None else {
            "made_at": earlier.made_at.isoformat(timespec="seconds"), "snapshot": earlier.snapshot,
            "figures": [asdict(one) for one in earlier.figures]},
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def _file(name: str, body: bytes) -> dict[str, object]:
    """Name, size and hashes of a file; `data_sha256` leaves out the parts that say when it was made."""
    told: dict[str, object] = {"name": name, "bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}
    if name.endswith((".pptx", ".xlsx")):
        clocked = (*CLOCKED, SCOPE_SHEET) if name.endswith(".xlsx") else CLOCKED
        told["data_sha256"] = data_sha256(body, clocked)
    return told


def read_manifest(file: Path) -> Again:
    """The manifest of a pack, from its own file or out of the ZIP. Raises PersonError saying what is wrong with it."""
    try:
        raw = json.loads(_bytes(file))
        asked, template = raw["question"], raw["template"]
        order = Order(
            read_template(str(template["code"]), str(template["text"])), str(asked["role"]), str(asked["period"]),
            str(asked["unit"]), str(asked["basis"]), tuple(map(str, asked["langs"])), str(asked["classification"]),
            tuple(map(str, asked["formats"])), int(raw["snapshot"]),
        )  # fmt: skip
        earlier = None if raw["earlier"] is None else _earlier(raw["earlier"])
        hashes = {str(one["name"]): str(one["sha256"]) for one in raw["files"]}
        return Again(order, datetime.fromisoformat(raw["made_at"]), earlier, _earlier(raw), hashes)
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise PersonError("pack.no_manifest", file=str(file), what=f"{type(error).__name__}: {error}") from error


def _bytes(file: Path) -> bytes:
    body = file.read_bytes()
    if file.suffix != ".zip":
        return body
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        if archive.getinfo(NAME).file_size > _MOST:
            raise ValueError(f"{NAME} > {_MOST}")
        return archive.read(NAME)


def _earlier(raw: Mapping[str, Any]) -> Earlier:
    figures = tuple(Quoted(**one) for one in raw["figures"])
    return Earlier(datetime.fromisoformat(raw["made_at"]), int(raw["snapshot"]), figures)


def last_pack(folder: Path, order: Order, before: datetime) -> Earlier | None:
    """What the newest pack of the same template, role, unit and boundaries said that was made before a moment."""
    found: list[Again] = []
    for file in sorted(folder.glob(f"{order.template.code}-*.zip")) if folder.is_dir() else []:
        try:
            one = read_manifest(file)
        except PersonError:
            continue  # a torn or foreign file in the folder stops nobody's meeting
        same = (one.order.role, one.order.unit, one.order.basis) == (order.role, order.unit, order.basis)
        if same and one.order.template.code == order.template.code and one.made_at < before:
            found.append(one)
    return max(found, key=lambda one: one.made_at).figures if found else None
