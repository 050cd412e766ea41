"""A mark of secrecy is seen wherever it may stand, and words of daily life are not taken for one."""

from __future__ import annotations

import io
import json
import unicodedata
from pathlib import Path

import polars as pl
import pytest
from openpyxl import Workbook

from pipelines.read import Limits
from pipelines.read.secrecy import is_marked, name_is_marked, text_is_marked
from tests.pipelines.reading import bare_workbook, text_row


@pytest.mark.parametrize(
    "text",
    [
        "MẬT", "TỐI MẬT", "TUYỆT MẬT", "(MẬT)", "Công văn MẬT số 5", "MẬT;;;", ",,TỐI MẬT,", '"TUYỆT  MẬT"',
        "Độ mật: Mật", "độ mật - tối mật", "Mức độ mật: Tuyệt mật", "Dấu chỉ độ mật: MẬT", "A1,Tối mật,x",
        "Xem công văn MẬT của tỉnh gửi ngày hôm qua", "ĐÂY LÀ MỘT TÀI LIỆU MẬT CỦA TỈNH TA",
        "Mật", unicodedata.normalize("NFD", "TỐI MẬT"), "HỒ SƠ TUYỆT\u00a0MẬT",
    ],
)  # fmt: skip
def test_marks_are_seen(text: str) -> None:
    assert text_is_marked(text)


@pytest.mark.parametrize(
    "text",
    [
        "bảo mật", "BẢO MẬT THÔNG TIN", "mật khẩu", "MẬT KHẨU", "MẬT ĐỘ DÂN SỐ", "Mật độ xây dựng",
        "BẢO VỆ BÍ MẬT NHÀ NƯỚC", "Bí mật nhà nước", "MẬT ONG RỪNG", "Độ mật: Không", "Độ mật", "MẬT MÃ",
        "mật thiết",
        "NHÀ BÊN CẠNH NUÔI ONG LẤY MẬT GÂY ỒN",
        "CHÍNH SÁCH BẢO MẬT", "Độ mật: thường", "túi mật, sỏi mật", "bỏ phiếu kín, thân mật",
    ],
)  # fmt: skip
def test_words_of_daily_life_are_no_marks(text: str) -> None:
    assert not text_is_marked(text)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("BC_MẬT_2026.csv", True),
        ("TOI_MAT-quy3.xlsx", True),
        ("tuyet mat.csv", True),
        ("BC (MAT).xlsx", True),
        (unicodedata.normalize("NFD", "Báo cáo TUYỆT MẬT.xlsx"), True),
        ("mat_hang_2026.csv", False),
        ("bao-mat.csv", False),
        ("mat_do_dan_so.csv", False),
        ("ma_ho_so.csv", False),
    ],
)
def test_names_are_looked_at(name: str, expected: bool) -> None:
    assert name_is_marked(name) is expected


def looks(folder: Path, content: bytes, name: str = "f.csv") -> bool:
    path = folder / "bytes"
    path.write_bytes(content)
    return is_marked(path, name, Limits())


def csv_with(line: int, text: str = "Độ mật: Mật") -> str:
    return "ma,ten\n" + "A,b\n" * (line - 2) + f"{text},x\n" + "A,b\n" * 100


@pytest.mark.parametrize("line", [2, 50])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_first_fifty_lines_are_looked_at(tmp_path: Path, line: int, encoding: str) -> None:
    assert looks(tmp_path, csv_with(line).encode(encoding))


def test_nothing_beyond_the_first_fifty_lines_is_looked_at(tmp_path: Path) -> None:
    assert not looks(tmp_path, csv_with(51).encode())


def test_old_encodings_hide_nothing(tmp_path: Path) -> None:
    assert looks(tmp_path, b"ma\n\xa7\xe9 m\xcbt: m\xcbt\n")  # TCVN3
    assert looks(tmp_path, "ma\nÑoä maät: toái maät\n".encode("latin-1"))  # VNI


def workbook(place: str) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(("ma", "ten"))
    for _ in range(60):
        sheet.append(("a", "b"))
    match place:
        case "cell":
            sheet["B7"] = "TỐI MẬT"
        case "hidden sheet":
            other = book.create_sheet("x")
            other["C3"] = "Độ mật: Mật"
            other.sheet_state = "hidden"
        case "sheet name":
            book.create_sheet("DS MẬT")
        case "keywords":
            book.properties.keywords = "MẬT"
        case "title":
            book.properties.title = "Báo cáo TUYỆT MẬT"
        case "far below":
            sheet["A61"] = "MẬT"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize(
    ("place", "expected"),
    [("cell", True), ("hidden sheet", True), ("sheet name", True), ("keywords", True), ("title", True),
     ("far below", False), ("nowhere", False)],
)  # fmt: skip
def test_every_corner_of_a_workbook_is_looked_at(tmp_path: Path, place: str, expected: bool) -> None:
    assert looks(tmp_path, workbook(place), "f.xlsx") is expected


def test_inline_texts_are_looked_at(tmp_path: Path) -> None:
    assert looks(tmp_path, bare_workbook(text_row(1, "a", "MẬT")), "f.xlsx")


def test_json_and_parquet_are_looked_at(tmp_path: Path) -> None:
    assert looks(tmp_path, json.dumps([{"ghi_chu": "TỐI MẬT"}], ensure_ascii=False).encode(), "f.json")
    assert looks(tmp_path, json.dumps([{"ghi_chu": "TỐI MẬT"}]).encode(), "f.json")
    target = io.BytesIO()
    pl.DataFrame({"a": ["x", "MẬT"]}).write_parquet(target)
    assert looks(tmp_path, target.getvalue(), "f.parquet")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"PAR1", b"\0" * 100, b"\xff\xfe", bytes(range(256)) * 99])
def test_whatever_cannot_be_read_shows_no_mark(tmp_path: Path, content: bytes) -> None:
    assert not looks(tmp_path, content)
