"""On-duty rotas as they are read: live rows, built for core.clocks.rota whenever somebody asks.

Absences are those of the people themselves, and whoever left the desk is away for good; so a rota
follows what is entered of a person anywhere (A2, K5).
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from core.clocks.calendar import Shift
from core.clocks.rota import Absence, Duty, Override, Rota, Turns
from core.clocks.rota import coming_on as next_on
from core.clocks.rota import on_duty as due
from core.tables import Person, RotaNote, RotaOverride
from core.tables import Rota as RotaRow

LOOKED_BACK = dt.timedelta(days=70)  # overrides that ended longer ago are not read
LOOKED_AHEAD = dt.timedelta(days=15)  # a turn of a week begins within
NOTES_SHOWN = 5

_ROTA = select(*RotaRow.__table__.columns).where(RotaRow.key == bindparam("key"))
_OVERRIDES = (
    select(RotaOverride)
    .where(RotaOverride.rota == bindparam("key"), RotaOverride.until > bindparam("after"))
    .order_by(RotaOverride.id)
)
_AWAY = select(Person.id, Person.active, Person.absent_from, Person.absent_until).where(
    Person.id.in_(bindparam("ids", expanding=True))
)


@dataclass(frozen=True, slots=True)
class Written:
    """A hand-over note as it is read; `told_at` is when somebody came on after it."""

    who: str
    at: dt.datetime
    text: str
    told_at: dt.datetime | None


def on_duty(connection: Connection, key: str, *, now: dt.datetime) -> list[int]:
    """The ids of the people who are on duty at a rota now, in its order (A2, K5).

    Nobody in a gap, outside its shifts, and where there is no such rota.
    """
    row = connection.execute(_ROTA, {"key": key}).first()
    return list(due(built(connection, row, now=now), now) or ()) if row is not None else []


def coming_on(connection: Connection, key: str, *, now: dt.datetime) -> tuple[int, ...]:
    """The ids of whoever comes on duty next at a rota, in its order (G8).

    Nobody where none does within `LOOKED_AHEAD`, and where there is no such rota.
    """
    row = connection.execute(_ROTA, {"key": key}).first()
    if row is None:
        return ()
    found = next_on(built(connection, row, now=now), now, LOOKED_AHEAD)
    return found[1] if found is not None else ()


def told_last(connection: Connection, key: str) -> list[int]:
    """Who was told last that they came on; nobody where there is no such rota."""
    found = select(RotaRow.on_duty).where(RotaRow.key == key)
    return list(connection.scalar(found) or ())


def load(connection: Connection, key: str, *, now: dt.datetime) -> Rota:
    """A rota as it is saved now, with its overrides and the absences of its people.

    Raises LookupError where there is none of this key.
    """
    row = connection.execute(_ROTA, {"key": key}).first()
    if row is None:
        raise LookupError(f"there is no rota {key}")
    return built(connection, row, now=now)


def built(connection: Connection, row: Row[Any], *, now: dt.datetime) -> Rota:
    """The rota of a row that was read."""
    plan = Rota(
        row.zone,
        duties(row.duties),
        row.begins,
        Turns(row.turns),
        tuple(row.people),
        row.day,
        row.minute,
    )
    return agreed(connection, row.key, plan, now=now)


def agreed(connection: Connection, key: str, plan: Rota, *, now: dt.datetime) -> Rota:
    """A plan with the overrides of the rota of this key, and with who of its people is away."""
    overrides = standing_in(connection, key, since=now - LOOKED_BACK)
    known = [Override(one.since, one.until, one.person_id, one.instead_of_id) for one in overrides]
    plan = replace(plan, overrides=tuple(known))
    return replace(plan, absences=tuple(_absences(connection, plan.everybody)))


def everything(connection: Connection) -> list[Row[Any]]:
    """All rotas by key."""
    return list(connection.execute(select(*RotaRow.__table__.columns).order_by(RotaRow.key)))


def keys(connection: Connection) -> set[str]:
    """The keys of all rotas: what documents may name."""
    return set(connection.execute(select(RotaRow.key)).scalars())


def standing_in(connection: Connection, key: str, *, since: dt.datetime) -> list[Row[Any]]:
    """The overrides of a rota that end after a moment, in the order in which they were entered."""
    return list(connection.execute(_OVERRIDES, {"key": key, "after": since}))


def notes(connection: Connection, key: str) -> list[Written]:
    """The latest hand-over notes of a rota, the latest first."""
    rows = connection.execute(
        select(Person.name, RotaNote.written_at, RotaNote.text, RotaNote.told_at)
        .join(Person, Person.id == RotaNote.person_id)
        .where(RotaNote.rota == key)
        .order_by(RotaNote.id.desc())
        .limit(NOTES_SHOWN)
    )
    return [Written(*row) for row in rows]


def names(connection: Connection, ids: Iterable[int]) -> dict[int, str]:
    """What people are called, by id."""
    wanted = set(ids)
    found = select(Person.id, Person.name).where(Person.id.in_(wanted))
    return {row.id: row.name for row in connection.execute(found)} if wanted else {}


def duties(stored: Iterable[Mapping[str, Any]]) -> tuple[Duty, ...]:
    """Duties as a row keeps them."""
    return tuple(
        Duty(
            tuple(one["days"]),
            tuple(Shift(opens, closes) for opens, closes in one["shifts"]),
            tuple(one["people"]),
        )
        for one in stored
    )


def stored(known: Sequence[Duty]) -> list[dict[str, Any]]:
    """What a row keeps of duties."""
    return [
        {
            "days": list(one.days),
            "shifts": [[shift.opens, shift.closes] for shift in one.shifts],
            "people": list(one.people),
        }
        for one in known
    ]


def _absences(connection: Connection, ids: Collection[int]) -> Iterable[Absence]:
    """When these people are away."""
    for row in connection.execute(_AWAY, {"ids": sorted(ids)}) if ids else ():
        if not row.active:
            yield Absence(row.id)
        elif row.absent_from is not None or row.absent_until is not None:
            yield Absence(row.id, row.absent_from, row.absent_until)
