"""Disputes: the list, and each one's whole story with assign and release (W8, W16)."""

import datetime as dt
import secrets
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from admin import narrowed, story_time
from admin.acting import ActingView, reading_as, results
from admin.base import RowsView, expose, holds, me
from admin.belonging import BelongingView, may
from admin.exports import ExportView
from admin.looking import LookingView, shown_whole
from admin.saved_views import address
from admin.sheets import Cell
from admin.story import tell
from admin.together import TogetherView
from core.desk import (
    disputes,
    documents,
    looks,
    roster,
    saved_views,
    standing,
)
from core.desk.actor import Right
from core.desk.answers import Refused
from core.desk.disputes import PAGE, STATES, Listed
from core.desk.dossier import dossier
from core.desk.intake import TAGS
from core.desk.narrowing import UNGRADED, Wanted
from core.desk.numbers import shown
from core.desk.saved_views import View
from core.tables import Dispute
from core.wording import stage_label
from core.workflow.facts import GRADES
from core.workflow.terms import Kind
from web.desk import door, now, reading, stop_reading, transact
from web.language import locale, moment, say

_TICKED = {"assign": Right.ASSIGN, "group": Right.GROUP}
Answer = TypeVar("Answer")
FILE = "/disputes/{number}/evidence/{evidence}"  # below the panel; cards link to it


class Disputes(ActingView, BelongingView, TogetherView, LookingView, ExportView, RowsView):
    """All disputes, those in no queue too."""

    right = Right.SEE
    title = "panel.nav.disputes"
    group = "panel.nav.now"
    model = Dispute
    page_size = PAGE
    column_list = narrowed.COLUMNS
    column_sortable_list = ("due", "opened")
    exported_columns = column_list
    moments = frozenset({"due", "opened"})
    narrowing = (
        "state",
        "stage",
        "grade",
        "tag",
        "contact",
        *narrowed.NAMES,
        "search",
        "sort",
        "desc",
    )

    def __init__(self) -> None:
        super().__init__("disputes")
        self.column_formatters = {
            "number": lambda _view, _context, row, _name: shown(row.number),
            "stage": lambda _view, _context, row, _name: self._stage(row),
            "holder": lambda _view, _context, row, _name: row.holder or "–",
            "due": lambda _view, _context, row, _name: self._due(row),
            "opened": lambda _view, _context, row, _name: moment(row.opened_at),
            "order": lambda _view, _context, row, _name: row.order_number,
            "merchant": lambda _view, _context, row, _name: row.merchant or "–",
            "grade": lambda _view, _context, row, _name: row.grade or "–",
        }

    def init_search(self) -> bool:
        """Searched by number, order and merchant, exactly."""
        return True

    def get_pk_value(self, model: Listed) -> str:
        """A dispute is addressed by its number."""
        return model.number

    def row_url(self, row: Listed) -> str:
        """The page of a dispute."""
        return url_for("disputes.story", number=row.number)

    def filters(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """What the list is narrowed by: each name with its choices."""
        document = documents.active(reading())
        stages = {s.key: s.label.text(locale()) for w in document.workflows for s in w.stages}
        return [
            ("state", [(state, say(f"panel.state.{state}")) for state in STATES]),
            ("stage", list(stages.items())),
            ("grade", [(grade, narrowed.grade_label(grade)) for grade in (*GRADES, UNGRADED)]),
            ("tag", [(tag, say(f"card.tag.{tag}")) for tag in TAGS]),
        ]

    def kept(self) -> list[tuple[str, str, str]]:
        """What else the list is narrowed by: its name, its value, and what it is in words."""
        told = say("panel.nav.disputes.contact")
        contact = [("contact", request.args["contact"], told)] if _contact() else []
        return contact + narrowed.told()

    def ticks(self) -> list[tuple[str, str]]:
        """Where the ticked rows are led, by what the reader may do: addresses with their words."""
        able = [key for key, right in _TICKED.items() if holds(right)]
        return [(url_for(f"{key}_several.index"), f"panel.{key}.ticked") for key in able]

    def saved(self) -> tuple[list[tuple[View, str]], View | None]:
        """The reader's views with their addresses, and the one that the list shows now."""
        views: list[View] = reading_as(saved_views.views)
        now_shown = self._asked(0)
        current = next((view for view in views if view.wanted == now_shown), None)
        return [(view, address(view.wanted)) for view in views], current

    def keepable(self) -> Wanted | None:
        """What the list is narrowed by, where that can be kept under a name."""
        wanted = self._asked(0)
        return wanted if wanted != Wanted() and not wanted.contact else None

    def keeping(self, wanted: Wanted) -> dict[str, str]:
        """What the form that keeps a view carries."""
        return narrowed.said(wanted)

    def may_drop(self, view: View) -> bool:
        """Whether the reader may remove a view: their own, or any where they look after people."""
        return not view.owner or holds(Right.PEOPLE)

    def _asked(self, page: int) -> Wanted:
        """What the address asks for."""
        asked = self._get_list_extra_args()
        column = self._get_column_by_idx(asked.sort)
        return _wanted(asked.search, column[0] if column else None, asked.sort_desc, page)

    def get_list(
        self,
        page: int,
        sort_column: str | None,
        sort_desc: Any,
        search: str | None,
        filters: Any,
        execute: bool = True,
        page_size: int | None = None,
    ) -> tuple[int, list[Listed]]:
        """The page of disputes that is asked for, and their number, up to a cap."""
        found = reading_as(disputes.search, _wanted(search, sort_column, sort_desc, page))
        self.stay_within(page, found.count)
        return found.count, found.rows

    def exported(self) -> Iterator[Listed]:
        """All disputes that are asked for, read in batches: each moment's own, none twice."""
        return _every(self._asked(0), reading_as(disputes.newest), now())

    def cells(self, row: Listed) -> Sequence[Cell]:
        """A dispute as the list shows it."""
        return (
            shown(row.number),
            self._stage(row),
            row.holder,
            row.due_at,
            row.opened_at,
            row.order_number,
            row.merchant,
            row.grade,
        )

    def counted(self, count: int) -> str:
        """How many there are, in words."""
        most = disputes.counted_up_to(self._asked(0))
        if count >= most:
            return say("panel.count.more", number=most - 1)
        return super().counted(count)

    @expose("/<number>/")
    def story(self, number: str) -> ResponseReturnValue:
        """Everything that happened to a dispute, and what may be done with it."""
        found = reading_as(dossier, number, door().settings.vault)
        at = found.standing
        held = at.holder if standing.held_by_other(at, None, now()) else ""
        may_assign = holds(Right.ASSIGN) and at.kind in (Kind.INTAKE, Kind.WORK)
        return str(
            self.render(
                "panel/dispute.html",
                story=tell(found),
                **shown_whole(found.dispute.id),
                number=shown(found.dispute.number),
                visit_id=at.id,
                holder=held,
                held_until=at.held_until if held else None,
                may_assign=may_assign,
                may_release=bool(held) and at.kind == Kind.WORK and may_assign,
                people=_holders(at.stage),
                contact=results(found),
                **may(found),
                **story_time.told(found.dispute.id),
                click=secrets.token_urlsafe(12),
            )
        )

    def before_export(self) -> None:
        """Whoever takes away what a contact led to has looked at it."""
        if _contact():
            transact(looks.exported, me())

    @staticmethod
    def _stage(row: Listed) -> str:
        return stage_label(documents.load(reading(), row.document_id), row.stage, locale())

    @staticmethod
    def _due(row: Listed) -> str | Markup:
        if row.due_at is not None and row.due_at <= now():
            late = say("panel.overdue")
            return Markup('<span class="tag bad">{}</span> {}').format(late, moment(row.due_at))
        return moment(row.due_at)


def _wanted(search: str | None, sort_column: str | None, sort_desc: Any, page: int) -> Wanted:
    """What the address asks for; a state that there is not is none."""
    state = request.args.get("state", "")
    return Wanted(
        state if state in STATES else "",
        request.args.get("stage", ""),
        search or "",
        page=page,
        tag=request.args.get("tag", ""),
        contact=_contact(),
        grade=request.args.get("grade", ""),
        **narrowed.asked(request.args),
        **narrowed.ordered(sort_column, descending=bool(sort_desc)),
    )


def _contact() -> bytes:
    """The fingerprint of a contact in the address; empty where there is none."""
    try:
        return bytes.fromhex(request.args.get("contact", ""))
    except ValueError:
        return b""


def _every(wanted: Wanted, last: int, at: dt.datetime) -> Iterator[Listed]:
    """The batches one after another, each with its own short transaction: none is held open.

    In the order of what is due, those that are due at the beginning come first.
    """
    due = _unless_refused(disputes.due(reading(), me(), wanted, last, now=at))
    for first in range(0, len(due), disputes.BATCH):
        stop_reading()
        batch = due[first : first + disputes.BATCH]
        yield from _unless_refused(disputes.told(reading(), me(), batch, now=at))
    after, told = 0, frozenset(due)
    while True:
        stop_reading()
        rows = _unless_refused(disputes.following(reading(), me(), wanted, after, last, now=at))
        if not rows:
            return
        yield from (row for row in rows if row.id not in told)
        after = rows[-1].id


def _unless_refused(answer: Answer | Refused) -> Answer:
    """The answer; whoever left meanwhile gets no further."""
    return abort(403) if isinstance(answer, Refused) else answer


def _holders(stage: str) -> list[Any]:
    """Who can hold a dispute: first those whose home the stage is, or its first work stage."""
    workflows = documents.active(reading()).workflows
    home = {stage, *(workflow.first for workflow in workflows if workflow.start == stage)}
    people = [p for p in roster.everyone(reading()) if p.active and Right.DECIDE in p.rights]
    return sorted(people, key=lambda person: person.home_stage not in home)
