"""The record of changes: who changed what of the desk, when, from what to what (S7).

It is written in the transaction of the change. A change that changes nothing leaves no record.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select

from core.desk.actor import Actor
from core.desk.latest_first import latest_first
from core.tables import Change, Person

ADDED, CHANGED, REMOVED, MOVED = "added", "changed", "removed", "moved"
PUBLISHED, ASKED, REPLACED = "published", "asked", "replaced"
PLANNED, CANCELLED, FAILED = "planned", "cancelled", "failed"  # publishing at a set time
TRIED, STOPPED = "tried", "stopped"  # a pilot
APPLIED = "applied"  # published service levels, to open disputes
WHATS = (
    *(ADDED, CHANGED, REMOVED, MOVED, PUBLISHED, ASKED, REPLACED),
    *(PLANNED, CANCELLED, FAILED, TRIED, STOPPED, APPLIED),
)
PERSON, CHANNEL, DRAFT, ROLE = "person", "channel", "draft", "role"
LOCK, EXAM, SESSION, CALENDAR, ROTA = "lock", "exam", "session", "calendar", "rota"
PAGE = 50
TEXT_WITHIN = dt.timedelta(days=90)
BETWEEN = " › "

Values = Mapping[str, Any]


def record(
    connection: Connection,
    actor: Actor,
    what: str,
    kind: str,
    place: Sequence[str],
    *,
    now: dt.datetime,
    before: Values | None = None,
    after: Values | None = None,
) -> None:
    """Notes a change of one thing; of what it was and is, only what differs is kept."""
    old, new = _plain(before or {}), _plain(after or {})
    differing = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    if what == CHANGED and not differing:
        return
    row = {
        "at": now,
        "person_id": actor.person_id,
        "what": what,
        "kind": kind,
        "place": BETWEEN.join(place),
        "before": {name: old[name] for name in differing if name in old} if before else None,
        "after": {name: new[name] for name in differing if name in new} if after else None,
    }
    connection.execute(insert(Change), row)


def latest(
    connection: Connection,
    *,
    person_id: int | None = None,
    kind: str = "",
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    text: str = "",
    now: dt.datetime | None = None,
    before_id: int | None = None,
) -> list[Row[Any]]:
    """A page of changes, latest first, with who made each; `before_id` begins beneath that one.

    `text` is looked for in what was changed was called, and in who changed it: from `since` on,
    else within TEXT_WITHIN of `now`, so that no search reads a record of years.
    """
    found = select(Change, Person.name.label("who")).outerjoin(
        Person, Person.id == Change.person_id
    )
    if person_id is not None:
        found = found.where(Change.person_id == person_id)
    if kind:
        found = found.where(Change.kind == kind)
    if text and since is None and now is not None:
        since = now - TEXT_WITHIN
    if text:
        named = (column.icontains(text, autoescape=True) for column in (Change.place, Person.name))
        found = found.where(or_(*named))
    period = {"since": since, "until": until}
    page = latest_first(found, Change, **period, before_id=before_id, most=PAGE)
    return list(connection.execute(page))


def removal(connection: Connection, kind: str, place: str) -> Any:
    """The latest removal of what was called so, with who removed it when; None where none was."""
    return connection.execute(
        select(Change.at, Person.name.label("who"))
        .outerjoin(Person, Person.id == Change.person_id)
        .where(Change.kind == kind, Change.what == REMOVED, Change.place == place)
        .order_by(Change.id.desc())
        .limit(1)
    ).first()


def _plain(values: Values) -> dict[str, Any]:
    """The values as JSON knows them."""
    return {
        name: value.isoformat() if isinstance(value, dt.datetime) else value
        for name, value in values.items()
    }
