"""N071 to N112: JSON, Parquet and workbooks, each file with its verdict."""

from __future__ import annotations

import io
import json
import struct
from datetime import datetime
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from tests.pipelines.named import HEADER, Case, contract, kept, line, loaded, partly, refused
from tests.pipelines.named_books import BOOKS

JSON: Final = contract(('formats = ["csv"]', 'formats = ["json", "ndjson"]'))
NESTED: Final = contract(
    ('formats = ["csv"]', 'formats = ["json"]\nrecords = "du_lieu.ho_so"'), ('"don_vi"', '"don_vi.ten"')
)
PARQUET: Final = contract(('formats = ["csv"]', 'formats = ["parquet"]'))
NAMES: Final = ("so", "nhan", "don_vi", "phi", "ho_ten")
A1, A2 = kept(), kept("A2")


def record(so: object = "A1", nhan: object = "05/03/2026", phi: object = "1.500") -> dict[str, object]:
    """One good record."""
    return {"so": so, "nhan": nhan, "don_vi": "Xã Đức Hòa", "phi": phi, "ho_ten": "An"}


def text(*records: dict[str, object]) -> str:
    """An array of records."""
    return json.dumps(records, ensure_ascii=False)


def rows(*records: dict[str, object]) -> str:
    """A record on each line."""
    return "".join(json.dumps(one) + "\n" for one in records)


def nested() -> str:
    """Records in a record, their unit in another."""
    inner = {**record(), "don_vi": {"ten": "Xã Đức Hòa"}}
    return json.dumps({"du_lieu": {"tong": 1, "ho_so": [inner]}})


def parquet(*records: dict[str, object], **options: Any) -> bytes:
    """A Parquet file with checksums."""
    target = io.BytesIO()
    columns = {name: [one[name] for one in records] for name in NAMES}
    options = {"write_page_checksum": True, "compression": "none", "use_dictionary": False,
               "write_statistics": False} | options
    pq.write_table(pa.table(columns), target, **options)
    return target.getvalue()


def flipped() -> bytes:
    """One bit of the number of a case, under a checksum."""
    content = bytearray(parquet(record("SO-HO-SO-1")))
    content[content.index(b"SO-HO-SO-1") + 3] ^= 1
    return bytes(content)


def many() -> bytes:
    """A small file that says that it has sixty million rows, and has."""
    target = io.BytesIO()
    group = pa.table({name: pa.nulls(1 << 20, pa.int8()) for name in NAMES})
    with pq.ParquetWriter(target, group.schema) as writer:
        for _ in range(58):
            writer.write_table(group)
    return target.getvalue()


def js(name: str, content: str | bytes, reason: str, file: str = "f.json") -> Case:
    """A document that is refused."""
    return refused(name, content, reason, file=file, contract=JSON)


RECORDS: Final = (
    loaded("N071 nested", nested(), file="f.json", contract=NESTED),
    js("N072 cut", text(record())[:-9], "json_cut_off"),
    js("N073 a key twice", text(record()).replace('"nhan"', '"so": "B", "nhan"'), "json_key_doubled"),
    js("N074 NaN", text(record()).replace('"1.500"', "NaN"), "json_no_number"),
    js("N075 depth 100,000", "[" * 100_000 + "]" * 100_000, "json_too_deep"),
    partly("N076 types drift", rows(record(), record("A2", phi=1500), record("A3", phi=[1]),
           record("A5", nhan=20260305)), [(3, "kind_stays_the_same"), (4, "date_is_readable")], A1, A2,
           file="f.ndjson", contract=JSON),
    loaded("N077 23 digits", text(record()).replace('"A1"', "12345678901234567890123"), kept("12345678901234567890123"),
           file="f.json", contract=JSON),
    partly("N078 half a letter", text(record(), record("A2")).replace("A2", "\\ud800"),
           [(2, "has_no_lost_letters")], A1, file="f.json", contract=JSON),
    loaded("N079 BOM", "\ufeff" + text(record()), file="f.json", contract=JSON),
    js("N080 half a last line", rows(record()) + rows(record("A2"))[:-20], "cut_off_row", "f.ndjson"),
    js("N081 documents in a row", text(record())[1:-1] * 2, "json_several_documents"),
    Case("N082 empty array", "[]", "loaded", ("no_rows",), file="f.json", contract=JSON),
)  # fmt: skip


def columnar(name: str, content: Any, reason: str, file: str = "f.parquet") -> Case:
    """A Parquet file that is refused."""
    return refused(name, content, reason, file=file, contract=PARQUET)


GOOD: Final = parquet(record())
COLUMNS: Final = (
    loaded("N083 good Parquet", parquet(record(), record("A2")), A1, A2, file="f.parquet", contract=PARQUET),
    loaded("N083 typed", parquet(record(nhan=datetime(2026, 3, 5, 8, 30), phi=1500)), file="f.parquet",
           contract=PARQUET),
    columnar("N084 cut", GOOD[:-20], "parquet_damaged"),
    columnar("N085 CSV called Parquet", HEADER + line(), "content_is_something_else"),
    columnar("N086 nothing", b"", "file_empty"),
    partly("N087 another type", parquet(record(nhan=20260305)), [(1, "date_is_readable")], file="f.parquet",
           contract=PARQUET),
    columnar("N087 bytes for text", parquet(record(so=b"\xff")), "parquet_nested"),
    columnar("N088 a footer of two gigabytes", GOOD[:-8] + struct.pack("<I", 2**31 - 1) + b"PAR1", "parquet_damaged"),
    columnar("N089 sixty million rows", many, "too_many_rows"),
    columnar("N090 one bit, with checksums", flipped, "parquet_damaged"),
)  # fmt: skip

DOCUMENTS: Final = (*RECORDS, *COLUMNS, *BOOKS)
