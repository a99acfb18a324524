"""Problems of the draft, and publishing it: what is shown is what is published (S3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import ValidationError

from admin.base import PanelView, expose, me, refusal, row_id, tell_refusal, version_read
from admin.draft.places import Places
from admin.exports import ExportView
from admin.form import PanelForm, needed_moment, text
from admin.sheets import Cell
from core.change_words import change_text
from core.desk import documents, draft, pilots, plans, second
from core.desk.actor import Right
from core.desk.answers import Refused, Stale
from core.desk.documents import NotPublishable
from core.desk.second import Request
from core.workflow.difference import differences
from core.workflow.model import Document
from core.workflow.problems import Problem
from core.workflow.weighty import weighs
from web.desk import reading, transact
from web.language import locale, say

NOTE_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Changed:
    """A difference in words, the page of its row, and whether it takes a second person."""

    text: str
    url: str
    weighty: bool


class NoteForm(PanelForm):
    """What is published, and why; whoever was asked to publish it finds the asker's words."""

    note = text("panel.publish.note", NOTE_LIMIT, hint="panel.publish.note.hint")
    needs_note = False  # where two people are needed, the one tells the other

    def __init__(self, formdata: Any = None, asked: Request | None = None) -> None:
        super().__init__(formdata)
        self.needs_note = asked is not None
        if formdata is None and asked is not None:
            self.note.data = asked.note

    def validate_note(self, field: Any) -> None:
        """Where a second person looks at it, they are told what and why."""
        if self.needs_note and not field.data:
            raise ValidationError(say("panel.error.needed"))


class PlanForm(NoteForm):
    """When the draft as it is becomes the published document."""

    at = needed_moment("panel.plan.at", hint="panel.plan.at.hint")
    note = text("panel.publish.note", NOTE_LIMIT, hint="panel.publish.note.hint", named="plan-note")


class Problems(ExportView):
    """What forbids publishing the draft, each with a link to where it is mended."""

    right = Right.SHAPE
    title = "panel.nav.problems"
    group = "panel.nav.judge"
    exported_columns = ("place", "problem")

    def __init__(self) -> None:
        super().__init__("problems")

    def exported(self) -> list[tuple[str, str, str]]:
        """Every problem, as the page lists them."""
        return told(found())

    def cells(self, row: tuple[str, str, str]) -> Sequence[Cell]:
        """Where a problem is, and what it is."""
        problem, place, _url = row
        return (place, problem)

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The list of problems."""
        return str(self.render("panel/problems.html", problems=told(found())))


class Publish(PanelView):
    """What publishing would change, and the button that does it."""

    right = Right.SHAPE
    title = "panel.nav.publish"
    group = "panel.nav.judge"

    def __init__(self) -> None:
        super().__init__("publish")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """Problems, differences, a note to publish with, and what waits for its time."""
        return self._page()

    def _page(self, noting: NoteForm | None = None, planning: PlanForm | None = None) -> str:
        connection = reading()
        sketch, active = draft.document(connection), documents.active(connection)
        version, plan = draft.version(connection), plans.waiting(connection)
        planned = documents.load(connection, plan.document_id) if plan is not None else None
        asked = second.request(connection, version)
        return str(
            self.render(
                "panel/publish.html",
                version=version,
                problems=told(documents.obstacles(connection, sketch)),
                changes=changed(active, sketch),
                asked=asked,
                alone=not second.missing(connection, me(), version, active, sketch),
                noting=noting or NoteForm(asked=asked),
                planning=planning or PlanForm(asked=asked),
                plan=plan,
                planned=changed(active, planned, linked=False) if planned is not None else [],
                planned_already=planned == sketch,
                failed=plans.failed(connection),
                pilot=pilots.running(connection),
            )
        )

    @expose("/ask", methods=("POST",))
    def ask(self) -> ResponseReturnValue:
        """Asks a second supervisor to publish the version that was shown (S7)."""
        form = NoteForm(request.form)
        form.needs_note = True
        if not form.validate():
            return self._page(noting=form), 422
        try:
            refused = transact(second.ask, me(), version_read(), note=form.note.data)
        except Stale:
            flash(say("panel.publish.stale"), "danger")
        else:
            if refused is not None:
                tell_refusal(refused)
            else:
                flash(say("panel.publish.asked.done"), "success")
        return redirect(url_for("publish.index"))

    @expose("/", methods=("POST",))
    def publish(self) -> ResponseReturnValue:
        """Publishes the version that was shown, or says why not."""
        form = NoteForm(request.form, asked_for())
        if not form.validate():
            return self._page(noting=form), 422
        found()  # asked outside the transaction, which then keeps no writer waiting
        try:
            answer = transact(draft.publish, me(), version_read(), note=form.note.data)
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

    @expose("/plan", methods=("POST",))
    def plan(self) -> ResponseReturnValue:
        """Plans to publish the version that was shown at a moment, or says why not."""
        form = PlanForm(request.form, asked_for())
        if not form.validate():
            return self._page(planning=form), 422
        found()
        try:
            answer = transact(plans.plan, me(), version_read(), form.at.data, note=form.note.data)
        except Stale:
            flash(say("panel.publish.stale"), "danger")
        except NotPublishable:
            flash(say("panel.publish.problems"), "danger")
        else:
            if isinstance(answer, Refused) and answer.key == "plan_moment":
                form.refuse(form.at, refusal(answer))
                return self._page(planning=form), 422
            if isinstance(answer, Refused):
                tell_refusal(answer)
            else:
                flash(say("panel.plan.done"), "success")
        return redirect(url_for("publish.index"))

    @expose("/plan/cancel", methods=("POST",))
    def cancel(self) -> ResponseReturnValue:
        """Gives the plan up that was shown."""
        refused = transact(plans.cancel, me(), row_id(request.form.get("plan")))
        if refused is not None:
            tell_refusal(refused)
        else:
            flash(say("panel.plan.cancelled"), "success")
        return redirect(url_for("publish.index"))


def asked_for() -> Request | None:
    """The request that stands for the draft as it is now, whose note is passed on."""
    return second.request(reading(), draft.version(reading()))


def found() -> list[Problem]:
    """The problems of the draft as it is now."""
    return documents.obstacles(reading(), draft.document(reading()))


def changed(before: Document, after: Document, *, linked: bool = True) -> list[Changed]:
    """What `after` says differently, in words; linked where `after` is the draft as it is now."""
    places = Places()
    return [
        Changed(
            change_text(change, before, after, locale()),
            places.address(change) if linked else "",
            weighs(change, before, after),
        )
        for change in differences(before, after)
    ]


def told(problems: list[Problem]) -> list[tuple[str, str, str]]:
    """Problems in words, with their place, and the page where each is mended."""
    places = Places()
    return [
        (say(f"problem.{problem.key}", **problem.names), *places.told(problem))
        for problem in problems
    ]
