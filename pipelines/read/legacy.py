"""The two Vietnamese encodings that no library knows: TCVN3 (ABC fonts) and VNI, byte by byte."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Final

# TCVN 5712:1993 VN3: one byte, one letter. Capitals with tones do not exist in it: fonts drew them.
TCVN3: Final[Mapping[int, str]] = dict(
    zip(
        bytes.fromhex(
            "a1a2a3a4a5a6a7 a8a9aaabacadae b5b6b7b8b9 bbbcbdbe c6c7c8c9cacbcc cecfd0d1d2d3d4d5d6d7d8"
            "dcdddedf e1e2e3e4e5e6e7e8e9eaebecedeeef f1f2f3f4f5f6f7f8f9fafbfcfdfe"
        ),
        "ĂÂÊÔƠƯĐăâêôơưđ" "àảãáạ" "ằẳẵắ" "ặầẩẫấậè" "ẻẽéẹềểễếệìỉ" "ĩíịò" "ỏõóọồổỗốộờởỡớợù" "ủũúụừửữứựỳỷỹýỵ",
        strict=True,
    )
)
# VNI writes a letter as itself, and the mark as a second byte behind it.
VNI_MARKS: Final[Mapping[str, tuple[int, ...]]] = {
    # acute, grave, hook, tilde, dot below
    "plain": (0xF9, 0xF8, 0xFB, 0xF5, 0xEF),
    "circumflex": (0xE1, 0xE0, 0xE5, 0xE3, 0xE4),
    "breve": (0xE9, 0xE8, 0xFA, 0xFC, 0xEB),
}
TONES: Final = "\u0301\u0300\u0309\u0303\u0323"
VNI_SINGLE: Final[Mapping[str, str]] = {
    "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "ô": "ơ", "ö": "ư", "î": "ỵ", "ñ": "đ",
    "Í": "Í", "Ì": "Ì", "Æ": "Ỉ", "Ó": "Ĩ", "Ò": "Ị", "Ô": "Ơ", "Ö": "Ư", "Î": "Ỵ", "Ñ": "Đ",
}  # fmt: skip


def _vni_pairs() -> dict[str, str]:
    """Both letters of every pair, as Latin-1 shows them, and the one letter they mean."""
    pairs = {}
    for base, letter in (*((one, one) for one in "aeouy"), ("ô", "ơ"), ("ö", "ư")):
        for byte, tone in zip(VNI_MARKS["plain"], TONES, strict=True):
            pairs[base + chr(byte)] = letter + tone
    for base in "aeo":
        pairs[base + chr(0xE2)] = base + "\u0302"
        for byte, tone in zip(VNI_MARKS["circumflex"], TONES, strict=True):
            pairs[base + chr(byte)] = base + "\u0302" + tone
    pairs["a" + chr(0xEA)] = "ă"
    for byte, tone in zip(VNI_MARKS["breve"], TONES, strict=True):
        pairs["a" + chr(byte)] = "ă" + tone
    small = {pair: unicodedata.normalize("NFC", letter) for pair, letter in pairs.items()}
    mixed = {pair[0].upper() + pair[1]: letter.upper() for pair, letter in small.items()}
    return {**small, **mixed, **{pair.upper(): letter.upper() for pair, letter in small.items()}}


VNI: Final[Mapping[str, str]] = {**_vni_pairs(), **VNI_SINGLE}
_VNI_TOKEN: Final = re.compile("|".join(sorted(VNI, key=len, reverse=True)))
NOT_TCVN3: Final = re.compile(
    b"[" + b"".join(b"\\x%02x" % byte for byte in range(0x80, 0x100) if byte != 0xA0 and byte not in TCVN3) + b"]"
)
NOT_VNI: Final = re.compile(rb"[\x80-\x9f]")
_TCVN3_CHARACTERS: Final = dict(TCVN3)

# Letters of garbled TCVN3 that no Vietnamese word has, and pairs of garbled VNI that none has.
_EUROPEAN: Final = "äöüßñëïåæøç"
_LATIN_VIETNAMESE: Final = "ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúý"
TCVN3_SIGNS: Final = "".join(chr(code) for code in TCVN3 if chr(code) not in _LATIN_VIETNAMESE + "·»«§®" + _EUROPEAN)
VNI_PAIRS: Final = tuple(
    sorted(pair for pair, letter in VNI.items() if len(pair) == 2 and pair.lower() not in ("oá", "oà", "oã"))
)


def from_tcvn3(text: str) -> str:
    """Text whose letters are TCVN3 bytes shown as Latin-1, made Vietnamese."""
    return text.translate(_TCVN3_CHARACTERS)


def from_vni(text: str) -> str:
    """Text whose letters are VNI bytes shown as Latin-1, made Vietnamese."""
    return _VNI_TOKEN.sub(lambda found: VNI[found.group()], text)


def decode_tcvn3(data: bytes) -> str:
    """TCVN3 bytes as text; raises UnicodeDecodeError at a byte that TCVN3 does not have."""
    _refuse(NOT_TCVN3, data, "tcvn3")
    return from_tcvn3(data.decode("latin-1"))


def decode_vni(data: bytes) -> str:
    """VNI bytes as text; raises UnicodeDecodeError at a byte between 0x80 and 0x9F."""
    _refuse(NOT_VNI, data, "vni")
    return from_vni(data.decode("latin-1"))


def _refuse(pattern: re.Pattern[bytes], data: bytes, encoding: str) -> None:
    if found := pattern.search(data):
        raise UnicodeDecodeError(encoding, data, found.start(), found.end(), "no such letter")


def decode_windows_1258(data: bytes) -> str:
    """Windows-1258 bytes as text in NFC (the code page writes tones as a letter of their own)."""
    return unicodedata.normalize("NFC", data.decode("cp1258"))


DECODERS: Final[Mapping[str, Callable[[bytes], str]]] = {
    "tcvn3": decode_tcvn3,
    "vni": decode_vni,
    "windows-1258": decode_windows_1258,
}
