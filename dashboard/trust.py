"""How far a number can be trusted: five questions, each with an answer that can be checked."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.explain import Explanation
from dashboard.export import TEXT, Column
from dashboard.here import Here
from dashboard.intake import source_names
from dashboard.lineage import sums
from dashboard.query.reconciliation import Claim, claims
from dashboard.reporting import unit_names
from dashboard.table import Table

QUESTIONS = ("fresh", "cover", "split", "held", "claim")


def five(here: Here, told: Explanation) -> Table:
    """Question and answer: freshness, coverage, estimated share, quarantine, the sender's own claim."""
    answers = (fresh(here, told), coverage(here, told), split(here, told), held(here, told), claimed(here, told))
    columns = (Column(here.word("explained.question"), TEXT), Column(here.word("explained.answer"), TEXT))
    rows = tuple((here.word(f"explained.five_{name}"), text) for name, text in zip(QUESTIONS, answers, strict=True))
    return Table(columns, rows, rows)


def fresh(here: Here, told: Explanation) -> str:
    """How far the data reach, and whether that is in rhythm."""
    if told.answer.data_until is None:
        return here.word("explained.fresh_none")
    mark = here.word("explained.fresh_yes" if told.answer.fresh else "explained.fresh_no")
    rhythm = here.word(f"rhythm.{told.entry.rhythm}")
    day = here.format.date(told.answer.data_until)
    return f"{mark} {here.word('explained.fresh_until', day=day, rhythm=rhythm)}"


def coverage(here: Here, told: Explanation) -> str:
    """Who was expected to send and has not."""
    found, count = told.answer.coverage, here.format.count
    if not found.expected:
        return here.word("quality.nobody_expected")
    sent, expected = count(found.sent), count(found.expected)
    if not found.missing:
        return here.word("explained.cover_all", sent=sent, expected=expected)
    return here.word("explained.cover_gap", sent=sent, expected=expected, names=unit_names(here, found.missing))


def split(here: Here, told: Explanation) -> str:
    """Which share was carried through units that were split."""
    share = told.answer.estimated_share
    if not share:
        return here.word("explained.split_none")
    return here.word("explained.split_some", share=here.format.percent(share))


def held(here: Here, told: Explanation) -> str:
    """Which share of the rows of the files behind it was set aside."""
    if not told.lineage:
        return here.word("explained.files_closed" if told.entry.sensitive else "explained.files_none")
    law = sums(told.lineage)
    if law is None:
        return here.word("explained.files_shared", n=here.format.count(len(told.lineage)))
    came, _, aside, _ = law
    if not aside:
        return here.word("explained.held_none")
    share = here.format.percent(aside / came if came else 0.0, 2)
    return here.word("explained.held_told", held=here.format.count(aside), rows=here.format.count(came), share=share)


def claimed(here: Here, told: Explanation) -> str:
    """What the senders behind it say of themselves, against what their dates say, over the asked period."""
    behind = {one.source for one in told.lineage}
    found = [one for one in claims(here.snapshot, here.scope, told.answer.question.period) if one.source in behind]
    return " ".join(_claim(here, found)) or here.word("explained.claim_none")


def _claim(here: Here, found: Sequence[Claim]) -> list[str]:
    names, percent = source_names(here), here.format.percent
    return [
        here.word(
            "explained.claim_told", source=names.get(one.source, one.source), claimed=percent(one.claimed),
            recomputed=percent(one.recomputed), agreeing=percent(one.agreeing), n=here.format.count(one.compared),
        )
        for one in found
    ]  # fmt: skip
