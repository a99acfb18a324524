"""Trying a document on a desk's past disputes, and changes to try."""

import datetime as dt
from typing import Any

from core.desk import backtest, documents
from core.workflow.backtest import Backtest, Tally
from core.workflow.model import Document
from core.workflow.problems import problems
from tests.factories import Desk

STAGES = "workflows/dispute/stages"
FULL = "option_sets/share/options/full"


def active(desk: Desk) -> Document:
    """The published document."""
    return desk.db.read(lambda c, now: documents.active(c))


def tried(desk: Desk, draft: Document, days: int = 90, most: int = 1_000) -> Tally:
    """What the desk's past disputes say of a draft that could be published."""
    assert problems(draft) == []
    trial = Backtest(draft, active(desk))
    since = desk.now() - dt.timedelta(days=days)
    before: int | None = backtest.NEWEST
    while before is not None and trial.tally.disputes < most:
        part = desk.db.read(backtest.read, before, since, most - trial.tally.disputes)
        for past in part.pasts:
            trial.add(past)
        before = part.before
    return trial.tally


def told(tally: Tally) -> list[tuple[Any, ...]]:
    """What diverges and how often, in few words."""
    return sorted(
        (str(f.what), f.stage, f.decision, f.field, f.names, f.to, f.instead, line.count)
        for f, line in tally.lines.items()
    )
