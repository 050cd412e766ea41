"""One formatter serves screen, chart, table and every file, so that a number looks the same wherever it stands.

Rounding is half-even, on the decimal digits that a person would write. Shares become percentages here only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from dashboard.periods import DAY, MONTH, QUARTER, RANGE, YEAR, Period
from dashboard.words import word

THIN: Final = "\u202f"  # narrow and unbreakable: stands before % and between a number and its unit
MINUS: Final = "\u2212"
NOTHING: Final = "—"
_SEPARATORS: Final = {"vi": (",", "."), "en": (".", ",")}  # decimal, thousands
_DIGITS: Final = {"percent": 1, "point": 2, "times": 2, "million_vnd": 1, "billion_vnd": 1, "million_usd": 1}
_MONTHS_EN: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_HUNDRED: Final = Decimal(100)
_LARGE_VND: Final = ((Decimal(10) ** 12, "trillion"), (Decimal(10) ** 9, "billion"), (Decimal(10) ** 6, "million"))


def rounded(value: float | Decimal, digits: int) -> Decimal:
    """Half-even to `digits` decimals, from the shortest text of the number: 0.8765 means 0.8765."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    return exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_EVEN)


Day = date  # the formatter has a method of that name


@dataclass(frozen=True)
class Formatter:
    """Formats for one language ("vi" or "en"). None is shown as a dash."""

    lang: str

    @property
    def separators(self) -> str:
        """Decimal and thousands separator, as Plotly's `layout.separators` wants them."""
        return "".join(_SEPARATORS[self.lang])

    def number(self, value: float | Decimal | None, digits: int = 0) -> str:
        """1.234.567,8 in Vietnamese, 1,234,567.8 in English."""
        if value is None:
            return NOTHING
        decimal, thousands = _SEPARATORS[self.lang]
        exact = rounded(value, digits)
        sign = MINUS if exact < 0 else ""
        whole, _, rest = f"{abs(exact):,f}".partition(".")
        return sign + whole.replace(",", thousands) + (decimal + rest if rest else "")

    def count(self, value: float | None) -> str:
        """A number of things: carried parts of things are rounded to whole ones here."""
        return self.number(value, 0)

    def percent(self, share: float | None, digits: int = 1) -> str:
        """A share 0..1 as 95,3 %."""
        return NOTHING if share is None else f"{self._percent(share, digits)}{THIN}%"

    def _percent(self, share: float, digits: int) -> str:
        return self.number(Decimal(repr(float(share))) * _HUNDRED, digits)

    def points(self, share: float | None, digits: int = 1) -> str:
        """The difference of two shares, with its sign, in percentage points (điểm %)."""
        if share is None:
            return NOTHING
        text = self._percent(share, digits)
        plus = "+" if not text.startswith(MINUS) and text.strip("0,.") else ""
        return f"{plus}{text}{THIN}{word('format.points', self.lang)}"

    def change(self, value: float | None, measure: str) -> str:
        """The difference of two values of a measure, with its sign."""
        if value is None:
            return NOTHING
        if measure == "percent":
            return self.points(value)
        text = self.value(value, measure)
        return text if text.startswith(MINUS) or value == 0 else f"+{text}"

    def value(self, value: float | None, measure: str, digits: int | None = None) -> str:
        """A value with its unit, as people read it."""
        if value is None:
            return NOTHING
        if measure == "percent":
            return self.percent(value, _DIGITS[measure] if digits is None else digits)
        unit = self.unit(measure)
        text = self.number(value, _DIGITS.get(measure, 0) if digits is None else digits)
        return f"{text}{THIN}{unit}" if unit else text

    def unit(self, measure: str) -> str:
        """The word behind a number of this measure; empty for plain counts."""
        return "" if measure == "count" else word(f"measure.{measure}", self.lang)

    def bare(self, value: float | None, measure: str) -> str:
        """The value without its unit, for tiles and tables that print the unit apart."""
        if value is None:
            return NOTHING
        if measure == "percent":
            return self._percent(value, _DIGITS[measure])
        return self.number(value, _DIGITS.get(measure, 0))

    def money(self, vnd: float | None, digits: int = 1) -> str:
        """An amount in đồng, in the largest unit that leaves a number of at least one."""
        if vnd is None:
            return NOTHING
        exact = Decimal(repr(float(vnd)))
        for size, name in _LARGE_VND:
            if abs(exact) >= size:
                return f"{self.number(exact / size, digits)}{THIN}{word(f'format.{name}_vnd', self.lang)}"
        return f"{self.number(exact)}{THIN}{word('measure.vnd', self.lang)}"

    def interval(self, low: float, high: float, measure: str = "percent") -> str:
        """Two ends of an interval, the unit once."""
        if measure == "percent":
            return f"{self._percent(low, 1)}–{self._percent(high, 1)}{THIN}%"
        return f"{self.bare(low, measure)}–{self.value(high, measure)}"

    def date(self, day: Day | None) -> str:
        """22/11/2026, or 22 Nov 2026."""
        if day is None:
            return NOTHING
        if self.lang == "vi":
            return f"{day.day:02d}/{day.month:02d}/{day.year}"
        return f"{day.day} {_MONTHS_EN[day.month - 1]} {day.year}"

    def day_month(self, day: Day) -> str:
        """22/11, or 22 Nov: for an axis of weeks."""
        return f"{day.day:02d}/{day.month:02d}" if self.lang == "vi" else f"{day.day} {_MONTHS_EN[day.month - 1]}"

    def moment(self, at: datetime | None) -> str:
        """A date with hour and minute; the caller has brought it to the place's time."""
        return NOTHING if at is None else f"{self.date(at.date())} {at.hour:02d}:{at.minute:02d}"

    def month(self, day: Day) -> str:
        """T10/26, or Oct 26: for axes."""
        short = f"{day.year % 100:02d}"
        return f"T{day.month}/{short}" if self.lang == "vi" else f"{_MONTHS_EN[day.month - 1]} {short}"

    def tick(self, period: Period) -> str:
        """A period as briefly as an axis needs it."""
        if period.grain == MONTH:
            return self.month(period.last if period.report_day else period.first)
        if period.grain == QUARTER:
            return f"Q{(period.last.month - 1) // 3 + 1}/{period.last.year % 100:02d}"
        if period.grain == YEAR:
            return str(period.last.year)
        return self.date(period.first) if period.grain == DAY else self.period(period)

    def period(self, period: Period) -> str:
        """A period in words: tháng 10/2026, quý III/2026, báo cáo tháng 10/2026 (15/09–14/10)."""
        if period.grain == RANGE:
            return f"{self.date(period.first)} – {self.date(period.last)}"
        if period.grain == DAY:
            return self.date(period.first)
        month = period.last.month
        text = word(
            f"format.{period.grain}", self.lang, year=period.last.year, month=month,
            name=_MONTHS_EN[month - 1], quarter=("I", "II", "III", "IV")[(month - 1) // 3], number=(month - 1) // 3 + 1,
        )  # fmt: skip
        if not period.report_day:
            return text
        days = f"{self.date(period.first)} – {self.date(period.last)}"
        return word("format.report", self.lang, period=text, days=days)

    def told_of(self, period: Period) -> str:
        """What a bureau calls the period of its figure: whole months from January on are the first nine of a year."""
        first, last = period.first, period.last
        begins = (first.month, first.day) == (1, 1) and first.year == last.year
        if period.grain != RANGE or not begins or (last + timedelta(1)).day != 1:
            return self.period(period)
        return word("format.since_january", self.lang, n=last.month, year=last.year)


def tickformat(measure: str) -> str:
    """The d3 format of an axis; shares become percentages there too."""
    return {"percent": ".0%", "point": ",.1f"}.get(measure, ",~f")


def hoverformat(measure: str) -> str:
    """The d3 format of a value under the pointer."""
    if measure == "percent":
        return f".{_DIGITS[measure]}%"
    return f",.{_DIGITS.get(measure, 0)}f"


def xlsx_format(measure: str) -> str:
    """The number format of a spreadsheet cell; the reader's own program writes its separators."""
    if measure == "percent":
        return "0.0%"
    digits = _DIGITS.get(measure, 0)
    return "#,##0" + ("." + "0" * digits if digits else "")
