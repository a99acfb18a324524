"""Whose hands do the acts: this process's own, or processes that are killed while at it.

A process dies by SIGKILL, sent by itself, before a statement that was drawn for it: the first of a
transaction, any in its middle, its commit; or, where there were fewer, after the commit and before
the answer. Whoever waited for the answer starts another one and says the same again.

A mixture, for time's sake: so large a share of acts and sweeps goes to such processes, the rest is
done by this one, which lives; all of them work on one database, beside and after each other.
"""

import datetime as dt
import multiprocessing
import os
import random
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection as Pipe
from typing import Any, Protocol

from sqlalchemy import event

from benchmarks.replay.acts import TICK, Act, perform
from core.db import Database

SHARE = 0.25  # of acts and sweeps that go to processes which may die
DEADLY = 0.008  # how likely one dies of what it is told to do
MOST_STATEMENTS = 14  # before one of which it dies
CROWD = 0.1  # how likely all schedulers sweep at once, and not one of them
START = dt.datetime(2016, 1, 1, tzinfo=dt.UTC)


class Clock:
    """A clock that shows what it is set to."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> dt.datetime:
        return self.now


class Hands(Protocol):
    """Somebody who does acts at moments of virtual time."""

    def act(self, now: dt.datetime, act: Act) -> Any:
        """Does it, and gives the desk's answer."""

    def sweep(self, now: dt.datetime) -> None:
        """Lets schedulers act on what is due."""


class Own:
    """Acts done by this process itself."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def act(self, now: dt.datetime, act: Act) -> Any:
        """Does it, and gives the desk's answer."""
        self._clock.now = now
        return perform(self._database, act)

    def sweep(self, now: dt.datetime) -> None:
        """One tick of a scheduler."""
        self.act(now, TICK)


@dataclass(frozen=True, slots=True)
class Fate:
    """What share of the work goes to processes that may die, and how likely one does."""

    share: float = SHARE
    deadly: float = DEADLY


class Processes:
    """A door and several schedulers that may be killed at any statement, and this process's own."""

    def __init__(self, url: str, own: Own, schedulers: int, chance: random.Random, fate: Fate):
        self.killed: Counter[str] = Counter()
        self.by_processes = 0
        self._url, self._own, self._chance, self._fate = url, own, chance, fate
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([__name__])
        self._door = self._started()
        self._schedulers = [self._started() for _ in range(schedulers)]

    def act(self, now: dt.datetime, act: Act) -> Any:
        """Does it, over and over until whoever does it lives to tell."""
        if self._chance.random() >= self._fate.share:
            return self._own.act(now, act)
        self.by_processes += 1
        while True:
            self._tell(self._door, now, act)
            try:
                return _answer(self._door)
            except EOFError:
                self.killed["door"] += 1
                self._bury(self._door)
                self._door = self._started()

    def sweep(self, now: dt.datetime) -> None:
        """One scheduler's tick, or all schedulers' at once; some may not live to end it."""
        if self._chance.random() >= self._fate.share:
            self._own.sweep(now)
            return
        self.by_processes += 1
        everybody = range(len(self._schedulers))
        told = everybody if self._chance.random() < CROWD else [self._chance.choice(everybody)]
        for place in told:
            self._tell(self._schedulers[place], now, TICK)
        for place in told:
            try:
                _answer(self._schedulers[place])
            except EOFError:
                self.killed["scheduler"] += 1
                self._bury(self._schedulers[place])
                self._schedulers[place] = self._started()

    def close(self) -> None:
        """Ends the processes."""
        for process, pipe in (self._door, *self._schedulers):
            pipe.close()
            process.join(10)

    def _tell(self, to: tuple[Any, Pipe], now: dt.datetime, act: Act) -> None:
        doomed = self._chance.random() < self._fate.deadly
        to[1].send((now, self._chance.randint(1, MOST_STATEMENTS) if doomed else None, act))

    def _started(self) -> tuple[Any, Pipe]:
        here, there = self._context.Pipe()
        process = self._context.Process(target=serve, args=(self._url, there), daemon=True)
        process.start()
        there.close()
        return process, here

    @staticmethod
    def _bury(dead: tuple[Any, Pipe]) -> None:
        dead[0].join(10)
        dead[1].close()


@contextmanager
def processes(
    url: str, own: Own, schedulers: int, chance: random.Random, fate: Fate
) -> Iterator[Processes]:
    """A door and so many schedulers beside our own hands, ended at the end."""
    made = Processes(url, own, schedulers, chance, fate)
    try:
        yield made
    finally:
        made.close()


@dataclass(frozen=True, slots=True)
class _Failed:
    """An act that raised what nobody expects of it."""

    how: str


class _Doom:
    """Kills this process before so many statements from now on."""

    def __init__(self, database: Database) -> None:
        self.left: int | None = None
        event.listen(database.engine, "before_cursor_execute", self._statement)
        event.listen(database.engine, "commit", self._commit)

    def strike(self) -> None:
        """The end, if it was meant for now."""
        if self.left is not None:
            os.kill(os.getpid(), signal.SIGKILL)

    def _statement(self, *_: Any) -> None:
        self._nearer()

    def _commit(self, _connection: Any) -> None:
        self._nearer()

    def _nearer(self) -> None:
        if self.left is not None:
            self.left -= 1
            if self.left <= 0:
                self.strike()


def serve(url: str, pipe: Pipe) -> None:
    """Does what the pipe tells until it is closed, or until the end that comes with it."""
    clock = Clock()
    database = Database(url, clock=clock)
    doom = _Doom(database)
    while True:
        try:
            clock.now, doom.left, act = pipe.recv()
        except EOFError:
            break
        try:
            answer = perform(database, act)
        except Exception as error:  # noqa: BLE001  a bug of the product, told where it counts
            answer = _Failed(repr(error))
        doom.strike()
        pipe.send(answer)
    database.close()


def _answer(of: tuple[Any, Pipe]) -> Any:
    answer = of[1].recv()
    if isinstance(answer, _Failed):
        raise RuntimeError(answer.how)  # noqa: TRY004  what failed is an act, no type
    return answer
