"""From the words of one entry to a checked indicator: every expression compiled against its fact."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pipelines.catalogue.formula import Tree, parse_formula
from pipelines.catalogue.indicator import Indicator, Target, Way
from pipelines.catalogue.shape import Shape
from pipelines.catalogue.weights import as_published, check_weights
from pipelines.catalogue.written import OF_KIND, check_entry, complaint
from pipelines.expression import Expression, RefusedError, compile_expression

DEFAULT_MINIMUM_N: Final = 10
# Moves are booked on this day by the machine itself, for every stock; no entry may place rows on it.
MOVE_DAY: Final = "moved_on"
# Column of an entry -> the kinds of value that its expression may give.
VALUES: Final[Mapping[str, tuple[str, ...]]] = {
    "numerator": ("boolean", "number"),
    "denominator": ("boolean", "number"),
    "amount": ("number",),
    "value": ("number",),
    "where": ("boolean",),
}


class _Entry:
    """One entry while it is being read: where it stands, and the fact it speaks of."""

    def __init__(self, file: Path, name: str, written: Mapping[str, Any], shapes: Mapping[str, Shape]) -> None:
        check_entry(file, name, written)
        self.file, self.name, self.written, self.shapes = file, name, written, shapes

    def shape(self) -> Shape | None:
        """The fact of the entry; None for formulas, ages and series, which have none of their own."""
        fact = self.written.get("fact")
        if fact is None:
            return None
        if fact not in self.shapes:
            listed = ", ".join(sorted(self.shapes))
            raise complaint(self.file, self.name, f"không có dữ liệu `{fact}`; hiện có: {listed}.",
                            f"speaks of an unknown fact `{fact}`; there are: {listed}.")
        return self.shapes[fact]

    def compiled(self, key: str, text: str, shape: Shape) -> Expression:
        """The expression under `key`; PersonError when it is refused or gives the wrong kind of value."""
        try:
            found = compile_expression(text, shape.columns)
        except RefusedError as error:
            raise complaint(self.file, self.name, f"`{key}`: {error.vi}.", f"`{key}`: {error.en}.") from error
        wanted = VALUES[key.split(".")[-1]]
        if found.kind not in wanted:
            raise complaint(self.file, self.name, f"`{key}` phải cho ra {'/'.join(wanted)}.",
                            f"`{key}` must give a {' or '.join(wanted)}, not a {found.kind}.")
        return found

    def column(self, key: str, column: str, shape: Shape, kinds: tuple[str, ...]) -> str:
        """`column` when the fact has it and it holds one of `kinds`; PersonError else."""
        if shape.columns.get(column) not in kinds or column == MOVE_DAY:
            said, wanted = f"`{key}` = “{column}”", "/".join(kinds)
            raise complaint(self.file, self.name, f"{said} không phải cột {wanted} của {shape.name}.",
                            f"{said} is no {wanted} column of {shape.name}.")
        return column

    def thing(self, said: str | list[str], shape: Shape) -> str:
        """SQL of what is counted: a text column, or several that together name one thing."""
        names = [said] if isinstance(said, str) else said
        return " || '|' || ".join(self.column("thing", name, shape, ("text",)) for name in names)

    def way(self, key: str, shape: Shape) -> Way:
        """One door of a stock."""
        said = self.written[key]
        where = self.compiled(f"{key}.where", said["where"], shape) if "where" in said else None
        return Way(self.column(f"{key}.day", said["day"], shape, ("date",)), where)


def read_entry(
    file: Path, name: str, written: Mapping[str, Any], position: int, desk: Mapping[str, Any],
    shapes: Mapping[str, Shape],
) -> Indicator:
    """The checked indicator of one entry. Raises PersonError naming file, entry, key and the cure."""
    entry = _Entry(file, name, written, shapes)
    kind = written["kind"]
    computing = _computing(entry, kind, written)
    return Indicator(
        id=name, code=written["code"], desk=file.stem, position=position, kind=kind, measure=written["unit"],
        better=written["better"], minimum_n=written.get("minimum_n", DEFAULT_MINIMUM_N),
        rhythm=written["rhythm"], clearance=written.get("clearance", desk.get("clearance", "state")),
        sensitive=written.get("sensitive", False), adds=_adds(kind, written), name=written["name"],
        short=written["short"], definition=written["definition"], owner=written.get("owner", desk["name"]),
        target=_target(written.get("target")), legal=tuple(written.get("legal", ())), file=file,
        spec=_spec(kind, written, computing.get("tree")), **computing,
    )


def _adds(kind: str, written: Mapping[str, Any]) -> bool:
    return bool(written.get("adds", kind in ("count", "stock")))


def _target(said: Mapping[str, Any] | None) -> Target | None:
    if said is None:
        return None
    return Target(float(said["value"]), said["from"], said["basis"], said.get("document", ""),
                  said.get("checked", False))


def _spec(kind: str, written: Mapping[str, Any], tree: object) -> dict[str, Any]:
    spec = {key: written[key] for key in (*OF_KIND[kind], "settings", "part") if key in written}
    if "weights" in written:
        spec["weights"] = as_published(written["weights"])
    # The tree stands beside the text, so that whoever evaluates a formula needs no parser.
    return spec if tree is None else spec | {"tree": tree}


def _computing(entry: _Entry, kind: str, written: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of an Indicator that only its kind fills."""
    found: dict[str, Any] = {key: written[key] for key in ("over", "series", "ages_of", "carried_by") if key in written}
    tree = _formula(entry, written["expression"]) if kind == "formula" else 0.0
    check_weights(entry.file, entry.name, written.get("weights", ()), tree)
    if kind == "formula":
        return found | {"tree": tree}
    shape = entry.shape()
    if shape is None:
        return found | ({"fact": "reported_value", "day": "period_end"} if kind == "reported" else {})
    found["fact"] = shape.name
    found |= {key: entry.compiled(key, written[key], shape) for key in VALUES if key in written}
    if kind == "stock":
        return found | _doors(entry, shape, written)
    found["day"] = entry.column("day", written["day"], shape, ("date",))
    if "thing" in written:
        found["thing"] = entry.thing(written["thing"], shape)
    return found


def _doors(entry: _Entry, shape: Shape, written: Mapping[str, Any]) -> dict[str, Any]:
    entered = entry.way("entered", shape)
    since = written.get("since")
    return {
        "entered": entered, "left": entry.way("left", shape), "day": entered.day,
        "ages": written.get("ages", False),
        "since": entry.column("since", since, shape, ("date",)) if since else None,
    }


def _formula(entry: _Entry, text: str) -> Tree:
    try:
        return parse_formula(text)
    except RefusedError as error:
        raise complaint(entry.file, entry.name, f"`expression`: {error.vi}.", f"`expression`: {error.en}.") from error
