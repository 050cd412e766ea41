"""What communes do for people who are not at home on the web: teams, clubs, libraries, volunteers, classes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from pipelines.demo.chance import happens, stream
from pipelines.demo.economy import month_end, whole_months
from pipelines.demo.export import write_export
from pipelines.demo.filings import World
from pipelines.demo.office import Ints
from pipelines.demo.statistics_sheet import root_code
from pipelines.reference import Reference

ACTIVITY: Final = "to_cong_nghe_so"
SOCIETY: Final = "xa_hoi_so"
SINCE: Final = date(2025, 1, 1)  # the log began (assumed)
# About 1,000 community digital teams in Long An; 1,750 in the merged province. How many are active is assumed.
TEAMS: Final = 1_750
ACTIVE: Final = (0.72, 0.90)
PEOPLE_PER_SESSION: Final = 9.0
# Model: (name, share of communes that have it, sessions a month where they do). All assumed but that they exist:
# the green-shirt club of Cần Giuộc, its digital library, the volunteers of Tân Hưng.
MODELS: Final = {
    "green_shirt_club": ("CLB Áo xanh tin học", 0.22, 4.0),
    "digital_library": ("Thư viện số, mã QR", 0.30, 6.0),
    "youth_volunteers": ("Thanh niên tình nguyện", 0.26, 3.0),
}
TEAM, TRAINING = "Tổ công nghệ số cộng đồng", "Lớp tập huấn"
SESSIONS_PER_TEAM: Final = 1.6
# 27,200 attendances of training in Long An; per month and for the merged province (assumed).
TRAINED: Final = 3_400
REACHED: Final = 0.94  # of the target
SILENT: Final = 3  # communes that have not sent the newest month
# Long An Số: 406,800 downloads, 413,500 in October 2024; those of the merged province assumed.
DOWNLOADS: Final = (452_000, 703_000)
ACTIVE_ACCOUNTS: Final = (0.19, 0.27)
# Health fees of about 12 billion without cash were a fifth of all; education 14 billion. Shares grow (assumed).
PAYMENTS: Final = {"Viện phí": (60_000.0, (0.20, 0.46)), "Học phí": (24_000.0, (0.52, 0.83)),
                   "Phí, lệ phí": (9_000.0, (0.50, 0.78))}  # fmt: skip
HEAD: Final = (
    "Từ ngày", "Đến ngày", "Mã xã", "Tên xã", "Mô hình", "Số buổi", "Số lượt người", "Số tổ", "Số tổ hoạt động",
    "Chỉ tiêu tập huấn",
)  # fmt: skip
Line = tuple[object, ...]


def write_grassroots(inbox: Path, world: World, reference: Reference) -> None:
    """The log of communes in two files, the digital society of the province in one; nothing before the log began."""
    months = whole_months(max(SINCE, world.first.replace(day=1)), world.until)
    for told in filter(None, (months[:-1], months[-1:])):
        lines = [line for month in told for line in _of_month(world, month)]
        lines = _slipped(lines) if len(told) > 1 else _without_silent(lines)
        sheet = pl.DataFrame(lines, schema=list(HEAD), orient="row", infer_schema_length=None)
        last = month_end(told[-1])
        _write(inbox / ACTIVITY, f"hoatdong_{last:%Y%m%d}.csv", sheet, last)
    root = root_code(reference)
    if root is not None and months:
        _write_society(inbox, world, root, months)


def _of_month(world: World, month: date) -> Iterator[Line]:
    """A line per commune and model that it has."""
    last = month_end(month)
    communes = world.seats.on(last, "commune")
    if communes.is_empty():
        return
    rng, share = stream(world.seed, "grassroots", month.toordinal()), communes["weight"].to_numpy()
    share = np.sqrt(share) / np.sqrt(share).sum()
    teams: Ints = np.maximum(np.round(TEAMS * share), 2).astype(np.int64)
    active: Ints = rng.binomial(teams, world.between(month, ACTIVE))
    sessions: Ints = rng.poisson(active * SESSIONS_PER_TEAM)
    has = {name: _has(world, name, part) for name, (_, part, _) in MODELS.items()}
    days = (f"{month:%d/%m/%Y}", f"{last:%d/%m/%Y}")
    for at, (seat, code, name) in enumerate(communes.select("seat", "code", "name_vi").rows()):
        held = int(sessions[at])
        yield *days, code, name, TEAM, held, _people(rng, held), int(teams[at]), int(active[at]), None
        for model, (told, _, usual) in MODELS.items():
            if has[model][seat]:
                held = int(rng.poisson(usual))
                yield *days, code, name, told, held, _people(rng, held), None, None, None
        target = round(TRAINED * float(share[at]))
        if target and rng.random() < 0.7:
            trained = int(rng.binomial(target, REACHED))
            yield *days, code, name, TRAINING, max(1, target // 40), trained, None, None, target


def _has(world: World, model: str, part: float) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    return happens(stream(world.seed, f"model {model}"), part, world.seats.units.height)


def _people(rng: np.random.Generator, sessions: int) -> int:
    return int(rng.poisson(PEOPLE_PER_SESSION * sessions))


def _slipped(lines: list[Line]) -> list[Line]:
    """Two slips at the end: more teams active than there are, and people at no session."""
    *days, code, name, _, _, _, _, _, _ = lines[0]
    return [*lines, (*days, code, name, "Khác", 0, 12, None, None, None),
            (*days, "99999", "?", TEAM, 3, 20, 4, 5, None)]  # fmt: skip


def _without_silent(lines: list[Line]) -> list[Line]:
    """The newest month without the communes that have not sent it."""
    codes = list(dict.fromkeys(line[2] for line in lines))
    missing = set(codes[:: max(len(codes) // SILENT, 1)][:SILENT]) if len(codes) > SILENT else set()
    return [line for line in lines if line[2] not in missing]


def _write_society(inbox: Path, world: World, root: str, months: list[date]) -> None:
    """Accounts of the province's app, and payments with and without cash, month by month."""
    lines: list[Line] = []
    for month in months:
        rng = stream(world.seed, "society", month.toordinal())
        days = (f"{month:%d/%m/%Y}", f"{month_end(month):%d/%m/%Y}")
        downloads = round(world.between(month, DOWNLOADS))
        active = round(downloads * world.between(month, ACTIVE_ACCOUNTS) * rng.lognormal(0, 0.03))
        lines += [(root, "Tài khoản ứng dụng", *days, downloads, "tài khoản"),
                  (root, "Tài khoản hoạt động 30 ngày", *days, active, "tài khoản")]  # fmt: skip
        for name, (usual, ends) in PAYMENTS.items():
            whole = round(usual * rng.lognormal(0, 0.08))
            cashless = round(whole * min(world.between(month, ends) * rng.lognormal(0, 0.02), 0.99))
            lines += [(root, name, *days, whole, "triệu đồng"),
                      (root, f"{name} không dùng tiền mặt", *days, cashless, "triệu đồng")]  # fmt: skip
    head = ["Mã tỉnh", "Chỉ tiêu", "Từ ngày", "Đến ngày", "Số liệu", "Đơn vị tính"]
    last = month_end(months[-1])
    _write(inbox / SOCIETY, f"xahoiso_{last:%Y%m%d}.csv", pl.DataFrame(lines, schema=head, orient="row"), last)


def _write(folder: Path, name: str, sheet: pl.DataFrame, day: date) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    write_export(folder / name, sheet.write_csv().encode(), day)
