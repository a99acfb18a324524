"""The weeks before the demonstration: some hundreds of disputes, all of them over by now (T1).

Everything goes through the desk's own use cases, in the order in which it happened, and what is due
in between is swept. What it told to Slack and to parties at the time is not told again.
"""

import datetime as dt
import heapq
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count

from sqlalchemy import Connection, delete, func, select

from core.desk import acknowledging, noise, overdue, pilots, rota_telling
from core.desk.actor import agent
from core.tables import Deadline, Escalation, Outbox
from demo import history, supervising
from demo.history import Past
from demo.lives import MINUTE, Life
from demo.marketplace import world

DAYS = 75
LAST = dt.timedelta(hours=4)  # before the present, which begins with what is still open
FILED = 0.15  # of the evidence: files of long ago would only take time to make
LAST_CAME = dt.timedelta(hours=7)  # before that
A_DAY = 2.8  # disputes that came in on a day, about
FIRST = 300_000  # of their numbers: far from those that flow in
EMERGENCY_EVERY = 9  # days, since there is such a workflow
ON_IT, NOISE = 0.4, 0.15  # shares of what was late that somebody said so of
SETTLED_BY = 200  # rounds of what is due at one moment
_NEXT = select(func.min(Deadline.next_at)).where(Deadline.next_at.is_not(None))


def began(now: dt.datetime) -> dt.datetime:
    """When the desk opened its doors: in the morning, where most of its buyers are."""
    midnight = now.astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - dt.timedelta(days=DAYS)


class Weeks:
    """All that happens, by its moment: each is called then, and may give a next moment."""

    def __init__(self, past: Past, end: dt.datetime) -> None:
        self.past, self.end = past, end
        self.chance = random.Random(f"{past.seed}:weeks")  # noqa: S311  a story, no secret
        self._coming: list[tuple[dt.datetime, int, Callable[[dt.datetime], object]]] = []
        self._order = count()
        self.numbers = count(FIRST)

    def at(self, moment: dt.datetime, what: Callable[[dt.datetime], object]) -> None:
        """Puts something down for a moment; what the present is too near for never happens."""
        if moment <= self.end:
            heapq.heappush(self._coming, (moment, next(self._order), what))

    def pass_by(self) -> None:
        """Lets all of it happen, and whatever falls due in between."""
        while self._coming:
            moment, _, what = heapq.heappop(self._coming)
            self._due(moment)
            what(moment)

    def live(self, story: Iterator[dt.datetime]) -> None:
        """Goes on with a life, and puts down when it goes on again."""
        moment = next(story, None)
        if moment is not None:
            self.at(min(moment, self.end), lambda _: self.live(story))

    def _due(self, until: dt.datetime) -> None:
        """Acts on every deadline that is due until a moment, each at its own."""
        for _ in range(SETTLED_BY):
            due = self.past.database.read(lambda c, now: c.scalar(_NEXT))
            if due is None or due > until:
                return
            self.past.act(overdue.sweep, at=due)
            self._heard(due)

    def _heard(self, at: dt.datetime) -> None:
        """Some who hear that something is late say that they are on it, or that it was noise."""
        fired = select(Escalation.deadline_id, Escalation.level).where(Escalation.fired_at == at)
        late = fired.join(Deadline, Deadline.id == Escalation.deadline_id).where(
            Deadline.due_at <= at
        )
        for deadline, level in self.past.database.read(lambda c, now: c.execute(late).all()):
            drawn = self.chance.random()
            who = agent(self.past.people[self.chance.choice(("U0SUN", "U0GRACE"))])
            soon = at + MINUTE * self.chance.randint(2, 25)
            if drawn < ON_IT:
                self._say(soon, acknowledging.acknowledge, deadline, who)
            elif drawn < ON_IT + NOISE:
                reasons = ("handled_already", "handled_already", "told_twice", "limit_too_tight")
                why = self.chance.choice(reasons)
                self._say(soon, noise.say_noise, deadline, level, why, who)

    def _say(self, moment: dt.datetime, what: Callable[..., object], *args: object) -> None:
        self.at(moment, lambda at: self.past.act(what, *args, at=at))


def tell(past: Past, now: dt.datetime) -> None:
    """Lives through the weeks before `now`; nothing of it is open, or to be sent, afterwards."""
    past = replace(past, filed=FILED)
    weeks = Weeks(past, now - LAST)
    supervising.put_down(past, weeks.at, began(now), now)
    for day in range(DAYS + 1):
        for _ in range(_on_a_day(weeks.chance, day)):
            came = began(now) + dt.timedelta(days=day, hours=weeks.chance.uniform(0.5, 14))
            if came < weeks.end - LAST_CAME:
                weeks.at(came, lambda at: _open(weeks, at))
        if day >= supervising.EMERGENCIES and day % EMERGENCY_EVERY == 0:
            weeks.at(began(now) + dt.timedelta(days=day, hours=9), lambda at: _alarm(weeks, at))
    weeks.pass_by()
    past.act(rota_telling.hand_over, at=now)
    past.act(pilots.expire, at=now)
    past.act(_told_then, at=now)


def _on_a_day(chance: random.Random, day: int) -> int:
    """More come at week's ends, and more as the weeks go by."""
    usual = A_DAY * (0.75 + 0.5 * day / DAYS) * (1.3 if day % 7 in (5, 6) else 0.9)
    return max(1, round(chance.gauss(usual, 1.4)))


def _open(weeks: Weeks, at: dt.datetime, **more: object) -> None:
    n = next(weeks.numbers)
    dispute, plain = history.opened(weeks.past, n, at, **more)
    seed = f"{weeks.past.seed}:life:{n}"
    if weeks.chance.random() < supervising.COLOUR and supervising.is_offered(weeks.past):
        plain["reason"] = supervising.NEW_OPTION
    weeks.live(Life(weeks.past, dispute, plain, at, weeks.end, seed).moments())


def _alarm(weeks: Weeks, at: dt.datetime) -> None:
    _open(weeks, at, **world.emergency(weeks.past.seed, at.toordinal()))


def _told_then(connection: Connection, *, now: dt.datetime) -> None:
    """What was to be told until now was told at the time, and those messages are long purged."""
    connection.execute(delete(Outbox).where(Outbox.created_at <= now))
