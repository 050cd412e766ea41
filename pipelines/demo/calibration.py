"""Every published figure that the invented files are bent towards, in one place, with what it was published for.

A figure without a source is a plausible assumption and says so. Shares are 0-1, money is in dong.
"""

from __future__ import annotations

from typing import Final

MONTHS: Final = 36

# About 1.3 million dossiers a year in the merged province; the default writes one in thirteen of them.
DEFAULT_ROWS: Final = 300_000
SHARE_OF_REALITY: Final = 1 / 13

# One morning after Tết 2026: 1,610 of 1,665 dossiers came in at communes, 55 at departments.
# Before the reform the district level took its part; how much was not published (assumed).
LEVELS_BEFORE: Final = {"province": 0.03, "district": 0.20, "commune": 0.77}
LEVELS_AFTER: Final = {"province": 0.033, "district": 0.0, "commune": 0.967}

# Long An, 2022 and first quarter 2023: 56.62 % early, 41.87 % on the day, 0.32 % late, 1.19 % still open.
EARLY: Final = 0.5662
ON_THE_DAY: Final = 0.4187
LATE: Final = 0.0032
OPEN: Final = 0.0119

# Filed online: about 96 % at the end of 2023, over 98 % in May 2025; departments 91.36 % in late 2025.
ONLINE: Final = (0.960, 0.986)
ONLINE_DEPARTMENTS: Final = (0.870, 0.922)
BY_POST: Final = 0.12  # of what is not filed online (assumed)

# Supplements, refusals, withdrawals: targets of the indicator catalogue (assumed, not published).
SUPPLEMENTED: Final = 0.05
REFUSED: Final = 0.015
WITHDRAWN: Final = 0.010
STOPPED: Final = 0.004

# First and last month of the period; between them a straight line (assumed; the level follows the score of 2025).
PAID_ONLINE: Final = (0.47, 0.72)
PAID_AT_THE_NATIONAL_PORTAL: Final = 0.7
FEE_WAIVED: Final = 0.08
DIGITISED: Final = (0.74, 0.93)
ELECTRONIC_RESULT: Final = (0.62, 0.91)
REUSED: Final = (0.14, 0.46)
POPULATION_DATA: Final = (0.55, 0.88)
PERSONAL_STORE: Final = (0.0, 0.02)  # the portal's public results have shown zeros only; a trickle begins (assumed)
SYNCHRONISED: Final = (0.978, 0.997)

# 1,645 ratings at the provincial centre in half a year, 98.12 % satisfied (2019); one in eight rates (assumed).
RATED: Final = 0.12
SATISFIED: Final = 0.981
DISSATISFIED: Final = 0.007
COMPLAINED: Final = 0.001

# 98.99 % of procedures may be filed anywhere; how many people do it was not published (assumed).
FILED_ELSEWHERE: Final = 0.025

# Senders call a few of their late dossiers punctual (assumed): the reconciliation screen has something to find.
CALLED_PUNCTUAL: Final = 0.12
CALLED_LATE: Final = 0.0003

# People by district, census 2019 as recalled in the domain notes; the Tây Ninh side is not listed there,
# so its communes share their province's 1,169,165 people evenly before chance makes them differ.
PEOPLE: Final = {
    "794": 145_120,
    "795": 43_674,
    "796": 51_742,
    "797": 50_074,
    "798": 28_165,
    "799": 77_501,
    "800": 58_351,
    "801": 65_961,
    "802": 315_711,
    "803": 181_660,
    "804": 98_335,
    "805": 66_503,
    "806": 187_359,
    "807": 214_914,
    "808": 109_812,
}
PEOPLE_PER_OTHER_COMMUNE: Final = 12_400

# What people come for: relative weight of each field (codes of data/reference/fields.csv) at each level
# (assumed; certified copies and civil status lead at communes everywhere). Fields not named weigh OTHER_FIELD.
FIELDS: Final = {
    "commune": {"CT": 44.0, "HT": 24.0, "CTR": 8.0, "BTXH": 4.5, "NCC": 2.5, "DD": 3.5, "HKD": 5.0, "XD": 1.5},
    "district": {"CT": 30.0, "HT": 12.0, "DD": 18.0, "HKD": 16.0, "XD": 8.0, "GD": 5.0, "NCC": 3.0, "BTXH": 4.0},
    "province": {"DD": 20.0, "GT": 18.0, "TP": 15.0, "DN": 14.0, "LD": 7.0, "YT": 6.0, "XD": 5.0, "NN": 4.0},
}
OTHER_FIELD: Final = 0.8

# The department that answers for a field (codes of data/reference/units.csv).
DEPARTMENTS: Final = {
    "CT": "STP",
    "CTG": "SCT",
    "CTR": "CAT",
    "BTXH": "SYT",
    "DD": "SNNMT",
    "DN": "STC",
    "DT": "STC",
    "GD": "SGDDT",
    "GT": "SXD",
    "HKD": "STC",
    "HT": "STP",
    "KHCN": "SKHCN",
    "LD": "SNV",
    "MT": "SNNMT",
    "NCC": "SNV",
    "NN": "SNNMT",
    "TG": "SDTTG",
    "TL": "SNNMT",
    "TP": "STP",
    "VH": "SVHTTDL",
    "XD": "SXD",
    "YT": "SYT",
}
