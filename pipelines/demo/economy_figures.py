"""What was published of the province's economy, as the invented months are bent towards it; the rest is assumed.

All figures are of the merged province where nothing else is said. A year without a figure grows by LATER.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

ANCHOR: Final = 2025  # the year whose first nine months were published of nearly everything
LATER: Final = 0.10
# January to December: quiet around Tết, busy towards the end of the year (assumed).
SEASON: Final = (0.97, 0.78, 0.98, 0.97, 0.99, 1.01, 1.02, 1.03, 1.04, 1.05, 1.06, 1.10)


@dataclass(frozen=True)
class Flow:
    """A flow by month: `anchor` is January to September 2025, `growth` by year, `swing` the spread of its months.

    `revised` is by how much (log) its first estimate misses, `digits` how it is written.
    """

    anchor: float
    growth: Mapping[int, float]
    swing: float = 0.04
    revised: float = 0.012
    digits: int = 1


# Million USD. Exports and imports of nine months 2025: 22.8 and 9.9 billion; growth assumed.
TRADE: Final = {
    "exports": Flow(22_800, {2023: -0.04, 2024: 0.12, 2025: 0.13, 2026: 0.11}, 0.05),
    "imports": Flow(9_900, {2023: -0.09, 2024: 0.14, 2025: 0.15, 2026: 0.12}, 0.06),
}
# Billion VND, level and growth assumed.
RETAIL: Final = Flow(131_000, {2023: 0.10, 2024: 0.11, 2025: 0.12, 2026: 0.12}, 0.02)
# An index: of Long An +11.04 % in 2024, of the merged province about +15 % in 2025.
INDUSTRY: Final = Flow(900, {2022: 0.08, 2023: 0.05, 2024: 0.1104, 2025: 0.15, 2026: 0.13}, 0.015, 0.004)

# Billion VND: 39,600 on 2 October 2025, of it land 10,171. 2024: Long An 25,830 (+27.5 %), the rest assumed.
REVENUE: Final = {
    "domestic": Flow(30_900, {2023: 0.03, 2024: 0.20, 2025: 0.32, 2026: 0.09}, 0.09, 0.008),
    "customs": Flow(8_700, {2023: -0.05, 2024: 0.10, 2025: 0.12, 2026: 0.08}, 0.06, 0.005),
}
LAND_SHARE: Final = 10_171 / 30_900  # of domestic revenue
# 37,413 billion were 100.5 % of the central estimate of 2025; that of the People's Council is not known (assumed).
CENTRAL_ESTIMATE: Final = {2025: 37_230.0}
ESTIMATE_OF_RESULT: Final = 0.88  # of other years: what the estimate was of what came in (assumed)
COUNCIL_OVER_CENTRAL: Final = 1.06

# Nine months 2025: 3,211 new enterprises (+51 %) with 22,000 billion (+98 %); the others assumed.
ENTERPRISES: Final = {
    "new": Flow(3_211, {2023: 0.04, 2024: 0.12, 2025: 0.51, 2026: 0.08}, 0.08, 0.004, 0),
    "capital": Flow(22_000, {2023: -0.08, 2024: 0.15, 2025: 0.98, 2026: 0.06}, 0.12, 0.004),
    "suspended": Flow(1_480, {2023: 0.15, 2024: 0.10, 2025: 0.12, 2026: 0.05}, 0.10, 0.004, 0),
    "dissolved": Flow(402, {2023: 0.05, 2024: 0.12, 2025: 0.15, 2026: 0.06}, 0.12, 0.004, 0),
    "returned": Flow(860, {2023: 0.08, 2024: 0.05, 2025: 0.30, 2026: 0.07}, 0.12, 0.004, 0),
}
# Nine months 2025: 157 new projects, 815 million USD; 1,928 in force with 24.3 billion.
FDI: Final = {
    "projects": Flow(157, {2023: 0.10, 2024: 0.08, 2025: 0.06, 2026: 0.07}, 0.15, 0.0, 0),
    "capital": Flow(815, {2023: 0.20, 2024: 0.05, 2025: 0.04, 2026: 0.08}, 0.25, 0.0),
}
FDI_IN_FORCE: Final = (1_928, 24_300)  # projects and million USD on 30 September 2025
FDI_ENDED: Final = 2  # projects a month (assumed)

# GRDP at constant prices. Growth by quarter as published for Long An (2023, 2024); 2022 its whole year.
GRDP_BASE: Final = 152_000.0  # billion VND in 2021 (assumed)
GRDP_QUARTERS: Final = (0.232, 0.243, 0.254, 0.271)
GRDP_GROWTH: Final = {
    2022: (0.0846, 0.0846, 0.0846, 0.0846),
    2023: (0.0385, 0.0299, 0.0788, 0.0822),
    2024: (0.0480, 0.0598, 0.1082, 0.1126),
}
# From the beginning of the year: half a year +9.63 %, nine months and the whole of 2025 +9.52 %; the rest assumed.
GRDP_TO_DATE: Final = {2025: (0.0941, 0.0963, 0.0952, 0.0952), 2026: (0.0968, 0.1004, 0.1011, 0.1015)}
GRDP_REVISED: Final = 0.003

# Consumer prices: a rise per year (assumed, near the country's), its months and their spread.
PRICES: Final = {2022: 0.0315, 2023: 0.0325, 2024: 0.0363, 2025: 0.0330, 2026: 0.0340}
PRICE_SPREAD: Final = 0.0018

# Public investment: 57.1 % of the plan at the beginning of October 2025; plans of the merged province assumed
# (Long An alone: 8,649 billion in 2024, more than 80 % of it spent by 11 December).
INVESTMENT_PLAN: Final = {2024: 13_400.0, 2025: 14_600.0, 2026: 16_900.0}  # billion VND
INVESTMENT_SPENT: Final = (0.015, 0.04, 0.09, 0.15, 0.22, 0.31, 0.39, 0.48, 0.571, 0.66, 0.78, 0.93)
DEPARTMENTS_SHARE: Final = 0.58  # of the plan; the rest lies with districts, since the reform with communes (assumed)
