"""The panel's first page: what waits, for each role."""

from flask.typing import ResponseReturnValue

from admin.base import PanelView, expose, holds, me
from admin.outages import waiting, what
from core.desk import documents, draft, operating, queues, second, watching
from core.desk.actor import Right
from core.wording import stage_label
from core.workflow.difference import differences
from core.workflow.terms import Kind
from web.desk import now, reading
from web.language import locale


class Home(PanelView):
    """What waits, what is overdue, and where the reader's own work goes on."""

    right = Right.SEE
    title = "panel.nav.home"

    def __init__(self) -> None:
        super().__init__("home")
        self.url = "/"

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The page."""
        connection = reading()
        return str(
            self.render(
                "panel/home.html",
                stages=_stages(),
                mine=queues.held(connection, me().person_id or 0, now=now()),
                asked=_asked() if holds(Right.SHAPE) else None,
                changes=_changes() if holds(Right.SHAPE) else None,
                trouble=operating.trouble(connection) if holds(Right.OPERATE) else None,
                outages=watching.lasting(connection) if holds(Right.PEOPLE) else [],
                what=what,
                waiting=waiting,
                label=_label,
            )
        )


def _stages() -> list[tuple[str, str, bool, queues.AtStage | None]]:
    """Every stage that is not an end: its key, label, whether it is a wait, what stands there."""
    standing = queues.by_stage(reading(), now=now())
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


def _changes() -> int:
    """How many changes the draft holds. Its problems have their page: asking takes a moment."""
    connection = reading()
    return len(differences(documents.active(connection), draft.document(connection)))


def _asked() -> second.Request | None:
    """What somebody else asked for to be published (S7)."""
    found = second.request(reading(), draft.version(reading()))
    return found if found is not None and found.person_id != me().person_id else None


def _label(document_id: int, key: str) -> str:
    """A stage as the document says it with which a visit was opened."""
    return stage_label(documents.load(reading(), document_id), key, locale())
