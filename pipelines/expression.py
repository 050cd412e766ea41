"""A line of the catalogue becomes SQL only when every word of it is on a short list of harmless ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

Kind = Literal["boolean", "number", "text", "date", "time"]
KINDS: Final[tuple[str, ...]] = get_args(Kind)

# Node -> the arguments it may carry. What is not written here does not exist: a new argument of a new sqlglot
# version is refused until somebody has looked at it.
ALLOWED: Final[Mapping[type[exp.Expr], frozenset[str]]] = {
    exp.Column: frozenset({"this"}),
    exp.Identifier: frozenset({"this"}),
    exp.Literal: frozenset({"this", "is_string"}),
    exp.Boolean: frozenset({"this"}),
    exp.Null: frozenset(),
    exp.Paren: frozenset({"this"}),
    exp.EQ: frozenset({"this", "expression"}),
    exp.NEQ: frozenset({"this", "expression"}),
    exp.LT: frozenset({"this", "expression"}),
    exp.LTE: frozenset({"this", "expression"}),
    exp.GT: frozenset({"this", "expression"}),
    exp.GTE: frozenset({"this", "expression"}),
    exp.And: frozenset({"this", "expression"}),
    exp.Or: frozenset({"this", "expression"}),
    exp.Not: frozenset({"this"}),
    exp.Is: frozenset({"this", "expression"}),
    exp.In: frozenset({"this", "expressions"}),
    exp.Between: frozenset({"this", "low", "high"}),
    exp.Add: frozenset({"this", "expression"}),
    exp.Sub: frozenset({"this", "expression"}),
    exp.Mul: frozenset({"this", "expression"}),
    exp.Neg: frozenset({"this"}),
    exp.Coalesce: frozenset({"this", "expressions"}),
    exp.Case: frozenset({"ifs", "default"}),
    exp.If: frozenset({"this", "true"}),
}
COMPARED: Final = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE)
COUNTED: Final = (exp.Add, exp.Sub, exp.Mul)
PLAIN_NUMBER: Final = re.compile(r"\d{1,15}(\.\d{1,6})?")


class RefusedError(ValueError):
    """The expression says something that a catalogue may not say; `vi` and `en` name it."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(en)
        self.vi = vi
        self.en = en


@dataclass(frozen=True)
class Expression:
    """A checked expression over one row of a fact: its SQL, what kind of value it gives, what it reads."""

    sql: str
    kind: Kind
    columns: frozenset[str]


def compile_expression(text: str, columns: Mapping[str, Kind]) -> Expression:
    """Check `text` against the columns of one fact and write it anew, without comments.

    Raises RefusedError for anything but one tree of allowed nodes over known columns of fitting kinds.
    """
    tree = parse_one(text)
    _check_nodes(tree)
    read = frozenset(column.name for column in tree.find_all(exp.Column))
    unknown = sorted(read - columns.keys())
    if unknown:
        raise RefusedError(f"dữ liệu không có cột `{unknown[0]}`", f"the fact has no column `{unknown[0]}`")
    kind = _kind(tree, columns)
    if kind is None:
        raise RefusedError("biểu thức luôn rỗng", "the expression is always null")
    return Expression(tree.sql(dialect="duckdb", comments=False), kind, read)


def parse_one(text: str) -> exp.Expr:
    """The single tree that `text` is. Raises RefusedError for none, several, or no SQL at all."""
    try:
        trees = sqlglot.parse(text, dialect="duckdb")
    except (SqlglotError, RecursionError) as error:
        raise RefusedError("không phải là biểu thức", "not an expression") from error
    if len(trees) != 1 or not isinstance(trees[0], exp.Expr):
        raise RefusedError("phải có đúng một biểu thức", "exactly one expression is needed")
    return trees[0]


def _not_allowed(what: str) -> RefusedError:
    return RefusedError(f"không được dùng `{what}`", f"`{what}` is not allowed")


def _check_nodes(tree: exp.Expr) -> None:
    for node in tree.walk():
        allowed = ALLOWED.get(type(node))
        if allowed is None:
            raise _not_allowed(type(node).__name__)
        extra = sorted(name for name, value in node.args.items() if name not in allowed and value)
        if extra:
            raise _not_allowed(f"{type(node).__name__}.{extra[0]}")
        if isinstance(node, exp.Literal) and not node.is_string and not PLAIN_NUMBER.fullmatch(node.name):
            raise RefusedError(f"`{node.name}` không phải số thường", f"`{node.name}` is not a plain number")


def _kind(node: exp.Expr, columns: Mapping[str, Kind]) -> Kind | None:
    """The kind of value of a checked tree; None for the literal NULL."""
    if isinstance(node, exp.Column):
        return columns[node.name]
    if isinstance(node, exp.Literal):
        return "text" if node.is_string else "number"
    if isinstance(node, exp.Null):
        return None
    if isinstance(node, exp.Paren):
        return _kind(node.this, columns)
    if isinstance(node, exp.Case):
        return _case(node, columns)
    if isinstance(node, exp.Coalesce):
        return _same([node.this, *node.expressions], columns)
    if isinstance(node, (*COUNTED, exp.Neg)):
        _all_of("number", node.iter_expressions(), columns)
        return "number"
    _check_condition(node, columns)
    return "boolean"


def _check_condition(node: exp.Expr, columns: Mapping[str, Kind]) -> None:
    rules: dict[type[exp.Expr] | tuple[type[exp.Expr], ...], Callable[[], object]] = {
        exp.Boolean: lambda: None,
        COMPARED: lambda: _comparable([node.this, node.expression], columns),
        (exp.And, exp.Or, exp.Not): lambda: _all_of("boolean", node.iter_expressions(), columns),
        exp.Is: lambda: _is(node, columns),
        exp.In: lambda: _in(node, columns),
        exp.Between: lambda: _comparable([node.this, node.args["low"], node.args["high"]], columns),
    }
    for kinds, rule in rules.items():
        if isinstance(node, kinds):
            rule()
            return
    raise _not_allowed(type(node).__name__)


def _is(node: exp.Expr, columns: Mapping[str, Kind]) -> None:
    if not isinstance(node.expression, exp.Null | exp.Boolean):
        raise RefusedError("IS chỉ đi với NULL, TRUE, FALSE", "IS goes with NULL, TRUE or FALSE")
    if isinstance(node.expression, exp.Boolean):
        _all_of("boolean", [node.this], columns)
    _kind(node.this, columns)


def _in(node: exp.Expr, columns: Mapping[str, Kind]) -> None:
    if not node.expressions or not all(isinstance(item, exp.Literal) for item in node.expressions):
        raise RefusedError("IN chỉ đi với danh sách hằng", "IN goes with a list of literals")
    _comparable([node.this, *node.expressions], columns)


def _case(node: exp.Expr, columns: Mapping[str, Kind]) -> Kind | None:
    branches = node.args["ifs"]
    _all_of("boolean", [branch.this for branch in branches], columns)
    default = node.args.get("default")
    return _same([*(branch.args["true"] for branch in branches), *([default] if default else [])], columns)


def _comparable(nodes: list[exp.Expr], columns: Mapping[str, Kind]) -> None:
    if any(_kind(node, columns) is None for node in nodes):
        raise RefusedError("so sánh với NULL không bao giờ đúng; hãy viết IS NULL",
                           "a comparison with NULL is never true; write IS NULL")
    _same(nodes, columns)


def _same(nodes: Iterable[exp.Expr], columns: Mapping[str, Kind]) -> Kind | None:
    kinds = {kind for node in nodes if (kind := _kind(node, columns)) is not None}
    if len(kinds) > 1:
        listed = ", ".join(sorted(kinds))
        raise RefusedError(f"không so được các kiểu {listed}", f"{listed} do not go together")
    return next(iter(kinds), None)


def _all_of(wanted: Kind, nodes: Iterable[exp.Expr], columns: Mapping[str, Kind]) -> None:
    for node in nodes:
        kind = _kind(node, columns)
        if kind != wanted:
            sql = node.sql(dialect="duckdb", comments=False)
            raise RefusedError(f"cần kiểu {wanted}, không phải {kind or 'null'}: {sql}",
                               f"a {wanted} is needed, not {kind or 'null'}: {sql}")
