"""The panel's first page: what waits, for each role."""

from typing import Any

from flask.typing import ResponseReturnValue

from admin.base import PanelView, expose, holds, me
from admin.outages import waiting, what
from core.desk import (
    absences,
    documents,
    draft,
    operating,
    pilots,
    plans,
    queues,
    second,
    wanting,
    watching,
)
from core.desk.actor import Right
from core.desk.answers import Refused
from core.desk.numbers import shown
from core.wording import stage_label
from core.workflow.difference import differences
from core.workflow.terms import Kind
from web.desk import now, reading
from web.language import locale

Standing = dict[tuple[str, str], queues.AtStage]


class Home(PanelView):
    """What needs the reader first, by what they may do; then what stands where."""

    right = Right.SEE
    title = "panel.nav.home"

    def __init__(self) -> None:
        super().__init__("home")
        self.url = "/"

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The page."""
        connection = reading()
        standing = queues.by_stage(connection, now=now())
        return str(
            self.render(
                "panel/home.html",
                stages=_stages(standing),
                desk=_desk(standing) if holds(Right.ASSIGN) else None,
                shaping=_shaping() if holds(Right.SHAPE) else None,
                mine=_mine() if holds(Right.DECIDE) else None,
                own=_own_stages() if holds(Right.DECIDE) else [],
                parked=queues.parked(connection) if holds(Right.ASSIGN) else [],
                learns=not any(holds(right) for right in Right if right != Right.SEE),
                trouble=operating.trouble(connection) if holds(Right.OPERATE) else None,
                outages=watching.lasting(connection) if holds(Right.PEOPLE) else [],
                what=what,
                waiting=waiting,
                label=_label,
                shown=shown,
                days=wanting.DAYS,
            )
        )


def _desk(standing: Standing) -> dict[str, int]:
    """The desk in four numbers, for those who spread its work."""
    found = absences.absences(reading(), me(), now=now())
    return {
        "open": sum(one.waiting for one in standing.values()),
        "late": sum(one.overdue for one in standing.values()),
        "away": 0 if isinstance(found, Refused) else sum(one.now for one in found),
    }


def _shaping() -> dict[str, Any]:
    """What waits for those who shape the desk. The draft's problems have their page: asking takes
    a moment."""
    connection = reading()
    asked = second.request(connection, draft.version(connection))
    return {
        "no_fits": wanting.no_fits(connection, now=now()),
        "changes": len(differences(documents.active(connection), draft.document(connection))),
        "asked": asked if asked is not None and asked.person_id != me().person_id else None,
        "plan_failed": plans.failed(connection),
        "pilot": pilots.running(connection),
    }


def _mine() -> list[queues.Queued]:
    """What the reader holds."""
    return queues.held(reading(), me().person_id or 0, now=now())


def _own_stages() -> list[str]:
    """The stages that the reader's queue serves."""
    person = me().person_id or 0
    return queues.served_stages(reading(), queues.home_stage(reading(), person))


def _stages(standing: Standing) -> list[tuple[str, str, bool, queues.AtStage | None]]:
    """Every stage that is not an end: its key, label, whether it is a wait, what stands there."""
    return [
        (
            stage.key,
            stage.label.text(locale()),
            stage.kind == Kind.WAIT,
            standing.get((workflow.key, stage.key)),
        )
        for workflow in documents.active(reading()).workflows
        for stage in workflow.stages
        if stage.kind != Kind.FINAL
    ]


def _label(document_id: int, key: str) -> str:
    """A stage as the document says it with which a visit was opened."""
    return stage_label(documents.load(reading(), document_id), key, locale())
