"""Who stands in for whom at a rota, swapped turns, and what whoever leaves says (K5)."""

import datetime as dt
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from core.clocks.rota import Override, on_duty
from core.clocks.turns import Turn, swapped, turns
from core.desk import changes, clicks, people, rota_edit, rota_watch, rotas
from core.desk.actor import Actor, Right
from core.desk.answers import Answer, Applied, Refused
from core.tables import Person, RotaNote, RotaOverride
from core.workflow.text import readable

LONGEST_NOTE = 500  # characters
SWAPPED_AHEAD = dt.timedelta(days=56)
CONTACT = re.compile(r"[\w.+-]+@[\w-]+\.\w|(?:\+?\d[\s-]?){9,}")  # a mail address, a telephone


@dataclass(frozen=True, slots=True)
class Named:
    """A rota and what it is called."""

    key: str
    label_zh: str
    label_en: str


def enter(
    connection: Connection,
    actor: Actor,
    key: str,
    read_version: int,
    one: Override,
    *,
    now: dt.datetime,
) -> Refused | None:
    """Lets somebody be on duty in place of another, or beside whoever is, for a time.

    Raises Stale where the rota, read at `read_version`, was saved meanwhile, ValueError for a time
    that ends before it begins.
    """
    refused = people.refusal(connection, actor, Right.PEOPLE)
    if refused is not None:
        return refused
    if one.until <= one.since:
        raise ValueError("whoever stands in does so for a time")
    rota_edit.locked(connection, key, read_version)
    refused = _unfit(connection, one, now=now)
    if refused is not None:
        return refused
    _put(connection, key, [one], "")
    rota_edit.save(connection, key)
    _record(connection, actor, key, changes.CHANGED, [one], now=now)
    return None


def withdraw(
    connection: Connection,
    actor: Actor,
    key: str,
    read_version: int,
    override_id: int,
    *,
    now: dt.datetime,
) -> Refused | None:
    """Takes an override back that is not over; of a swap both halves go.

    Raises Stale like `enter`.
    """
    refused = people.refusal(connection, actor, Right.PEOPLE)
    if refused is not None:
        return refused
    rota_edit.locked(connection, key, read_version)
    here = rotas.standing_in(connection, key, since=now)
    found = next((one for one in here if one.id == override_id), None)
    if found is None:
        return Refused("rota_override_gone")
    gone = [one for one in here if one.id == found.id or (found.swap and one.swap == found.swap)]
    ids = [one.id for one in gone]
    connection.execute(delete(RotaOverride).where(RotaOverride.id.in_(ids)))
    rota_edit.save(connection, key)
    known = [Override(one.since, one.until, one.person_id, one.instead_of_id) for one in gone]
    _record(connection, actor, key, changes.REMOVED, known, now=now)
    return None


def swap(
    connection: Connection,
    actor: Actor,
    key: str,
    read_version: int,
    one: Turn,
    other: Turn,
    *,
    now: dt.datetime,
) -> Refused | None:
    """Lets two people do each other's turn; both must be turns to come.

    Raises Stale like `enter`.
    """
    refused = people.refusal(connection, actor, Right.PEOPLE)
    if refused is not None:
        return refused
    rota_edit.locked(connection, key, read_version)
    rota = rotas.load(connection, key, now=now)
    if not {one, other} <= set(turns(rota, now, now + SWAPPED_AHEAD)):
        return Refused("rota_turn_gone")
    if one.person == other.person:
        return Refused("rota_same_person")
    halves = swapped(one, other)
    _put(connection, key, halves, secrets.token_urlsafe(9))
    rota_edit.save(connection, key)
    _record(connection, actor, key, changes.CHANGED, halves, now=now)
    return None


def note(
    connection: Connection, actor: Actor, key: str, text: str, *, now: dt.datetime
) -> Refused | None:
    """Keeps what whoever comes on next must know, to be told at the next hand-over.

    Whoever is named in the rota may write it, and whoever looks after people. It goes to Slack, so
    a telephone number or a mail address is refused (X5).
    """
    refused = people.refusal(connection, actor, Right.SEE)
    if refused is not None:
        return refused
    if key not in rotas.keys(connection):
        return Refused("rota_unknown")
    if not member(connection, actor, key, now=now):
        return Refused("rota_not_yours")
    said = text.strip()
    if not said or len(said) > LONGEST_NOTE or not readable(said):
        return Refused("rota_note_unreadable", {"limit": LONGEST_NOTE})
    if CONTACT.search(said):
        return Refused("rota_note_contact")
    values = {"rota": key, "person_id": actor.person_id, "text": said, "written_at": now}
    connection.execute(insert(RotaNote), values)
    return None


def leave(
    connection: Connection,
    actor: Actor,
    key: str,
    text: str,
    *,
    now: dt.datetime,
    click: str | None = None,
) -> Answer:
    """The same as `note`, for a door whose clicks may come twice."""

    def act(actor: Actor) -> Answer:
        refused = note(connection, actor, key, text, now=now)
        return refused or Applied("rota_note", 0, "", 0, params={"rota": key})

    return clicks.once(connection, actor, Right.SEE, click, act, now=now)


def writable(connection: Connection, actor: Actor, *, now: dt.datetime) -> list[Named]:
    """The rotas at which an actor may leave a note, those at which they are on duty now first."""
    everywhere = people.refusal(connection, actor, Right.PEOPLE) is None
    found = []
    for key, (row, rota) in rota_watch.everything(connection, now=now).items():
        if everywhere or actor.person_id in rota.everybody:
            here = actor.person_id in (on_duty(rota, now) or ())
            found.append((not here, Named(key, row.label_zh, row.label_en)))
    return [one for _, one in sorted(found, key=lambda pair: (pair[0], pair[1].key))]


def member(connection: Connection, actor: Actor, key: str, *, now: dt.datetime) -> bool:
    """Whether an actor has something to say at a rota: by turn, standing in, or by right."""
    if people.refusal(connection, actor, Right.PEOPLE) is None:
        return True
    return actor.person_id in rotas.load(connection, key, now=now).everybody


def _unfit(connection: Connection, one: Override, *, now: dt.datetime) -> Refused | None:
    if one.until <= now:
        return Refused("rota_past")
    if one.person == one.instead_of:
        return Refused("rota_same_person")
    wanted = {one.person, *([one.instead_of] if one.instead_of is not None else [])}
    there = select(Person.id).where(Person.id.in_(wanted), Person.active)
    known = set(connection.execute(there).scalars())
    return Refused("unknown_person") if one.person not in known or wanted - known else None


def _put(connection: Connection, key: str, halves: Sequence[Override], mark: str) -> None:
    for one in halves:  # one by one: they are followed in the order of their ids
        row = {"rota": key, "since": one.since, "until": one.until, "swap": mark}
        people_of = {"person_id": one.person, "instead_of_id": one.instead_of}
        connection.execute(insert(RotaOverride), {**row, **people_of})


def _record(
    connection: Connection,
    actor: Actor,
    key: str,
    what: str,
    known: Sequence[Override],
    *,
    now: dt.datetime,
) -> None:
    """Each override as a change of the rota: what is agreed now, or was until now."""
    ids = {one for each in known for one in (each.person, each.instead_of) if one is not None}
    called = rotas.names(connection, ids)
    for one in known:
        told: dict[str, Any] = {"since": one.since, "until": one.until}
        told["stands_in"] = called[one.person]
        told["instead_of"] = called.get(one.instead_of or 0, "")
        side = {"before": told} if what == changes.REMOVED else {"after": told}
        changes.record(connection, actor, changes.CHANGED, changes.ROTA, [key], now=now, **side)
