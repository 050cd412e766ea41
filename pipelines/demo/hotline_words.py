"""What people report to the hotline, through which channel, and who then has to answer."""

from __future__ import annotations

from typing import Final

# Real volume: over 1,400 tickets on the Long An side in half of 2024, so about 5,000 a year in the merged province.
TICKETS: Final = 15_000
TICKETS_PER_DOSSIER: Final = 1 / 20  # an inbox with few dossiers has few tickets; a larger one has the real number
YEARLY_GROWTH: Final = 0.08

# Relative weight of the top categories (assumed; after the hot spots that other provinces publish).
CATEGORIES: Final = {
    "traffic": 15.0,
    "lighting": 9.0,
    "water": 8.0,
    "power": 7.0,
    "environment": 14.0,
    "order": 8.0,
    "noise": 8.0,
    "land": 8.0,
    "procedure": 9.0,
    "security": 3.0,
    "health": 2.5,
    "education": 2.0,
    "welfare": 2.5,
    "telecom": 2.0,
    "conduct": 1.0,
    "other": 1.0,
}
OTHER_CATEGORY: Final = 1.0
# Months in which a category is heavier: floods at the end of the rains, power cuts in the heat.
SEASONS: Final = {"water": ((9, 10, 11), 1.8), "power": ((4, 5), 1.9), "education": ((8, 9), 3.0)}

# Quảng Nam, September 2024: 316 calls, 746 chatbot, 161 Facebook, 106 Zalo, 39 web and app, 14 e-mail; those are
# contacts, of which few become tickets. Long An takes most tickets by app and telephone (assumed).
CHANNELS: Final = {
    "dien_thoai": 34.0,
    "ung_dung": 27.0,
    "zalo": 16.0,
    "web": 9.0,
    "facebook": 6.0,
    "chatbot": 5.0,
    "email": 2.0,
    "khac": 1.0,
}

# The agency that answers for a category, and its share; the rest goes to the local government of the place.
AGENCIES: Final = {
    "traffic": ("SXD", 0.35),
    "water": ("CAPNUOC", 0.7),
    "power": ("DIENLUC", 0.97),
    "environment": ("SNNMT", 0.25),
    "land": ("SNNMT", 0.35),
    "procedure": ("TTHCC", 0.4),
    "security": ("CAT", 0.6),
    "health": ("SYT", 0.6),
    "education": ("SGDDT", 0.6),
    "welfare": ("BHXH", 0.45),
    "telecom": ("SKHCN", 0.7),
    "conduct": ("SNV", 0.5),
    "other": ("VPUBND", 0.5),
}
PRIORITIES: Final = {"normal": 0.80, "urgent": 0.12, "complex": 0.08}

# Answered on time: 89 % (Long An, first half of 2024), other provinces 94 to 97 %; reopened tickets cost three points.
ON_TIME: Final = (0.920, 0.950)
WORSE_AGENCY: Final = ("CAPNUOC", 4, 0.68)  # code, months before the newest, share on time since
SLOWEST_CATEGORIES: Final = {"land": 0.06, "water": 0.02}  # taken off the share on time
REFUSED: Final = 0.04
REOPENED: Final = 0.04
RATED: Final = 0.40  # 45 % of the processed tickets were rated in Huế (2019)
SATISFIED: Final = 0.83  # "acceptable or better" 84 % there
DISSATISFIED: Final = 0.08
COMPLAINED_AGAIN: Final = 0.015
PUBLISHED: Final = 0.90
NEEDS_INFO: Final = 0.06
TRANSFERS: Final = (0.79, 0.15, 0.05, 0.01)  # none, one, two, three
CALLED_PUNCTUAL: Final = 0.10
FORGOTTEN: Final = 0.003  # never answered

# A neighbourhood that complains about one thing: (rank of the commune's size, category, tickets per 5,000 a year).
HOT_SPOT: Final = (0.08, "environment-waste", 34)
