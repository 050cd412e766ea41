"""N001 to N070: what agencies call CSV, each file with its verdict."""

from __future__ import annotations

import codecs
import gzip
import unicodedata
from typing import Final

from tests.pipelines.named import HEADER, Case, all_kept, contract, kept, line, lines, loaded, partly, refused

GOOD: Final = HEADER + line()
TWO: Final = HEADER + line() + line("A2")
A1, A2, A3 = kept(), kept("A2"), kept("A3")
FIELDS: Final = "has_as_many_fields_as_header"
SWALLOWING: Final = HEADER + 'B,05/03/2026,"Xã Đức Hòa,1,x\n' + lines(1998).removeprefix(HEADER)
# Written down byte by byte from the tables of those days, not made with ours.
TCVN3: Final = (HEADER + "A1,05/03/2026,X· §øc Hßa,1.500,NguyÔn V¨n B¶y\n").encode("latin-1")
VNI_TEXT: Final = HEADER + "A1,05/03/2026,Xaõ Ñöùc Hoøa,1.500,Nguyeãn Vaên Baûy\n"
CP1258: Final = HEADER.encode() + (
    b"A1,05/03/2026,Xa\xde \xd0\xfd\xecc Ho\xcca,1.500,Nguy\xea\xden V\xe3n Ba\xd2y\n"
)


def declared(encoding: str) -> str:
    """The contract of a source that has told its encoding."""
    return contract(('formats = ["csv"]', f'formats = ["csv"]\nencodings = ["{encoding}"]'))


def styles(*patterns: str) -> str:
    """The contract with these styles of dates."""
    listed = ", ".join(f'"{one}"' for one in patterns)
    return contract(('datetime = ["%d/%m/%Y %H:%M", "%d/%m/%Y"]', f"datetime = [{listed}]"))


PLAIN_FEE: Final = contract(('fee_amount = "phi"', 'fee_amount = { column = "phi", numbers = "en" }'))
TITLED: Final = contract(('formats = ["csv"]', 'formats = ["csv"]\nheader_row = 3\ntotal_row = "Tổng cộng"'))
EMPTIES: Final = contract(('empty = ["", "-"]', 'empty = ["", "-", "NULL", "N/A"]'))
YES_NO: Final = contract(
    ('fee_amount = "phi"', 'has_fee = { column = "phi", values = { "có" = true, "x" = true, "không" = false } }')
)


def bomb() -> bytes:
    """About 2.4 MB of gzip that unpacks to twenty million rows."""
    return gzip.compress(b"1\n" * 20_000_000, mtime=0)


ENCODINGS: Final = (
    loaded("N001 clean", TWO, A1, A2),
    loaded("N002 BOM", "\ufeff" + TWO, A1, A2),
    loaded("N003 UTF-16LE", codecs.BOM_UTF16_LE + TWO.encode("utf-16-le"), A1, A2, reasons=("transcoded",)),
    loaded("N004 UTF-16BE", codecs.BOM_UTF16_BE + TWO.encode("utf-16-be"), A1, A2, reasons=("transcoded",)),
    refused("N005 UTF-16 without BOM", TWO.encode("utf-16-le"), "encoding_wide"),
    refused("N006 UTF-32", TWO.encode("utf-32"), "encoding_wide"),
    refused("N007 Windows-1258", CP1258, "encoding_unknown"),
    loaded("N007 Windows-1258, declared", CP1258, contract=declared("windows-1258"), reasons=("transcoded",)),
    refused("N008 TCVN3", TCVN3, "encoding_unknown"),
    loaded("N008 TCVN3, declared", TCVN3, contract=declared("tcvn3"), reasons=("transcoded",)),
    refused("N009 TCVN3 as UTF-8", TCVN3.decode("latin-1"), "garbled_tcvn3"),
    loaded("N009 TCVN3 as UTF-8, declared", TCVN3.decode("latin-1"), contract=declared("tcvn3"),
           reasons=("transcoded",)),
    refused("N010 VNI as UTF-8", VNI_TEXT, "garbled_vni"),
    loaded("N010 VNI as UTF-8, declared", VNI_TEXT, contract=declared("vni"), reasons=("transcoded",)),
    refused("N011 UTF-8 twice", TWO.encode().decode("latin-1"), "garbled_double_utf8"),
    loaded("N012 NFD", unicodedata.normalize("NFD", TWO), A1, A2, reasons=("text_repaired",)),
    loaded("N013 NFC and NFD", HEADER + line() + unicodedata.normalize("NFD", line("A2")), A1, A2,
           reasons=("text_repaired",)),
    loaded("N014 two places of the tone", HEADER + line() + line("A2", don_vi="Xã Đức Hoà"), A1, A2),
    loaded("N015 odd blanks", HEADER + line(don_vi="Xã\u00a0Đức Hòa ") + line("A2", don_vi="Xã Đức\u200b Hòa"), A1, A2,
           reasons=("text_repaired",)),
    loaded("N016 Icelandic D", HEADER + line(don_vi="Xã Ðức Hòa"), reasons=("text_repaired",)),
    partly("N017 Cyrillic a", HEADER + line() + line("A2", don_vi="Xã Đức Hò\u0430"), [(3, "unit_is_known")], A1),
)  # fmt: skip

SHAPES: Final = (
    loaded("N018 newline in quotes", HEADER + line(ho_ten='"An\nBình"') + line("A2"), A1, A2),
    loaded("N019 CRLF and LF", HEADER.replace("\n", "\r\n") + line() + line("A2").replace("\n", "\r\n"), A1, A2),
    loaded("N020 CR only", TWO.replace("\n", "\r"), A1, A2, reasons=("line_ends_replaced",)),
    partly("N021 short row", GOOD + "A2,05/03/2026\n" + line("A3"), [(3, FIELDS)], A1, A3),
    partly("N022 long row", GOOD + "A2,1,2,3,4,5,6\n" + line("A3"), [(3, FIELDS)], A1, A3),
    partly("N023 unclosed quote", SWALLOWING, [(2, "quotes_are_closed")], *all_kept(1998)),
    loaded("N024 quotes as letters", HEADER + line(so='A "1"'), kept('A "1"')),
    partly("N025 a cell of 32 MB", lambda: (GOOD + line("A2", ho_ten="x" * (32 << 20))).encode(),
           [(3, "fields_are_at_most_64_kb")], A1),
    partly("N026 NUL in a cell", GOOD + line("A\x002"), [(3, "has_no_nul")], A1),
    refused("N027 NUL at the end", GOOD + "\0" * 4096, "cut_off_nul"),
    refused("N039 doubled header", "so,nhan,nhan,don_vi,phi\na,b,c,d,e\n", "header_doubled"),
    refused("N040 empty header", "so,,don_vi,phi,ho_ten\na,b,c,d,e\n", "header_empty"),
    loaded("N041 header spelt otherwise", " SO ,Nhan,DON_VI,phi,Ho_Ten\n" + line(),
           reasons=("header_spelled_differently",)),
    refused("N042 no header", line() * 3, "header_not_found"),
    loaded("N043 title and total row", "BÁO CÁO,,,,\nKỳ,,,,\n" + HEADER + line() + line("A2") + "Tổng cộng,,,3.000,\n",
           A1, A2, contract=TITLED, skipped=1),
    refused("N043 total that differs", "BÁO CÁO,,,,\nKỳ,,,,\n" + HEADER + line() + "Tổng cộng,,,3.000,\n",
            "control_total_differs", contract=TITLED),
    refused("N044 nothing", b"", "file_empty"),
    Case("N045 header only", HEADER, "loaded", ("no_rows",)),
    refused("N046 last row cut", lines(30) + "A31,05/03/20", "cut_off_row"),
    refused("N047 cut in a letter", (lines(30) + "A31,05/03/2026,Xã").encode()[:-1], "cut_inside_letter"),
    loaded("N048 semicolon", TWO.replace(",", ";"), A1, A2),
    loaded("N049 tab", TWO.replace(",", "\t"), A1, A2),
    refused("N050 commas above, pipes below", HEADER + line().replace(",", "|") * 5, "rows_do_not_fit_header"),
    refused("N055 SQL in header", 'so,nhan,don_vi,"phi""; DROP TABLE x",ho_ten\na,b,c,d,e\n', "columns_renamed"),
    partly("N056 direction mark", GOOD + line("A\u202e2"), [(3, "has_no_direction_marks")], A1),
    refused("N057 20,000 columns", ",".join(f"c{one}" for one in range(20_000)) + "\n", "too_many_columns"),
    loaded("N058 100,000 blank lines", GOOD + "\n" * 100_000 + line("A2"), A1, A2, skipped=100_000),
    refused("N059 gzip called CSV", gzip.compress(GOOD.encode(), mtime=0), "content_is_something_else"),
    refused("N060 gzip bomb", bomb, "content_is_something_else"),
    refused("N060 gzip bomb by its name", bomb, "format_not_agreed", file="f.csv.gz"),
    refused("N061 PDF called CSV", b"%PDF-1.7\n%\xe2\xe3", "content_is_something_else"),
    refused("N062 error page", "<!DOCTYPE html><html><body>502</body></html>", "content_is_something_else"),
    refused("N068 comment first", "# xuất ngày 5/3\n" + GOOD, "header_not_found"),
    loaded("N069 Ctrl-Z", GOOD + "\x1a", reasons=("no_final_newline",), skipped=1),
)  # fmt: skip

VALUES: Final = (
    partly("N028 four styles of dates", HEADER + line() + line("A2", "5-3-2026") + line("A3", "2026-03-05")
           + line("A4", "03/13/2026"), [(5, "date_is_readable")], A1, A2, kept("A3"),
           contract=styles("%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d")),
    loaded("N029 all days up to 12", HEADER + line(nhan="03/05/2026") + line("A2", "12/01/2026"),
           kept(day="2026-05-03"), kept("A2", "2026-01-12")),
    partly("N030 serial number", HEADER + line() + line("A2", "46086"), [(3, "date_is_readable")], A1),
    loaded("N030 serial number, declared", HEADER + line(nhan="46086"), contract=styles("%d/%m/%Y", "excel")),
    partly("N031 days that are none", HEADER + line(nhan="31/02/2026") + line("A2", "00/00/0000") + line("A3"),
           [(2, "date_is_readable"), (3, "date_is_readable")], kept("A3")),
    partly("N032 years that are none", HEADER + line() + line("A2", "05/03/0026") + line("A3", "05/03/20226")
           + line("A4", "05/03/2062") + line("A5", "05/03/26"),
           [(3, "year_is_plausible"), (4, "date_is_readable"), (5, "year_is_plausible"), (6, "year_is_plausible")], A1),
    loaded("N033 Vietnamese numbers", (HEADER + line() + line("A2")).replace(",", ";").replace("1.500", "1.234,56", 1)
           .replace("1.500", "12.345"), kept(fee="1234.56"), kept("A2", fee="12345.00")),
    loaded("N034 dots for thousands", GOOD),
    loaded("N034 another contract", HEADER + line(phi="1.500") + line("A2", phi='"1,500"'), kept(fee="1.50"), A2,
           contract=PLAIN_FEE),
    partly("N035 text after 3,000 numbers", lambda: (lines(3000) + line("B", phi="miễn phí")).encode(),
           [(3002, "number_is_readable")], *all_kept(3000)),
    loaded("N036 leading zeros", HEADER + line("00123"), kept("00123")),
    loaded("N037 21 digits", HEADER + line("012345678901234567890") + line("080123456789"),
           kept("012345678901234567890"), kept("080123456789")),
    loaded("N038 1E5", HEADER + line("1E5"), kept("1E5")),
    loaded("N051 formulas", HEADER + line("=1+1") + line("@SUM(A1)") + line("+84") + line("-cmd|'/c calc'!A0"),
           kept("=1+1"), kept("@SUM(A1)"), kept("+84"), kept("-cmd|'/c calc'!A0")),
    loaded("N052 script", HEADER + line("<script>alert(1)</script>"), kept("<script>alert(1)</script>")),
    loaded("N053 Markdown", HEADER + line("![x](http://a.example/b)") + line("[x](javascript:y)"),
           kept("![x](http://a.example/b)"), kept("[x](javascript:y)")),
    loaded("N054 SQL", HEADER + line("'; DROP TABLE fact_dossier; --") + line("O'Nin"),
           kept("'; DROP TABLE fact_dossier; --"), kept("O'Nin")),
    partly("N063 NaN and infinity", HEADER + line() + line("A2", phi="NaN") + line("A3", phi="inf"),
           [(3, "number_is_readable"), (4, "number_is_readable")], A1),
    partly("N064 words for nothing", HEADER + line(phi="NULL") + line("A2", phi="N/A") + line("A3", phi="-")
           + line("A4", phi="#REF!"), [(5, "number_is_readable")], kept(fee=None), kept("A2", fee=None),
           kept("A3", fee=None), contract=EMPTIES),
    partly("N065 yes and no", HEADER + line(phi="có") + line("A2", phi="KHÔNG") + line("A3", phi="x")
           + line("A4", phi="TRUE") + line("A5", phi="1"),
           [(5, "yes_or_no_is_known"), (6, "yes_or_no_is_known")],
           kept(fee=None), kept("A2", fee=None), kept("A3", fee=None), contract=YES_NO),
    partly("N066 the same row twice", GOOD + line(), [(3, "is_not_a_repetition")], A1),
    partly("N067 negative, too large", HEADER + line() + line("A2", phi="-5") + line("A3", phi="9" * 40),
           [(3, "counts_are_not_negative"), (4, "number_is_readable")], A1),
    partly("N070 per cent", HEADER + line() + line("A2", phi='"95,5%"') + line("A3", phi="100%"),
           [(3, "number_is_readable"), (4, "number_is_readable")], A1),
)  # fmt: skip

TABLES: Final = (*ENCODINGS, *SHAPES, *VALUES)
