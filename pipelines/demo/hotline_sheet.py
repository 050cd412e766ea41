"""The hotline's monthly JSON: nested records, times with their offset, and a reporter who must never get further."""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl

from pipelines.demo.filings import World
from pipelines.demo.people import invented_people
from pipelines.demo.tickets import Desk

SOURCE: Final = "tong_dai_1022"
STYLE: Final = "%Y-%m-%dT%H:%M:%S%:z"
MOMENTS: Final = ("received", "forwarded", "answered", "moved", "first_close", "reopened", "closed", "published")
PRIORITIES: Final = {"urgent": "khan", "normal": "thuong", "complex": "phuc_tap"}
RATINGS: Final = {1: "hai_long", 2: "binh_thuong", 3: "khong_hai_long"}
SOME_HOURS: Final = 6 * 3600


def hotline_document(world: World, desk: Desk, tickets: pl.DataFrame, since: int, until: int, day: date) -> str:
    """The export of one evening: every ticket with news after `since` up to `until` (epoch seconds)."""
    records = _records(world, desk, _changed(tickets, since, until)).write_json()
    return f'{{"he_thong":"1022","ngay_xuat":"{day:%Y-%m-%d}","minh_hoa":true,"data":{records}}}\n'


def unanswered(tickets: pl.DataFrame, until: int, never: int) -> pl.DataFrame:
    """Tickets to which something still happens after `until`."""
    return tickets.filter(pl.any_horizontal(pl.col(name).is_between(until + 1, never - 1) for name in MOMENTS))


def _changed(tickets: pl.DataFrame, since: int, until: int) -> pl.DataFrame:
    seen = tickets.with_columns(pl.when(pl.col(name) <= until).then(pl.col(name)).alias(name) for name in MOMENTS)
    end = pl.when(pl.col("reopened").is_not_null()).then("closed").otherwise("first_close")
    seen = seen.with_columns(closed=end, updated=pl.max_horizontal(MOMENTS))
    return (
        seen.filter(pl.col("updated") > since)
        .with_columns(
            status=_status(until), unit=pl.when(pl.col("moved").is_not_null()).then("next_seat").otherwise("seat")
        )
        .sort("updated", "case", maintain_order=True)
    )


def _status(until: int) -> pl.Expr:
    closed, waited = pl.col("closed").is_not_null(), until - pl.col("forwarded")
    return (
        pl.when(closed & pl.col("refused"))
        .then(pl.lit("tu_choi"))
        .when(closed & pl.col("published").is_not_null())
        .then(pl.lit("da_cong_khai"))
        .when(closed)
        .then(pl.lit("da_xu_ly"))
        .when(pl.col("asks") & (waited > SOME_HOURS))
        .then(pl.lit("cho_bo_sung"))
        .when(pl.col("answered").is_not_null() | (waited > SOME_HOURS))
        .then(pl.lit("dang_xu_ly"))
        .when(pl.col("forwarded").is_not_null())
        .then(pl.lit("da_chuyen"))
        .otherwise(pl.lit("moi"))
    )


def _time(world: World, name: str) -> pl.Expr:
    stamp = (pl.col(name) * 1_000_000).cast(pl.Datetime("us"))
    return stamp.dt.replace_time_zone(world.zone).dt.strftime(STYLE)


def _records(world: World, desk: Desk, rows: pl.DataFrame) -> pl.DataFrame:
    codes, names = world.seats.units["code"], world.seats.units["name_vi"]
    category = rows["category"].to_numpy()
    person = invented_people(pl.col("case"))
    forwarded, closed = pl.col("forwarded").is_not_null(), pl.col("closed").is_not_null()
    return rows.with_columns(
        desk.categories[category].select("code", "top_name", "name"),
        place_code=codes[rows["place"].to_numpy()],
        place_name=names[rows["place"].to_numpy()],
        first_code=codes[rows["seat"].to_numpy()],
        now_code=codes[rows["unit"].to_numpy()],
    ).select(
        ma_phan_anh=pl.format("MAU-1022-{}", pl.col("case").cast(pl.String).str.zfill(6)),
        kenh="channel",
        linh_vuc=pl.struct(ma="top", ten="top_name"),
        chuyen_muc=pl.struct(ma="code", ten="name"),
        muc_do=pl.col("priority").replace_strict(PRIORITIES, return_dtype=pl.String),
        noi_dung=pl.format("Nội dung minh họa của phản ánh số {}", "case"),
        nguoi_phan_anh=pl.struct(ho_ten=person["name"], dien_thoai=person["phone"]),
        dia_ban=pl.struct(ma_xa="place_code", ten_xa="place_name"),
        trang_thai="status",
        xu_ly=pl.struct(
            don_vi_nhan=pl.when(forwarded).then("first_code"),
            don_vi_hien_tai=pl.when(forwarded).then("now_code"),
            ngay_doi_don_vi=_time(world, "moved").str.head(10),
            so_lan_chuyen=pl.when(forwarded).then("transfers").otherwise(0),
        ),
        thoi_gian=_times(world),
        danh_gia=pl.when(closed).then(pl.col("rating").replace_strict(RATINGS, default=None, return_dtype=pl.String)),
        da_cong_khai=pl.col("published").is_not_null(),
        mo_lai=pl.col("reopened").is_not_null(),
        phan_anh_lai=pl.col("again") & closed,
        dung_han=pl.when(closed).then("punctual"),
    )


def _times(world: World) -> pl.Expr:
    """A deadline in hours has its time of day, one in working days only its date."""
    due = _time(world, "due")
    return pl.struct(
        gui=_time(world, "received"),
        chuyen=_time(world, "forwarded"),
        tra_loi_dau=_time(world, "answered"),
        han=pl.when(pl.col("forwarded").is_not_null()).then(
            pl.when(pl.col("due_has_time")).then(due).otherwise(due.str.head(10))
        ),
        dong_lan_dau=_time(world, "first_close"),
        dong=_time(world, "closed"),
        mo_lai=_time(world, "reopened"),
        cap_nhat=_time(world, "updated"),
    )
