"""JSON and Parquet become the same text as everything else, digit by digit."""

from __future__ import annotations

import io
import json
import struct
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.read import FileFormat, Limits, Worker
from tests.pipelines.reading import HEADER, Reading, codes, rows_of, rules, values

JSON = FileFormat(formats=("json", "ndjson"), columns=("ma", "ten"))
NESTED = FileFormat(formats=("json",), columns=("ma", "don_vi.ten", "buoc"), ignored=("phu",), records="data.items")
PARQUET = FileFormat(formats=("parquet",), columns=("ma", "ten"))


@pytest.fixture(scope="module")
def reads(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reading]:
    with Worker() as worker:
        yield Reading(worker, tmp_path_factory.mktemp("documents"))


def test_nested_records_are_flattened_and_lists_counted(reads: Reading) -> None:
    document = {
        "tong": 2,
        "data": {
            "trang": [1],
            "items": [
                {"ma": 1, "don_vi": {"ten": "Xã A", "phu": None}, "buoc": [1, 2, 3]},
                {"ma": "2", "don_vi": {"ten": None}, "buoc": []},
            ],
        },
    }
    form = FileFormat(**{**NESTED.__dict__, "ignored": ("don_vi.phu",)})
    table = reads(json.dumps(document), "f.json", form)
    assert values(table) == [("1", "Xã A", "3", 1), ("2", None, "0", 2)]


def test_numbers_keep_every_digit(reads: Reading) -> None:
    table = reads('[{"ma": 12345678901234567890123, "ten": 1.50}, {"ma": 1E5, "ten": true}]', "f.json", JSON)
    assert [row[:2] for row in values(table)] == [("12345678901234567890123", "1.50"), ("1E5", "true")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "file_empty"),
        ('[{"ma": 1, "ten": "x"}, {"ma": 2', "json_cut_off"),
        ('[{"ma": 1, "ten": "x"}', "json_cut_off"),
        ('[{"ma": 1, "ten": "x"} {"ma": 2}]', "json_invalid"),
        ('[{"ma": 1, "ma": 2, "ten": "x"}]', "json_key_doubled"),
        ('{"a": 1, "a": 2, "b": []}', "json_key_doubled"),
        ('[{"ma": NaN, "ten": "x"}]', "json_no_number"),
        ('[{"ma": -Infinity, "ten": "x"}]', "json_no_number"),
        ("[" * 100_000 + "]" * 100_000, "json_too_deep"),
        ('[{"ma": ' + '{"x":' * 80 + "1" + "}" * 80 + "}]", "json_too_deep"),
        ('{"ma": 1, "ten": "x"}{"ma": 2, "ten": "y"}', "json_several_documents"),
        ('{"data": {"x": 1}}', "json_records_missing"),
        ('[{"ma": 1}]', "columns_missing"),
        ('[{"ma": 1, "ten": "x", "CCCD": 3}]', "columns_unknown"),
        ('[{"ma": "Nguy\xe9n"}]'.encode("latin-1"), "encoding_unknown"),
        (json.dumps([{f"c{n}": 1 for n in range(501)}]), "too_many_columns"),
        (b'[{"ma": 1}]' + b"\0" * 512, "cut_off_nul"),
        ("<html>", "content_is_something_else"),
    ],
)
def test_a_bad_document_is_refused_whole(reads: Reading, content: str | bytes, code: str) -> None:
    assert reads.verdict(content, "f.json", JSON) == code


def test_a_bom_is_no_letter(reads: Reading) -> None:
    assert values(reads('\ufeff[{"ma": 1, "ten": "x"}]', "f.json", JSON)) == [("1", "x", 1)]


def test_an_empty_list_is_worth_a_word(reads: Reading) -> None:
    table = reads("[]", "f.json", JSON)
    assert (table.rows_in, codes(table)) == (0, ["no_rows"])


@pytest.mark.parametrize(
    ("record", "rule"),
    [
        (r'{"ma": "\ud800", "ten": "x"}', "has_no_lost_letters"),
        (r'{"ma": "a\u0000b", "ten": "x"}', "has_no_nul"),
        (r'{"ma": "a\u202eb", "ten": "x"}', "has_no_direction_marks"),
        ("[1, 2]", "is_an_object"),
        ('"text"', "is_an_object"),
        (json.dumps({"ma": "x" * 70_000, "ten": "x"}), "fields_are_at_most_64_kb"),
        ('{"a": {"b": 1}, "a.b": 2, "ma": 1, "ten": "x"}', "keys_are_unique"),
    ],
)
def test_a_bad_record_is_named_and_the_others_are_read(reads: Reading, record: str, rule: str) -> None:
    good = '{"ma": 1, "ten": "x"}'
    form = FileFormat(**{**JSON.__dict__, "ignored": ("a.b",)})
    table = reads(f"[{good}, {record}, {good}]", "f.json", form)
    assert (rules(table), [row[-1] for row in values(table)]) == ([(2, rule)], [1, 3])
    table = reads(f"{good}\n{record}\n\n{good}\n", "f.ndjson", form)
    assert (rules(table), [row[-1] for row in values(table)], table.skipped) == ([(2, rule)], [1, 4], 1)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('{"ma": 2, "te', "cut_off_row"),
        ('{"ma": 1, "ma": 2}\n', "json_key_doubled"),
        ('{"ma": NaN}\n', "json_no_number"),
    ],
)
def test_a_bad_line_may_refuse_the_whole(reads: Reading, line: str, code: str) -> None:
    assert reads.verdict('{"ma": 1, "ten": "x"}\n' + line, "f.ndjson", JSON) == code


def test_a_line_that_is_no_json_is_broken(reads: Reading) -> None:
    table = reads('{"ma": 1, "ten": "x"}\noops\n{"ma": 2, "ten": "y"}', "f.ndjson", JSON)
    assert (rules(table), [row[:2] for row in values(table)]) == ([(2, "is_valid_json")], [("1", "x"), ("2", "y")])


def test_late_keys_are_columns_of_all_chunks(reads: Reading) -> None:
    lines = ['{"ma": 1}'] * 60_000 + ['{"ma": 2, "ten": "x"}']
    table = reads("\n".join(lines) + "\n", "f.ndjson", JSON)
    assert table.columns == ("ma", "ten")
    assert rows_of(table).filter(pl.col("ten") == "x")["_line"].to_list() == [60_001]


def parquet(columns: dict[str, object], **options: object) -> bytes:
    target = io.BytesIO()
    pq.write_table(pa.table(columns), target, **options)  # type: ignore[arg-type]
    return target.getvalue()


GOOD = parquet({"ma": ["A1"], "ten": ["x"]}, write_page_checksum=True, use_dictionary=False,
               compression="none", write_statistics=False)  # fmt: skip


def test_every_scalar_has_one_exact_text(reads: Reading) -> None:
    moment = datetime(2026, 3, 5, 8, 30, 0, 125_000)
    columns = {
        "a": [12345678901234567], "b": [1.0], "c": [0.1], "d": [Decimal("1.50")], "e": [date(2026, 3, 5)],
        "f": [moment], "g": [moment.replace(tzinfo=UTC)], "h": [True], "i": [None],
    }  # fmt: skip
    form = FileFormat(formats=("parquet",))
    row = values(reads(parquet(columns), "f.parquet", form))[0]
    assert row == (
        "12345678901234567", "1", "0.1", "1.50", "2026-03-05", "2026-03-05 08:30:00.125",
        "2026-03-05 08:30:00.125+00:00", "true", None, 1,
    )  # fmt: skip


def test_a_damaged_page_is_seen(reads: Reading) -> None:
    place = GOOD.index(b"A1")
    flipped = GOOD[:place] + b"A3" + GOOD[place + 2 :]
    assert reads.verdict(GOOD, "f.parquet", PARQUET) == "read"
    assert reads.verdict(flipped, "f.parquet", PARQUET) == "parquet_damaged"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (GOOD[:-20], "parquet_damaged"),
        (HEADER.encode(), "content_is_something_else"),
        (GOOD[:-8] + struct.pack("<I", 2**31) + b"PAR1", "parquet_damaged"),
        (b"PAR1" + b"\x15\x04" * 20 + struct.pack("<I", 30) + b"PAR1", "parquet_damaged"),
        (parquet({"ma": [[1]], "ten": ["x"]}), "parquet_nested"),
        (parquet({"ma": [b"\xff"], "ten": ["x"]}), "parquet_nested"),
        (parquet({"ma": ["x"]}), "columns_missing"),
        (parquet({"ma": ["x"], "ten": [1], "la": [2]}), "columns_unknown"),
    ],
)
def test_a_bad_parquet_is_refused_whole(reads: Reading, content: bytes, code: str) -> None:
    assert reads.verdict(content, "f.parquet", PARQUET) == code


def test_rows_are_limited_by_the_footer(reads: Reading) -> None:
    many = parquet({"ma": pa.repeat("x", 1_000_000), "ten": pa.repeat("y", 1_000_000)})
    assert reads.verdict(many, "f.parquet", PARQUET, Limits(rows=999_999)) == "too_many_rows"
