"""Vietnamese arrives in many bytes and leaves as the one text its sender meant, or not at all."""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Iterator
from dataclasses import replace

import pytest

from pipelines.read import FileFormat, Worker
from pipelines.read.legacy import TCVN3, VNI, decode_tcvn3, decode_vni, decode_windows_1258
from pipelines.read.mojibake import kind_of
from tests.pipelines.reading import HEADER, SMALL, Reading, codes, values

SENTENCE = "Huyện Cần Giuộc; xã Phước Vĩnh Tây: Nguyễn Văn Bảy đã trả kết quả - hồ sơ trễ hẹn ở thị trấn Đức Hòa"
SMALL_LETTERS = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
TO_TCVN3 = {letter: code for code, letter in TCVN3.items()}
TO_VNI = {letter: pair for pair, letter in VNI.items()}
ROWS = HEADER + f"A1,{SENTENCE},x\n" * 3


def tcvn3(text: str) -> bytes:
    return bytes(TO_TCVN3.get(letter, ord(letter) & 0x7F) for letter in text)


def vni(text: str) -> bytes:
    return "".join(TO_VNI.get(letter, letter) for letter in text).encode("latin-1")


def windows_1258(text: str) -> bytes:
    """The code page has no letter with two marks: the tone follows its letter."""
    out = []
    for letter in text:
        try:
            out.append(letter.encode("cp1258"))
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", letter)
            tone = next(one for one in parts if one in "\u0300\u0301\u0303\u0309\u0323")
            out.append(unicodedata.normalize("NFC", parts.replace(tone, "")).encode("cp1258") + tone.encode("cp1258"))
    return b"".join(out)


@pytest.fixture(scope="module")
def reads(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reading]:
    with Worker() as worker:
        yield Reading(worker, tmp_path_factory.mktemp("encodings"))


def declared(name: str) -> FileFormat:
    return replace(SMALL, encodings=(name,))


def test_every_vietnamese_letter_has_one_place_in_each_table() -> None:
    assert sorted(letter for letter in TCVN3.values() if letter.islower()) == sorted(SMALL_LETTERS)
    assert set(SMALL_LETTERS + SMALL_LETTERS.upper()) <= set(VNI.values())
    assert len(set(TCVN3.values())) == len(TCVN3)


@pytest.mark.parametrize("letter", SMALL_LETTERS)
def test_each_letter_survives_the_way_there_and_back(letter: str) -> None:
    assert decode_tcvn3(tcvn3(letter)) == letter
    assert decode_vni(vni(letter)) == letter
    assert decode_windows_1258(windows_1258(letter)) == letter


def test_known_texts_in_known_bytes() -> None:
    """Written down from documents of those days, not made with our own tables."""
    assert decode_tcvn3("Céng hoµ x· héi chñ nghÜa ViÖt Nam".encode("latin-1")) == "Cộng hoà xã hội chủ nghĩa Việt Nam"
    assert decode_tcvn3("§éc lËp - Tù do - H¹nh phóc".encode("latin-1")) == "Độc lập - Tự do - Hạnh phúc"
    republic = "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam".encode("latin-1")
    assert decode_vni(republic) == "Cộng hòa xã hội chủ nghĩa Việt Nam"
    assert decode_vni("Ñoäc laäp - Töï do - Haïnh phuùc".encode("latin-1")) == "Độc lập - Tự do - Hạnh phúc"


@pytest.mark.parametrize(
    ("content", "form", "encoding"),
    [
        (codecs.BOM_UTF16_LE + ROWS.encode("utf-16-le"), SMALL, "UTF-16-LE"),
        (codecs.BOM_UTF16_BE + ROWS.encode("utf-16-be"), SMALL, "UTF-16-BE"),
        (windows_1258(ROWS), declared("windows-1258"), "WINDOWS-1258"),
        (tcvn3(ROWS), declared("tcvn3"), "TCVN3"),
        (vni(ROWS), declared("vni"), "VNI"),
        (tcvn3(ROWS).decode("latin-1").encode(), declared("tcvn3"), "TCVN3"),
        (vni(ROWS).decode("latin-1").encode(), declared("vni"), "VNI"),
    ],
    ids=["utf16le", "utf16be", "1258", "tcvn3", "vni", "tcvn3-as-utf8", "vni-as-utf8"],
)
def test_a_declared_encoding_is_turned_into_the_text_that_was_meant(
    reads: Reading, content: bytes, form: FileFormat, encoding: str
) -> None:
    table = reads(content, form=form)
    assert [row[1] for row in values(table)] == [SENTENCE] * 3
    assert codes(table)[0] == "transcoded"
    assert table.warnings[0].values["encoding"] == encoding


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (ROWS.encode("utf-16-le"), "encoding_wide"),
        (ROWS.encode("utf-16-be"), "encoding_wide"),
        (ROWS.encode("utf-32"), "encoding_wide"),
        (ROWS.encode("utf-32-be"), "encoding_wide"),
        (windows_1258(ROWS), "encoding_unknown"),
        (tcvn3(ROWS), "encoding_unknown"),
        (vni(ROWS), "encoding_unknown"),
        (tcvn3(ROWS).decode("latin-1").encode(), "garbled_tcvn3"),
        (vni(ROWS).decode("latin-1").encode(), "garbled_vni"),
        (ROWS.encode().decode("latin-1").encode(), "garbled_double_utf8"),
        (ROWS.encode().decode("cp1252", "ignore").encode(), "garbled_double_utf8"),
    ],
)
def test_what_nobody_declared_is_refused(reads: Reading, content: bytes, code: str) -> None:
    assert reads.verdict(content) == code


@pytest.mark.parametrize("name", ["tcvn3", "vni", "windows-1258"])
def test_a_file_in_utf8_stays_itself_whatever_was_declared(reads: Reading, name: str) -> None:
    table = reads(HEADER + "A1,Hòa hoà toán,x\n" * 3, form=declared(name))
    assert (values(table)[0][1], codes(table)) == ("Hòa hoà toán", [])


def test_one_bad_byte_in_a_utf8_file_is_found_by_its_line(reads: Reading) -> None:
    content = (HEADER + "A1,Nguyễn,x\n" * 3).encode() + b"A2,Tr\xc3n,x\n"
    with pytest.raises(Exception, match="from line 5"):
        reads(content)
    assert reads.verdict(content, form=declared("windows-1258")) == "encoding_unknown"


@pytest.mark.parametrize(
    "text",
    ["hoà, khoá, toán, loã, thuở", "Müller & Söhne, Citroën", "10 µm · 5 mm² «Xã»", "plain", "Hoàng Yến, Bến Lức"],
)
def test_honest_text_is_not_taken_for_garbled(text: str) -> None:
    assert kind_of(text) is None
