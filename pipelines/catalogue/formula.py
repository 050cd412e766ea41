"""A formula is arithmetic over the answers of other entries to the same question, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from sqlglot import exp

from pipelines.expression import PLAIN_NUMBER, RefusedError, parse_one

# Nested lists: ["/", left, right], ["n", "dossiers_on_time"], 0.2. They are published beside the text, so that
# whoever evaluates a formula needs no parser.
Tree = list["Tree | str"] | float

PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "n": ("rate", "distinct"),
    "d": ("rate",),
    "v": ("rate", "count", "stock", "distinct", "reported", "formula"),
    "start": ("stock",),
    "end": ("stock",),
    "p50": ("duration",),
    "p90": ("duration",),
    "most": ("formula", "reported"),
    # The whole calendar year before, in proportion: a twelfth of it for a month, a quarter for a quarter.
    "last_year": ("count",),
    # The stock of the whole place at the end of the span, which holds in every territory alike: a list that all share.
    "everywhere": ("stock",),
    # The same period of the year before (cùng kỳ); of a published figure the one that its own period had then.
    "year_before": ("count", "reported"),
}
ARITHMETIC: Final[Mapping[type[exp.Expr], str]] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/"}
CHOICES: Final[Mapping[type[exp.Expr], str]] = {exp.Least: "least", exp.Greatest: "greatest"}
# END closes a CASE in SQL, so the parser is handed another word for it.
END_WORD: Final = re.compile(r"\bend\s*\(", re.IGNORECASE)
END_NAME: Final = "at_end"
# w(points): the entry's own weight of that name, as in force on the last day that is asked about.
WEIGHT: Final = "w"
# known(a, b, …): the sum of those that have a value. coalesce(a, b): what a rule says where there is nothing.
KNOWN: Final = "known"
OTHERWISE: Final = "coalesce"
# either(a, b): a where it has a value, else b; both are cases, neither is a rule.
EITHER: Final = "either"


def parse_formula(text: str) -> Tree:
    """The tree of a formula. Raises RefusedError for anything but the functions and operators above."""
    return _tree(parse_one(END_WORD.sub(f"{END_NAME}(", text)))


def references(tree: Tree) -> Iterator[tuple[str, str]]:
    """Every (function, entry) that the formula asks for, left to right."""
    if not isinstance(tree, list):
        return
    if tree[0] in PARTS:
        yield str(tree[0]), str(tree[1])
        return
    for branch in tree[1:]:
        if not isinstance(branch, str):
            yield from references(branch)


def weights_named(tree: Tree) -> Iterator[str]:
    """Every weight that the formula asks for, left to right."""
    if not isinstance(tree, list) or tree[0] in PARTS:
        return
    if tree[0] == WEIGHT:
        yield str(tree[1])
        return
    for branch in tree[1:]:
        if not isinstance(branch, str):
            yield from weights_named(branch)


def _tree(node: exp.Expr) -> Tree:
    kind = type(node)
    if kind in ARITHMETIC:
        return [ARITHMETIC[kind], _tree(node.this), _tree(node.expression)]
    if kind in CHOICES:
        return _choice(node, CHOICES[kind])
    if isinstance(node, exp.Coalesce):
        return _choice(node, OTHERWISE)
    if isinstance(node, exp.Paren):
        return _tree(node.this)
    if isinstance(node, exp.Neg):
        return ["-", 0.0, _tree(node.this)]
    if isinstance(node, exp.Literal):
        return _number(node)
    if isinstance(node, exp.Column):
        return ["v", _entry(node)]
    return _part(node)


def _choice(node: exp.Expr, word: str) -> Tree:
    sides = [node.this, *node.expressions]
    if len(sides) != 2:
        raise RefusedError(f"{word} cần hai giá trị", f"{word} takes two values")
    return [word, _tree(sides[0]), _tree(sides[1])]


def _number(node: exp.Literal) -> float:
    if node.is_string or not PLAIN_NUMBER.fullmatch(node.name):
        raise RefusedError(f"`{node.name}` không phải số thường", f"`{node.name}` is not a plain number")
    return float(node.name)


def _part(node: exp.Expr) -> Tree:
    name = node.name.lower() if isinstance(node, exp.Anonymous) else type(node).__name__
    word = "end" if name == END_NAME else name
    if isinstance(node, exp.Anonymous) and word == KNOWN and node.expressions:
        return [KNOWN, *(_tree(one) for one in node.expressions)]
    if isinstance(node, exp.Anonymous) and word == EITHER and len(node.expressions) == 2:
        return [EITHER, *(_tree(one) for one in node.expressions)]
    if not isinstance(node, exp.Anonymous) or word not in (*PARTS, WEIGHT):
        raise RefusedError(f"công thức không được dùng `{name}`", f"a formula may not use `{name}`")
    if len(node.expressions) != 1 or not isinstance(node.expressions[0], exp.Column):
        raise RefusedError(f"{word}(...) cần tên một mục", f"{word}(...) takes the id of one entry")
    return [word, _entry(node.expressions[0])]


def _entry(column: exp.Column) -> str:
    identifier = column.this
    if column.args.get("table") or not isinstance(identifier, exp.Identifier) or identifier.quoted:
        sql = column.sql(dialect="duckdb", comments=False)
        raise RefusedError(f"`{sql}` không phải tên một mục", f"`{sql}` is not the id of an entry")
    return identifier.name
