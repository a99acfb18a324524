"""The courier: carries the outbox's market lane to the marketplace, and its answers back.

One pass leases some messages, acts over the network outside any transaction, and settles each in
a transaction of its own, in which an older lease writes nothing. Every call may be repeated, so an
unknown outcome simply is; nothing is dropped, and what cannot be done is parked with its reason.
"""

import datetime as dt
import logging
import random
import traceback
from collections import deque

from sqlalchemy import Connection

from core.db import Busy, Database
from core.desk import delivery, outbox
from core.desk.delivery import Lease
from core.market import errands
from core.market.errands import Errand
from core.market.protocol import Market, MayBeDone, NotDone, NotSupported, Rejected

LANES = (outbox.MARKET_LANE,)
MOST = 20  # messages in one pass
ENOUGH = delivery.LEASE / 2  # after so long the rest of a pass is put back, before its leases end
FIRST_WAIT = dt.timedelta(seconds=2)
LONGEST_WAIT = dt.timedelta(minutes=15)
TRIES = 110  # with the waits above, about a day
NOW = dt.timedelta(0)

log = logging.getLogger("redress.market")


def deliver(
    database: Database, market: Market, *, most: int = MOST, chance: random.Random | None = None
) -> int:
    """Carries up to `most` messages, oldest first; returns how many it had in hand.

    It reads no clock but the database's. `chance` draws the jitter of the waits. Raises Busy where
    the database is away: the leases run out, and the messages are handed out again.
    """
    draw = (chance or random.Random()).uniform  # noqa: S311  jitter, no secret
    leases = database.transact_wall(delivery.lease, LANES, lambda _lane: NOW, per_lane=most)
    waiting = deque(leases)
    begun: dt.datetime | None = None
    while waiting:
        going_on, now = _carry(database, market, waiting.popleft(), draw(0.5, 1.0))
        begun = begun or now
        if not going_on or now - begun > ENOUGH:
            break
    for untried in waiting:
        database.transact_wall(delivery.defer, untried, NOW, "not tried yet")
    return len(leases)


def wait_after(attempts: int, jitter: float) -> dt.timedelta:
    """How long a message waits after so many attempts; `jitter` between a half and one."""
    doubled: dt.timedelta = FIRST_WAIT * 2 ** min(attempts - 1, 12)
    return min(doubled, LONGEST_WAIT) * jitter


def _carry(
    database: Database, market: Market, lease: Lease, jitter: float
) -> tuple[bool, dt.datetime]:
    """Carries one message; False where the marketplace is away and the rest need not be tried."""
    now = database.read(lambda _connection, now: now)
    wait = wait_after(lease.attempts, jitter)
    try:
        _run(database, market, lease)
    except NotDone as error:
        _later(database, lease, error.wait or wait, str(error), whole_lane=error.away)
        return not error.away, now
    except MayBeDone as error:
        _later(database, lease, wait, str(error), maybe_sent=True)
    except Busy:
        raise
    except Exception as error:  # noqa: BLE001  one message's bug stops neither lane nor worker
        _confess(error, lease)
        _later(database, lease, wait, type(error).__name__, maybe_sent=True)
    return True, now


def _run(database: Database, market: Market, lease: Lease) -> None:
    errand = database.read(errands.brief, lease)
    if isinstance(errand, str):
        database.transact_wall(delivery.supersede, lease, errand)
        return
    try:
        answer = errand.run(market)
    except (NotSupported, Rejected) as error:
        kind = "not supported" if isinstance(error, NotSupported) else "declined"
        database.transact(_declined, lease, errand, f"{kind}: {error}")
    else:
        database.transact(_done, lease, errand, answer)


def _confess(error: Exception, lease: Lease) -> None:
    """Logs where an adapter failed, without the error's own text: it may quote data (fault 40)."""
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s on message %s (%s)\n%s", type(error).__name__, lease.id, lease.kind, where)


def _later(
    database: Database,
    lease: Lease,
    wait: dt.timedelta,
    reason: str,
    *,
    maybe_sent: bool = False,
    whole_lane: bool = False,
) -> None:
    if lease.attempts >= TRIES:
        database.transact_wall(delivery.park, lease, f"gave up after {TRIES} tries: {reason}")
        return
    database.transact_wall(
        delivery.defer, lease, wait, reason, maybe_sent=maybe_sent, whole_lane=whole_lane
    )


def _done(
    connection: Connection, lease: Lease, errand: Errand, answer: object, *, now: dt.datetime
) -> None:
    """Stores the answer, unless a newer lease exists: its holder will (fault 28)."""
    if delivery.sent(connection, lease, now=now) and errand.settle is not None:
        errand.settle(connection, answer, now=now)


def _declined(
    connection: Connection, lease: Lease, errand: Errand, reason: str, *, now: dt.datetime
) -> None:
    if delivery.park(connection, lease, reason, now=now) and errand.decline is not None:
        errand.decline(connection, now=now)
