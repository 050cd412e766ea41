"""The Party's quarterly workbook: a title, a heading row, one row per organisation by name, totals, a signature."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
import xlsxwriter

from pipelines.demo.chance import stream
from pipelines.demo.export import age_export
from pipelines.demo.filings import World
from pipelines.demo.office import Ints
from pipelines.demo.party import Quarter, quarters
from pipelines.reference import Reference

SOURCE: Final = "dang_uy"
SHEET: Final = "Tổng hợp"
HEADER_ROW: Final = 6
TOTAL: Final = "Tổng cộng"
PER_GRASSROOTS_ORGANISATION: Final = 105
PER_CELL: Final = 18
RATINGS: Final = (
    "TCCSĐ xếp loại",
    "TCCSĐ HTXSNV",
    "TCCSĐ HTTNV",
    "Đảng viên xếp loại",
    "Đảng viên HTXSNV",
    "Đảng viên HTTNV",
    "Đảng viên KHTNV",
)
FEMALE: Final = 0.376
ETHNIC_MINORITY: Final = 0.011
PROBATIONARY: Final = 0.033
OFFICIAL_ON_TIME: Final = 0.965
PLAN: Final = 0.0075  # admissions planned per quarter, share of the stock
RATED: Final = 0.95
EXCELLENT: Final = 0.165
OVER_THE_CAP: Final = 0.27  # what the few committees write that overlook the cap
GOOD: Final = 0.755
FAILING: Final = 0.004
CELLS_MET: Final = 0.985
MUST_ATTEND: Final = 0.87
ATTENDED: Final = 0.92
HANDBOOK_FROM: Final = date(2025, 7, 10)  # Regulation 339-QĐ/TW
HANDBOOK_QUARTERLY: Final = 0.2
DOCUMENTS: Final = 0.9
ELECTRONIC: Final = (0.86, 0.995)
SIGNED: Final = (0.62, 0.97)
# Inspections per grassroots organisation and quarter. Magnitude: 9 months of 2024 brought a provincial committee some
# 2,800 inspections and supervisions of organisations; the plan and what is done of it are assumed.
INSPECTIONS: Final = 0.6
INSPECTED: Final = 0.96
# By quarter end the share of members with a chip card: over 98 % on 3 October 2025; the way there is assumed.
CHIP_CARDS: Final = ((date(2025, 3, 31), 0.22), (date(2025, 6, 30), 0.71), (date(2025, 9, 30), 0.981))
CHIP_CARDS_LATER: Final = 0.993
TO_BE_CHANGED: Final = 0.985  # the rest is ill, abroad or on probation (assumed)
MATCHED_FROM: Final = date(2025, 9, 30)  # records compared with the population database (assumed)
MATCHED: Final = (0.93, 0.996)
# 65 organisations with 897 members in firms that are not the state's: 1.72 % of Long An's members.
PRIVATE_MEMBERS: Final = 0.0172
PER_PRIVATE_ORGANISATION: Final = 897 / 65


Columns = dict[str, Any]


def write_party(inbox: Path, world: World, reference: Reference) -> None:
    """Write one workbook per whole quarter; nothing where the place has no Party tree."""
    if not reference.units["tree"].is_in(["party"]).any():
        return
    folder = inbox / SOURCE
    folder.mkdir(parents=True, exist_ok=True)
    reports = quarters(world, reference)
    for number, quarter in enumerate(reports):
        rows = _without_missing(world, party_rows(world, quarter), newest=number == len(reports) - 1)
        path = folder / f"BC_dang_vien_{quarter.last:%Y%m%d}.xlsx"
        _write(path, quarter.last, rows)
        age_export(path, quarter.last)


def party_rows(world: World, quarter: Quarter) -> pl.DataFrame:
    """One row per organisation, columns in the sender's words; null where nothing is asked in this quarter."""
    rng = stream(world.seed, "party rows", quarter.last.toordinal())
    members, last = quarter.members, quarter.last

    def part(whole: Ints, share: float) -> Ints:
        return rng.binomial(whole, min(share, 1.0)).astype(np.int64)

    organisations = np.maximum(np.round(members / PER_GRASSROOTS_ORGANISATION), 3).astype(np.int64)
    cells = np.maximum(np.round(members / PER_CELL), organisations).astype(np.int64)
    due = part(members, quarter.admitted.sum() / max(members.sum(), 1))
    documents = rng.poisson(members * DOCUMENTS).astype(np.int64)
    electronic = part(documents, world.between(last, ELECTRONIC))
    columns: Columns = {
        "Tổ chức đảng": quarter.units["name_vi"],
        "Đến ngày": [f"{last:%d/%m/%Y}"] * len(members),
        "Số TCCSĐ": organisations,
        "Số chi bộ": cells,
        "Đảng viên đầu kỳ": quarter.opening,
        "Kết nạp": quarter.admitted,
        "Chuyển đến": quarter.moved_in,
        "Chuyển đi": quarter.moved_out,
        "Ra khỏi Đảng": quarter.removed,
        "Từ trần": quarter.died,
        "Đảng viên cuối kỳ": members,
        "Dự bị": part(members, PROBATIONARY),
        "Nữ": part(members, FEMALE),
        "Dân tộc thiểu số": part(members, ETHNIC_MINORITY),
        "Chỉ tiêu kết nạp": np.round(members * PLAN).astype(np.int64),
        "Đến hạn chuyển chính thức": due,
        "Chuyển chính thức đúng hạn": part(due, OFFICIAL_ON_TIME),
        **_ratings(world, rng, last, organisations, members),
        **_meetings(rng, cells, members),
        **_handbook(rng, last, members),
        "Văn bản": documents,
        "Văn bản điện tử": electronic,
        "Văn bản ký số": part(electronic, world.between(last, SIGNED)),
        **{name: told for part in _lately(world, rng, last, organisations, members) for name, told in part.items()},
    }
    return pl.DataFrame(columns)


def _meetings(rng: np.random.Generator, cells: Ints, members: Ints) -> Columns:
    """Cells that met at least monthly, and who was there of those who had to be."""
    must = rng.binomial(members, MUST_ATTEND)
    met = {"Chi bộ sinh hoạt định kỳ": rng.binomial(cells, CELLS_MET)}
    return {**met, "Phải dự sinh hoạt": must, "Dự sinh hoạt": rng.binomial(must, ATTENDED)}


def _ratings(world: World, rng: np.random.Generator, last: date, organisations: Ints, members: Ints) -> Columns:
    """Yearly ratings, in the last quarter only; two committees name more than the cap allows as excellent."""
    if last.month != 12:
        return dict.fromkeys(RATINGS, pl.Series([None] * len(members), dtype=pl.Int64))
    bold = stream(world.seed, "bold").permutation(len(members)) < 2
    share = np.where(bold, OVER_THE_CAP, EXCELLENT)
    rated = rng.binomial(members, RATED)
    orgs_best = rng.binomial(organisations, share * 0.9)
    best = rng.binomial(rated, share)
    good = GOOD / (1 - EXCELLENT)
    orgs_good, members_good = rng.binomial(organisations - orgs_best, good), rng.binomial(rated - best, good)
    failing = np.minimum(rng.binomial(rated - best - members_good, FAILING * 10), 3)
    values = (organisations, orgs_best, orgs_good, rated, best, members_good, failing)
    return dict(zip(RATINGS, values, strict=True))


def _handbook(rng: np.random.Generator, last: date, members: Ints) -> Columns:
    """The electronic handbook: asked for since it exists, activated by more members every quarter."""
    if last < HANDBOOK_FROM:
        nothing = pl.Series([None] * len(members), dtype=pl.Int64)
        return {"Thuộc diện sổ tay điện tử": nothing, "Đã kích hoạt sổ tay": nothing}
    passed = (last - HANDBOOK_FROM).days / 91
    eligible = rng.binomial(members, 0.97)
    active = rng.binomial(eligible, min(HANDBOOK_QUARTERLY * (1 + passed), 0.94))
    return {"Thuộc diện sổ tay điện tử": eligible, "Đã kích hoạt sổ tay": active}


def _lately(
    world: World, rng: np.random.Generator, last: date, organisations: Ints, members: Ints
) -> tuple[Columns, ...]:
    """What the form asks for only of late."""
    inspected, kept = _inspections(rng, organisations), _records(world, rng, last, members)
    return inspected, kept, _private(rng, last, organisations, members)


def _inspections(rng: np.random.Generator, organisations: Ints) -> Columns:
    """Inspections and supervisions of organisations that the quarter's plan names, and how many took place."""
    planned = rng.poisson(organisations * INSPECTIONS) + 1
    done = rng.binomial(planned, INSPECTED) + (rng.random(len(planned)) < 0.05)
    return {"Cuộc kiểm tra, giám sát theo kế hoạch": planned, "Cuộc kiểm tra, giám sát đã thực hiện": done}


def _records(world: World, rng: np.random.Generator, last: date, members: Ints) -> Columns:
    """Chip cards, and records that agree with the population database: not asked for before there were any."""
    nothing = pl.Series([None] * len(members), dtype=pl.Int64)
    share = dict(CHIP_CARDS).get(last, CHIP_CARDS_LATER)
    eligible = rng.binomial(members, TO_BE_CHANGED)
    known = last >= CHIP_CARDS[0][0]
    cards = rng.binomial(eligible, share) if known else nothing
    compared = last >= MATCHED_FROM
    matched = rng.binomial(members, world.between(last, MATCHED)) if compared else nothing
    return {
        "Thuộc diện đổi thẻ gắn chip": eligible if known else nothing,
        "Thẻ đảng gắn chip đã đổi": cards,
        "Hồ sơ phải đối chiếu CSDL dân cư": members if compared else nothing,
        "Hồ sơ khớp CSDL dân cư": matched,
    }


def _private(rng: np.random.Generator, last: date, organisations: Ints, members: Ints) -> Columns:
    """Organisations in firms that are not the state's, with their members: told once a year, in the last quarter."""
    names = ("TCCSĐ trong DN ngoài nhà nước", "Đảng viên trong DN ngoài nhà nước")
    if last.month != 12:
        return dict.fromkeys(names, pl.Series([None] * len(members), dtype=pl.Int64))
    inside = rng.binomial(members, PRIVATE_MEMBERS)
    homes = np.minimum(np.ceil(inside / PER_PRIVATE_ORGANISATION), organisations).astype(np.int64)
    return dict(zip(names, (homes, inside), strict=True))


def _without_missing(world: World, rows: pl.DataFrame, newest: bool) -> pl.DataFrame:
    """In the newest quarter one organisation of forty has not sent its report yet."""
    if not newest:
        return rows
    late = stream(world.seed, "late").permutation(rows.height) < rows.height // 40
    return rows.filter(~pl.Series(late))


def _write(path: Path, last: date, rows: pl.DataFrame) -> None:
    """The workbook of one quarter; its creation time is the report's day, so that its bytes stay the same."""
    with xlsxwriter.Workbook(path, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(last.year, last.month, last.day)})
        sheet, bold = book.add_worksheet(SHEET), book.add_format({"bold": True})
        quarter = (last.month + 2) // 3
        sheet.write(0, 0, "TỔNG HỢP CÔNG TÁC TỔ CHỨC ĐẢNG, ĐẢNG VIÊN", bold)
        sheet.write(1, 0, f"Quý {quarter} năm {last.year}")
        sheet.write_row(2, 0, ["Tính đến ngày:", f"{last:%d/%m/%Y}"])
        sheet.write(3, 0, "Số liệu minh họa, không phải số liệu thật")
        sheet.write_row(HEADER_ROW - 1, 0, ["STT", *rows.columns], bold)
        for number, row in enumerate(rows.iter_rows(), start=1):
            sheet.write_row(HEADER_ROW - 1 + number, 0, [number, *row])
        end = HEADER_ROW + rows.height
        sheet.write_row(end, 0, [TOTAL, None, None, *_totals(rows)], bold)
        sheet.write(end + 2, 1, "Người lập biểu")


def _totals(rows: pl.DataFrame) -> list[int | None]:
    """Sums of the counts; nothing under a column that nobody filled in."""
    counts = rows.get_columns()[2:]
    return [int(column.sum()) if column.count() else None for column in counts]
