"""One seed's world: everybody acts in one thread, and where one waits, others act in between."""

import contextlib
import datetime as dt
import hashlib
import logging
import random
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

import scheduler
from bot.context import Bot
from bot.delivery import deliver
from bot.program import bolt_app
from core.db import Busy
from core.desk import documents, opening
from core.desk.actor import Actor
from core.market import courier
from core.migrate import standard
from core.tables import Channel, Outbox
from tests.factories import CHANNELS, VAULT, Desk
from tests.simulation import checks, ladders, resting
from tests.simulation.agents import Agents, Press
from tests.simulation.faults import BUSY, Died, Faults, Watched
from tests.simulation.market import Shop
from tests.simulation.parties import Parties
from tests.simulation.slack import API, DELETED, Posted, Slack

STEPS = 400
START = dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC)
DEEPEST = 3  # how many may be at work at once, each waiting inside another
FROZEN = (61, 300)  # seconds for which a process may stand still: longer than a lease
DRAIN = 3_000  # turns of the clock within which everything must come to rest
LONG = "frozen past its lease"
OUTAGE, REVOKED = "Slack away", "token revoked"
ARCHIVED, BLIND = "channel archived", "history may not be read"
MOST_CARDS = (100, 5, 3)  # cards that a channel shows, by the seed


@dataclass(frozen=True)
class Result:
    """What became of a seed."""

    seed: int
    steps: int
    faults: dict[str, int]
    broken: list[str]
    digest: str


class AtOnce(Executor):
    """Runs what would run in a pool at once, so that a seed replays."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Runs it."""
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


class World:
    """A desk in a day that goes wrong in every way that the seed draws."""

    def __init__(self, seed: int, template: Path, folder: Path) -> None:
        self.seed, self.chance, self.now = seed, random.Random(seed), START
        random.seed(seed)  # the jitter of delivery
        self.depth = 0
        self.broken: list[str] = []
        self._trace = hashlib.sha256()
        self.faults = Faults(random.Random(seed + 1))
        path = folder / f"seed-{seed}.db"
        shutil.copy(template, path)
        self.database = Watched(
            f"sqlite:///{path}",
            lambda: self.now,
            self.faults,
            self.border,
            self._committed,
            self.breaks,
        )
        self.watch = checks.Watch()
        self.slack = Slack(self.chance, lambda: self.now, self.faults, self.border, self.breaks)
        self.shop = Shop(self.chance, self.faults)
        self.desk = Desk(self.database)
        self.desk.write(update(Channel).values(most_cards=MOST_CARDS[seed % len(MOST_CARDS)]))
        if seed % 2:
            self.desk.db.transact(documents.publish, ladders.raising(standard()))
        people = [f"U{number:04}" for number in range(1, len(self.desk.people) + 1)]
        self.agents = Agents(self.chance, self.slack, people)
        self.parties = Parties(self.chance, self.database, self.shop)
        self._start_bot()

    def run(self, steps: int = STEPS) -> Result:
        """Lives through so many steps with faults, heals, comes to rest and is checked."""
        with self.slack.plugged_in(), _silence():
            self.faults.on = True
            for _ in range(steps):
                self._pass_time()
                self._somebody()
            self._heal()
            for _ in range(DRAIN):
                if self._drained():
                    break
        with self.database.reading() as (connection, now):
            self.broken += resting.at_rest(connection, self.slack, now)
            self.broken += self.watch.ended(connection)
        self.broken += [f"3: {key} was answered anew" for key in self.parties.twice]
        self.database.close()
        return Result(
            self.seed, steps, dict(self.faults.count), self.broken, self._trace.hexdigest()
        )

    def breaks(self, what: str) -> None:
        """Notes a broken invariant, once."""
        if what not in self.broken:
            self.broken.append(what)

    def border(self) -> None:
        """Somebody is between two acts: others may act now, or it stands still for a while."""
        if not self.faults.on or self.depth >= DEEPEST:
            return
        # A call to Slack ends in ten seconds, one way or another: nobody stands still inside it.
        if not self.slack.calls and self.faults.strike(LONG, 0.004):
            self.now += dt.timedelta(seconds=self.chance.randint(*FROZEN))
        if self.chance.random() < 0.12:
            self._somebody()

    def _pass_time(self) -> None:
        """Seconds mostly; an hour or two now and then, so that deadlines come due."""
        seconds = self.chance.expovariate(1 / 20)
        if self.chance.random() < 0.04:
            seconds = self.chance.uniform(600, 9_000)
        self.now += dt.timedelta(seconds=seconds)

    def _somebody(self) -> None:
        acts: dict[str, tuple[int, Callable[[], Any]]] = {
            "press": (30, self._press),
            "party": (18, self.parties.act),
            "delivery A": (18, self._deliver),
            "delivery B": (10, self._deliver),
            "courier": (12, self._carry),
            "scheduler A": (5, self._tick),
            "scheduler B": (5, self._tick),
            "intake": (6, self._intake),
            "weather": (2, self._weather),
        }
        name = self.chance.choices(list(acts), [weight for weight, _ in acts.values()])[0]
        self._live(name, acts[name][1])

    def _live(self, name: str, act: Callable[[], Any]) -> None:
        """Lets somebody act; whoever dies starts again, and any other error is a bug."""
        self.depth += 1
        came_of_it: object = ""
        try:
            came_of_it = act()
        except Died as died:
            came_of_it = died
            self._start_bot()
        except Busy:
            came_of_it = "busy"
        except DBAPIError as error:
            came_of_it = type(error).__name__
            if "disk is full" not in str(error.orig):
                self.breaks(f"bug: {name} failed by {error!r}")
        except Exception as error:  # noqa: BLE001  any other error is a bug of the product
            self.breaks(f"bug: {name} failed by {error!r}")
        finally:
            self.depth -= 1
        self._note(name, came_of_it)

    def _note(self, *what: object) -> None:
        self._trace.update(f"{self.now.isoformat()} {what}\n".encode())

    def _start_bot(self) -> None:
        self.bot = Bot(self.database, VAULT, "xoxb-sim", API, _pool=AtOnce())  # type: ignore[arg-type]
        self._app: Any = None

    def _bolt(self) -> Any:
        if self._app is None:
            self._app = bolt_app(self.bot)
        return self._app

    def _press(self, wanted: Posted | None = None) -> str:
        busy = self.faults.count[BUSY]

        def heard(press: Press) -> None:
            """Invariants 2 and 3, as soon as Slack has the bot's answer."""
            with self.database.reading() as (connection, _):
                for line in self.watch.heard(
                    connection, press, busy=self.faults.count[BUSY] > busy
                ):
                    self.breaks(line)
            self._note(
                "answered", press.status, bool(press.told), press.body.get("response_action")
            )

        return self.agents.act(self._bolt, heard, wanted)

    def _committed(self) -> None:
        with self.database.reading() as (connection, _):
            for line in self.watch.look(connection):
                self.breaks(line)

    def _deliver(self) -> int:
        return deliver(self.bot)

    def _carry(self) -> int:
        return courier.deliver(self.database, self.shop, chance=self.chance)

    def _tick(self) -> int:
        """A tick; one that nothing disturbs leaves nothing undone that was due before it (7)."""
        began, struck = self.now, self.faults.count.total()
        acted = scheduler.tick(self.database)
        if self.faults.count.total() == struck:
            with self.database.reading() as (connection, _):
                for line in resting.overdue(connection, began):
                    self.breaks(line)
        return acted

    def _intake(self) -> str:
        way_in = self.chance.choice(("app", "import"))
        intake = self.desk.intake(channel=way_in)
        assert intake.order is not None
        self.shop.orders[intake.order_number] = intake.order
        if self.chance.random() < 0.5:
            number = intake.order_number
            intake = self.desk.intake(order_number=number, order=None, channel=way_in)
        actor = Actor("import")
        for _ in range(self.chance.choice((1, 1, 1, 2))):  # twice is once (fault 31)
            self.database.transact(opening.open_disputes, [intake], actor, VAULT)
        return intake.external_id

    def _weather(self) -> str:
        """What happens to Slack as a whole, and to cards by people's hands."""
        if self._stormy():
            self._clear()
            return "fine"
        kind = self.chance.choice((OUTAGE, REVOKED, ARCHIVED, BLIND, DELETED))
        if kind == DELETED:
            return self._delete_a_card()
        self.faults.strike(kind, 1.0)
        self.slack.down, self.slack.revoked = kind == OUTAGE, kind == REVOKED
        lost = f"C{self.chance.randint(1, len(CHANNELS)):04}"
        self.slack.archived = lost if kind == ARCHIVED else ""
        self.slack.blind = lost if kind == BLIND else ""
        return kind

    def _stormy(self) -> bool:
        slack = self.slack
        return bool(slack.down or slack.revoked or slack.archived or slack.blind)

    def _clear(self) -> None:
        self.slack.down = self.slack.revoked = False
        self.slack.archived = self.slack.blind = ""

    def _delete_a_card(self) -> str:
        """A card that was posted for the first time: the second one a person may delete as well."""
        with self.database.reading() as (connection, _):
            wanted = select(Outbox.id).where(
                Outbox.kind == "card", Outbox.dedupe.not_like("%:again")
            )
            cards = set(connection.execute(wanted).scalars())
        found = [m for m in self.slack.messages.values() if m.outbox in cards]
        if found and self.faults.strike(DELETED, 1.0):
            self.slack.delete(self.chance.choice(found))
        return DELETED

    def _heal(self) -> None:
        self.faults.on = False
        self._clear()

    def _drained(self) -> bool:
        """One turn of the clock without faults; True where nothing is left to do."""
        for name, act in (
            ("tick", self._tick),
            ("deliver", self._deliver),
            ("courier", self._carry),
        ):
            self._live(name, act)
        with self.database.reading() as (connection, now):
            left = not resting.nothing_left(connection, now)
            orphans = resting.orphans(connection, self.slack)
        self.slack.arrive()
        if orphans and not left:  # of two copies somebody presses one, sooner or later
            self._live("press", lambda: self._press(orphans[0]))
        if not left and not orphans:  # what falls due after this sweep nobody could have done
            return True
        self.now += dt.timedelta(seconds=2 if self.chance.random() < 0.9 else 120)
        return False


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """What faults make the product log is no news here."""
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)
