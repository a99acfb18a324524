"""What a leased message comes to: each lane's own way of preparing it."""

import datetime as dt

from sqlalchemy import Connection

from bot import jobs, personal, signs
from bot.job import Prepared
from bot.roads import Permalink
from core.desk import outages, outbox
from core.desk.delivery import Lease
from core.desk.outages import Known
from core.desk.pieces import Addresses
from core.secrets import Vault


def prepare(
    connection: Connection,
    lease: Lease,
    vault: Vault,
    permalink: Permalink,
    addresses: Addresses,
    *,
    now: dt.datetime,
    known: Known = outages.NONE,
    trying: bool = False,
) -> Prepared:
    """What the leased message comes to now; nothing is sent. See `jobs.prepare`."""
    if lease.lane.startswith(outbox.DIRECT_LANES):
        return personal.prepare(connection, lease, vault, permalink, addresses, now=now)
    if lease.lane.startswith(outbox.SIGN_LANES):
        return signs.prepare(connection, lease)
    return jobs.prepare(
        connection, lease, vault, permalink, addresses, now=now, known=known, trying=trying
    )
