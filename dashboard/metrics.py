"""A monitor reads what a person sees: how old each source is, how much it sent, and which generation is shown."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dashboard.here import Here, arrive
from dashboard.query.filings import filings, senders
from dashboard.running import Running
from dashboard.url import View
from dashboard.words import PersonError

MEDIA_TYPE: Final = "application/openmetrics-text; version=1.0.0; charset=utf-8"
Sample = tuple[Sequence[tuple[str, str]], float]


def routes(running: Running) -> list[Route]:
    """`GET /metrics` for monitors on this machine; 404 for everybody else."""

    def metrics(request: Request) -> Response:
        if not _is_local(request.client.host if request.client else ""):
            return PlainTextResponse("not here\n", status_code=404)
        try:
            return Response(written(running), media_type=MEDIA_TYPE)
        except PersonError as error:  # nothing is published, or it cannot be read: a monitor sees that as well
            return PlainTextResponse(f"{error.key}\n", status_code=503)

    return [Route("/metrics", metrics)]


def _is_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def written(running: Running) -> str:
    """The text of all metrics by the clock of this installation; of the state file only, and never a figure."""
    here = arrive(running, View(role="steward"))
    now = running.settings.now()
    return "\n".join([*_of_snapshot(here, now), *_of_sources(here, now), "# EOF", ""])


def _of_snapshot(here: Here, now: datetime) -> Iterable[str]:
    publication = here.snapshot.publication
    made = publication.made_at.replace(tzinfo=UTC)
    yield from _gauge("ioc_generation", "Generation that is shown.", [((), here.snapshot.id)])
    yield from _gauge("ioc_published_timestamp_seconds", "When it was made.", [((), made.timestamp())], "seconds")
    age = max(0.0, (now - made).total_seconds())
    yield from _gauge("ioc_published_age_seconds", "How long ago that was.", [((), age)], "seconds")


def _of_sources(here: Here, now: datetime) -> Iterable[str]:
    found = senders(here.snapshot, here.scope)
    came = {one.source: one.last_received_at for one in found if one.last_received_at is not None}
    zone = here.local(datetime(2026, 1, 1)).tzinfo  # senders tell the time of the place
    last = {source: at.replace(tzinfo=at.tzinfo or zone).timestamp() for source, at in came.items()}
    ages = [(_label(source), max(0.0, now.timestamp() - at)) for source, at in last.items()]
    yield from _gauge("ioc_source_last_load_timestamp_seconds", "When its last file came.",
                      [(_label(source), at) for source, at in last.items()], "seconds")  # fmt: skip
    yield from _gauge("ioc_source_age_seconds", "How long ago its last file came.", ages, "seconds")
    yield from _gauge("ioc_source_rows", "Rows loaded.", [(_label(one.source), one.rows or 0) for one in found])
    aside = dict.fromkeys((one.source for one in found), 0)
    for filing in filings(here.snapshot, here.scope):
        aside[filing.source] = aside.get(filing.source, 0) + filing.rows_quarantined
    yield from _gauge("ioc_source_quarantined_rows", "Rows set aside.",
                      [(_label(source), rows) for source, rows in aside.items()])  # fmt: skip


def _label(source: str) -> Sequence[tuple[str, str]]:
    return (("source", source),)


def _gauge(name: str, told: str, samples: Iterable[Sample], unit: str = "") -> Iterable[str]:
    """One metric family."""
    yield f"# TYPE {name} gauge"
    if unit:
        yield f"# UNIT {name} {unit}"
    yield f"# HELP {name} {told}"
    for labels, value in samples:
        inner = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels)
        yield f"{name}{{{inner}}} {value!r}" if inner else f"{name} {value!r}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
