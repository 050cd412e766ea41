"""Marked files must never be here: a look at name, metadata and first rows, before anything else happens."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final, cast
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from pipelines.errors import Rejected
from pipelines.machine import blame
from pipelines.read.format import Limits
from pipelines.read.legacy import from_tcvn3, from_vni
from pipelines.read.sniff import content_kind
from pipelines.read.zipped import local, open_checked, parsed, sheets, stream

ROWS: Final = 50
HEAD: Final = 256 << 10
HEAD_OF_JSON: Final = 64 << 10  # a document without line ends: fifty long records
CELLS: Final = 20_000
METADATA: Final = ("docProps/core.xml", "docProps/app.xml", "docProps/custom.xml")
# Words of daily life that contain MẬT: confidentiality, secret (as a topic), password, density, honey, gall.
BEFORE: Final = r"(?<!BẢO )(?<!BÍ )(?<!CƠ )(?<!THÂN )(?<!NỒNG )(?<!TÚI )(?<!SỎI )(?<!RỈ )(?<!ONG )"
AFTER: Final = r"(?! (?:KHẨU|ĐỘ|ONG|MÃ|VỤ|THIẾT|MÍA|NGỌT|HOA|TRUYỀN|NGHỊ|DANH)(?!\w))"
UPPER: Final = re.compile(rf"(?<!\w)(?:TUYỆT MẬT|TỐI MẬT|{BEFORE}MẬT{AFTER})(?!\w)")
# In a long text all in capitals only these tell a mark from honey.
SURE: Final = re.compile(r"(?<!\w)(?:TUYỆT|TỐI|TÀI LIỆU|VĂN BẢN|HỒ SƠ|CÔNG VĂN|DẤU) MẬT(?!\w)(?! (?:KHẨU|MÃ|ONG))")
SHORT: Final = 6
# A mark that names itself, in any spelling: "Độ mật: Mật", "do_mat = toi mat".
NAMED: Final = re.compile(
    r"(?<!\w)(?:(?:mức )?độ(?: bảo)? mật|dấu(?: chỉ)?(?: độ)? mật|(?:muc )?do mat|dau(?: do)? mat)"
    r"\s*[:=\-–]\s*[\"'(\[]?\s*(?:tuyệt mật|tối mật|mật|tuyet mat|toi mat|mat)(?!\w)(?! độ| do)",
    re.IGNORECASE,
)
ALONE: Final = re.compile(r"[\W_]*(?:mật|tối mật|tuyệt mật)[\W_]*", re.IGNORECASE)
PLAIN_NAME: Final = re.compile(r"(?<![a-z])(?:toi mat|tuyet mat)(?![a-z])|\(mat\)|\[mat\]", re.IGNORECASE)
ESCAPE: Final = re.compile(r"\\u([0-9a-fA-F]{4})")
SPLIT: Final = re.compile(r"[,;\t|\"]")
# MẬT in TCVN3 or VNI, saved as Latin letters of today: M, perhaps A, one or two odd letters, T.
GARBLED: Final = re.compile(r"ma?[\x80-\xff]{1,2}t", re.IGNORECASE)
LINE_END: Final = re.compile(rb"\r\n|\n|\r")


def is_marked(path: Path, name: str, limits: Limits) -> bool:
    """Whether name, metadata or the first 50 rows of `path` carry a mark of secrecy."""
    return name_is_marked(name) or any(text_is_marked(text) for text in _texts(path, limits))


def name_is_marked(name: str) -> bool:
    """Whether a file's name says it: also without accents, where two words leave no doubt."""
    words = re.sub(r"[\s_.\-]+", " ", unicodedata.normalize("NFC", name))
    return bool(UPPER.search(words) or NAMED.search(words) or PLAIN_NAME.search(words))


def text_is_marked(text: str) -> bool:
    """Whether a line or a cell says it; `text` may hold several cells with a separator between them."""
    words = " ".join(unicodedata.normalize("NFC", text).split())
    if "mật" not in words.lower() and "mat" not in words.lower():
        return False
    return bool(NAMED.search(words)) or any(_cell_is_marked(cell) for cell in SPLIT.split(words))


def _cell_is_marked(cell: str) -> bool:
    is_shouting = cell == cell.upper() and len(cell.split()) > SHORT
    return bool(ALONE.fullmatch(cell) or (SURE if is_shouting else UPPER).search(cell))


def _texts(path: Path, limits: Limits) -> Iterator[str]:
    with path.open("rb") as file:
        head = file.read(HEAD)
    kind = content_kind(head)
    if kind == "zip":
        yield from _workbook_texts(path, limits)
    elif kind == "parquet":
        yield from _parquet_texts(path)
    else:
        yield from _lines(head[:HEAD_OF_JSON] if head.lstrip()[:1] in (b"[", b"{") else head)


def _lines(head: bytes) -> Iterator[str]:
    """The first lines as every encoding that could be meant would show them."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        readings = [head[: len(head) // 2 * 2].decode("utf-16", "replace")]
    elif head[:400].count(0) > 80:
        readings = [head[: len(head) // 2 * 2].decode("utf-16-le", "replace")]
    else:
        head = _first_rows(head)  # translating a megabyte to look at fifty lines would cost more than reading
        plain = head.decode("utf-8", "replace")
        latin = head.decode("latin-1")
        readings = [plain]
        if not _is_utf8(head):  # a legacy byte between two letters is never valid UTF-8
            readings += [from_tcvn3(latin), from_vni(latin)]
            readings.append(unicodedata.normalize("NFC", head.decode("cp1258", "ignore")))
        if GARBLED.search(plain):
            readings += [from_tcvn3(plain), from_vni(plain)]
        readings.append(ESCAPE.sub(lambda found: chr(int(found.group(1), 16)), plain))
    for text in readings:
        yield from text.splitlines()[:ROWS]


def _is_utf8(head: bytes) -> bool:
    """Whether the bytes are UTF-8, but for a last letter that the end cut in two."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(head)
    except UnicodeDecodeError:
        return False
    return True


def _first_rows(head: bytes) -> bytes:
    """The bytes of the first rows; all of them where there are fewer."""
    ends = [end.end() for end in islice(LINE_END.finditer(head), ROWS)]
    return head[: ends[-1]] if len(ends) == ROWS else head


def _workbook_texts(path: Path, limits: Limits) -> Iterator[str]:
    """Metadata, sheet names and the first rows of every sheet; a damaged workbook shows what it can."""
    try:
        with open_checked(path, limits) as archive:
            for part in METADATA:
                if part in archive.namelist():
                    yield from (text for text in parsed(archive, part).itertext())
            every = sheets(archive)
            yield from (one.name for one in every)
            shared: set[int] = set()
            for one in every:
                yield from _cells(stream(archive, one.part), shared)
            yield from _shared(stream(archive, "xl/sharedStrings.xml"), shared) if shared else ()
    except Rejected:
        return


def _events(blocks: Iterable[bytes]) -> Iterator[Element]:
    parser: ElementTree.XMLPullParser[Element] = ElementTree.XMLPullParser(("end",))
    try:
        for block in blocks:
            parser.feed(block)
            yield from (element for _, element in cast(Iterator[tuple[str, Element]], parser.read_events()))
    except ElementTree.ParseError:
        return


def _cells(blocks: Iterable[bytes], shared: set[int]) -> Iterator[str]:
    """Texts written into the first rows of a sheet; numbers of shared texts go to `shared`."""
    rows = 0
    for element in islice(_events(blocks), CELLS * 4):
        if local(element.tag) == "c":
            value = element.findtext("{*}v") or ""
            if element.get("t") == "s" and value.isdigit():
                shared.add(int(value))
            else:
                yield "".join(element.itertext())
        elif local(element.tag) == "row":
            rows += 1
            element.clear()
            if rows >= ROWS:
                return


def _shared(blocks: Iterable[bytes], wanted: set[int]) -> Iterator[str]:
    number, last = 0, max(wanted)
    for element in _events(blocks):
        if local(element.tag) == "si":
            if number in wanted:
                yield "".join(element.itertext())
            number += 1
            element.clear()
            if number > last:
                return


def _parquet_texts(path: Path) -> Iterator[str]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from pipelines.read.parquet import refuse_bad_footer

    try:
        refuse_bad_footer(path)
        file = pq.ParquetFile(path)
        yield from (text.decode("utf-8", "replace") for text in (file.metadata.metadata or {}).values())
        yield from file.schema_arrow.names
        for batch in islice(file.iter_batches(batch_size=ROWS), 1):
            yield from (str(value) for row in batch.to_pylist() for value in row.values())
    except (Rejected, pa.ArrowException, OSError) as wrong:
        blame(wrong)  # a mark that could not be looked for is not a mark that is missing
