"""The desk's people and channels: live rows, read whenever somebody acts (S2, fault 18)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import Connection, Row, insert, select, update

from core.desk import assigning, changes, holding, people, places, preferences, quiet, roles
from core.desk.actor import Actor, Right
from core.desk.answers import Refused, Stale
from core.desk.held import RIGHTS
from core.tables import Channel, Person, WebSession
from core.workflow.model import LOCALES

MOST_CARDS = 100
MOST_HELD = 1_000
_WHOLE = (*Person.__table__.columns, RIGHTS)


@dataclass(frozen=True, slots=True)
class PersonInfo:
    """What is kept of somebody who works at the desk."""

    name: str
    roles: list[str]
    slack_id: str | None = None
    home_stage: str = ""
    team: str = ""
    locale: str = "en"
    zone: str = "UTC"
    active: bool = True
    capacity: int | None = None  # visits that rules let them hold at most (A2)
    absent_from: dt.datetime | None = None
    absent_until: dt.datetime | None = None
    as_in_slack: bool = True  # language and zone follow the person's profile in Slack
    quiet_from: str = ""  # HH:MM in their zone, or empty
    quiet_to: str = ""
    stages: list[str] = field(default_factory=list)  # the only ones they act at; none: all


@dataclass(frozen=True, slots=True)
class ChannelInfo:
    """Where a channel that documents name is in Slack, its language, and its most live cards."""

    slack_id: str
    name: str
    locale: str = "en"
    most_cards: int = MOST_CARDS
    group_id: str = ""  # Slack's user group that alerts about its stages mention
    counts_in_topic: bool = True


def add_person(
    connection: Connection, actor: Actor, info: PersonInfo, *, now: dt.datetime
) -> int | Refused:
    """Adds somebody to the desk; returns the id. Raises ValueError for an unknown role or zone."""
    desk = roles.locked(connection)
    refused = people.refusal(connection, actor, Right.PEOPLE)
    if refused is not None:
        return refused
    _check_person(info, desk.rights)
    refused = desk.beyond(actor, desk.of(info.roles))
    if refused is not None:
        return refused
    if _taken(connection, info.slack_id, None):
        return Refused("slack_id_taken", {"slack_id": info.slack_id})
    row = connection.execute(insert(Person).returning(Person.id), {**asdict(info), "version": 1})
    after = asdict(info)
    changes.record(
        connection, actor, changes.ADDED, changes.PERSON, [info.name], now=now, after=after
    )
    return int(row.scalar_one())


def change_person(
    connection: Connection,
    actor: Actor,
    person_id: int,
    read_version: int,
    info: PersonInfo,
    *,
    now: dt.datetime,
    hand_to: int | None = None,
) -> Refused | None:
    """Changes a person who was read at `read_version`; what they may act on no more is given back.

    Whoever leaves gives back all, to `hand_to` where the actor may assign and they may have it, and
    their sessions end; whoever may decide no more gives back all, too, and whoever is limited to
    some stages what stands at others.
    Nobody changes their own roles, or switches themselves off: that takes a second person; nobody
    gives away what they do not hold, but for whoever shapes the desk; and somebody who looks after
    people and somebody who shapes the desk always stay (X2). Raises Stale where somebody saved
    meanwhile, ValueError for an unknown role or zone.
    """
    desk = roles.locked(connection)
    refused = people.refusal(connection, actor, Right.PEOPLE)
    if refused is not None:
        return refused
    _check_person(info, desk.rights)
    before = connection.execute(select(Person).where(Person.id == person_id)).first()
    if before is None:
        raise Stale("there is no such person")
    if person_id == actor.person_id and (
        set(info.roles) != set(before.roles)
        or set(info.stages) != set(before.stages)
        or info.active != before.active
    ):
        return Refused("not_yourself")
    refused = _too_far(desk, actor, before, info)
    if refused is not None:
        return refused
    if _taken(connection, info.slack_id, person_id):
        return Refused("slack_id_taken", {"slack_id": info.slack_id})
    changed = connection.execute(
        update(Person)
        .where(Person.id == person_id, Person.version == read_version)
        .values(**asdict(info), **_anew(before, info), version=Person.version + 1)
    )
    if not changed.rowcount:
        raise Stale("the person was changed by somebody else meanwhile")
    _record(connection, actor, changes.PERSON, info.name, before, info, now=now)
    if before.active and not info.active:
        _part(connection, person_id, actor, hand_to, now=now)
    elif Right.DECIDE not in desk.of(info.roles):
        holding.release_all(connection, person_id, actor, now=now)
    elif info.stages:
        holding.release_all(connection, person_id, actor, now=now, but=info.stages)
    preferences.wake(connection, person_id)
    return None


def _part(
    connection: Connection, person_id: int, actor: Actor, hand_to: int | None, *, now: dt.datetime
) -> None:
    """Whoever leaves holds nothing any more and is signed in nowhere (fault 18)."""
    if hand_to is not None:
        for held in holding.held_by(connection, person_id):
            assigning.assign(connection, held.visit_id, hand_to, actor, now=now)
    holding.release_all(connection, person_id, actor, now=now)
    leaving = update(WebSession).where(
        WebSession.person_id == person_id, WebSession.ended_at.is_(None)
    )
    connection.execute(leaving.values(ended_at=now))


def _too_far(desk: roles.Desk, actor: Actor, before: Row[Any], info: PersonInfo) -> Refused | None:
    """Why this actor may not make this of that person.

    Whose Slack id somebody sets, they could sign in as: that is a gift of all that person holds.
    """
    held, will = desk.of(before.roles), desk.of(info.roles)
    given = will if info.active and not before.active else will - held
    if before.stages and not (info.stages and set(info.stages) <= set(before.stages)):
        given |= will & {Right.DECIDE}  # at more stages than before
    if info.slack_id != before.slack_id:
        given |= held | will
    refused = desk.beyond(actor, given) if before.id != actor.person_id else None
    if refused is not None:
        return refused
    after = will if info.active else frozenset()
    return desk.locks_out({before.id: after})


def _anew(before: Row[Any], info: PersonInfo) -> dict[str, Any]:
    """What has to be asked of Slack again: its profile, and with another id the direct messages."""
    asked: dict[str, Any] = {"profile_at": None}
    return asked if before.slack_id == info.slack_id else {**asked, "dm": ""}


def add_channel(
    connection: Connection, actor: Actor, key: str, info: ChannelInfo, *, now: dt.datetime
) -> str | Refused:
    """Adds a channel under the key by which documents name it."""
    refused = people.refusal(connection, actor, Right.PEOPLE)
    if refused is not None:
        return refused
    _check_locale(info.locale)
    if connection.scalar(select(Channel.key).where(Channel.key == key)) is not None:
        return Refused("key_taken", {"key": key})
    connection.execute(insert(Channel), {"key": key, **asdict(info), "version": 1})
    after = asdict(info)
    changes.record(connection, actor, changes.ADDED, changes.CHANNEL, [key], now=now, after=after)
    return key


def change_channel(
    connection: Connection,
    actor: Actor,
    key: str,
    read_version: int,
    info: ChannelInfo,
    *,
    now: dt.datetime,
) -> Refused | None:
    """Changes a channel that was read at `read_version`. Raises Stale where somebody saved."""
    refused = people.refusal(connection, actor, Right.PEOPLE)
    if refused is not None:
        return refused
    _check_locale(info.locale)
    before = connection.execute(select(Channel).where(Channel.key == key)).first()
    changed = connection.execute(
        update(Channel)
        .where(Channel.key == key, Channel.version == read_version)
        .values(**asdict(info), version=Channel.version + 1)
    )
    if not changed.rowcount:
        raise Stale("the channel was changed by somebody else meanwhile")
    _record(connection, actor, changes.CHANNEL, key, before, info, now=now)
    places.come_up(connection, key, now=now)
    return None


def everyone(connection: Connection) -> list[Row[Any]]:
    """All people: active ones first, then by name."""
    return list(
        connection.execute(select(*_WHOLE).order_by(Person.active.desc(), Person.name, Person.id))
    )


def person(connection: Connection, person_id: int) -> Row[Any] | None:
    """One person's row."""
    return connection.execute(select(*_WHOLE).where(Person.id == person_id)).first()


def channels(connection: Connection) -> list[Row[Any]]:
    """All channels by key."""
    return list(connection.execute(select(Channel).order_by(Channel.key)))


def _record(
    connection: Connection,
    actor: Actor,
    kind: str,
    name: str,
    before: Row[Any] | None,
    info: PersonInfo | ChannelInfo,
    *,
    now: dt.datetime,
) -> None:
    after = asdict(info)
    known = {column: before._mapping[column] for column in after} if before is not None else {}
    changes.record(
        connection, actor, changes.CHANGED, kind, [name], now=now, before=known, after=after
    )


def _taken(connection: Connection, slack_id: str | None, but: int | None) -> bool:
    if not slack_id:
        return False
    owner = connection.scalar(select(Person.id).where(Person.slack_id == slack_id))
    return owner is not None and owner != but


def _check_person(info: PersonInfo, known: Mapping[str, Any]) -> None:
    if not info.name.strip():
        raise ValueError("a person needs a name")
    if unknown := set(info.roles) - known.keys():
        raise ValueError(f"there is no role {', '.join(sorted(unknown))}")
    if info.capacity is not None and not 0 <= info.capacity <= MOST_HELD:
        raise ValueError(f"nobody can hold {info.capacity} disputes")
    if info.home_stage and info.stages and info.home_stage not in info.stages:
        raise ValueError("a home stage is one of the stages that somebody may act at")
    begins, ends = info.absent_from, info.absent_until
    if begins is not None and ends is not None and ends <= begins:
        raise ValueError("an absence ends after it begins")
    if info.zone not in available_timezones():
        raise ValueError(f"there is no time zone {info.zone}")
    _check_locale(info.locale)
    if not quiet.sound(info.quiet_from, info.quiet_to):
        raise ValueError("quiet hours need two different moments, as HH:MM")


def _check_locale(locale: str) -> None:
    if locale not in LOCALES:
        raise ValueError(f"the desk does not speak {locale}")
