"""Text means what the mapping says it means, and what cannot be understood is never silently empty."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from pipelines.map import Mapped, make_plan, map_rows
from pipelines.mapping import SourceMapping
from tests.pipelines.loading import DOSSIERS, mapping, rows, shipped

ARRIVED = datetime(2026, 11, 1, 9, 0)


def mapped(text: pl.DataFrame, one: SourceMapping) -> Mapped:
    plan = make_plan(one, one.fact, one.columns, frozenset(text.columns), shipped(), ARRIVED)
    return map_rows(text.with_columns(pl.int_range(2, text.height + 2, dtype=pl.Int64).alias("_line")), plan)


def cells(folder: Path, column: str, *texts: str | None, header: str = "", toml: str = DOSSIERS) -> list[object]:
    """What the contract column makes of each text; a rule's name where it cannot."""
    one = mapping(folder, toml)
    taken = header or str(one.columns[column].header)
    result = mapped(rows(*({taken: text} for text in texts)), one)
    faults = dict(result.problems.filter(pl.col("column") == column).select("line", "rule").rows())
    return [faults.get(line, value) for line, value in result.rows.select("line", column).rows()]


def test_a_date_is_read_in_the_declared_styles_and_no_other(tmp_path: Path) -> None:
    assert cells(
        tmp_path,
        "received_at",
        *("03/04/2025 08:15:09", "03/04/2025 08:15", "3/4/2025", " 03/04/2025 ", "", None),
        *("2025-04-03", "04-03-2025", "31/02/2025", "00/00/0000", "12/25/2025", "sáng mai"),
    ) == [
        *(datetime(2025, 4, 3, 8, 15, 9), datetime(2025, 4, 3, 8, 15), datetime(2025, 4, 3)),
        *(datetime(2025, 4, 3), None, None),
        *["date_is_readable"] * 6,
    ]


def test_years_are_plausible_per_column(tmp_path: Path) -> None:
    assert cells(tmp_path, "ended_at", "01/01/2062", "01/01/0026", "01/01/20226") == [
        "year_is_plausible",
        "year_is_plausible",
        "date_is_readable",
    ]
    assert cells(tmp_path / "due", "due_at", "31/12/2059", "31/12/2062") == [
        datetime(2059, 12, 31),
        "year_is_plausible",
    ]


def test_an_offset_is_obeyed_before_the_time_becomes_a_day(tmp_path: Path) -> None:
    toml = DOSSIERS.replace('"%d/%m/%Y %H:%M:%S"', '"%Y-%m-%dT%H:%M:%S%.f%:z"')
    late, early = "2025-03-03T23:30:00+01:00", "2025-03-04T00:30:00.250+09:00"
    assert cells(tmp_path, "received_at", late, early, toml=toml) == [
        datetime(2025, 3, 4, 5, 30),
        datetime(2025, 3, 3, 22, 30, 0, 250_000),
    ]


def test_a_time_without_offset_is_of_the_zone_that_the_mapping_names(tmp_path: Path) -> None:
    toml = DOSSIERS.replace("years = [2015, 2035]", 'years = [2015, 2035]\nzone = "UTC"', 1)
    assert cells(tmp_path, "received_at", "03/03/2025 20:00", toml=toml) == [datetime(2025, 3, 4, 3, 0)]


def test_excel_serials_are_dates_only_where_declared(tmp_path: Path) -> None:
    assert cells(tmp_path, "received_at", "46086") == ["date_is_readable"]
    toml = DOSSIERS.replace('received_at = "nhan"', 'received_at = { column = "nhan", styles = ["excel"] }')
    found = cells(tmp_path / "excel", "received_at", "46086", "46086,5", "x", toml=toml)
    assert found == [datetime(2026, 3, 5), datetime(2026, 3, 5, 12), "date_is_readable"]


def test_a_real_date_of_a_workbook_is_one_whatever_the_sender_types(tmp_path: Path) -> None:
    texts = ["2025-04-03", "2025-04-03 08:15:00", "03/04/2025", "2025-04-03 08:15:00+00:00"]
    assert cells(tmp_path, "received_at", *texts[:2]) == ["date_is_readable"] * 2
    toml = DOSSIERS + '\n[file]\nformats = ["xlsx"]\n'
    assert cells(tmp_path / "xlsx", "received_at", *texts, toml=toml) == [
        *(datetime(2025, 4, 3), datetime(2025, 4, 3, 8, 15)),
        *(datetime(2025, 4, 3), datetime(2025, 4, 3, 15, 15)),
    ]


@pytest.mark.parametrize(
    ("style", "texts", "expected"),
    [
        ("vi", ["1.500", "1.234,56", "12.345", "1500", "-5", "1,5"], ["1500", "1234.56", "12345", "1500", "-5", "1.5"]),
        ("en", ["1,500", "1,234.56", "12,345", "1.5"], ["1500", "1234.56", "12345", "1.5"]),
        ("plain", ["1500", "1234.56", "1.5e3"], ["1500", "1234.56", "1500"]),
    ],
)
def test_numbers_are_written_as_their_country_writes(
    tmp_path: Path, style: str, texts: list[str], expected: list[str]
) -> None:
    toml = DOSSIERS.replace('numbers = "vi"', f'numbers = "{style}"')
    assert cells(tmp_path, "fee_amount", *texts, toml=toml) == [Decimal(one) for one in expected]


@pytest.mark.parametrize("text", ["1.50", "1.5000", "NaN", "inf", "95,5%", "1 500", "0x10", "1.500.00", "--5", "９"])
def test_what_is_no_vietnamese_number_is_not_guessed(tmp_path: Path, text: str) -> None:
    assert cells(tmp_path, "fee_amount", text) == ["number_is_readable"]


def test_a_count_is_whole_and_fits(tmp_path: Path) -> None:
    found = cells(tmp_path, "supplement_count", "2", "2,0", "2,5", "99999999999999999999", header="bo_sung")
    assert found == [2, 2, "number_is_readable", "number_is_readable"]


def test_words_are_translated_whatever_their_case_or_refused(tmp_path: Path) -> None:
    assert cells(tmp_path, "channel", "1", " 2 ", "", "-", "3") == [
        *("counter", "online", "counter", "counter"),
        "channel_is_known",
    ]
    toml = DOSSIERS.replace(
        'fee_amount = "phi"', 'has_fee = { column = "phi", values = { "Có" = true, "không" = false } }'
    )
    assert cells(tmp_path / "bool", "has_fee", "có", "KHÔNG", "x", "1", "TRUE", toml=toml) == [
        *(True, False),
        *["yes_or_no_is_known"] * 3,
    ]


def test_without_a_table_of_words_nothing_is_a_yes(tmp_path: Path) -> None:
    toml = DOSSIERS.replace('fee_amount = "phi"', 'has_fee = "phi"')
    assert cells(tmp_path, "has_fee", "true", "1", "", toml=toml) == ["yes_or_no_is_known", "yes_or_no_is_known", None]


def test_codes_stay_text(tmp_path: Path) -> None:
    found = cells(tmp_path, "case_id", "00123", "1E5", "012345678901234567890")
    assert found == ["00123", "1E5", "012345678901234567890"]


def test_a_style_without_days_means_the_first_or_the_last(tmp_path: Path) -> None:
    toml = DOSSIERS.replace(
        "updated_at =", 'submitted_on = { column = "nam", styles = ["%Y", "%m/%Y"], take = "last" }\nupdated_at ='
    )
    found = cells(tmp_path, "submitted_on", "2024", "02/2024", "2/24", header="nam", toml=toml)
    assert found == [date(2024, 12, 31), date(2024, 2, 29), "year_is_plausible"]


def test_columns_that_no_contract_names_never_leave(tmp_path: Path) -> None:
    result = mapped(rows({}), mapping(tmp_path))
    assert "Nguyễn Thị Ẩn Danh" not in str(result.rows.to_dicts())
    assert set(result.rows.columns) == {"line", *mapping(tmp_path).fact.mapped}


def test_a_row_with_several_faults_names_them_all(tmp_path: Path) -> None:
    result = mapped(rows({}, {"nhan": "x", "phi": "y", "don_vi": "z"}), mapping(tmp_path))
    assert sorted(result.problems.rows()) == [
        (3, "date_is_readable", "received_at"),
        (3, "number_is_readable", "fee_amount"),
        (3, "unit_is_known", "unit_at_receipt"),
    ]
