"""What operators watch: messages that did not arrive, deadlines that were set aside."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from admin.acting import reading_as
from admin.base import expose, me, row_id, tell_refusal
from admin.exports import ExportView, every
from admin.labels import level_label
from admin.sheets import Cell
from admin.words import known
from core.desk import documents, operating, parked
from core.desk.actor import Right
from core.desk.answers import Refused
from core.desk.numbers import shown
from core.desk.operating import SHOWN
from core.desk.parked import SHOWN_GONE, Why
from core.wording import stage_label
from web.desk import reading, transact
from web.language import locale, say


class OperatorView(ExportView):
    """A list of trouble, with a button to try again."""

    right = Right.OPERATE
    group = "panel.nav.operation"

    def again(self, use_case: Any) -> ResponseReturnValue:
        """Tries again, or says why not."""
        refused = transact(use_case, me(), row_id(request.form.get("id")))
        if refused is not None:
            tell_refusal(refused)
        else:
            flash(say(f"{self.title}.again.done"), "success")
        return redirect(url_for(".index"))


class Messages(OperatorView):
    """Messages that are parked, or of which nobody knows whether they arrived."""

    title = "panel.nav.messages"
    exported_columns = ("message", "dispute", "lane", "state", "reason", "attempts", "written")
    moments = frozenset({"written"})

    def __init__(self) -> None:
        super().__init__("messages")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The list."""
        return str(
            self.render(
                "panel/messages.html",
                rows=reading_as(parked.messages),
                gone=reading_as(parked.gone),
                most=SHOWN,
                most_gone=SHOWN_GONE,
                whys=list(Why),
                kind=_kind,
            )
        )

    def exported(self) -> Iterable[Any]:
        """All messages that are parked or of unknown outcome."""
        return every(lambda beneath: reading_as(parked.messages, beneath))

    def cells(self, row: Any) -> Sequence[Cell]:
        """A message as the list shows it."""
        state = say(f"panel.outbox.{row.state}")
        told = (_kind(row), _number(row), row.lane, state)
        return (*told, row.reason, row.attempts, row.created_at)

    @expose("/again", methods=("POST",))
    def again_view(self) -> ResponseReturnValue:
        """A message that is parked or was let go waits to be sent once more."""
        return self.again(parked.send_again)

    @expose("/let-go", methods=("POST",))
    def let_go_view(self) -> ResponseReturnValue:
        """The ticked messages are let go for good, or why they are not is told."""
        ticked = [row_id(one) for one in request.form.getlist("id")[:SHOWN]]
        left = transact(parked.let_go, me(), ticked, request.form.get("why", ""))
        if isinstance(left, Refused):
            tell_refusal(left)
        else:
            still = len(ticked) - left
            flash(say("panel.let_go.done", number=left), "success")
            if still:
                flash(say("panel.let_go.still", number=still), "warning")
        return redirect(url_for(".index"))


class Deadlines(OperatorView):
    """Deadlines that the sweep could not act on."""

    title = "panel.nav.deadlines"
    exported_columns = ("deadline", "dispute", "stage", "due", "tried_next", "reason")
    moments = frozenset({"due", "tried_next"})

    def __init__(self) -> None:
        super().__init__("deadlines")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The list."""
        return str(
            self.render(
                "panel/deadlines.html",
                rows=reading_as(operating.deadlines),
                most=SHOWN,
                level=_level,
                stage=_stage,
            )
        )

    def exported(self) -> Iterable[Any]:
        """All deadlines that were set aside."""
        return every(lambda beneath: reading_as(operating.deadlines, beneath))

    def cells(self, row: Any) -> Sequence[Cell]:
        """A deadline as the list shows it."""
        told = (_level(row), _number(row), _stage(row))
        return (*told, row.due_at, row.next_at, row.set_aside)

    @expose("/again", methods=("POST",))
    def again_view(self) -> ResponseReturnValue:
        """The next sweep tries the deadline once more."""
        return self.again(operating.act_again)


def _kind(row: Any) -> str:
    return known(f"panel.message.{row.kind}", row.kind)


def _number(row: Any) -> str:
    return shown(row.number) if row.number else ""


def _level(row: Any) -> str:
    return level_label(documents.load(reading(), row.document_id), row.service_level)


def _stage(row: Any) -> str:
    return stage_label(documents.load(reading(), row.document_id), row.stage or "", locale())
