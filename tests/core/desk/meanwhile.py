"""Two transactions on PostgreSQL of which one surely begins before the other has committed."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from sqlalchemy import text

from tests.factories import Desk

PATIENCE = 30.0  # seconds until a test gives up
_WAITING = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def until_waiting(desk: Desk, other: "Future[Any]") -> None:
    """Returns once the other waits for a lock, or has ended without."""
    give_up = time.monotonic() + PATIENCE
    while not other.done():
        with desk.db.engine.connect() as connection:
            if connection.scalar(_WAITING):
                return
        assert time.monotonic() < give_up, "nobody came to wait"
        time.sleep(0.005)


def before_commit(
    desk: Desk,
    first: Callable[..., Any],
    second: Callable[[], Any],
    then: Callable[[Any], Any] | None = None,
) -> tuple[Any, Any]:
    """What `first(connection, now=...)` answers, and `second()`, which begins before it commits.

    `then(connection)` goes on in the first's transaction while the second waits.
    """
    with ThreadPoolExecutor(1) as pool:

        def work(connection: Any, *, now: Any) -> tuple[Any, "Future[Any]"]:
            answer = first(connection, now=now)
            other = pool.submit(second)
            until_waiting(desk, other)
            if then is not None:
                then(connection)
            return answer, other

        answer, other = desk.db.transact(work)
        return answer, other.result(PATIENCE)
