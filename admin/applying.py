"""Apply to open disputes: what the published service levels would do to them, and the asking."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from admin.base import PanelView, expose, me, refusal, tell_refusal, version_read
from admin.form import PanelForm, text
from core.desk import applying
from core.desk.actor import Right
from core.desk.answers import Refused, Stale
from core.desk.applied import Change
from core.desk.numbers import shown
from web.desk import now, reading, transact
from web.language import locale, say


class ReasonForm(PanelForm):
    """Why it is applied; it stays in the record of changes."""

    reason = text("panel.applying.reason", applying.REASON_LIMIT, hint="panel.applying.reason.hint")


class Applying(PanelView):
    """What applying would change, the button that asks for it, and how far it has come."""

    right = Right.SHAPE
    title = "panel.nav.applying"
    group = "panel.nav.judge"

    def __init__(self) -> None:
        super().__init__("applying")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """What it would do now."""
        return self._page(ReasonForm())

    @expose("/", methods=("POST",))
    def ask(self) -> ResponseReturnValue:
        """Asks for what was shown, or says why not."""
        form = ReasonForm(request.form)
        if not form.validate():
            return self._page(form), 422
        asked = (version_read("document"), form.reason.data or "", _starts())
        try:
            answer = transact(applying.ask, me(), *asked)
        except Stale:
            flash(say("panel.applying.stale"), "danger")
        else:
            if isinstance(answer, Refused) and answer.key == "reason_needed":
                form.refuse(form.reason, refusal(answer))
                return self._page(form), 422
            if isinstance(answer, Refused):
                tell_refusal(answer)
            else:
                flash(say("panel.applying.asked"), "success")
        return redirect(url_for("applying.index"))

    def _page(self, form: ReasonForm) -> str:
        found = applying.preview(reading(), me(), _starts(), now=now())
        latest = applying.latest(reading())
        return str(
            self.render(
                "panel/applying.html",
                form=form,
                starts=_starts(),
                found=None if isinstance(found, Refused) else found,
                named=[] if isinstance(found, Refused) else [_named(one) for one in found.named],
                latest=latest,
                running=any(row.ended_at is None for row in latest),
            )
        )


def _starts() -> bool:
    """Whether what is new shall begin, too."""
    return request.values.get("starts") == "yes"


def _named(change: Change) -> dict[str, Any]:
    """One change in words."""
    return {
        "number": shown(change.dispute.number),
        "name": change.level.label.text(locale()),
        "what": str(change.what),
        "before": change.before,
        "after": change.after,
    }
