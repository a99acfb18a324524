"""What is about no single dispute: a digest, a lost channel, a rota, what did not run."""

import datetime as dt
from typing import Any

from sqlalchemy import Connection, select

from bot.cards import duty
from bot.cards.digest import digest_of
from bot.cards.outage import outage
from bot.cards.pulse import probe, pulse
from bot.job import POST, Job, Pointless, Prepared
from bot.roads import NotYet, Reroute
from core.desk import documents, outbox, queues, rotas
from core.desk.delivery import Lease
from core.tables import Channel, Outage, Person, Rota, RotaNote, Visit

KINDS = frozenset({outbox.DIGEST, outbox.OUTAGE, outbox.PULSE, outbox.PROBE})


def of_channel(connection: Connection, lease: Lease, channel: Any) -> Prepared:
    """What is about no single dispute: a digest, a channel that was lost or is back, the pulse."""
    if isinstance(channel, NotYet | Reroute):
        return channel
    if lease.kind == outbox.OUTAGE:
        told = lease.data
        row = connection.execute(select(Outage).where(Outage.key == told["outage"])).one()
        if not told["over"] and (row.ended_at is not None or row.times != told["times"]):
            return Pointless("it was over before it was told")
        name = _name(connection, told["outage"].partition(":")[2])
        message = outage(told, name, channel.locale)
    elif lease.kind == outbox.PULSE:
        message = pulse(lease.data, channel.locale)
    elif lease.kind == outbox.PROBE:
        message = probe(channel.locale)
    else:
        waiting = queues.open_visits().where(Visit.id.in_(lease.data["visits"]))
        worst = queues.rows(connection, waiting)
        items = [(row, documents.load(connection, row.document_id)) for row in worst]
        message = digest_of(items, lease.data, channel.locale)
    return Job(POST, channel.slack_id, message, key=channel.key)


def of_rota(connection: Connection, lease: Lease, channel: Any, *, now: dt.datetime) -> Prepared:
    """What a rota tells a channel, or whoever came on."""
    if isinstance(channel, NotYet | Reroute):
        return channel
    data = lease.data
    if lease.kind == outbox.ROTA_TROUBLE:
        if dt.datetime.fromisoformat(data["until"]) <= now:
            return Pointless("it is over before it was told")
        who = rotas.names(connection, [data["person"] or 0]).get(data["person"] or 0, "")
        called, other = (_rota(connection, data[n], channel.locale) for n in ("rota", "other"))
        message = duty.trouble(called, other, who, data, channel.locale)
        return Job(POST, channel.slack_id, message, key=channel.key)
    if rotas.told_last(connection, data["rota"]) != data["people"]:
        return Pointless("others are on duty by now")
    if channel is None:
        person_id = int(lease.lane.removeprefix(outbox.DIRECT_LANES))
        locale = connection.scalar(select(Person.locale).where(Person.id == person_id)) or "en"
        notes = [_note(connection, one) for one in data["notes"]]
        return Job(
            POST, "", duty.yours(_rota(connection, data["rota"], locale), notes, data, locale)
        )
    people = rotas.names(connection, data["people"])
    names = [people[one] for one in data["people"]]
    message = duty.came_on(
        _rota(connection, data["rota"], channel.locale), names, data, channel.locale
    )
    return Job(POST, channel.slack_id, message, key=channel.key)


def _rota(connection: Connection, key: str, locale: str) -> str:
    """What a rota is called; empty where none is meant."""
    label = Rota.label_zh if locale == "zh_CN" else Rota.label_en
    return connection.scalar(select(label).where(Rota.key == key)) or key


def _note(connection: Connection, note_id: int) -> tuple[str, str]:
    """Who left a hand-over note, and what it says."""
    row = connection.execute(
        select(Person.name, RotaNote.text)
        .join(Person, Person.id == RotaNote.person_id)
        .where(RotaNote.id == note_id)
    ).one()
    return row.name, row.text


def _name(connection: Connection, key: str) -> str:
    """What people call a channel."""
    return connection.scalar(select(Channel.name).where(Channel.key == key)) or key
