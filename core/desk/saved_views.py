"""Views of the list of disputes, kept under a name: one's own, or shared in one's team (K9).

A view holds filters, never disputes: whoever opens it sees what they may see at that moment.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, and_, delete, func, insert, select, update

from core.desk import people
from core.desk.actor import Actor, Right
from core.desk.answers import Refused
from core.desk.board import AGES
from core.desk.disputes import STATES
from core.desk.intake import TAGS
from core.desk.narrowing import LATEST, NOBODY, SOONEST, UNGRADED, Wanted
from core.tables import Person, SavedView
from core.workflow.facts import GRADES

MOST = 30  # of one person
LONGEST = 60  # characters of a name
LONGEST_TEXT = 100
# What a view keeps, as `Wanted` names it: another filter of the list needs its name here only.
FILTERS = (
    *("state", "stage", "tag", "text", "oldest_first"),
    *("workflow", "holder", "team", "age", "grade", "due"),
)
_ANY = Wanted()


@dataclass(frozen=True, slots=True)
class View:
    """A view as its reader has it; `owner` is who shares it, empty where it is the reader's."""

    id: int
    name: str
    owner: str
    shared: bool
    wanted: Wanted


def views(connection: Connection, actor: Actor, **_: Any) -> list[View] | Refused:
    """The actor's own views and those of their team, by name."""
    refused = people.refusal(connection, actor, Right.SEE)
    if refused is not None:
        return refused
    team = select(Person.team).where(Person.id == actor.person_id).scalar_subquery()
    rows = connection.execute(
        select(*SavedView.__table__.c, Person.name.label("owner"))
        .join(Person, Person.id == SavedView.person_id)
        .where(_theirs(actor) | and_(SavedView.team != "", SavedView.team == team))
        .order_by(func.lower(SavedView.name), SavedView.id)
    )
    return [
        View(
            row.id,
            row.name,
            "" if row.person_id == actor.person_id else row.owner,
            bool(row.team),
            wanted_of(row.filters),
        )
        for row in rows
    ]


def keep(
    connection: Connection,
    actor: Actor,
    name: str,
    wanted: Wanted,
    shared: bool,
    *,
    now: dt.datetime,
) -> Refused | None:
    """Keeps what is wanted under a name; a view of the actor's that is called so is replaced.

    Refused without a name, with filters that there are not, without a team to share it in, and
    past MOST. A contact is not kept, nor is the page.
    """
    del now
    refused = people.refusal(connection, actor, Right.SEE)
    if refused is not None:
        return refused
    name = " ".join(name.split())
    if not name or len(name) > LONGEST or not name.isprintable():
        return Refused("view_name", {"most": LONGEST})
    if not _sound(connection, wanted):
        return Refused("view_filters")
    team = ""
    if shared:
        team = connection.scalar(select(Person.team).where(Person.id == actor.person_id)) or ""
        if not team:
            return Refused("view_no_team")
    values = {"team": team, "filters": filters_of(wanted)}
    same = and_(_theirs(actor), SavedView.name == name)
    if connection.execute(update(SavedView).where(same).values(**values)).rowcount:
        return None
    if (connection.scalar(select(func.count(SavedView.id)).where(_theirs(actor))) or 0) >= MOST:
        return Refused("view_too_many", {"most": MOST})
    kept = {"person_id": actor.person_id, "name": name, **values}
    connection.execute(insert(SavedView), kept)
    return None


def drop(connection: Connection, actor: Actor, view_id: int, *, now: dt.datetime) -> Refused | None:
    """Removes a view of the actor's own; whoever looks after people may remove any."""
    del now
    refused = people.refusal(connection, actor, Right.SEE)
    if refused is not None:
        return refused
    theirs = SavedView.id == view_id
    if people.refusal(connection, actor, Right.PEOPLE) is not None:
        theirs = and_(theirs, _theirs(actor))
    if not connection.execute(delete(SavedView).where(theirs)).rowcount:
        return Refused("unknown_view")
    return None


def _theirs(actor: Actor) -> Any:
    return SavedView.person_id == actor.person_id


def filters_of(wanted: Wanted) -> dict[str, Any]:
    """What is kept of what is wanted: the filters that are set, by their names."""
    found = {name: getattr(wanted, name) for name in FILTERS}
    return {name: value for name, value in found.items() if value != getattr(_ANY, name)}


def wanted_of(filters: Mapping[str, Any]) -> Wanted:
    """What a view wants; a filter that there is no longer narrows nothing."""
    return replace(_ANY, **{name: filters[name] for name in FILTERS if name in filters})


def _sound(connection: Connection, wanted: Wanted) -> bool:
    """Whether the list would narrow itself by these, and they can be stored."""
    keys = (wanted.stage, wanted.workflow, wanted.team)
    known = wanted.state in ("", *STATES) and wanted.tag in ("", *TAGS)
    graded = wanted.grade in ("", UNGRADED, *GRADES)
    short = all(len(key) <= LONGEST for key in keys) and len(wanted.text) <= LONGEST_TEXT
    aged = -1 <= wanted.age <= len(AGES)
    held = wanted.holder in (0, NOBODY) or bool(people.name(connection, wanted.holder))
    ordered = wanted.due in ("", SOONEST, LATEST)
    plain = "".join((*keys, wanted.text)).isprintable()
    return known and graded and short and aged and held and ordered and plain
