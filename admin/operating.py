"""What operators watch: messages that did not arrive, deadlines that were set aside."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from admin.base import PanelView, expose, me, row_id, tell_refusal
from admin.disputes import reading_as
from admin.labels import level_label
from admin.words import known
from core.desk import documents, operating
from core.desk.actor import Right
from core.desk.operating import SHOWN
from core.wording import stage_label
from web.desk import reading, transact
from web.language import locale, say


class OperatorView(PanelView):
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

    def __init__(self) -> None:
        super().__init__("messages")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The list."""
        return str(
            self.render(
                "panel/messages.html",
                rows=reading_as(operating.messages),
                most=SHOWN,
                kind=lambda row: known(f"panel.message.{row.kind}", row.kind),
            )
        )

    @expose("/again", methods=("POST",))
    def again_view(self) -> ResponseReturnValue:
        """A parked message waits to be sent once more."""
        return self.again(operating.send_again)


class Deadlines(OperatorView):
    """Deadlines that the sweep could not act on."""

    title = "panel.nav.deadlines"

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

    @expose("/again", methods=("POST",))
    def again_view(self) -> ResponseReturnValue:
        """The next sweep tries the deadline once more."""
        return self.again(operating.act_again)


def _level(row: Any) -> str:
    return level_label(documents.load(reading(), row.document_id), row.service_level)


def _stage(row: Any) -> str:
    return stage_label(documents.load(reading(), row.document_id), row.stage or "", locale())
