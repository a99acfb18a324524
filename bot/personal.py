"""What one person is told alone: in their language, outside their quiet hours, never as a storm."""

import datetime as dt
from dataclasses import replace
from typing import Any

from slack_sdk import WebClient
from sqlalchemy import Connection, select

from bot import jobs
from bot.alarms import Alarms
from bot.calls import Done, Outcome, Refused, form_call
from bot.cards import direct
from bot.cards.direct import Told
from bot.context import Bot
from bot.happenings import happening
from bot.job import POST, Job, Pointless, Prepared, Resting
from bot.pages import ALONE, Pages
from bot.roads import Permalink
from core.desk import cards, delivery, outbox, preferences, quiet, views
from core.desk.delivery import Lease
from core.desk.pieces import Addresses
from core.secrets import Vault
from core.tables import Outbox, Person, Visit

MANY = 3  # so many at once come in one message
MOST = 20  # disputes that one message names


def prepare(
    connection: Connection,
    lease: Lease,
    vault: Vault,
    permalink: Permalink,
    addresses: Addresses,
    *,
    now: dt.datetime,
) -> Prepared:
    """What a message to one person comes to now."""
    person_id = int(lease.lane.removeprefix(outbox.DIRECT_LANES))
    person = connection.execute(select(Person).where(Person.id == person_id)).first()
    alarms = Alarms(connection, vault, permalink, addresses, now)
    if person is None or not person.active or not person.slack_id:
        alerts = lease.kind == outbox.ALERT
        return alarms.gone(lease) if alerts else Pointless("nobody in Slack is meant")
    if lease.kind == outbox.ALERT:
        return _to(person, alarms.alone(lease, person))
    if lease.kind in ALONE:
        pages = Pages(connection, vault, permalink, addresses, now)
        return _to(person, pages.alone(lease, person))
    told = _told(connection, lease.id, person, vault, permalink, addresses, now=now)
    if lease.kind == outbox.DIRECT and told is None:
        return Pointless("it is in other hands by now")
    until = quiet.until(person.quiet_from, person.quiet_to, person.zone, now)
    if until is not None and not (told and told.view.due_at and told.view.due_at <= until):
        return Resting(until)
    if told is None:
        job = jobs.prepare(connection, lease, vault, permalink, addresses, now=now)
    else:
        job = _several(connection, lease, told, person, vault, permalink, addresses, now=now)
    return _to(person, job)


def _to(person: Any, job: Prepared) -> Prepared:
    return replace(job, channel=person.dm, to=person.slack_id) if isinstance(job, Job) else job


def reach(bot: Bot, sender: WebClient, job: Job) -> Job | Outcome:
    """The message with the channel it goes to: a person's direct messages are opened once."""
    if not job.to or job.channel:
        return job
    found = form_call(sender, "conversations.open", {"users": job.to})
    if not isinstance(found, Done):
        return found
    channel = str((found.data.get("channel") or {}).get("id", ""))
    if not channel:
        return Refused("no direct messages")
    bot.database.transact(preferences.reached, job.to, channel)
    return replace(job, channel=channel)


def _told(
    connection: Connection,
    message_id: int,
    person: Any,
    vault: Vault,
    permalink: Permalink,
    addresses: Addresses,
    *,
    now: dt.datetime,
) -> Told | None:
    """What a message of the outbox tells this person, if the visit is theirs still."""
    row = connection.execute(
        select(Outbox.kind, Outbox.visit_id, Outbox.data)
        .join(Visit, Visit.id == Outbox.visit_id)
        .where(Outbox.id == message_id, Visit.left_at.is_(None), Visit.holder_id == person.id)
    ).first()
    if row is None or row.kind != outbox.DIRECT:
        return None
    view = views.card_view(connection, row.visit_id, vault, addresses, now=now)
    if view is None:
        return None
    what = happening(connection, int(row.data["event"]), person.locale)
    return Told(view, what, permalink(cards.place(connection, row.visit_id)))


def _several(
    connection: Connection,
    lease: Lease,
    told: Told,
    person: Any,
    vault: Vault,
    permalink: Permalink,
    addresses: Addresses,
    *,
    now: dt.datetime,
) -> Prepared:
    """One message, or one for all that wait where quiet hours or a rush piled them up.

    What may have been sent before is told alone: its own message is looked for, and the others
    must not be taken for told by it.
    """
    others = connection.execute(
        select(Outbox.id, Outbox.quiet_until)
        .where(
            Outbox.lane == lease.lane,
            Outbox.kind == outbox.DIRECT,
            Outbox.finished_at.is_(None),
            Outbox.state == delivery.WAITING,
            Outbox.id != lease.id,
        )
        .order_by(Outbox.id)
        .limit(MOST - 1)
    ).all()
    rested = any(row.quiet_until is not None for row in others)
    if lease.uncertain or not others or (len(others) + 1 < MANY and not rested):
        return Job(POST, "", direct.one(told, person.locale, person.zone))
    more = [
        _told(connection, row.id, person, vault, permalink, addresses, now=now) for row in others
    ]
    latest = {item.view.visit_id: item for item in (told, *more) if item is not None}
    items = list(latest.values())  # a visit that was given twice is told once
    covers = tuple(row.id for row in others)
    if len(items) == 1:
        return Job(POST, "", direct.one(items[0], person.locale, person.zone), covers=covers)
    return Job(POST, "", direct.several(items, person.locale, person.zone), covers=covers)
