"""Which disputes are wanted, said with as few tables as the asking needs.

A statement that leaves out what it does not need is answered by one index, at any size of the desk.
Everything here follows from that every dispute has exactly one open visit, ended ones too.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, or_, select
from sqlalchemy.orm import aliased

from core.desk import finding
from core.desk.board import aged
from core.desk.live import ENDED, LIVE, its_due
from core.tables import Dispute, Person, Visit
from core.workflow.terms import Kind

OPEN, FINISHED, OVERDUE, HIDDEN = "open", "finished", "overdue", "hidden"
UNGRADED = "ungraded"  # for a grade: what has none
NOBODY = -1  # for a holder: what an agent could take or hold now
SOONEST, LATEST = "soonest", "latest"  # orders by when disputes are due (`by_due`)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for. `text` is a dispute's or an order's number, or a merchant's reference.

    `tag` is a tag of the buyer's (TAGS), `contact` the fingerprint of a buyer's or merchant's.
    `holder` is a person's id, NOBODY, or 0 for whoever; `age` is a bucket of `board.AGES`, or -1.
    `grade` is one of GRADES, or UNGRADED.
    """

    state: str = ""
    stage: str = ""
    text: str = ""
    oldest_first: bool = False
    page: int = 0
    tag: str = ""
    contact: bytes = b""
    workflow: str = ""
    holder: int = 0
    team: str = ""
    age: int = -1
    grade: str = ""
    due: str = ""  # SOONEST or LATEST where that is the order, whatever `oldest_first` says

    @property
    def ascending(self) -> bool:
        """Whether ids go upwards where nothing else tells disputes apart."""
        return self.due == SOONEST or (self.oldest_first and not self.due)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A statement that gives the ids of the disputes that are wanted, and the column of these.

    `counted` gives the same, by whatever way is best where order does not matter. `at_visit` and
    `of_dispute` are what is asked of each one's open visit and of the dispute itself.
    """

    statement: Any
    counted: Any
    id: Any
    by_age: bool  # whether the index of moments is what finds them
    at_visit: Sequence[ColumnElement[bool]]
    of_dispute: Sequence[ColumnElement[bool]]

    def in_order(self, wanted: Wanted, *more: ColumnElement[bool]) -> Any:
        """The statement with newest first, or the oldest; `more` is asked of each besides."""
        order = (Dispute.opened_at, Dispute.id) if self.by_age else (self.id,)
        return self.statement.where(*more).order_by(
            *(one.asc() if wanted.ascending else one.desc() for one in order)
        )


def narrowed(connection: Connection, wanted: Wanted, now: dt.datetime) -> Narrowed:
    """The disputes that are wanted; what a text or a contact means is looked up first."""
    at_visit = _at_visit(wanted, now)
    of_dispute = _of_dispute(connection, wanted)
    by_age = not at_visit and not of_dispute and wanted.age >= 0
    if wanted.age >= 0:
        of_dispute.append(aged(wanted.age, now))
    paged, counted = of_dispute, of_dispute
    if wanted.tag:
        asked_each, led = finding.tagged(connection, wanted.tag)
        paged, counted = [*of_dispute, asked_each], [*of_dispute, led]
    if not at_visit:
        page, count = (select(Dispute.id).where(*asked) for asked in (paged, counted))
        return Narrowed(page, count, Dispute.id, by_age, at_visit, paged)
    if _few(wanted):
        found = _among_few(at_visit, paged, led=bool(wanted.text.strip() or wanted.contact))
        return Narrowed(found, found, found.selected_columns[0], False, at_visit, paged)
    page, count = (_joined(at_visit, asked) for asked in (paged, counted))
    return Narrowed(page, count, Visit.dispute_id, False, at_visit, paged)


def _few(wanted: Wanted) -> bool:
    """Whether only what is open can be meant, which is little however much has ended."""
    return wanted.state in (OPEN, OVERDUE, HIDDEN) or bool(wanted.holder or wanted.team)


def _among_few(
    at_visit: list[ColumnElement[bool]], of_dispute: list[ColumnElement[bool]], *, led: bool
) -> Any:
    """The few are found first, and each is asked about its dispute, unless a text led to those.

    PostgreSQL takes open visits for a fifth of all, so it would walk through the ended ones in the
    order of the list, or join with all disputes. The offset keeps the order out of the finding, and
    a scalar question is asked of each row by itself.
    """
    if led:
        found = _joined(at_visit, of_dispute)
    else:
        found = select(Visit.dispute_id).where(Visit.left_at.is_(None), *at_visit)
        if of_dispute:
            its = select(1).where(Dispute.id == Visit.dispute_id, *of_dispute)
            found = found.where(its.correlate(Visit).scalar_subquery() == 1)
    return select(found.offset(0).subquery().c.dispute_id)


def _joined(at_visit: list[ColumnElement[bool]], of_dispute: list[ColumnElement[bool]]) -> Any:
    found = select(Visit.dispute_id).where(Visit.left_at.is_(None), *at_visit)
    if of_dispute:
        found = found.join(Dispute, Dispute.id == Visit.dispute_id).where(*of_dispute)
    return found


def lasting(now: dt.datetime) -> ColumnElement[bool]:
    """A hold that has not run out."""
    return or_(Visit.held_until.is_(None), Visit.held_until > now)


def _of_dispute(connection: Connection, wanted: Wanted) -> list[ColumnElement[bool]]:
    """What is asked of the dispute itself, but for its age and its buyer's tag."""
    chosen: list[ColumnElement[bool]] = []
    text = wanted.text.strip()
    if text:
        chosen.append(finding.meant(connection, text))
    if wanted.contact:
        chosen.append(finding.meant_by_contact(wanted.contact))
    if wanted.workflow:
        chosen.append(Dispute.workflow == wanted.workflow)
    if wanted.grade:
        chosen.append(Dispute.grade == ("" if wanted.grade == UNGRADED else wanted.grade))
    return chosen


def _at_visit(wanted: Wanted, now: dt.datetime) -> list[ColumnElement[bool]]:
    """What is asked of where the dispute stands."""
    chosen: list[ColumnElement[bool]] = []
    if wanted.stage:
        chosen.append(Visit.stage == wanted.stage)
    if wanted.state == OPEN:
        chosen.append(LIVE)
    elif wanted.state == FINISHED:
        chosen.append(ENDED)
    elif wanted.state == OVERDUE:
        chosen += [LIVE, its_due <= now]
    elif wanted.state == HIDDEN:
        chosen += [LIVE, Visit.kind == str(Kind.WAIT)]
    return [*chosen, *_held(wanted, now)]


def _held(wanted: Wanted, now: dt.datetime) -> list[ColumnElement[bool]]:
    """Held at this moment by a person, by a team's people, or by nobody."""
    chosen: list[ColumnElement[bool]] = []
    person = aliased(Person)
    if wanted.holder == NOBODY:
        held = exists(select(1).where(person.id == Visit.holder_id, person.active, lasting(now)))
        chosen += [LIVE, Visit.kind.in_((str(Kind.INTAKE), str(Kind.WORK))), ~held]
    elif wanted.holder:
        chosen += [Visit.holder_id == wanted.holder, lasting(now)]
    if wanted.team:
        members = select(person.id).where(person.team == wanted.team, person.active)
        chosen += [Visit.holder_id.in_(members), lasting(now)]
    return chosen
