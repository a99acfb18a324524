"""Who moves the day along: brings complaints in, lets time leap, publishes documents."""

import contextlib
import datetime as dt
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Connection, func, select

from benchmarks.journey import cards, publishing
from benchmarks.journey.board import Board
from benchmarks.journey.complaints import Complaint, as_body, write_import
from benchmarks.journey.people import SUPERVISOR
from benchmarks.journey.publishing import Published
from benchmarks.journey.rows import Leap, read
from benchmarks.journey.town import Town
from core.desk import clock
from core.tables import Outbox, Visit
from demo.marketplace.desk import Away

BACKLOG = 60  # cards to act on, or messages on their way, beyond which nothing new comes in
CALM = 8  # cards to act on, below which time may leap
SHORTEST = 2.5  # between two leaps at least, in units of the parties' pace
BUSY = 400  # changes in Slack after which time leaps however much there is to do
FICKLE = 0.06  # of buyers who open by the API and may withdraw at any stage
HALF = 0.4  # of the disputes finished: when the cards are counted
CENSUS_SECONDS = 90.0
AT_REST = 8  # looks that find nothing to deliver: parties have answered what they would
IN_A_FILE = 100  # complaints that one import brings
PUBLISHED_AT = (0.12, 0.3, 0.48, 0.66)  # of the disputes finished
RESTLESS = {120: 1, 480: 2, 1600: 4}  # the same where nobody has anything to do
LEAPS = {20: 2, 50: 3, 120: 3, 480: 2, 1600: 2}  # minutes, and how likely
Show = Callable[["Director", int], None]


@dataclass(slots=True)
class Director:
    """The course of one journey."""

    town: Town
    board: Board
    complaints: list[Complaint]
    chance: random.Random
    pace: float = 1.0
    leaps: list[Leap] = field(default_factory=list)
    published: list[Published] = field(default_factory=list)
    imported: list[str] = field(default_factory=list)
    opened: int = 0
    brought: bool = False
    troubles: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)  # of disputes whose buyers may withdraw
    paused: threading.Event = field(default_factory=threading.Event)
    census: int = -1  # live cards at half time, each where it should be

    def bring(self, stop: threading.Event) -> None:
        """Brings the complaints in: every other one by the API, the rest by import, file by file.

        It waits while the agents have enough to do.
        """
        by_file, by_api = self.complaints[::2], self.complaints[1::2]
        files = [by_file[at : at + IN_A_FILE] for at in range(0, len(by_file), IN_A_FILE)]
        share = max(1, -(-len(by_api) // max(1, len(files))))
        for number, part in enumerate(files):
            while self._full() and not stop.is_set():
                stop.wait(0.5)
            self._import(number, part)
            for complaint in by_api[number * share : (number + 1) * share]:
                while self._full() and not stop.is_set():
                    stop.wait(0.3)
                if stop.is_set():
                    return
                self._open(complaint)
        self.brought = True

    def _full(self) -> bool:
        if self.paused.is_set() or self.board.waiting() > BACKLOG:
            return True
        return self.undelivered() > BACKLOG

    def _import(self, number: int, part: list[Complaint]) -> None:
        file = self.town.folder / f"complaints-{number}.csv"
        mapping = write_import(file, part)
        done = self.town.redress("import", str(file), "--mapping", str(mapping))
        if done.returncode:
            self.troubles.append(f"import: {done.stdout[-300:]} {done.stderr[-300:]}")
        self.imported += [one.key for one in part]
        self.opened += len(part)

    def _open(self, complaint: Complaint) -> None:
        body = as_body(complaint, with_order=self.chance.random() < 0.5)
        for _ in range(20):
            try:
                number = self.town.desk.open(body)
                if number is None:
                    self.troubles.append(f"the API declined {complaint.key}")
                elif self.chance.random() < FICKLE:
                    self.numbers.append(number)
                break
            except Away:
                time.sleep(0.5)
        self.opened += 1

    def run(self, show: Show, limit: float) -> None:
        """Moves on until every dispute is finished, or so many seconds have passed."""
        until, leapt, seen = time.monotonic() + limit, time.monotonic(), 0
        while time.monotonic() < until:
            finished = self.town.database.read(_finished)
            show(self, finished)
            if self.brought and finished >= self.opened:
                break
            self._publish(finished)
            rested = time.monotonic() - leapt > SHORTEST * self.pace and self.opened
            if rested and (self._calm() or self.board.changes - seen > BUSY):
                self._leap()
                self._withdraw()
                leapt, seen = time.monotonic(), self.board.changes
            if self.census < 0 and finished >= HALF * len(self.complaints):
                self._take_census()
            time.sleep(0.3 * self.pace)

    def _publish(self, finished: int) -> None:
        number = len(self.published)
        if number < len(PUBLISHED_AT) and finished >= PUBLISHED_AT[number] * len(self.complaints):
            person = self.town.people[SUPERVISOR.slack_id]
            self.published.append(publishing.publish(self.town.database, person, number))

    def _leap(self) -> None:
        likely = RESTLESS if self.brought and not self.board.waiting() else LEAPS
        minutes = self.chance.choices(list(likely), list(likely.values()))[0]
        by = dt.timedelta(minutes=minutes)
        after = self.town.database.transact(clock.move, by)
        self.leaps.append((after - by, after))
        self.board.tide += 1

    def _calm(self) -> bool:
        return self.board.waiting() < CALM and self.undelivered() < BACKLOG

    def _withdraw(self) -> None:
        """A buyer thinks better of it, wherever the dispute stands by then."""
        if self.numbers:
            number = self.numbers.pop(self.chance.randrange(len(self.numbers)))
            with contextlib.suppress(Away):
                self.town.desk.event(number, "buyer", "withdraw", {}, f"withdraw-{number}")

    def _take_census(self) -> None:
        """Everybody pauses until messages rest; then each open visit's card is looked for."""
        self.paused.set()
        until, found = time.monotonic() + CENSUS_SECONDS, ["never at rest"]
        while found and time.monotonic() < until:
            time.sleep(1.0)
            if self.undelivered():
                continue
            rows = read(self.town.plain_url)
            state = self.town.sandbox.state()
            found = list(cards.wrong(rows, state))
            self.census = len(cards.cards_of(state))
        self.troubles += [f"census: {sentence}" for sentence in found]
        self.census = max(self.census, 0)
        self.paused.clear()

    def undelivered(self) -> int:
        """How many messages are on their way."""
        return self.town.database.read(_undelivered)

    def settle(self, show: Show, limit: float) -> None:
        """Waits until nothing is left to deliver for a while, or so many seconds have passed."""
        until, rested = time.monotonic() + limit, 0
        while time.monotonic() < until and rested < AT_REST:
            show(self, self.town.database.read(_finished))
            rested = 0 if self.undelivered() else rested + 1
            time.sleep(0.5)


def _finished(connection: Connection, *, now: dt.datetime) -> int:
    del now
    final = select(func.count(Visit.id)).where(Visit.left_at.is_(None), Visit.kind == "final")
    return connection.scalar(final) or 0


def _undelivered(connection: Connection, *, now: dt.datetime) -> int:
    del now
    return connection.scalar(select(func.count(Outbox.id)).where(Outbox.finished_at.is_(None))) or 0
