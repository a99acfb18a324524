"""The staffing view: each work stage over a period, and what one more person would change (W16)."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from flask import request
from flask.typing import ResponseReturnValue

from admin.acting import reading_as
from admin.base import expose
from admin.exports import ExportView
from admin.sheets import Cell
from core.desk import documents, staffing
from core.desk.actor import Right
from core.desk.staffing import PERIODS, StageStaffing
from core.desk.staffing import Staffing as Found
from core.i18n import span
from core.workflow.model import Workflow
from core.workflow.staffing import LEAST, Spread
from web.desk import now, reading
from web.language import locale, zone


class Staffing(ExportView):
    """Waiting, arrivals, people and time at each stage of a workflow."""

    right = Right.ASSIGN
    title = "panel.nav.staffing"
    group = "panel.nav.now"
    exported_columns = (
        *("workflow", "stage", "waiting_now", "a_day", "agents", "busy"),
        *("worked_middle", "worked_mean", "worked_high"),
        *("waited_middle", "waited_mean", "waited_high"),
        *("replayed_mean", "one_more_mean", "one_more_high"),
    )
    narrowing = ("workflow", "days")

    def __init__(self) -> None:
        super().__init__("staffing")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The page."""
        workflow, days, found = chosen_workflow(), chosen_days(), _found()
        return str(
            self.render(
                "panel/staffing.html",
                workflows=[(w.key, w.label.text(locale())) for w in workflows()],
                workflow=workflow,
                periods=PERIODS,
                days=days,
                since=found.since,
                cut=found.since > now() - dt.timedelta(days=days),
                stages=[
                    (
                        workflow.stage_by_key[one.stage].label.text(locale()),
                        one,
                        _hours(one),
                    )
                    for one in found.stages
                ],
                length=_length(found),
                least=LEAST,
                time=lambda seconds: span(dt.timedelta(seconds=seconds), locale()),
            )
        )

    def exported(self) -> Iterator[tuple[StageStaffing, float]]:
        """Each stage, with the days over which what arrived is told."""
        found = _found()
        length = _length(found)
        yield from ((one, length) for one in found.stages)

    def cells(self, row: tuple[StageStaffing, float]) -> Sequence[Cell]:
        """A stage as the page shows it, lengths in minutes; what is not foreseen stays empty."""
        one, length = row
        workflow, seen = chosen_workflow(), one.foreseen
        sound = seen.reproduced
        return (
            workflow.label.text(locale()),
            workflow.stage_by_key[one.stage].label.text(locale()),
            one.waiting,
            round(len(one.arrivals) / length, 1),
            seen.agents,
            round(seen.busy * 100) if seen.busy is not None else None,
            *_minutes(seen.service, "middle", "mean", "high"),
            *_minutes(seen.waiting, "middle", "mean", "high"),
            *_minutes(seen.replayed if sound else None, "mean"),
            *_minutes(seen.with_one_more if sound else None, "mean", "high"),
        )


def workflows() -> Sequence[Workflow]:
    """The published workflows."""
    return documents.active(reading()).workflows


def chosen_workflow() -> Workflow:
    """The workflow that the address names, or the first one."""
    known = {workflow.key: workflow for workflow in workflows()}
    return known.get(request.args.get("workflow", ""), workflows()[0])


def chosen_days() -> int:
    """The period that the address names, or the middle one."""
    asked = request.args.get("days", "")
    return int(asked) if asked in map(str, PERIODS) else PERIODS[1]


def _found() -> Found:
    found: Found = reading_as(staffing.staffing, chosen_workflow(), chosen_days())
    return found


def _length(found: Found) -> float:
    """The days over which arrivals are told: the period, or since the first; at least one."""
    first = min((at for one in found.stages for at in one.arrivals), default=found.since)
    return max((now() - max(first, found.since)) / dt.timedelta(days=1), 1.0)


def _minutes(lengths: Spread | None, *names: str) -> list[Cell]:
    """Some of a spread's lengths in minutes."""
    return [round(getattr(lengths, name) / 60, 1) if lengths else None for name in names]


def _hours(stage: StageStaffing) -> list[tuple[str, int]]:
    """How much arrived in each hour of the reader's day, over the whole period."""
    there = ZoneInfo(zone())
    hours = Counter(at.astimezone(there).hour for at in stage.arrivals)
    return [(f"{hour:02}:00", hours[hour]) for hour in range(24)]
