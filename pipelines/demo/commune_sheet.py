"""The communes' one-stop system: national code lists, semicolons, packed times, and every personal column it has."""

from __future__ import annotations

from typing import Final

import polars as pl

from pipelines.demo.filings import World
from pipelines.demo.people import invented_people
from pipelines.demo.steps import standing

SOURCE: Final = "mot_cua_xa"
LEVELS: Final = {"district": 2, "commune": 3}


def commune_sheet(world: World, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of `view.changed` as this system exports them (one typed frame, columns in the sender's words)."""
    ended = pl.col("ended").is_not_null()
    return _with_names(world, rows).select(
        MaHoSo=pl.format("MAU.{}-{}-{}", "first_code", pl.col("received").dt.strftime("%y%m%d"), "case"),
        MaTTHC="procedure_code",
        TenTTHC="procedure_name",
        MaLinhVuc="field",
        CapThucHien=pl.col("level").replace_strict(LEVELS, return_dtype=pl.Int64),
        KenhThucHien="channel",
        LoaiDoiTuong="applicant",
        **_persons(),
        MaXaThuongTru="home_code",
        DonViTiepNhan="first_code",
        DonViXuLy="now_code",
        NgayChuyen="moved",
        NgayNopHoSo="submitted",
        NgayTiepNhan="received",
        NgayHenTra=pl.when(~pl.col("waits")).then("due"),
        NgayKetThucXuLy="ended",
        NgayTra="returned",
        TrangThaiHoSo="status",
        SoLanBoSung="supplements",
        NgayYeuCauBoSung="paused_from",
        SoNgayTamDung="paused_days",
        TongLePhi="fee",
        DuocThanhToanTrucTuyen=_unless(pl.col("paid"), 0),
        HoSoCoThanhPhanSoHoa=pl.col("digitised").cast(pl.Int64),
        CoKetQuaDienTu=pl.when(ended).then(pl.col("electronic").cast(pl.Int64)),
        CoTaiSuDung=pl.col("reused").cast(pl.Int64),
        TaiKhoanDuocXacThucVoiVNeID=pl.col("population").cast(pl.Int64),
        DuocLayTuKhoDMQG=pl.col("stored").cast(pl.Int64),
        DaDongBo=pl.col("synchronised").cast(pl.Int64),
        DanhGia=pl.when(ended).then(_unless(pl.col("rating"), 0)),
        CoKhieuNai=(pl.col("complained") & ended).cast(pl.Int64),
        **standing("BuocHienTai", "ChucDanhDangGiu"),
        DungHan=pl.when(ended).then(pl.col("punctual").cast(pl.Int64)),
        NgayCapNhat="updated",
    )


def _persons() -> dict[str, pl.Expr]:
    person = invented_people(pl.col("case"))
    headings = ("ChuHoSo", "SoGiayToChuHoSo", "SoDienThoai", "Email")
    return dict(zip(headings, (person[key] for key in ("name", "identity", "phone", "email")), strict=True))


def _with_names(world: World, rows: pl.DataFrame) -> pl.DataFrame:
    codes = world.seats.units["code"]
    procedures = world.procedures.select("procedure_code", "field", procedure_name="name_vi")
    return pl.concat([rows, procedures[rows["procedure"].to_numpy()]], how="horizontal").with_columns(
        first_code=codes[rows["seat"].to_numpy()],
        now_code=codes[rows["unit"].to_numpy()],
        home_code=codes[rows["home"].to_numpy()],
    )


def _unless(column: pl.Expr, empty: int) -> pl.Expr:
    return pl.when(column != empty).then(column)
