"""Rotas as they are shaped: added, changed, removed; every change recorded, none over a newer one.

A save of whatever belongs to a rota grows its version, so that nobody decides over what somebody
else has changed meanwhile.
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import Connection, Row, delete, insert, select, update

from core.clocks import hours
from core.clocks.rota import Duty, Rota, Turns
from core.desk import changes, documents, people, rotas
from core.desk.actor import Actor, Right
from core.desk.answers import Refused, Stale
from core.desk.calendars import WEEKDAYS
from core.tables import Channel, Deadline, Person, RotaNote, RotaOverride
from core.tables import Rota as RotaRow
from core.workflow.uses import naming_rota

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
LEAD = 48  # hours ahead that trouble is told
MOST_IN_TURN = 12
MOST_DUTIES = 6
MOST_HOURS = 168  # a week's


@dataclass(frozen=True, slots=True)
class RotaInfo:
    """What is kept of a rota; see core.clocks.rota.

    channel: where it is told, empty for nowhere. lead: how many hours ahead. most_in_row and
    most_in_week: hours that somebody may be on duty; None for any number.
    """

    label_zh: str
    label_en: str
    zone: str
    begins: dt.date
    duties: tuple[Duty, ...]
    turns: Turns = Turns.FIXED
    people: tuple[int, ...] = ()
    day: int = 0
    minute: int = 0
    channel: str = ""
    lead: int = LEAD
    most_in_row: int | None = None
    most_in_week: int | None = None

    def plan(self) -> Rota:
        """What is agreed, without who stands in and who is away."""
        turns = self.turns, self.people, self.day, self.minute
        return Rota(self.zone, self.duties, self.begins, *turns)


def add(
    connection: Connection, actor: Actor, key: str, info: RotaInfo, *, now: dt.datetime
) -> str | Refused:
    """Adds a rota. Raises ValueError for what no rota can be."""
    refused = people.refusal(connection, actor, Right.PEOPLE)
    if refused is not None:
        return refused
    _check(connection, info)
    if not KEY.fullmatch(key):
        raise ValueError(f"{key} is no key of a rota")
    if connection.scalar(select(RotaRow.key).where(RotaRow.key == key)):
        return Refused("key_taken", {"key": key})
    refused = _empty(info)
    if refused is not None:
        return refused
    connection.execute(insert(RotaRow), {"key": key, **_columns(info), "on_duty": [], "version": 1})
    after = _told(connection, _columns(info))
    changes.record(connection, actor, changes.ADDED, changes.ROTA, [key], now=now, after=after)
    return key


def change(
    connection: Connection,
    actor: Actor,
    key: str,
    read_version: int,
    info: RotaInfo,
    *,
    now: dt.datetime,
) -> Refused | None:
    """Changes a rota that was read at `read_version`; overrides and notes stay.

    Raises Stale where somebody saved meanwhile, ValueError for what no rota can be.
    """
    refused = people.refusal(connection, actor, Right.PEOPLE)
    if refused is not None:
        return refused
    _check(connection, info)
    before = locked(connection, key, read_version)
    refused = _empty(info)
    if refused is not None:
        return refused
    save(connection, key, _columns(info))
    changes.record(
        connection,
        actor,
        changes.CHANGED,
        changes.ROTA,
        [key],
        now=now,
        before=_told(connection, before._asdict()),
        after=_told(connection, _columns(info)),
    )
    return None


def remove(
    connection: Connection, actor: Actor, key: str, read_version: int, *, now: dt.datetime
) -> Refused | None:
    """Removes a rota, read at `read_version`, with its overrides and notes.

    Refused while a ladder or an assignment rule names it: of the active document, or of one by
    which a deadline runs.
    Raises Stale like `change`.
    """
    refused = people.refusal(connection, actor, Right.PEOPLE)
    if refused is not None:
        return refused
    before = locked(connection, key, read_version)
    if _in_use(connection, key):
        return Refused("rota_in_use")
    connection.execute(delete(RotaNote).where(RotaNote.rota == key))
    connection.execute(delete(RotaOverride).where(RotaOverride.rota == key))
    connection.execute(delete(RotaRow).where(RotaRow.key == key))
    known = _told(connection, before._asdict())
    changes.record(connection, actor, changes.REMOVED, changes.ROTA, [key], now=now, before=known)
    return None


def locked(connection: Connection, key: str, read_version: int) -> Row[Any]:
    """The rota's row, which nobody else changes before this transaction ends.

    Raises Stale where it is no longer what was read.
    """
    found = select(*RotaRow.__table__.columns).where(RotaRow.key == key)
    row = connection.execute(found.with_for_update()).first()
    if row is None or row.version != read_version:
        raise Stale("the rota was changed by somebody else meanwhile")
    return row


def save(connection: Connection, key: str, values: Mapping[str, Any] | None = None) -> None:
    """Keeps what a locked rota is from now on, and grows its version."""
    connection.execute(
        update(RotaRow)
        .where(RotaRow.key == key)
        .values(**(values or {}), version=RotaRow.version + 1)
    )


def _in_use(connection: Connection, key: str) -> bool:
    running = select(Deadline.document_id).where(Deadline.stopped_at.is_(None)).distinct()
    ids = {documents.active_id(connection), *connection.execute(running).scalars()}
    return any(naming_rota(documents.load(connection, one), key) for one in ids)


def _empty(info: RotaInfo) -> Refused | None:
    """Why nobody could ever be on duty."""
    if not any(duty.days and duty.shifts for duty in info.duties):
        return Refused("rota_no_shifts")
    nobody = not info.people if info.turns != Turns.FIXED else _unmanned(info)
    return Refused("rota_nobody") if nobody else None


def _unmanned(info: RotaInfo) -> bool:
    return any(duty.days and duty.shifts and not duty.people for duty in info.duties)


def _check(connection: Connection, info: RotaInfo) -> None:
    if not info.label_zh.strip() or not info.label_en.strip():
        raise ValueError("a rota needs a label in both languages")
    if info.zone not in available_timezones():
        raise ValueError(f"there is no time zone {info.zone}")
    Turns(info.turns)
    if not (0 <= info.day < 7 and 0 <= info.minute < 1440):
        raise ValueError("a hand-over needs a day of the week and a minute of the day")
    if len(info.people) > MOST_IN_TURN or len(info.duties) > MOST_DUTIES:
        raise ValueError("a rota has so many people or shifts at most")
    limits = [one for one in (info.most_in_row, info.most_in_week) if one is not None]
    if any(not 1 <= one <= MOST_HOURS for one in (info.lead, *limits)):
        raise ValueError(f"hours are from 1 to {MOST_HOURS}")
    if len(set(info.people)) != len(info.people):
        raise ValueError("somebody has two places in turn")
    ids = {*info.people, *(one for duty in info.duties for one in duty.people)}
    known = set(connection.execute(select(Person.id).where(Person.id.in_(ids))).scalars())
    if ids - known:
        raise ValueError(f"there is nobody with the id {min(ids - known)}")
    if info.channel and not connection.scalar(
        select(Channel.key).where(Channel.key == info.channel)
    ):
        raise ValueError(f"there is no channel {info.channel}")


def _columns(info: RotaInfo) -> dict[str, Any]:
    values = {**asdict(info), "turns": str(info.turns), "people": list(info.people)}
    return {**values, "duties": rotas.stored(info.duties)}


def _told(connection: Connection, row: Mapping[str, Any]) -> dict[str, Any]:
    """A rota as the record of changes keeps it: people by name, each day's shifts as written."""
    known = rotas.duties(row["duties"])
    ids = {*row["people"], *(one for duty in known for one in duty.people)}
    called = rotas.names(connection, ids)
    plain = ("label_zh", "label_en", "zone", "channel", "lead", "most_in_row", "most_in_week")
    told: dict[str, Any] = {name: row[name] for name in plain}
    told |= {"begins": row["begins"].isoformat(), "turns": row["turns"]}
    if row["turns"] != Turns.FIXED:
        told["in_turn"] = [called.get(one, str(one)) for one in row["people"]]
        told["minute"] = hours.clock(row["minute"])
    if row["turns"] == Turns.WEEKLY:
        told["day"] = WEEKDAYS[row["day"]]
    for number, day in enumerate(WEEKDAYS):
        told[day] = "; ".join(
            _shifts(duty, called, row["turns"]) for duty in known if number in duty.days
        )
    return told


def _shifts(duty: Duty, called: Mapping[int, str], turns: str) -> str:
    told = hours.told(duty.shifts)
    if turns != Turns.FIXED:
        return told
    return f"{told} ({', '.join(called.get(one, str(one)) for one in duty.people)})"
