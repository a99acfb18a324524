"""The staffing view: each work stage over a period, and what one more person would change (W16)."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from flask import request
from flask.typing import ResponseReturnValue

from admin.acting import reading_as
from admin.base import PanelView, expose
from core.desk import documents, staffing
from core.desk.actor import Right
from core.desk.staffing import PERIODS, StageStaffing
from core.i18n import span
from core.workflow.model import Workflow
from core.workflow.staffing import LEAST
from web.desk import now, reading
from web.language import locale, zone


class Staffing(PanelView):
    """Waiting, arrivals, people and time at each stage of a workflow."""

    right = Right.ASSIGN
    title = "panel.nav.staffing"
    group = "panel.nav.now"

    def __init__(self) -> None:
        super().__init__("staffing")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The page."""
        workflow, days = chosen_workflow(), chosen_days()
        found = reading_as(staffing.staffing, workflow, days)
        first = min((at for one in found.stages for at in one.arrivals), default=found.since)
        length = (now() - max(first, found.since)) / dt.timedelta(days=1)
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
                length=max(length, 1.0),
                least=LEAST,
                time=lambda seconds: span(dt.timedelta(seconds=seconds), locale()),
            )
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


def _hours(stage: StageStaffing) -> list[tuple[str, int]]:
    """How much arrived in each hour of the reader's day, over the whole period."""
    there = ZoneInfo(zone())
    hours = Counter(at.astimezone(there).hour for at in stage.arrivals)
    return [(f"{hour:02}:00", hours[hour]) for hour in range(24)]
