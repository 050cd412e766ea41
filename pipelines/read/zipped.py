"""A spreadsheet is a zip file of XML: its promises are checked before anything is unpacked for use."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final
from xml.etree import ElementTree

from pipelines.errors import Reason, Rejected
from pipelines.machine import blame
from pipelines.read.format import Limits

BLOCK: Final = 1 << 20
SMALL: Final = 16 << 20  # below this, no ratio is suspicious
MEMBERS: Final = 5000
PART: Final = 64 << 20
FORBIDDEN: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)")


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook: its name, where its XML lies in the zip, and whether people see it."""

    name: str
    part: str
    visible: bool


def open_checked(path: Path, limits: Limits) -> zipfile.ZipFile:
    """The open zip; raises Rejected where it is damaged, encrypted, a bomb, or means to escape its folder."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError) as wrong:
        blame(wrong)
        raise Rejected(Reason("zip_damaged")) from wrong
    members = archive.infolist()
    if any(one.flag_bits & 1 for one in members):
        raise Rejected(Reason("file_encrypted"))
    if len(members) > MEMBERS or any(_escapes(one.filename) for one in members):
        raise Rejected(Reason("zip_suspicious"))
    unpacked = sum(one.file_size for one in members)
    packed = max(path.stat().st_size, 1)
    if unpacked > limits.unpacked or (unpacked > SMALL and unpacked / packed > limits.ratio):
        raise Rejected(Reason("zip_too_large_inside", {"packed": packed >> 10, "unpacked": unpacked >> 20}))
    if any(one.filename.endswith("vbaProject.bin") for one in members):
        raise Rejected(Reason("file_has_macros"))
    return archive


def _escapes(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or ":" in name or "\\" in name


def stream(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The bytes of a part in blocks; raises Rejected at a DTD or where the part is damaged."""
    tail = b""
    try:
        with archive.open(part) as file:
            while block := file.read(BLOCK):
                if FORBIDDEN.search(tail + block):
                    raise Rejected(Reason("xml_with_dtd"))
                tail = block[-9:]
                yield block
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError, KeyError) as wrong:
        blame(wrong)
        raise Rejected(Reason("zip_damaged")) from wrong


def parsed(archive: zipfile.ZipFile, part: str) -> ElementTree.Element:
    """A small part as a tree; raises Rejected where it is missing, damaged, too large or no XML."""
    if part not in archive.namelist() or archive.getinfo(part).file_size > PART:
        raise Rejected(Reason("zip_damaged"))
    try:
        return ElementTree.fromstring(b"".join(stream(archive, part)))  # noqa: S314 - without DTD
    except ElementTree.ParseError as wrong:
        raise Rejected(Reason("zip_damaged")) from wrong


def sheets(archive: zipfile.ZipFile) -> list[Sheet]:
    """The sheets of the workbook in their order; raises Rejected where this is no workbook."""
    start = next(
        (_target(one, "") for one in parsed(archive, "_rels/.rels") if one.get("Type", "").endswith("/officeDocument")),
        "xl/workbook.xml",
    )
    folder, _, name = start.rpartition("/")
    links = parsed(archive, f"{folder}/_rels/{name}.rels".lstrip("/"))
    parts = {one.get("Id", ""): _target(one, f"{folder}/") for one in links}
    return [_sheet(one, parts) for one in parsed(archive, start).iter() if local(one.tag) == "sheet"]


def local(tag: str) -> str:
    """The name of an element without its namespace, of which there are two."""
    return tag.rpartition("}")[2]


def _sheet(element: ElementTree.Element, parts: Mapping[str, str]) -> Sheet:
    link = next((value for key, value in element.items() if key.endswith("}id")), "")
    is_visible = element.get("state", "visible") == "visible"
    return Sheet(element.get("name", ""), parts.get(link, ""), is_visible)


def _target(link: ElementTree.Element, folder: str) -> str:
    target = link.get("Target", "")
    return target.lstrip("/") if target.startswith("/") else f"{folder}{target}"
