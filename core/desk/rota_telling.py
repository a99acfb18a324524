"""What rotas tell by themselves: who came on, what they must know, and trouble ahead (K5, K23).

Any number of schedulers may look at once: a rota's row is held while it is told about, and whoever
finds it held leaves it to the other.
"""

import datetime as dt
from typing import Any

from sqlalchemy import Connection, Row, select, update

from core.clocks.rota import Rota, handovers, on_duty, stretches
from core.desk import outbox, rota_watch, rotas
from core.tables import Rota as RotaRow
from core.tables import RotaNote

_FAR = dt.timedelta(days=15)  # a turn of a week ends within
_HELD = select(*RotaRow.__table__.columns).order_by(RotaRow.key).with_for_update(skip_locked=True)


def hand_over(connection: Connection, *, now: dt.datetime) -> int:
    """Tells each rota's channel who came on since it was last told, and each of them alone.

    They get the notes that nobody was told of yet. A break, or a gap, hands nothing over: whoever
    comes back after it did not come on. Returns how many rotas were handed over.
    """
    told = 0
    for row in connection.execute(_HELD).all():
        rota = rotas.built(connection, row, now=now)
        people = list(on_duty(rota, now) or ())
        if not people or people == row.on_duty:
            continue
        here = update(RotaRow).where(RotaRow.key == row.key)
        connection.execute(here.values(on_duty=people))
        came = [one for one in people if one not in row.on_duty]
        if came:
            _tell(connection, row, rota, people, came, now=now)
            told += 1
    return told


def look_ahead(connection: Connection, *, now: dt.datetime) -> int:
    """Tells each rota's channel, once, of every trouble within its lead; returns how many."""
    held = [row.key for row in connection.execute(_HELD) if row.channel]
    known = rota_watch.everything(connection, now=now)
    told = 0
    for key in held:
        row, _ = known[key]
        lead = dt.timedelta(hours=row.lead)
        for one in rota_watch.troubles(key, known, now=now, length=lead):
            told += outbox.put_once(connection, _trouble(row, one, now=now))
    return told


def until(rota: Rota, now: dt.datetime) -> dt.datetime | None:
    """When whoever is on duty now is relieved: at the next hand-over, or as their shift ends."""
    coming = handovers(rota, now, now + _FAR)
    if coming:
        return coming[0]
    here = stretches(rota, now, now + _FAR)
    return here[0].until if here and here[0].until < now + _FAR else None


def _tell(
    connection: Connection,
    row: Row[Any],
    rota: Rota,
    people: list[int],
    came: list[int],
    *,
    now: dt.datetime,
) -> None:
    ends = until(rota, now)
    data: dict[str, Any] = {"rota": row.key, "people": people}
    data["until"] = ends.isoformat() if ends is not None else ""
    mark = f"{outbox.ON_DUTY}:{row.key}:{now.isoformat()}"
    rows = []
    if row.channel:
        rows.append(
            outbox.message(outbox.ON_DUTY, outbox.post_lane(row.channel), mark, now=now, data=data)
        )
    notes = _untold(connection, row.key, now=now)
    for person in came:
        lane, own = outbox.direct_lane(person), {**data, "notes": notes}
        rows.append(outbox.message(outbox.ON_DUTY, lane, f"{mark}:{person}", now=now, data=own))
    outbox.put(connection, rows)


def _untold(connection: Connection, key: str, *, now: dt.datetime) -> list[int]:
    """The latest notes that nobody was told of, which are told now; the earliest first."""
    untold = (RotaNote.rota == key, RotaNote.told_at.is_(None))
    latest = select(RotaNote.id).where(*untold).order_by(RotaNote.id.desc())
    found = list(connection.execute(latest.limit(rotas.NOTES_SHOWN)).scalars())
    connection.execute(update(RotaNote).where(*untold).values(told_at=now))
    return found[::-1]


def _trouble(row: Row[Any], one: rota_watch.Ahead, *, now: dt.datetime) -> dict[str, Any]:
    found = one.finding
    data = {
        "rota": row.key,
        "trouble": str(found.kind),
        "since": found.since.isoformat(),
        "until": found.until.isoformat(),
        "seconds": int(found.length.total_seconds()),
        "person": found.person,
        "other": one.other,
    }
    dedupe = f"{outbox.ROTA_TROUBLE}:{rota_watch.mark(row.key, one)}"
    lane = outbox.post_lane(row.channel)
    return outbox.message(outbox.ROTA_TROUBLE, lane, dedupe, now=now, data=data)
