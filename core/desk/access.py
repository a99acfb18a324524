"""Ways in: one-time login links, sessions of the panel, keys of the API. Only digests are kept."""

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, insert, select, update

from core.desk import people
from core.desk.people import Member
from core.tables import ApiKey, LoginLink, Person, WebSession

LINK_FOR = dt.timedelta(minutes=15)
IDLE = dt.timedelta(hours=2)
ABSOLUTE = dt.timedelta(hours=12)
MOST_SAID = 200  # characters of what a browser says of itself
GRAIN = dt.timedelta(minutes=1)  # a session is prolonged this often, not with every page


def digest(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _alive(secret: str, now: dt.datetime) -> ColumnElement[bool]:
    return and_(
        LoginLink.digest == digest(secret), LoginLink.used_at.is_(None), LoginLink.expires_at > now
    )


def new_link(connection: Connection, person_id: int, *, now: dt.datetime) -> str:
    """A secret that signs this person in once, within fifteen minutes."""
    secret = secrets.token_urlsafe(32)
    connection.execute(
        insert(LoginLink),
        {"digest": digest(secret), "person_id": person_id, "expires_at": now + LINK_FOR},
    )
    return secret


def link_person(connection: Connection, secret: str, *, now: dt.datetime) -> Member | None:
    """Whom a login link would sign in; looking uses nothing up. None where the link is dead."""
    row = connection.execute(
        select(*people.COLUMNS)
        .join(LoginLink, LoginLink.person_id == Person.id)
        .where(_alive(secret, now), Person.active)
    ).first()
    return None if row is None else people.member(row)


def sign_in(
    connection: Connection,
    secret: str,
    *,
    now: dt.datetime,
    replacing: str | None = None,
    browser: str = "",
) -> str | None:
    """Uses up a login link; returns a fresh session's secret, or None where the link is dead.

    A session that the browser already has (`replacing`) ends, so that none is ever taken over;
    `browser` is what it says of itself.
    """
    active = select(Person.id).where(Person.active)
    person_id = connection.execute(
        update(LoginLink)
        .where(_alive(secret, now), LoginLink.person_id.in_(active))
        .values(used_at=now)
        .returning(LoginLink.person_id)
    ).scalar()
    if person_id is None:
        return None
    return enter(connection, person_id, now=now, replacing=replacing, browser=browser)


def enter(
    connection: Connection,
    person_id: int,
    *,
    now: dt.datetime,
    replacing: str | None = None,
    browser: str = "",
) -> str:
    """A fresh session's secret for somebody who proved who they are; `replacing` ends."""
    if replacing is not None:
        sign_out(connection, replacing, now=now)
    session = secrets.token_urlsafe(32)
    connection.execute(
        insert(WebSession),
        {
            "digest": digest(session),
            "person_id": person_id,
            "created_at": now,
            "seen_at": now,
            "browser": "".join(filter(str.isprintable, browser))[:MOST_SAID],
        },
    )
    return session


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A living session: whose it is, and whether `seen` should prolong it."""

    person: Member
    fading: bool


def session(connection: Connection, secret: str, *, now: dt.datetime) -> SignedIn | None:
    """The session with this secret; None once it idled, aged, was ended, or its person left."""
    row = connection.execute(
        select(*people.COLUMNS, WebSession.seen_at)
        .join(Person, Person.id == WebSession.person_id)
        .where(
            WebSession.digest == digest(secret),
            WebSession.ended_at.is_(None),
            WebSession.seen_at > now - IDLE,
            WebSession.created_at > now - ABSOLUTE,
            Person.active,
        )
    ).first()
    return None if row is None else SignedIn(people.member(row), row.seen_at < now - GRAIN)


def seen(connection: Connection, secret: str, *, now: dt.datetime) -> None:
    """Prolongs a session that is in use."""
    connection.execute(
        update(WebSession)
        .where(
            WebSession.digest == digest(secret),
            WebSession.seen_at < now - GRAIN,
        )
        .values(seen_at=now)
    )


def sign_out(connection: Connection, secret: str, *, now: dt.datetime) -> None:
    """Ends a session."""
    connection.execute(
        update(WebSession)
        .where(WebSession.digest == digest(secret), WebSession.ended_at.is_(None))
        .values(ended_at=now)
    )


def new_api_key(connection: Connection, source: str, name: str, *, now: dt.datetime) -> str:
    """A key for the marketplace's API, shown this once; it speaks for `source` only."""
    secret = f"rdk_{secrets.token_urlsafe(32)}"
    connection.execute(
        insert(ApiKey),
        {
            "digest": digest(secret),
            "source": source,
            "name": name,
            "created_at": now,
            "active": True,
        },
    )
    return secret


def api_source(connection: Connection, secret: str, **_: object) -> str | None:
    """The source that an active key speaks for; None for any other text."""
    return connection.scalar(
        select(ApiKey.source).where(ApiKey.digest == digest(secret), ApiKey.active)
    )
