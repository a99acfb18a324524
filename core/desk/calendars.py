"""Business calendars: live rows, edited in the panel, built for core.clocks once per content (G7).

What a calendar must not be is decided over the calendar as it stands, with its row locked; every
save, of a special day too, grows the revision and names the content by its digest.
"""

import datetime as dt
import hashlib
import json
import re
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from core.clocks import hours
from core.clocks.calendar import Calendar, NeverOpen, Shift, after
from core.desk import changes, documents, people, public_holidays
from core.desk.actor import Actor, Right
from core.desk.answers import Refused, Stale
from core.tables import BusinessCalendar, CalendarDay, Deadline
from core.workflow.uses import counting_by

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
KEPT = 64  # built calendars that a process keeps
Week = tuple[tuple[Shift, ...], ...]

_OFFICE = (Shift(9 * 60, 12 * 60), Shift(13 * 60, 18 * 60))
FIRST = "service_days"

_kept: OrderedDict[str, Calendar] = OrderedDict()  # by digest: what it says is all that it is
_guard = threading.Lock()
_DIGEST = select(BusinessCalendar.digest).where(BusinessCalendar.key == bindparam("key"))
_BODY = (  # one statement, so that a week and its days are of one moment
    select(BusinessCalendar.zone, BusinessCalendar.week, CalendarDay.date, CalendarDay.shifts)
    .outerjoin(CalendarDay, CalendarDay.calendar == BusinessCalendar.key)
    .where(BusinessCalendar.key == bindparam("key"))
    .order_by(CalendarDay.date)
)


@dataclass(frozen=True, slots=True)
class CalendarInfo:
    """What a calendar is called, where its clocks are, and the ordinary week, Monday first."""

    label_zh: str
    label_en: str
    zone: str
    week: Week


def load(connection: Connection, key: str) -> Calendar:
    """The calendar as it is saved now, built once per process and content.

    Raises LookupError where there is none of this key.
    """
    digest = connection.execute(_DIGEST, {"key": key}).scalar()
    with _guard:
        known = _kept.get(digest or "")
    if known is not None:
        return known
    rows = connection.execute(_BODY, {"key": key}).all()
    if not rows:
        raise LookupError(f"there is no calendar {key}")
    days = tuple((row.date, shifts(row.shifts)) for row in rows if row.date is not None)
    built = Calendar(rows[0].zone, week(rows[0].week), days)
    with _guard:
        _kept[_digest(built)] = built
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return built


def everything(connection: Connection) -> list[Row[Any]]:
    """All calendars by key; `version` is the revision that a save is guarded by."""
    columns = (*BusinessCalendar.__table__.columns, BusinessCalendar.revision.label("version"))
    return list(connection.execute(select(*columns).order_by(BusinessCalendar.key)))


def seed(connection: Connection, *, now: dt.datetime) -> None:
    """Gives a fresh desk its first calendar; a desk that has any keeps what it has.

    Working days in China with a lunch break, and the public holidays that are known of this year
    and the next.
    """
    if connection.scalar(select(BusinessCalendar.key).limit(1)) is not None:
        return
    info = CalendarInfo("服务日", "Service days", "Asia/Shanghai", (_OFFICE,) * 5 + ((),) * 2)
    days = public_holidays.of("CN", (now.year, now.year + 1), _OFFICE)
    then = Calendar(info.zone, info.week, tuple((day.date, day.shifts) for day in days))
    values = {**_columns(info), "digest": _digest(then)}
    connection.execute(insert(BusinessCalendar), {"key": FIRST, **values, "revision": 1})
    connection.execute(insert(CalendarDay), [day.row(FIRST) for day in days])


def add(
    connection: Connection, actor: Actor, key: str, info: CalendarInfo, *, now: dt.datetime
) -> str | Refused:
    """Adds a calendar without special days. Raises ValueError for what no calendar can be."""
    refused = people.refusal(connection, actor, Right.SHAPE)
    if refused is not None:
        return refused
    _check(info)
    if not KEY.fullmatch(key):
        raise ValueError(f"{key} is no key of a calendar")
    if connection.scalar(select(BusinessCalendar.key).where(BusinessCalendar.key == key)):
        return Refused("key_taken", {"key": key})
    then = Calendar(info.zone, info.week)
    if not opens(then, now):
        return Refused("never_opens")
    values = {**_columns(info), "digest": _digest(then)}
    connection.execute(insert(BusinessCalendar), {"key": key, **values, "revision": 1})
    after = _told(info)
    changes.record(connection, actor, changes.ADDED, changes.CALENDAR, [key], now=now, after=after)
    return key


def change(
    connection: Connection,
    actor: Actor,
    key: str,
    read_revision: int,
    info: CalendarInfo,
    *,
    now: dt.datetime,
) -> Refused | None:
    """Changes a calendar that was read at `read_revision`; its special days stay.

    Raises Stale where somebody saved meanwhile, ValueError for what no calendar can be.
    """
    refused = people.refusal(connection, actor, Right.SHAPE)
    if refused is not None:
        return refused
    _check(info)
    before = locked(connection, key, read_revision)
    kept = load(connection, key).days
    then = Calendar(info.zone, info.week, kept)
    if not opens(then, now):
        return Refused("never_opens")
    save(connection, key, then, _columns(info))
    old = CalendarInfo(before.label_zh, before.label_en, before.zone, week(before.week))
    changes.record(
        connection,
        actor,
        changes.CHANGED,
        changes.CALENDAR,
        [key],
        now=now,
        before=_told(old),
        after=_told(info),
    )
    return None


def remove(
    connection: Connection, actor: Actor, key: str, read_revision: int, *, now: dt.datetime
) -> Refused | None:
    """Removes a calendar, read at `read_revision`, with its days. Raises Stale like `change`."""
    refused = people.refusal(connection, actor, Right.SHAPE)
    if refused is not None:
        return refused
    before = locked(connection, key, read_revision)
    if _in_use(connection, key):
        return Refused("calendar_in_use")
    connection.execute(delete(CalendarDay).where(CalendarDay.calendar == key))
    connection.execute(delete(BusinessCalendar).where(BusinessCalendar.key == key))
    known = _told(CalendarInfo(before.label_zh, before.label_en, before.zone, week(before.week)))
    changes.record(
        connection, actor, changes.REMOVED, changes.CALENDAR, [key], now=now, before=known
    )
    return None


def _in_use(connection: Connection, key: str) -> bool:
    """Whether anything counts by it: the active document, or one by which a deadline runs."""
    running = select(Deadline.document_id).where(Deadline.stopped_at.is_(None)).distinct()
    ids = {documents.active_id(connection), *connection.execute(running).scalars()}
    return any(counting_by(documents.load(connection, one), key) for one in ids)


def locked(connection: Connection, key: str, read_revision: int) -> Row[Any]:
    """The calendar's row, which nobody else changes before this transaction ends.

    Raises Stale where it is no longer what was read.
    """
    found = select(*BusinessCalendar.__table__.columns).where(BusinessCalendar.key == key)
    row = connection.execute(found.with_for_update()).first()
    if row is None or row.revision != read_revision:
        raise Stale("the calendar was changed by somebody else meanwhile")
    return row


def save(
    connection: Connection, key: str, then: Calendar, values: Mapping[str, Any] | None = None
) -> None:
    """Notes what a locked calendar says from now on, by its digest, and grows its revision."""
    connection.execute(
        update(BusinessCalendar)
        .where(BusinessCalendar.key == key)
        .values(**(values or {}), digest=_digest(then), revision=BusinessCalendar.revision + 1)
    )


def opens(calendar: Calendar, now: dt.datetime) -> bool:
    """Whether it will always open again: in an ordinary week, and within the horizon from now."""
    if not any(shift.closes > shift.opens for day in calendar.week for shift in day):
        return False
    try:
        after(calendar, now, dt.timedelta(minutes=1))
    except NeverOpen:
        return False
    return True


def shifts(stored: Iterable[Sequence[int]]) -> tuple[Shift, ...]:
    """Shifts as a row keeps them: pairs of minutes."""
    return tuple(Shift(opens, closes) for opens, closes in stored)


def week(stored: Iterable[Iterable[Sequence[int]]]) -> Week:
    """A week as a row keeps it."""
    return tuple(shifts(day) for day in stored)


def _check(info: CalendarInfo) -> None:
    if not info.label_zh.strip() or not info.label_en.strip():
        raise ValueError("a calendar needs a label in both languages")
    if info.zone not in available_timezones():
        raise ValueError(f"there is no time zone {info.zone}")


def _columns(info: CalendarInfo) -> dict[str, Any]:
    stored = [[[shift.opens, shift.closes] for shift in day] for day in info.week]
    labels = {"label_zh": info.label_zh, "label_en": info.label_en}
    return {**labels, "zone": info.zone, "week": stored}


def _told(info: CalendarInfo) -> dict[str, str]:
    """A calendar as the record of changes keeps it: each day's hours as people write them."""
    told = dict(zip(WEEKDAYS, (hours.told(day) for day in info.week), strict=True))
    return {"label_zh": info.label_zh, "label_en": info.label_en, "zone": info.zone, **told}


def _digest(calendar: Calendar) -> str:
    """What a calendar says, as one short name; the same for the same content everywhere."""
    week = [[[s.opens, s.closes] for s in day] for day in calendar.week]
    days = [[date.isoformat(), *([s.opens, s.closes] for s in own)] for date, own in calendar.days]
    body = json.dumps([calendar.zone, week, sorted(days, key=lambda day: str(day[0]))])
    return hashlib.sha256(body.encode()).hexdigest()
