"""An outbox with messages in lanes, and a clock in hand."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select

from core.db import Database
from core.desk import delivery, outbox
from core.desk.delivery import Lease
from core.tables import Outbox

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)


class Post:
    """An outbox with messages in lanes, and a clock in hand."""

    def __init__(self, database: Database) -> None:
        self.db = database
        self.now = NOW
        self.pace = dt.timedelta()

    def put(self, *lanes: str, kind: str = "line") -> None:
        """One message of a kind in each of these lanes."""
        known = len(self.db.read(lambda c, now: c.execute(select(Outbox.id)).all()))
        rows = [
            outbox.message(kind, lane, f"m{known + i}", now=self.now)
            for i, lane in enumerate(lanes)
        ]
        self.db.transact(lambda c, now: outbox.put(c, rows))

    def lease(self, *prefixes: str, per_lane: int = 1, most: int = 20) -> list[Lease]:
        """What may go out now."""
        lanes = prefixes or ("post:", "update")
        return self.db.transact(
            lambda c, now: delivery.lease(
                c, lanes, lambda lane: self.pace, now=self.now, per_lane=per_lane, most=most
            )
        )

    def one(self) -> Lease:
        """The one message that may go out now."""
        leases = self.lease()
        assert len(leases) == 1
        return leases[0]

    def sent(self, lease: Lease, covers: Sequence[int] = ()) -> bool:
        """The message arrived."""
        return self.db.transact(lambda c, now: delivery.sent(c, lease, now=self.now, covers=covers))

    def defer(self, lease: Lease, seconds: float, **more: bool) -> bool:
        """The message waits."""
        wait = dt.timedelta(seconds=seconds)
        return self.db.transact(
            lambda c, now: delivery.defer(c, lease, wait, "why", now=self.now, **more)
        )

    def wait(self, **length: float) -> None:
        """Time passes."""
        self.now += dt.timedelta(**length)

    def states(self) -> list[str]:
        """The state of each message, in order."""
        rows = self.db.read(
            lambda c, now: c.execute(select(Outbox.state).order_by(Outbox.id)).all()
        )
        return [row.state for row in rows]


def ids(leases: Sequence[Lease]) -> list[int]:
    """The messages that were leased."""
    return [lease.id for lease in leases]
