"""`dashboard` on the command line; the only place here that reads the clock and the environment.

Exit codes: 0 answered (with `--json` also when refused: the object says so), 2 the question or a setting is
wrong, 3 there is nothing to show or the answer was refused.
"""

from __future__ import annotations

import argparse
import os
import secrets
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from dashboard import people_told, value
from dashboard.access import DEFAULT_ROLE, ROLES
from dashboard.explain import as_text, explain
from dashboard.format import Formatter
from dashboard.people import read_people
from dashboard.query import REFUSED, territory
from dashboard.settings import Settings
from dashboard.snapshot import Limits, Snapshots
from dashboard.wall.plan import load_plan
from dashboard.wall.token import Walls
from dashboard.words import LANGUAGES, PersonError, word

_ZONE: Final = "Asia/Ho_Chi_Minh"  # until a snapshot has said where its place lies
_REFUSED: Final = 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    typed = _parser().parse_args(arguments)
    try:
        return _run(typed)
    except PersonError as error:
        if getattr(typed, "json", False):
            print(value.dumped(value.nothing_as_json(_asked(typed))))
        for lang in LANGUAGES if typed.lang is None else (typed.lang,):
            print(error.text(lang), file=sys.stderr)
        return error.exit_code


def _run(typed: argparse.Namespace) -> int:
    if typed.command == "serve":
        return _serve(_settings(typed))
    settings = _settings(typed)
    if typed.command == "wall-token":
        return _wall_token(settings, typed)
    if typed.command == "pack":
        return _pack(settings, typed)
    snapshots = Snapshots(settings.home, Limits(settings.memory, settings.threads, settings.seconds))
    if typed.command == "people":
        return _people(settings, snapshots)
    found = value.find(snapshots, _asked(typed), settings.today(), settings.lang)
    if snapshots.trouble is not None:
        print(word(snapshots.trouble.key, settings.lang, generation=snapshots.trouble.generation), file=sys.stderr)
    if typed.command == "explain":
        print(as_text(explain(found.snapshot, found.scope, found.answer.question, today=settings.today(),
                              lang=settings.lang), settings.lang))  # fmt: skip
    else:
        print(value.dumped(value.as_json(found)) if typed.json else value.sentence(found))
    return _exit_code(found, as_object=getattr(typed, "json", False), lang=settings.lang)


def _exit_code(found: value.Found, as_object: bool, lang: str) -> int:
    told = found.answer
    if told.status != REFUSED:
        return 0
    if told.reason is not None:
        print(told.reason.text(lang), file=sys.stderr)
    return 0 if as_object else _REFUSED


def _serve(settings: Settings) -> int:
    # Imported here: nobody who asks for one number should wait for a web server to load.
    from dashboard.serve import serve

    return serve(settings)


def _people(settings: Settings, snapshots: Snapshots) -> int:
    from dashboard.running import PRODUCT_DATA

    people, places = read_people(settings.data or PRODUCT_DATA), territory(snapshots.current())
    print(*people_told.lines(people, places, settings.today(), settings.lang), sep="\n")
    if wrong := people_told.unknown(people, places, settings.today()):
        raise PersonError("people.no_unit", codes=", ".join(wrong))
    return 0


def _wall_token(settings: Settings, typed: argparse.Namespace) -> int:
    """The token alone on standard output, once; everything about it on standard error."""
    from dashboard.running import PRODUCT_DATA  # with the map shapes behind it, which no other command needs

    plan, walls = load_plan(settings.data or PRODUCT_DATA), Walls(settings.home)
    names = [one.name for one in plan.profiles]
    if typed.profile not in names:
        raise PersonError("wall.no_profile", name=typed.profile, names=", ".join(names))
    grant, token = walls.issue(typed.profile, typed.days, settings.today(), secrets.token_bytes)
    place = Snapshots(settings.home, Limits(settings.memory, settings.threads, settings.seconds)).current().publication
    address = place.place.get("public_address") or f"http://{settings.address}:{settings.port}"
    print(token)
    print(word("wall.token_told", settings.lang, id=grant.id, profile=grant.profile, address=address, file=walls.file,
               day=Formatter(settings.lang).date(grant.until)), file=sys.stderr)  # fmt: skip
    return 0


def _pack(settings: Settings, typed: argparse.Namespace) -> int:
    """Progress on standard error, the files alone on standard output: a schedule mails what it reads there."""
    from dashboard.pack.command import Typed, pack  # with the libraries of three kinds of file behind it

    asked = Typed(
        template=typed.template, role=typed.role, period=typed.period or "", unit=typed.unit or "",
        basis=typed.basis or "", lang=typed.languages or settings.lang, classification=typed.classification,
        formats=tuple(typed.format or ("pptx", "xlsx", "pdf")), snapshot=typed.snapshot or 0, group=typed.group or "",
        since=Path(typed.since) if typed.since else None, again=Path(typed.again) if typed.again else None,
        out=Path(typed.out) if typed.out else None,
    )  # fmt: skip
    for file in pack(settings, asked, lambda told: print(told, file=sys.stderr), sys.stderr):
        print(file)
    return 0


def _asked(typed: argparse.Namespace) -> value.Asked:
    if typed.command in ("serve", "wall-token", "pack"):
        return value.Asked("")
    return value.Asked(
        indicator=typed.indicator,
        period=typed.period or "",
        unit=typed.unit or "",
        basis=typed.basis or "",
        slices=tuple(typed.slice or ()),
        snapshot=typed.snapshot,
        role=typed.role,
    )


def _settings(typed: argparse.Namespace) -> Settings:
    home = typed.home or os.environ.get("IOC_HOME")
    if not home:
        raise PersonError("cli.no_home")
    data = typed.data or os.environ.get("IOC_DATA")
    settings = Settings(
        home=Path(home),
        now=lambda: datetime.now(ZoneInfo(_ZONE)),
        role=typed.role,
        lang=typed.lang or LANGUAGES[0],
        data=Path(data) if data else None,
    )
    if typed.command != "serve":
        return settings
    return replace(settings, port=typed.port, address=typed.address, allow_network=typed.allow_network)


def _parser() -> argparse.ArgumentParser:
    both = argparse.ArgumentParser(add_help=False)
    both.add_argument("--home", help="the installation (or IOC_HOME)")
    both.add_argument("--data", help="another data/ (or IOC_DATA)")
    both.add_argument("--lang", choices=LANGUAGES, help="language of what people read")
    parser = argparse.ArgumentParser(prog="dashboard", description="A published snapshot becomes answers for people.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, says in (("value", "one number"), ("explain", "one number, taken apart")):
        _add_question(commands.add_parser(name, parents=[both], help=says), with_json=name == "value")
    serving = commands.add_parser("serve", parents=[both], help="the app, with /healthz and its own routes beside it")
    serving.add_argument("--port", type=int, default=8501)
    serving.add_argument("--address", default="127.0.0.1")
    serving.add_argument("--allow-network", action="store_true", help="serve demo roles beyond this machine")
    serving.add_argument("--as", dest="role", choices=tuple(ROLES), default="leader", help="demo role")
    token = commands.add_parser("wall-token", parents=[both], help="a token that lets one wall screen in")
    token.add_argument("--profile", required=True, help="a profile of data/operation/wall.toml")
    token.add_argument("--days", type=int, default=90, help="how long it is valid (1 to 366)")
    token.set_defaults(role="wall")
    people = commands.add_parser("people", parents=[both], help="who may see what, by data/operation/people.toml")
    people.set_defaults(role=DEFAULT_ROLE)
    _add_pack(commands.add_parser("pack", parents=[both], help="the meeting pack: slides, workbook, paper, manifest"))
    return parser


def _add_pack(command: argparse.ArgumentParser) -> None:
    command.add_argument("--template", default="monthly", help="a file of data/operation/packs, such as weekly")
    command.add_argument("--period", help="as for value; the newest whole week, month or quarter without it")
    command.add_argument("--unit", help="code of a unit; the whole place without it; all: a page per commune")
    command.add_argument("--basis", help="today (default), as_was, or before_<reform>")
    command.add_argument("--languages", choices=(*LANGUAGES, "both"), help="of the pack; --lang without it")
    command.add_argument("--class", dest="classification", choices=("internal", "meeting", "draft"), default="internal")
    command.add_argument("--format", action="append", choices=("pptx", "xlsx", "pdf"), help="all three without it")
    command.add_argument("--snapshot", type=int, metavar="ID", help="a kept generation instead of the newest")
    command.add_argument("--group", help="every pack of a group of data/operation/recipients.toml")
    command.add_argument("--since", metavar="FILE", help="the pack to compare with; the last of this home without it")
    command.add_argument("--again", metavar="FILE", help="make a pack again from its ZIP or manifest.json")
    command.add_argument("--out", metavar="DIR", help="where to write; packs/ of the home without it")
    command.add_argument("--as", dest="role", default="leader", metavar="ROLE", help=", ".join(ROLES))


def _add_question(command: argparse.ArgumentParser, with_json: bool) -> None:
    command.add_argument("indicator", help="code such as DVC08, or id")
    command.add_argument("--period", help="2026-11-22, 2026-10, 2026-Q3, 2026, 2026-10r, or A..B of these")
    command.add_argument("--unit", help="code of a unit; the version that exists on the basis")
    command.add_argument("--basis", help="today (default), as_was, or before_<reform>")
    command.add_argument("--slice", action="append", metavar="NAME=VALUE", help="such as channel=online")
    command.add_argument("--snapshot", type=int, metavar="ID", help="a kept generation instead of the newest")
    command.add_argument("--as", dest="role", default=DEFAULT_ROLE, metavar="ROLE", help=", ".join(ROLES))
    if with_json:
        command.add_argument("--json", action="store_true", help="one JSON object")


if __name__ == "__main__":
    sys.exit(main())
