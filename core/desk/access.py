"""Ways in: one-time login links, sessions of the panel, keys of the API. Only digests are kept."""

import datetime as dt
import hashlib
import secrets

from sqlalchemy import Connection, insert, select, update

from core.tables import ApiKey, LoginLink, Person, WebSession

LINK_FOR = dt.timedelta(minutes=15)
IDLE = dt.timedelta(hours=2)
ABSOLUTE = dt.timedelta(hours=12)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def new_link(connection: Connection, person_id: int, *, now: dt.datetime) -> str:
    """A secret that signs this person in once, within fifteen minutes."""
    secret = secrets.token_urlsafe(32)
    connection.execute(
        insert(LoginLink),
        {"digest": _digest(secret), "person_id": person_id, "expires_at": now + LINK_FOR},
    )
    return secret


def sign_in(connection: Connection, secret: str, *, now: dt.datetime) -> str | None:
    """Uses up a login link; returns a fresh session's secret, or None where the link is dead."""
    person_id = connection.execute(
        update(LoginLink)
        .where(
            LoginLink.digest == _digest(secret),
            LoginLink.used_at.is_(None),
            LoginLink.expires_at > now,
        )
        .values(used_at=now)
        .returning(LoginLink.person_id)
    ).scalar()
    if person_id is None:
        return None
    session = secrets.token_urlsafe(32)
    connection.execute(
        insert(WebSession),
        {"digest": _digest(session), "person_id": person_id, "created_at": now, "seen_at": now},
    )
    return session


def session_person(connection: Connection, secret: str, *, now: dt.datetime) -> int | None:
    """The active person whose session this is; None once it idled, aged or was ended."""
    digest = _digest(secret)
    row = connection.execute(
        select(WebSession.person_id, WebSession.seen_at)
        .join(Person, Person.id == WebSession.person_id)
        .where(
            WebSession.digest == digest,
            WebSession.ended_at.is_(None),
            WebSession.seen_at > now - IDLE,
            WebSession.created_at > now - ABSOLUTE,
            Person.active,
        )
    ).first()
    return None if row is None else int(row.person_id)


def seen(connection: Connection, secret: str, *, now: dt.datetime) -> None:
    """Prolongs a session that is in use; a minute's grain spares the database a write per page."""
    connection.execute(
        update(WebSession)
        .where(
            WebSession.digest == _digest(secret),
            WebSession.seen_at < now - dt.timedelta(minutes=1),
        )
        .values(seen_at=now)
    )


def sign_out(connection: Connection, secret: str, *, now: dt.datetime) -> None:
    """Ends a session."""
    connection.execute(
        update(WebSession).where(WebSession.digest == _digest(secret)).values(ended_at=now)
    )


def new_api_key(connection: Connection, source: str, name: str, *, now: dt.datetime) -> str:
    """A key for the marketplace's API, shown this once; it speaks for `source` only."""
    secret = f"rdk_{secrets.token_urlsafe(32)}"
    connection.execute(
        insert(ApiKey),
        {
            "digest": _digest(secret),
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
        select(ApiKey.source).where(ApiKey.digest == _digest(secret), ApiKey.active)
    )
