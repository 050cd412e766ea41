"""Files made on the spot, read by the real child: one line of a test says what a clerk might send."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import polars as pl

from pipelines.delivery import Delivery
from pipelines.errors import Rejected
from pipelines.read import FileFormat, Limits, Table, Worker, read

NUMBERS = count()
SMALL = FileFormat(columns=("ma", "ten", "ngay"))
HEADER = "ma,ten,ngay\n"
GOOD = "A1,Nguyễn Văn An,05/03/2026\n"


class Reading:
    """Writes bytes as a file and reads it; one child for all of a module's files."""

    def __init__(self, worker: Worker, folder: Path) -> None:
        self.worker = worker
        self.folder = folder

    def __call__(
        self, content: bytes | str, name: str = "f.csv", form: FileFormat = SMALL, limits: Limits | None = None
    ) -> Table:
        place = self.folder / f"{next(NUMBERS)}"
        place.mkdir(parents=True)
        path = place / "bytes"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        moment = datetime(2026, 11, 22, tzinfo=UTC)
        delivery = Delivery("nguon", name, path, "0" * 64, path.stat().st_size, moment)
        table = read(delivery, form, place / "scratch", limits, self.worker)
        lines = set(table.broken["line"])
        assert table.rows_in == rows_of(table).height + len(lines) + table.skipped, "the row law"
        return table

    def verdict(self, content: bytes | str, *more: object, **named: object) -> str:
        """The code of the reason why the file is refused, or `read`."""
        try:
            self(content, *more, **named)  # type: ignore[arg-type]
        except Rejected as refused:
            assert refused.reason.text("vi")
            assert refused.reason.text("en")
            return refused.reason.code
        return "read"


def rows_of(table: Table) -> pl.DataFrame:
    """All chunks of a table as one frame."""
    if not table.chunks:
        return pl.DataFrame(schema=dict.fromkeys((*table.columns, "_line"), pl.String))
    return pl.read_parquet(list(table.chunks))


def values(table: Table) -> list[tuple[str | int | None, ...]]:
    """Rows as tuples, the line last; nothing and empty text are the same."""
    return [tuple(cell or None for cell in row) for row in rows_of(table).rows()]


def rules(table: Table) -> list[tuple[int, str]]:
    """Line and rule of every broken row."""
    return table.broken.select("line", "rule").unique().sort("line", "rule").rows()


def codes(table: Table) -> list[str]:
    """The warnings; each must have a text in both languages."""
    assert all(one.text(lang) for one in table.warnings for lang in ("vi", "en"))
    return [one.code for one in table.warnings]


def zipped(members: Sequence[tuple[str, bytes]]) -> bytes:
    """A zip file in memory."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return target.getvalue()


TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
ROOT = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    'officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
LINKS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    'worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
)
BOOK = (
    '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
    '<sheet name="Sheet1" sheetId="1" r:id="r1"/></sheets></workbook>'
)


def bare_workbook(sheet_data: str, prolog: str = "", more: Sequence[tuple[str, bytes]] = ()) -> bytes:
    """The smallest workbook, with whatever XML a test wants in its sheet."""
    sheet = (
        f'<?xml version="1.0"?>{prolog}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/'
        f'2006/main"><sheetData>{sheet_data}</sheetData></worksheet>'
    )
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": ROOT,
        "xl/workbook.xml": BOOK,
        "xl/_rels/workbook.xml.rels": LINKS,
        "xl/worksheets/sheet1.xml": sheet,
    }
    return zipped([*((name, text.encode()) for name, text in parts.items()), *more])


def text_row(number: int, *cells: str) -> str:
    """A row of inline texts for `bare_workbook`."""
    inner = "".join(
        f'<c r="{chr(65 + place)}{number}" t="inlineStr"><is><t>{cell}</t></is></c>'
        for place, cell in enumerate(cells)
    )
    return f'<row r="{number}">{inner}</row>'
