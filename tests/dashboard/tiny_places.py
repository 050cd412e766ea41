"""Three old communes in two districts, two new ones, one agency: the smallest province with every difficulty."""

from datetime import date

REFORM = date(2025, 7, 1)
BEFORE = date(2025, 6, 30)
DATA_UNTIL = date(2026, 11, 20)

PLACE = {
    "code": "80",
    "name": {"vi": "Tỉnh Thử", "en": "Test Province"},
    "time_zone": "Asia/Ho_Chi_Minh",
    "root_unit": "80",
    "languages": ["vi", "en"],
    "report_month_day": 15,
    "reforms": [
        {
            "day": "2025-07-01",
            "basis": "before_2025",
            "name": {"vi": "Trước 01/07/2025", "en": "Before 1 July 2025"},
        }
    ],
    "public_address": None,
    "office_hours": [["07:30", "11:30"], ["13:30", "17:30"]],
    "illustrative": True,
}

# unit_id, tree, code, kind, level, name_vi, name_en, valid_from, valid_to, parent
UNITS = [
    ("80", "territory", "80", "province", 0, "Tỉnh Thử", "Test Province", None, None, None),
    ("80@1976", "territory", "80", "old_province", 1, "Tỉnh Cũ", "Old Province", date(1976, 1, 1), BEFORE, "80"),
    ("794", "territory", "794", "district", 2, "Huyện Đông", "East District", None, BEFORE, "80@1976"),
    ("795", "territory", "795", "district", 2, "Huyện Tây", "West District", None, BEFORE, "80@1976"),
    ("27694@1990", "territory", "27694", "commune", 3, "Xã An Cũ", "Old An Commune", date(1990, 1, 1), BEFORE, "794"),
    ("27697", "territory", "27697", "commune", 3, "Xã Bình", "Bình Commune", None, BEFORE, "794"),
    ("27700", "territory", "27700", "commune", 3, "Xã Châu", "Châu Commune", None, BEFORE, "795"),
    ("27694@2025", "territory", "27694", "commune", 1, "Xã An", "An Commune", REFORM, None, "80"),
    ("27727", "territory", "27727", "ward", 1, "Phường Đức", "Đức Ward", REFORM, None, "80"),
    ("UNASSIGNED", "agency", "UNASSIGNED", "agency", 1, "Chưa phân công", "Not assigned", None, None, "80"),
    ("SBN", "agency", "SBN", "agency_group", 1, "Các sở, ban, ngành", "Departments", None, None, "80"),
    ("STC", "agency", "STC", "agency", 2, "Sở Tài chính", "Department of Finance", None, None, "SBN"),
    ("TU", "party", "TU", "party_committee", 0, "Tỉnh ủy", "Provincial Party Committee", None, None, None),
    ("HU1", "party", "HU1", "party_committee", 1, "Huyện ủy Đông", "East Committee", None, BEFORE, "TU"),
    ("DU1", "party", "DU1", "party_committee", 1, "Đảng ủy An", "An Committee", REFORM, None, "TU"),
    ("DU2", "party", "DU2", "party_committee", 1, "Đảng ủy Đức", "Đức Committee", REFORM, None, "TU"),
    ("79", "peer", "79", "peer_province", 0, "Thành phố Bạn", "Peer City", None, None, None),
]

# from_unit, to_unit, weight, weight_basis
SUCCESSIONS = [
    ("27694@1990", "27694@2025", 1.0, "whole"),
    ("27697", "27694@2025", 0.5, "equal parts"),
    ("27697", "27727", 0.5, "equal parts"),
    ("27700", "27727", 1.0, "whole"),
    ("794", "27694@2025", 0.75, "equal parts"),
    ("794", "27727", 0.25, "equal parts"),
    ("795", "27727", 1.0, "whole"),
    ("80@1976", "80", 1.0, "whole"),
    ("HU1", "DU1", 0.5, "equal parts"),
    ("HU1", "DU2", 0.5, "equal parts"),
]

# How the new communes carry back to the old districts; the last row is one indicator's own weights.
BACK = [
    ("", "27694@2025", "794", 1.0),
    ("", "27727", "794", 1 / 3),
    ("", "27727", "795", 2 / 3),
    ("", "DU1", "HU1", 1.0),
    ("", "DU2", "HU1", 1.0),
    ("dossiers_on_time", "27694@2025", "794", 1.0),
    ("dossiers_on_time", "27727", "794", 0.25),
    ("dossiers_on_time", "27727", "795", 0.75),
]


def bridge_rows() -> list[tuple[str, str, str, str, float]]:
    """(basis, indicator, from_unit, to_unit, weight), complete: units that stay carry themselves."""
    rows = [("today", "", old, new, weight) for old, new, weight, _ in SUCCESSIONS]
    moved = {old for old, *_ in SUCCESSIONS}
    rows += [("today", "", unit[0], unit[0], 1.0) for unit in UNITS if unit[0] not in moved]
    rows += [("before_2025", indicator, new, old, weight) for indicator, new, old, weight in BACK]
    for indicator in ("", "dossiers_on_time"):
        back = {new for name, new, *_ in BACK if name == indicator}
        rows += [("before_2025", indicator, u[0], u[0], 1.0) for u in UNITS if u[0] not in back]
    return rows


def children(unit: str) -> list[str]:
    """A unit and everything below it, by counting on fingers."""
    found = [unit]
    for candidate in UNITS:
        if candidate[9] == unit:
            found += children(candidate[0])
    return found
