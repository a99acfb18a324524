"""What is about no single dispute: a digest, a lost channel, what was due and did not run."""

from typing import Any

from sqlalchemy import Connection, select

from bot.cards.digest import digest_of
from bot.cards.outage import outage
from bot.cards.pulse import probe, pulse
from bot.job import POST, Job, Pointless, Prepared
from bot.roads import NotYet, Reroute
from core.desk import documents, outbox, queues
from core.desk.delivery import Lease
from core.tables import Channel, Outage, Visit

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


def _name(connection: Connection, key: str) -> str:
    """What people call a channel."""
    return connection.scalar(select(Channel.name).where(Channel.key == key)) or key
