"""The database: the only place that begins, commits and retries a transaction.

A use case takes (connection, ..., now) and says what shall be; `transact` runs it in one
transaction, reads `now` once, and runs it again where the database says that it may succeed.
Nothing inside may reach the network.
"""

import contextlib
import datetime as dt
import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, func, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool

from core.fair_lock import FairLock
from core.tables import ClockOffset

T = TypeVar("T")

BUSY_SECONDS = 30.0
TRIES = 6
POOL = 40
CLOCK_SECONDS = 60.0
# A process that stands still in the middle of a transaction holds what others must act on: after so
# long the server gives the transaction up, and the others go on (fault 28).
FROZEN_SECONDS = 20.0
# Serialization, deadlock, lock timeout; starting up or shutting down, too many connections.
RETRIED_STATES = frozenset({"40001", "40P01", "55P03", "57P01", "57P03", "53300"})


class Busy(RuntimeError):
    """The database could not be reached or won, try after try: nothing was changed."""


class Clock(Protocol):
    """What a test or a simulation puts in place of the database's clock."""

    def __call__(self) -> dt.datetime: ...


class Database:
    """An engine and the manners around it; one per process.

    `movable` reads the clock's offset row with every transaction, as the demo and tests need;
    production leaves it off. `clock` replaces the database's clock altogether (simulation).
    `frozen_seconds` is how long a transaction may stand still on PostgreSQL.
    """

    def __init__(
        self,
        url: str | URL,
        *,
        movable: bool = False,
        clock: Clock | None = None,
        durable: bool = False,
        frozen_seconds: float = FROZEN_SECONDS,
    ) -> None:
        self.url = make_url(url)
        self.movable = movable
        self._clock = clock
        self._writers = FairLock()
        self._wall: tuple[float, float] | None = None  # when it was asked, and what it was
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self.engine = _sqlite(self.url, durable=durable)
        else:
            self.engine = _postgres(self.url, frozen_seconds)

    def transact(self, work: Callable[..., T], /, *args: Any, **kwargs: Any) -> T:
        """Runs `work(connection, *args, now=..., **kwargs)` in one transaction and commits it.

        `now` is the desk's time. The work must be repeatable: guarded by a key or by what it
        changes, so that running it again after a lost commit answer changes nothing more.
        Raises Busy after the last try; whatever else the work raises rolls back and passes on.
        """
        return self._try(work, args, kwargs, self._desk_now)

    def transact_wall(self, work: Callable[..., T], /, *args: Any, **kwargs: Any) -> T:
        """Like `transact`, with the wall clock's `now`: leases, lanes, sessions (house rule)."""
        return self._try(work, args, kwargs, self._wall_now)

    def rehearse(self, work: Callable[..., T], /, *args: Any, **kwargs: Any) -> T:
        """Runs `work(connection, *args, now=..., **kwargs)` and takes back whatever it wrote.

        For looking at what a change would come to. It waits for others as the change itself would,
        so it is tried again like it. Raises what the work raises, and Busy.
        """
        return self._try(work, args, kwargs, self._desk_now, self._taken_back)

    def read(self, work: Callable[..., T], /, *args: Any, **kwargs: Any) -> T:
        """Runs `work(connection, *args, now=..., **kwargs)` without the right to write."""
        while True:
            try:
                with self.reading() as (connection, now):
                    return work(connection, *args, now=now, **kwargs)
            except DBAPIError as error:
                # A pooled connection that died while nobody used it; all like it are gone now.
                if not error.connection_invalidated:
                    raise

    def read_wall(self, work: Callable[..., T], /, *args: Any, **kwargs: Any) -> T:
        """Like `read`, with the wall clock's `now`: sessions (house rule)."""
        with self.reading() as (connection, _):
            return work(connection, *args, now=self._wall_now(connection), **kwargs)

    @contextlib.contextmanager
    def reading(self) -> Iterator[tuple[Connection, dt.datetime]]:
        """A connection that cannot write, and the desk's time: what a whole page is read with."""
        with self.engine.connect() as connection:
            if self.is_sqlite:
                connection.info[_READING] = True
            else:
                connection.execution_options(postgresql_readonly=True)
            with connection.begin():
                yield connection, self._desk_now(connection)

    def wall_seconds(self) -> float:
        """The wall clock in seconds since the epoch, right even where this machine's is wrong.

        The database's clock is asked once a minute; between that this process only counts on.
        """
        counted = time.monotonic()
        known = self._wall
        if known is None or counted - known[0] > CLOCK_SECONDS:
            with self.reading() as (connection, _):
                known = self._wall = (counted, self._wall_now(connection).timestamp())
        return known[1] + counted - known[0]

    def close(self) -> None:
        """Closes every connection."""
        self.engine.dispose()

    def _try(
        self,
        work: Callable[..., T],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        clock: Callable[[Connection], dt.datetime],
        begin: Callable[[], AbstractContextManager[Connection]] | None = None,
    ) -> T:
        give_up = time.monotonic() + BUSY_SECONDS
        for attempt in range(TRIES):
            try:
                with self._turn(), (begin or self.engine.begin)() as connection:
                    return work(connection, *args, now=clock(connection), **kwargs)
            except PoolTimeout as error:
                raise Busy("every connection is in use; nothing was changed") from error
            except DBAPIError as error:
                if not may_succeed_again(error):
                    raise
                last = error
            if time.monotonic() > give_up:
                break
            time.sleep(random.uniform(0.5, 1.0) * 0.01 * 2**attempt)  # noqa: S311  jitter, no secret
        if isinstance(last, IntegrityError):  # no race, then: a bug, and it must be seen
            raise last
        raise Busy("the database is busy or away; nothing was changed") from last

    @contextlib.contextmanager
    def _taken_back(self) -> Iterator[Connection]:
        """A transaction that is rolled back at its end, whatever was done in it."""
        with self.engine.connect() as connection, connection.begin() as transaction:
            try:
                yield connection
            finally:
                transaction.rollback()

    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        """On SQLite, a writer's turn. Raises Busy where it does not come in time."""
        if not self.is_sqlite:
            yield
            return
        if not self._writers.acquire(BUSY_SECONDS):
            raise Busy("others are writing; nothing was changed")
        try:
            yield
        finally:
            self._writers.release()

    def _desk_now(self, connection: Connection) -> dt.datetime:
        if self.movable:
            offset = connection.execute(_OFFSET).scalar() or 0
            return self._wall_now(connection) + dt.timedelta(seconds=offset)
        return self._wall_now(connection)

    def _wall_now(self, connection: Connection) -> dt.datetime:
        if self._clock is not None:
            return self._clock()
        if self.is_sqlite:  # the database's clock is this machine's
            return dt.datetime.now(dt.UTC)
        now: dt.datetime = connection.execute(_NOW).scalar_one()
        return now.astimezone(dt.UTC)


def may_succeed_again(error: DBAPIError) -> bool:
    """Whether the same transaction may succeed when tried again.

    True for whatever the database gave up by itself, and for a key that another transaction
    inserted at the same moment; the work then finds what is there already.
    """
    if isinstance(error.orig, sqlite3.IntegrityError):
        return error.orig.sqlite_errorcode in _TAKEN
    return gave_up(error) or getattr(error.orig, "sqlstate", "") == "23505"


def gave_up(error: DBAPIError) -> bool:
    """Whether the database gave up a transaction that may be sound.

    True for serialization failures, deadlocks, a locked file, a server that is not there, and a
    connection that was lost, before or during the commit.
    """
    if error.connection_invalidated:
        return True
    if isinstance(error.orig, sqlite3.Error):
        return error.orig.sqlite_errorcode in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    state = getattr(error.orig, "sqlstate", None)
    return state in RETRIED_STATES or (state is None and isinstance(error, OperationalError))


_TAKEN = (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)


_READING = "reading"  # what a connection of SQLite is told before it begins
_OFFSET = select(ClockOffset.seconds).where(ClockOffset.id == 1)
_NOW = select(func.clock_timestamp())


def _sqlite(url: URL, *, durable: bool) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=POOL,
        max_overflow=0,
        pool_timeout=BUSY_SECONDS,
        hide_parameters=True,  # an error's text reaches logs; what was stored must not (fault 40)
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # BEGIN is ours to say
        for pragma in (
            "journal_mode = WAL",
            f"synchronous = {'FULL' if durable else 'NORMAL'}",
            f"busy_timeout = {int(BUSY_SECONDS * 1000)}",
            "foreign_keys = ON",
            "cache_size = -4000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    def begin(connection: Any) -> None:
        # A deferred transaction that upgrades to writing fails at once, whatever the timeout.
        readonly = connection.info.pop(_READING, False)
        # Past SQLAlchemy's own execution: what every transaction pays for is worth its while.
        cursor = connection.cursor()
        if connection.info.get("readonly", False) != readonly:
            cursor.execute(f"PRAGMA query_only = {int(readonly)}")
            connection.info["readonly"] = readonly
        cursor.execute("BEGIN" if readonly else "BEGIN IMMEDIATE")

    # In the dialect's own place: an engine that somebody listens to asks them at every statement.
    setattr(engine.dialect, "do_begin", begin)  # noqa: B010  its declaration names a `self`
    return engine


def _postgres(url: URL, frozen_seconds: float) -> Engine:
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg")
    limit = f"-c idle_in_transaction_session_timeout={round(frozen_seconds * 1000)}"
    given = url.query.get("options", "")
    options = f"{given if isinstance(given, str) else ' '.join(given)} {limit}".strip()
    return create_engine(
        url,
        connect_args={"options": options},
        pool_size=POOL,
        max_overflow=0,
        hide_parameters=True,
    )
