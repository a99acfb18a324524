"""Where processes die and answers get lost: named points, drawn by the seed."""

import sqlite3
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

from sqlalchemy import Connection, select

from core.db import Busy, Clock, Database
from core.desk.delivery import Lease
from core.tables import Outbox

BEFORE_COMMIT = "died before commit"
AFTER_COMMIT = "died after commit"
LOST_ANSWER = "commit answer lost"
DISK_FULL = "disk full at commit"
BUSY = "database busy"
BEFORE_SEND = "died before send"
AFTER_SEND = "died after send"
LIKELY = 0.012
CHANCES = {LOST_ANSWER: 0.02, DISK_FULL: 0.008, BUSY: 0.01}


class Died(BaseException):
    """The process died at this point; whoever called it hears nothing more."""


class Faults:
    """Draws faults and counts those that happened."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.on = False
        self.count: Counter[str] = Counter()

    def strike(self, name: str, chance: float | None = None) -> bool:
        """Whether the fault happens now."""
        likely = CHANCES.get(name, LIKELY) if chance is None else chance
        if not self.on or self.chance.random() >= likely:
            return False
        self.count[name] += 1
        return True


class Watched(Database):
    """A database at whose borders others act and processes die, and where every commit is seen."""

    def __init__(
        self,
        url: str,
        clock: Clock,
        faults: Faults,
        border: Callable[[], None],
        committed: Callable[[], None],
        broken: Callable[[str], None],
    ) -> None:
        super().__init__(url, clock=clock)
        self.faults = faults
        self.border = border
        self.committed = committed
        self.broken = broken
        self._commit = self.engine.dialect.do_commit
        self.engine.dialect.do_commit = self._commit_or_fail  # type: ignore[method-assign]
        self._full = False

    def transact(self, work: Any, /, *args: Any, **kwargs: Any) -> Any:
        """As the desk's, with points at which the process dies."""
        return self._watched(super().transact, work, args, kwargs)

    def transact_wall(self, work: Any, /, *args: Any, **kwargs: Any) -> Any:
        """As the desk's, with points at which the process dies."""
        return self._watched(super().transact_wall, work, args, kwargs)

    def read(self, work: Any, /, *args: Any, **kwargs: Any) -> Any:
        """As the desk's; others may have acted just before."""
        self.border()
        return super().read(work, *args, **kwargs)

    def _watched(self, run: Any, work: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        self.border()
        if self.faults.strike(BUSY):
            raise Busy("planted")
        leases = [arg for arg in args if isinstance(arg, Lease)]

        def dying(connection: Connection, *given: Any, **named: Any) -> Any:
            before = _rows(connection, leases)
            answer = work(connection, *given, **named)
            self._fenced(leases, before, _rows(connection, leases))
            if self.faults.strike(BEFORE_COMMIT):
                raise Died(BEFORE_COMMIT)
            self._full = self.faults.strike(DISK_FULL)
            return answer

        answer = run(dying, *args, **kwargs)
        self.committed()
        if self.faults.strike(LOST_ANSWER):  # `transact` would run the work again
            answer = run(dying, *args, **kwargs)
            self.committed()
        if self.faults.strike(AFTER_COMMIT):
            raise Died(AFTER_COMMIT)
        return answer

    def _fenced(self, leases: list[Lease], before: dict[int, Any], after: dict[int, Any]) -> None:
        """Invariant 14: whoever holds an older token changes nothing of the message."""
        for lease in leases:
            if before[lease.id].token != lease.token and before[lease.id] != after[lease.id]:
                self.broken(f"14: an older token wrote message {lease.id}")

    def _commit_or_fail(self, connection: Any) -> None:
        if self._full:
            self._full = False
            connection.rollback()
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise error
        self._commit(connection)


def _rows(connection: Connection, leases: list[Lease]) -> dict[int, Any]:
    if not leases:
        return {}
    found = connection.execute(select(Outbox).where(Outbox.id.in_([lease.id for lease in leases])))
    return {row.id: row for row in found}
