"""Whoever edits a table wrongly is told file, line, column and what to do, in both languages."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import PersonError
from pipelines.reference import load_place, load_reference

PLACE = """
code = "town"
name = { vi = "Thị trấn", en = "Town" }
time_zone = "America/New_York"
root_unit = "T"
languages = ["en"]
office_hours = [["09:00", "17:00"]]
"""
UNITS = """unit_id,tree,code,kind,level,name_vi,name_en,valid_from,valid_to,parent_id,document,latitude,longitude,sure
T,territory,T,province,0,Thị trấn,Town,,,,,,,true
N@before,territory,N,ward,1,Bắc,North,,2020-12-31,T,,,,true
N@2021,territory,N,ward,1,Bắc,North,2021-01-01,,T,,42.3,-71.0,true
S,territory,S,ward,1,Nam,South,2021-01-01,,T,,,,true
"""
SUCCESSION = "from_unit,to_unit,weight,weight_basis,document\nN@before,N@2021,0.75,people,\nN@before,S,0.25,people,\n"
Write = Callable[[str, str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def put(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return tmp_path

    put("place.toml", PLACE)
    put("reference/units.csv", UNITS)
    put("reference/succession.csv", SUCCESSION)
    return put


def complaint(data: Path) -> str:
    with pytest.raises(PersonError) as error:
        load_reference(data)
    assert error.value.vi != error.value.en
    return error.value.en


def test_a_place_needs_little(write: Write) -> None:
    reference = load_reference(write("place.toml", PLACE))
    assert reference.place.reforms == ()
    assert not reference.place.illustrative
    assert reference.procedures.is_empty()
    assert reference.procedures.schema["limit_working_days"] == pl.Int32
    assert reference.deadlines.schema["checked"] == pl.Boolean
    assert reference.published_tables == ()
    assert reference.links.filter(pl.col("basis") == "parent").height == 3
    assert sorted(reference.aliases["alias"]) == sorted(
        ["bắc", "north", "bắc", "north", "nam", "south", "thị trấn", "town"]
    )
    assert reference.calendar.filter(pl.col("sure")).is_empty()


def test_units_are_required(tmp_path: Path, write: Write) -> None:
    (tmp_path / "reference" / "units.csv").unlink()
    assert "units.csv" in complaint(tmp_path)


PROCEDURES = (
    "procedure_code,name_vi,name_en,field,level,agency,subject,online_level,has_fee,returns_paper_result,"
    "limit_working_days,parts,valid_from,valid_to,illustrative\n"
)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "document,lat",
            "documnt,lat",
            "line 1, column `documnt`: an unknown or repeated column. Did you mean `document`?",
        ),
        (",sure\n", "\n", "line 1, column `sure`: this column is missing"),
        (",42.3,", ",42.3", "line 4, column `unit_id`: the line has 13 cells, not 14"),
        ("42.3", "42,3", "line 4, column `unit_id`: the line has 15 cells"),
        ("42.3", "north", "line 4, column `latitude`: `north` is not a number"),
        ("2020-12-31", "31/12/2020", "line 3, column `valid_to`: `31/12/2020` is not a date"),
        (",,,,,,,true", ",,,,,,,yes", "line 2, column `sure`: `yes` is not true or false"),
        ("S,territory,S,ward", "S,territory,S,wards", "line 5, column `kind`: `wards` is not allowed"),
        ("South", "", "line 5, column `name_en`: the cell is empty"),
        ("S,territory,S", "N@2021,territory,S", "line 5, column `unit_id`: `N@2021` is used twice"),
        ("S,territory,S", "Sứ,territory,S", "line 5, column `unit_id`: `Sứ`: use only ASCII"),
        ("S,territory,S,ward,1", "S,territory,S,ward,2", "line 5, column `level`: level 2"),
        ("South,2021-01-01,,T", "South,2021-01-01,,X", "line 5, column `parent_id`: there is no unit `X`"),
        ("South,2021-01-01,", "South,2021-01-01,2020-01-01", "line 5, column `valid_to`: ends 2020-01-01 before"),
        ("2020-12-31", "2021-12-31", "line 3, column `code`: code `N` belongs to `N@before` and `N@2021`"),
        ("Town,,,,", "Town,,2030-12-31,,", "`N@2021` is in force while its parent `T` is not"),
        ("T,territory,T", "U,territory,T", "there is no unit `T`"),
    ],
)
def test_units_are_read_strictly(write: Write, old: str, new: str, said: str) -> None:
    assert old in UNITS
    message = complaint(write("reference/units.csv", UNITS.replace(old, new, 1)))
    assert message.startswith("units.csv, line ")
    assert said in message


def test_the_root_is_a_unit_without_an_end(write: Write) -> None:
    assert "the root unit `S`" in complaint(write("place.toml", PLACE.replace('"T"', '"S"')))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SUCCESSION.replace("0.25", "0.2"), "line 2, column `weight`: the weights of `N@before` sum to 0.95, not to 1"),
        (SUCCESSION.replace("0.25", "0"), "line 3, column `weight`: the weight 0.0 must be above 0"),
        (SUCCESSION.replace("0.75", "1.75"), "line 2, column `weight`: the weight 1.75"),
        (SUCCESSION.replace("N@2021", "X"), "line 2, column `to_unit`: there is no unit `X`"),
        (SUCCESSION.replace("N@2021", "S"), "line 3, column `to_unit`: `N@before` to `S` stands on two lines"),
        (SUCCESSION.replace("N@before", "S"), "is not in force on the day after `S` ended"),
        (SUCCESSION.splitlines()[0] + "\n", "`N@before` has ended but nothing succeeds it"),
    ],
)
def test_successions_are_checked(write: Write, text: str, said: str) -> None:
    message = complaint(write("reference/succession.csv", text))
    assert message.startswith("succession.csv")
    assert said in message


def test_a_name_may_not_mean_two_units_at_a_time(write: Write) -> None:
    text = "alias,tree,unit_id\nUptown,territory,S\nUPTOWN ,territory,N@2021\n"
    message = complaint(write("reference/aliases.csv", text))
    assert "aliases.csv, line 2, column `alias`: `uptown` also names `N@2021` at the same time" in message


def test_a_name_may_be_handed_on(write: Write) -> None:
    text = "alias,tree,unit_id\nUptown,territory,S\nUptown,territory,N@before\n"
    reference = load_reference(write("reference/aliases.csv", text))
    assert reference.aliases.filter(pl.col("alias") == "uptown").height == 2


def test_a_units_own_name_gives_way_to_a_written_alias(write: Write) -> None:
    reference = load_reference(write("reference/aliases.csv", "alias,tree,unit_id\nSouth,territory,N@2021\n"))
    assert reference.aliases.filter(pl.col("alias") == "south")["unit_id"].to_list() == ["N@2021"]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("days_off.csv", "day,kind,name_vi,name_en,document,sure\n2026-01-01,off,a,b,,true\n2026-01-01,off,a,b,,true\n",
         "line 3, column `day`: the day 2026-01-01 stands on two lines"),
        ("days_off.csv", "day,kind,name_vi,name_en,document,sure\n2026-01-05,worked,a,b,,true\n",
         "line 2, column `kind`: 2026-01-05 is a weekday"),
        ("categories.csv", "code,parent,name_vi,name_en\na,,a,a\na-b,x,b,b\n",
         "line 3, column `parent`: `x` is not in"),
        ("categories.csv", "code,parent,name_vi,name_en\na,,a,a\nb,a,b,b\nc,b,c,c\n",
         "line 4, column `parent`: `b` is not"),
        ("deadlines.csv", "category,priority,valid_from,valid_to,working_days,hours,basis,document,checked\n"
         "roads,normal,,,5,,law,,true\n", "line 2, column `category`: `roads` is not in categories.csv"),
        ("targets.csv", "indicator,unit_id,valid_from,valid_to,value,basis,document,checked\nx,X,,,1,plan,,true\n",
         "line 2, column `unit_id`: `X` is not in units.csv"),
        ("procedures.csv", f"{PROCEDURES}1,a,b,LAND,commune,,both,full,true,true,5,,,,true\n",
         "line 2, column `field`: `LAND` is not in fields.csv"),
        ("procedures.csv", f"{PROCEDURES}1,a,b,LAND,commune,,child,full,true,true,5,,,,true\n",
         "line 2, column `subject`: `child` is not allowed"),
        ("published_tables.toml", '[t]\nname = {vi="a", en="b"}\ntree = "party"\nindicators = ["x"]\nperiod = "day"\n'
         'basis = "as_was"\n', "period month|quarter|year"),
        ("published_tables.toml", '[t]\nname = {vi="a", en="b"}\ntre = "party"\nindicators = ["x"]\nperiod = "year"\n'
         'basis = "as_was"\n', "tre"),
    ],
)  # fmt: skip
def test_lists_are_read_strictly(write: Write, name: str, text: str, said: str) -> None:
    message = complaint(write(f"reference/{name}", text))
    assert message.startswith(name)
    assert said in message


def test_a_promise_is_in_days_or_in_hours(write: Write) -> None:
    write("reference/categories.csv", "code,parent,name_vi,name_en\nroads,,a,a\n")
    header = "category,priority,valid_from,valid_to,working_days,hours,basis,document,checked\n"
    message = complaint(write("reference/deadlines.csv", header + "roads,normal,,,5,24,law,,true\n"))
    assert "exactly one of working_days and hours" in message


def test_a_quoted_line_break_does_not_shift_the_line(write: Write) -> None:
    text = UNITS.replace("Bắc,North,,", '"Bắc\nhai",North,,').replace("South", "")
    assert "line 6, column `name_en`" in complaint(write("reference/units.csv", text))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("root_unit", "root_unti", "unknown key `root_unti`. Did you mean `root_unit`?"),
        ('code = "town"', "", "the key `code` is missing"),
        ("America/New_York", "America/Nowhere", "Nowhere"),
        ('"17:00"', '"18:00"', "must add up to 8 hours, not 9"),
        ('[["09:00", "17:00"]]', '[["13:00", "17:00"], ["07:00", "11:00"]]', "must follow one another"),
        ('["en"]', '["fr"]', "languages"),
        ('{ vi = "Thị trấn", en = "Town" }', '{ en = "Town" }', "vi"),
        ('["en"]', '["en"]\nreport_month_day = 31', "report_month_day"),
        (
            '["en"]',
            '["en"]\nreforms = [{ day = "2025-07-01", basis = "before_2025", name = {vi="a",en="b"} }]',
            "without quotes",
        ),
        ('["en"]', '["en"]\nreforms = [{ day = 2025-07-01, basis = "2025", name = {vi="a",en="b"} }]', "before_2025"),
        ('["en"]', '["en"', "not valid TOML"),
    ],
)
def test_the_place_is_read_strictly(write: Write, old: str, new: str, said: str) -> None:
    assert old in PLACE
    message = complaint(write("place.toml", PLACE.replace(old, new, 1)))
    assert message.startswith("place.toml")
    assert said in message


def test_a_place_without_a_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(PersonError, match=r"place\.toml"):
        load_place(tmp_path)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ("commune,STP,both,full,true,true,5,7", "line 2, column `agency`: `STP` is not in units.csv"),
        ("commune,,both,full,true,true,5,8", "line 2, column `parts`: 8 is not between 0 and 7"),
        ("commune,,both,full,true,true,5,-1", "line 2, column `parts`: -1 is not between 0 and 7"),
    ],
)
def test_a_procedure_names_a_known_agency_and_at_most_seven_parts(write: Write, cells: str, said: str) -> None:
    write("reference/fields.csv", "code,name_vi,name_en\nDD,a,a\n")
    assert said in complaint(write("reference/procedures.csv", f"{PROCEDURES}1,a,b,DD,{cells},,,true\n"))
