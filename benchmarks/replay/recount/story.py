"""What must have become of each case, told from the log alone: its disputes and their visits."""

import csv
import datetime as dt
import gzip
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.replay.recount.minutes import minute

INTAKE, WORK, RESOLVED, CLOSED = "replay_intake", "replay_work", "resolved", "closed"
STATES = {
    "New": INTAKE,
    "Active": WORK,
    "Awaiting User Info": "awaiting_buyer",
    "Awaiting Evidence": "awaiting_papers",
    "Awaiting Vendor": "awaiting_merchant",
    "Awaiting Problem": "awaiting_cause",
    "Resolved": RESOLVED,
    "Closed": CLOSED,
}
HIDDEN = frozenset(STATES.values()) - {INTAKE, WORK, CLOSED}
WORD = 10 * 1_440  # minutes in which the buyer's word is waited for; then the dispute is closed
Outages = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the log, as far as it tells of states."""

    at: int
    state: str
    priority: str
    kept: bool


@dataclass(slots=True)
class Visit:
    """A stay in a stage; `priority` is what was known as it began, `back` a reopening."""

    stage: str
    since: int
    until: int | None
    priority: str
    back: bool = False


@dataclass(slots=True)
class Story:
    """A case: its lines, and the visits of each of the disputes that it became."""

    number: str
    opened: int
    lines: list[Line]
    disputes: list[list[Visit]] = field(default_factory=list)
    closed_early: bool = False  # by the limit of the wait, before the log says so

    @property
    def hidden(self) -> int:
        """The minutes that the log says it waited, summed over its lines and nothing else.

        The wait for the buyer's word counts until its limit.
        """
        return sum(self._waits)

    _waits: list[int] = field(default_factory=list)


def swept(due: int, outages: Outages) -> int:
    """When something that is due is acted on: at once, or when the outage ends."""
    place = bisect_right(outages, (due, 1 << 60)) - 1
    return outages[place][1] if place >= 0 and due < outages[place][1] else due


def stories(source: Path, limit: int | None, outages: Outages) -> list[Story]:
    """Every case's story, the first `limit` where one is given."""
    found: dict[str, Story] = {}
    for row in _rows(source):
        story = found.get(row["number"])
        if story is None:
            if limit is not None and len(found) == limit:
                continue
            opened = min(_at(row["opened_at"]), _at(row["sys_updated_at"]))
            story = found[row["number"]] = Story(row["number"], opened, [])
        before = story.lines[-1].at if story.lines else story.opened
        at = max(before, _at(row["sys_updated_at"]))
        kept = {"true": True, "false": False}[row["made_sla"]]
        story.lines.append(Line(at, row["incident_state"], row["priority"], kept))
    for story in found.values():
        _tell(story, outages)
        story._waits = _waits(story, outages)
    return list(found.values())


def _tell(story: Story, outages: Outages) -> None:
    known = story.lines[0].priority
    here = Visit(INTAKE, story.opened, None, known)
    story.disputes = [[here]]

    def go(stage: str, at: int) -> None:
        nonlocal here
        back = here.stage == RESOLVED and stage != CLOSED
        here.until = at
        here = Visit(stage, at, None, known, back)
        story.disputes[-1].append(here)

    for line in story.lines:
        if here.stage == RESOLVED and (over := swept(here.since + WORD, outages)) <= line.at:
            story.closed_early |= line.state != "Closed" or over < line.at
            go(CLOSED, over)
        wanted = STATES.get(line.state, here.stage)
        if wanted in (here.stage, INTAKE) or (here.stage == CLOSED and wanted == RESOLVED):
            continue
        if here.stage == CLOSED:
            known = line.priority
            here = Visit(INTAKE, line.at, None, known)
            story.disputes.append([here])
        if here.stage == INTAKE:
            go(WORK, line.at)
            if wanted == WORK:
                continue
        if here.stage == WORK:
            known = line.priority
        go(wanted, line.at)


def _waits(story: Story, outages: Outages) -> list[int]:
    found = []
    state, since = "New", story.opened
    for line in story.lines:
        now = line.state if line.state in STATES and line.state != "New" else state
        if now == state:
            continue
        if STATES[state] in HIDDEN:
            most = swept(since + WORD, outages) - since if state == "Resolved" else line.at - since
            found.append(min(line.at - since, most))
        state, since = now, line.at
    return found


def _rows(source: Path) -> list[dict[str, str]]:
    path = source / "events.csv.gz" if source.is_dir() else source
    opened = gzip.open if path.name.endswith(".gz") else open
    with opened(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _at(text: str) -> int:
    return minute(dt.datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=dt.UTC))
