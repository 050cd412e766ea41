"""The provincial one-stop centre: names for codes, words for states, money with points and times with slashes."""

from __future__ import annotations

from typing import Final

import polars as pl

from pipelines.demo.filings import World
from pipelines.demo.people import invented_people
from pipelines.demo.steps import standing

SOURCE: Final = "mot_cua_tinh"
CHANNELS: Final = {1: "Trực tiếp", 2: "Trực tuyến", 3: "Bưu chính công ích"}
APPLICANTS: Final = {0: "Công dân", 1: "Doanh nghiệp", 2: "Hộ kinh doanh"}
PAYMENTS: Final = {0: "", 1: "Cổng DVCQG", 2: "Cổng thanh toán của tỉnh"}
RATINGS: Final = {0: "", 1: "Hài lòng", 2: "Bình thường", 3: "Không hài lòng"}
STATES: Final = {
    2: "Mới tiếp nhận",
    3: "Không tiếp nhận",
    4: "Đang xử lý",
    5: "Chờ bổ sung",
    6: "Chờ nộp phí, thuế",
    7: "Công dân rút hồ sơ",
    8: "Dừng xử lý",
    9: "Đã xử lý xong",
    10: "Đã trả kết quả",
}


def department_sheet(world: World, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of `view.changed` as the centre exports them (one typed frame, headings with blanks and accents)."""
    person = invented_people(pl.col("case"))
    ended = pl.col("ended").is_not_null()
    columns = {
        "Số hồ sơ": pl.format("MAU-{}-{}", pl.col("received").dt.strftime("%y%m%d"), "case"),
        "Mã thủ tục": pl.col("procedure_code"),
        "Tên thủ tục": pl.col("procedure_name"),
        "Cơ quan tiếp nhận": pl.col("first_name"),
        "Cơ quan đang giải quyết": pl.col("now_name"),
        "Ngày chuyển": pl.col("moved"),
        "Người nộp": person["name"],
        "Số CCCD": person["identity"],
        "Điện thoại": person["phone"],
        "Đối tượng": _word("applicant", APPLICANTS),
        "Hình thức nộp": _word("channel", CHANNELS),
        "Ngày nộp": pl.col("submitted"),
        "Ngày tiếp nhận": pl.col("received"),
        "Hạn trả": pl.col("due"),
        "Ngày xử lý xong": pl.col("ended"),
        "Ngày trả kết quả": pl.col("returned"),
        "Tình trạng": _word("status", STATES),
        "Số lần bổ sung": pl.col("supplements"),
        "Ngày yêu cầu bổ sung": pl.col("paused_from"),
        "Số ngày tạm dừng": pl.col("paused_days"),
        "Lệ phí (đồng)": _grouped(pl.col("fee")),
        "Thanh toán trực tuyến": _word("paid", PAYMENTS),
        "Thành phần số hóa": _yes(pl.col("digitised")),
        "Kết quả điện tử": pl.when(ended).then(_yes(pl.col("electronic"))),
        "Tái sử dụng dữ liệu": _yes(pl.col("reused")),
        "Định danh VNeID": _yes(pl.col("population")),
        "Kho dữ liệu cá nhân": _yes(pl.col("stored")),
        "Đã đồng bộ Cổng quốc gia": _yes(pl.col("synchronised")),
        "Đánh giá": pl.when(ended).then(_word("rating", RATINGS)),
        "Khiếu nại": _yes(pl.col("complained") & ended),
        **standing("Bước hiện tại", "Chức danh đang giữ"),
        "Kết quả thời hạn": pl.when(ended).then(_either("punctual", "Đúng hạn", "Trễ hạn")),
        "Cập nhật lúc": pl.col("updated"),
    }
    return _with_names(world, rows).select(**columns)


def _with_names(world: World, rows: pl.DataFrame) -> pl.DataFrame:
    names = world.seats.units["name_vi"]
    procedures = world.procedures.select("procedure_code", procedure_name="name_vi")
    return pl.concat([rows, procedures[rows["procedure"].to_numpy()]], how="horizontal").with_columns(
        first_name=names[rows["seat"].to_numpy()], now_name=names[rows["unit"].to_numpy()]
    )


def _word(column: str, words: dict[int, str]) -> pl.Expr:
    return pl.col(column).replace_strict(words, return_dtype=pl.String)


def _either(flag: str, yes: str, no: str) -> pl.Expr:
    return pl.when(pl.col(flag)).then(pl.lit(yes)).otherwise(pl.lit(no))


def _yes(flag: pl.Expr) -> pl.Expr:
    return pl.when(flag).then(pl.lit("Có")).otherwise(pl.lit("Không"))


def _grouped(amount: pl.Expr) -> pl.Expr:
    """Whole dong below a million with a point between the thousands."""
    thousands, rest = amount // 1000, (amount % 1000).cast(pl.String).str.zfill(3)
    return pl.when(amount >= 1000).then(pl.format("{}.{}", thousands, rest)).otherwise(amount.cast(pl.String))
