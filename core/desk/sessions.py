"""Sessions as people see them: one's own, and anybody's for those who look after people (K21).

A session that is ended here is not found at its browser's next request.
"""

import datetime as dt
import re
from dataclasses import dataclass

from sqlalchemy import Connection, func, select, update

from core.desk import changes, people
from core.desk.access import ABSOLUTE, IDLE, digest
from core.desk.actor import Actor, Right
from core.desk.answers import Refused
from core.tables import WebSession

HANDLE = 16  # characters of the digest by which a page names a session; no secret follows from it
# What a browser calls itself holds the names of those it claims to be like: the first that fits.
_BROWSERS = (
    ("Edge", "Edg"),
    ("Opera", "OPR"),
    ("Firefox", "Firefox|FxiOS"),
    ("Chrome", "Chrome|CriOS|Chromium"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iOS", "iPhone|iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("macOS", "Mac OS X|Macintosh"),
    ("Linux", "Linux|X11"),
)


@dataclass(frozen=True, slots=True)
class Session:
    """A living session; browser and system by their names, empty where it does not say."""

    handle: str
    started_at: dt.datetime
    seen_at: dt.datetime
    browser: str
    system: str
    this: bool  # the one that asks


def of_person(
    connection: Connection, person_id: int, secret: str | None = None, *, now: dt.datetime
) -> list[Session]:
    """The living sessions of a person, the one used last first; `secret` is the asking one's."""
    mine = digest(secret) if secret else ""
    rows = connection.execute(
        select(WebSession)
        .with_only_columns(*WebSession.__table__.columns)
        .where(
            WebSession.person_id == person_id,
            WebSession.ended_at.is_(None),
            WebSession.seen_at > now - IDLE,
            WebSession.created_at > now - ABSOLUTE,
        )
        .order_by(WebSession.seen_at.desc(), WebSession.digest)
    )
    return [
        Session(
            row.digest[:HANDLE],
            row.created_at,
            row.seen_at,
            _called(row.browser, _BROWSERS),
            _called(row.browser, _SYSTEMS),
            row.digest == mine,
        )
        for row in rows
    ]


def end(
    connection: Connection,
    actor: Actor,
    person_id: int,
    handle: str | None = None,
    but: str | None = None,
    *,
    now: dt.datetime,
) -> int | Refused:
    """Ends a person's session, or all without a handle, but for that of the secret `but`.

    One's own, or anybody's with the right to look after people, which is recorded. Returns how many
    ended.
    """
    if person_id != actor.person_id:
        refused = people.refusal(connection, actor, Right.PEOPLE)
        if refused is not None:
            return refused
    ending = update(WebSession).where(
        WebSession.person_id == person_id, WebSession.ended_at.is_(None)
    )
    if handle is not None:
        ending = ending.where(func.substr(WebSession.digest, 1, HANDLE) == handle)
    if but is not None:
        ending = ending.where(WebSession.digest != digest(but))
    ended = connection.execute(ending.values(ended_at=now)).rowcount
    if ended and person_id != actor.person_id:
        name = people.name(connection, person_id)
        changes.record(
            connection,
            actor,
            changes.REMOVED,
            changes.SESSION,
            [name],
            now=now,
            before={"sessions": ended},
        )
    return int(ended)


def _called(says: str, known: tuple[tuple[str, str], ...]) -> str:
    return next((name for name, marks in known if re.search(marks, says)), "")
