"""What a leased message comes to: each lane's own way of preparing it."""

import datetime as dt

from sqlalchemy import Connection

from bot import jobs, personal, signs
from bot.jobs import Permalink, Prepared
from core.desk import outbox
from core.desk.delivery import Lease
from core.secrets import Vault


def prepare(
    connection: Connection, lease: Lease, vault: Vault, permalink: Permalink, *, now: dt.datetime
) -> Prepared:
    """What the leased message comes to now; nothing is sent."""
    if lease.lane.startswith(outbox.DIRECT_LANES):
        return personal.prepare(connection, lease, vault, permalink, now=now)
    if lease.lane.startswith(outbox.SIGN_LANES):
        return signs.prepare(connection, lease)
    return jobs.prepare(connection, lease, vault, permalink, now=now)
