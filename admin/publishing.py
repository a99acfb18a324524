"""Problems of the draft, and publishing it: what is shown is what is published (S3)."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from admin.base import PanelView, expose, me, tell_refusal, version_read
from admin.draft.changes import change_text
from admin.draft.places import Places
from core.desk import documents, draft
from core.desk.actor import Right
from core.desk.answers import Refused, Stale
from core.desk.documents import NotPublishable
from core.workflow.difference import differences
from core.workflow.problems import Problem
from web.desk import reading, transact
from web.language import say

NOTE_LIMIT = 200


class Problems(PanelView):
    """What forbids publishing the draft, each with a link to where it is mended."""

    right = Right.SHAPE
    title = "panel.nav.problems"
    group = "panel.nav.draft"

    def __init__(self) -> None:
        super().__init__("problems")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The list of problems."""
        return str(self.render("panel/problems.html", problems=told(found())))


class Publish(PanelView):
    """What publishing would change, and the button that does it."""

    right = Right.SHAPE
    title = "panel.nav.publish"
    group = "panel.nav.draft"

    def __init__(self) -> None:
        super().__init__("publish")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """Problems, differences, and a note to publish with."""
        connection = reading()
        sketch, active = draft.document(connection), documents.active(connection)
        return str(
            self.render(
                "panel/publish.html",
                version=draft.version(connection),
                problems=told(documents.obstacles(connection, sketch)),
                changes=[change_text(change) for change in differences(active, sketch)],
                note_limit=NOTE_LIMIT,
            )
        )

    @expose("/", methods=("POST",))
    def publish(self) -> ResponseReturnValue:
        """Publishes the version that was shown, or says why not."""
        typed = request.form.get("note", "").strip()[:NOTE_LIMIT]
        note = "".join(character for character in typed if character.isprintable())
        found()  # asked outside the transaction, which then keeps no writer waiting
        try:
            answer = transact(draft.publish, me(), version_read(), note=note)
        except Stale:
            flash(say("panel.publish.stale"), "danger")
        except NotPublishable:
            flash(say("panel.publish.problems"), "danger")
        else:
            if isinstance(answer, Refused):
                tell_refusal(answer)
            else:
                flash(say("panel.publish.done", number=answer), "success")
                return redirect(url_for("documents.index"))
        return redirect(url_for("publish.index"))


def found() -> list[Problem]:
    """The problems of the draft as it is now."""
    return documents.obstacles(reading(), draft.document(reading()))


def told(problems: list[Problem]) -> list[tuple[str, str, str]]:
    """Problems in words, with their place, and the page where each is mended."""
    places = Places()
    return [
        (say(f"problem.{problem.key}", **problem.names), *places.told(problem))
        for problem in problems
    ]
