"""A delimited file is read to the last row or refused with a reason; no row ever disappears."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from pipelines.read import AsOf, FileFormat, Limits, Worker
from tests.pipelines.reading import GOOD, HEADER, SMALL, Reading, codes, rows_of, rules, values

AN = ("A1", "Nguyễn Văn An", "05/03/2026")


@pytest.fixture(scope="module")
def reads(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reading]:
    with Worker() as worker:
        yield Reading(worker, tmp_path_factory.mktemp("csv"))


@pytest.mark.parametrize(
    "content",
    [
        HEADER + GOOD,
        "\ufeff" + HEADER + GOOD,
        (HEADER + GOOD).replace("\n", "\r\n"),
        (HEADER + GOOD).replace("\n", "\r"),
        (HEADER + GOOD).replace(",", ";"),
        (HEADER + GOOD).replace(",", "\t"),
        (HEADER + GOOD).replace(",", "|"),
        HEADER + '"A1","Nguyễn Văn An","05/03/2026"\n',
        HEADER.upper().replace("TEN", " Ten ") + GOOD,
        HEADER + GOOD.replace("Nguyễn", "Nguye\u0302\u0303n"),
        HEADER + GOOD.replace(" Văn", "\u00a0Văn").replace("An,", "An\u200b ,"),
        HEADER + GOOD + "\x1a",
    ],
    ids=["plain", "bom", "crlf", "cr", "semicolon", "tab", "pipe", "quoted", "spelling", "nfd", "blanks", "ctrl-z"],
)
def test_one_row_however_it_is_dressed(reads: Reading, content: str) -> None:
    assert [row[:3] for row in values(reads(content))] == [AN]


def test_the_line_is_the_senders_line(reads: Reading) -> None:
    table = reads(HEADER + GOOD + 'A2,"Trần\nThị B",\n' + GOOD)
    assert [(row[0], row[-1]) for row in values(table)] == [("A1", 2), ("A2", 3), ("A1", 5)]


def test_newline_inside_quotes_is_part_of_the_cell(reads: Reading) -> None:
    assert values(reads(HEADER + 'A1,"dòng 1\r\ndòng 2",x\r\n'))[0][1] == "dòng 1\r\ndòng 2"


def test_crlf_and_lf_may_be_mixed(reads: Reading) -> None:
    table = reads(HEADER + GOOD.replace("\n", "\r\n") + GOOD)
    assert [row[2] for row in values(table)] == ["05/03/2026"] * 2


def test_text_stays_text(reads: Reading) -> None:
    odd = ["00123", "1E5", "012345678901234567890", "1.500", "NaN", "NULL", "=1+1", "<b>x</b>", "'; DROP TABLE x"]
    table = reads(HEADER + "".join(f"{one},x,y\n" for one in odd))
    assert [row[0] for row in values(table)] == odd


def test_icelandic_d_becomes_vietnamese(reads: Reading) -> None:
    table = reads(HEADER + "A1,Ðức Hòa,x\n")
    assert values(table)[0][1] == "Đức Hòa"
    assert codes(table) == ["text_repaired"]


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("A2,x\n", "has_as_many_fields_as_header"),
        ("A2,x,y,z\n", "has_as_many_fields_as_header"),
        ('A2,"x"y,z\n', "quotes_are_closed"),
        ("A2,x\x00y,z\n", "has_no_nul"),
        ("A2,\u202ex,z\n", "has_no_direction_marks"),
        ("A2,x\ufffd,z\n", "has_no_lost_letters"),
        ("A2,x\x07,z\n", "has_no_control_characters"),
        (f"A2,{'x' * 70_000},z\n", "fields_are_at_most_64_kb"),
        ("A2,Nguyá»…n VÄƒn,z\n", "text_is_readable"),
    ],
)
def test_a_bad_row_is_named_and_the_others_are_read(reads: Reading, row: str, rule: str) -> None:
    table = reads(HEADER + GOOD + row + GOOD)
    assert rules(table) == [(3, rule)]
    assert [one[-1] for one in values(table)] == [2, 4]
    assert table.rows_in == 3


def test_an_unclosed_quote_swallows_nothing(reads: Reading) -> None:
    table = reads(HEADER + GOOD + 'A2,"Trần,x\n' + GOOD * 1998)
    assert rules(table) == [(3, "quotes_are_closed")]
    assert rows_of(table).height == 1999


def test_two_unclosed_quotes_that_fit_each_other_swallow_nothing(reads: Reading) -> None:
    table = reads(HEADER + GOOD + 'A2,"Trần,x\n' + GOOD * 3 + 'A3,5",x\n' + GOOD)
    assert (3, "quotes_are_closed") in rules(table)
    assert rows_of(table).height >= 5


def test_quotes_inside_an_unquoted_cell_are_letters(reads: Reading) -> None:
    assert values(reads(HEADER + 'A1,Nguyễn "Bảy" An,x\n'))[0][1] == 'Nguyễn "Bảy" An'


def test_a_cell_of_32_mb_costs_one_row(reads: Reading) -> None:
    table = reads(HEADER + GOOD + f"A2,{'x' * (32 << 20)},z\n" + GOOD)
    assert len(rules(table)) == 1
    assert rows_of(table).height == 2


def test_the_first_line_of_data_may_be_blank(reads: Reading) -> None:
    assert values(reads(HEADER + "\n" + GOOD)) == [(*AN, 3)]


def test_blank_lines_are_skipped_and_counted(reads: Reading) -> None:
    table = reads(HEADER + GOOD + "\n" * 100_000 + ",,\n" + GOOD)
    assert (table.rows_in, table.skipped, rows_of(table).height) == (100_003, 100_001, 2)
    assert [row[-1] for row in values(table)] == [2, 100_004]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"\xef\xbb\xbf", "file_empty"),
        (b"\xff\xfe", "file_empty"),
        ((HEADER + GOOD).encode() + b"\0" * 4096, "cut_off_nul"),
        (HEADER + GOOD * 30 + "A2,Trần", "cut_off_row"),
        (HEADER + GOOD * 30 + "A2,Trần,05/0", "cut_off_row"),
        (HEADER + GOOD * 30 + 'A2,"Trần, ngày', "cut_off_row"),
        ((HEADER + GOOD * 30 + "A2,Trần,Mễ").encode()[:-1], "cut_inside_letter"),
        ("ma,ten,ten,ngay\na,b,c,d\n", "header_doubled"),
        ("ma,Ten,ten ,ngay\na,b,c,d\n", "header_doubled"),
        ("ma,,ten,ngay\na,b,c,d\n", "header_empty"),
        (GOOD * 3, "header_not_found"),
        ("# xuất ngày 5/3\n" + HEADER + GOOD, "header_not_found"),
        ("\n" + HEADER + GOOD, "header_blank"),
        ("ma,ten\na,b\n", "columns_missing"),
        ("ma,ten,ngay,la\na,b,c,d\n", "columns_unknown"),
        ('ma,ten,"ngay""; DROP TABLE x"\na,b,c\n', "columns_renamed"),
        ("ma,ten,ngay_nhan\na,b,c\n", "columns_renamed"),
        (HEADER + GOOD.replace(",", "|") * 5, "rows_do_not_fit_header"),
        (",".join(f"c{one}" for one in range(20_000)) + "\n", "too_many_columns"),
        (gzip.compress((HEADER + GOOD).encode(), mtime=0), "content_is_something_else"),
        (b"%PDF-1.7\n", "content_is_something_else"),
        (b"PK\x03\x04zip", "content_is_something_else"),
        ("<!DOCTYPE html><html><body>502 Bad Gateway</body></html>", "content_is_something_else"),
    ],
)
def test_a_bad_file_is_refused_whole(reads: Reading, content: bytes | str, code: str) -> None:
    assert reads.verdict(content) == code


def test_values_of_a_row_that_is_no_header_are_not_repeated(reads: Reading) -> None:
    with pytest.raises(Exception, match="expected columns") as refused:
        reads(GOOD)
    assert "Nguyễn" not in str(refused.value)


def test_header_only_is_read_with_a_word(reads: Reading) -> None:
    assert codes(reads(HEADER)) == ["no_rows"]


def test_a_missing_last_newline_is_worth_a_word(reads: Reading) -> None:
    table = reads(HEADER + GOOD + GOOD.rstrip())
    assert codes(table) == ["no_final_newline"]
    assert rows_of(table).height == 2


def test_unknown_columns_may_be_agreed_to_pass(reads: Reading) -> None:
    table = reads("ma,ten,ngay,la\na,b,c,d\n", form=replace(SMALL, unknown="warn"))
    assert (table.columns, codes(table)) == (("ma", "ten", "ngay"), ["columns_not_taken"])


def test_ignored_columns_never_reach_the_disk(reads: Reading) -> None:
    table = reads("ma,HoTen,ten,ngay\na,Bí mật,b,c\n", form=replace(SMALL, ignored=("HoTen",)))
    assert table.columns == ("ma", "ten", "ngay")
    assert b"B\xc3\xad m" not in table.chunks[0].read_bytes()


def test_a_row_with_only_ignored_cells_is_a_row(reads: Reading) -> None:
    table = reads("ma,HoTen,ten,ngay\n,An,,\n", form=replace(SMALL, ignored=("HoTen",)))
    assert (table.skipped, rows_of(table).height) == (0, 1)


TITLED = "BÁO CÁO,,\nKỳ: 10/2026,,\n" + HEADER


def test_title_rows_stand_above_the_header_row(reads: Reading) -> None:
    table = reads(TITLED + GOOD, form=replace(SMALL, header_row=3))
    assert values(table) == [(*AN, 4)]
    assert table.rows_in == 1


SUMMED = FileFormat(columns=("xa", "so"), total_row="Tổng cộng", numbers="vi")


def test_the_total_row_is_a_check_and_never_data(reads: Reading) -> None:
    table = reads("xa;so\nA;1.000\nB;234,5\nTỔNG CỘNG;1.234,5\n;\nNgười lập;\n", form=SUMMED)
    assert [row[0] for row in values(table)] == ["A", "B"]
    assert (table.skipped, table.control_totals) == (3, {"xa": "TỔNG CỘNG", "so": "1.234,5"})


def test_a_total_that_differs_refuses_the_file(reads: Reading) -> None:
    assert reads.verdict("xa;so\nA;1.000\nTổng cộng;1.234,5\n", form=SUMMED) == "control_total_differs"


def test_a_missing_total_row_is_worth_a_word(reads: Reading) -> None:
    assert codes(reads("xa;so\nA;1\n", form=SUMMED)) == ["total_row_missing"]


def test_full_rows_below_a_total_row_are_data(reads: Reading) -> None:
    assert reads.verdict("xa;so\nA;5\nTổng cộng;5\nB;7\n", form=SUMMED) == "control_total_differs"


IN_NAME = replace(SMALL, as_of=AsOf("name", "%Y%m%d", pattern=r"_(\d{8})"))


def test_the_day_may_stand_in_the_name(reads: Reading) -> None:
    assert reads(HEADER + GOOD, "hs_20261031.csv", IN_NAME).as_of == date(2026, 10, 31)
    assert reads.verdict(HEADER + GOOD, "hs.csv", IN_NAME) == "as_of_not_in_name"
    assert reads.verdict(HEADER + GOOD, "hs_20261331.csv", IN_NAME) == "as_of_not_a_day"


def test_the_day_may_stand_in_a_cell(reads: Reading) -> None:
    form = replace(SMALL, header_row=3, as_of=AsOf("cell", "%d/%m/%Y", cell="B2"))
    assert reads("BC,,\nngày,31/10/2026,\n" + HEADER + GOOD, form=form).as_of == date(2026, 10, 31)


def test_a_suffix_outside_the_agreement_is_refused(reads: Reading) -> None:
    assert reads.verdict(HEADER + GOOD, "f.json") == "format_not_agreed"
    assert reads.verdict(HEADER + GOOD, "f.csv.gz") == "format_not_agreed"


def test_many_rows_come_in_chunks_with_their_lines(reads: Reading) -> None:
    table = reads(HEADER + "A,b,c\n" * 1000, limits=Limits(chunk=300))
    assert [rows_of(replace(table, chunks=(one,))).height for one in table.chunks] == [300, 300, 300, 100]
    assert rows_of(table)["_line"].to_list() == list(range(2, 1002))
