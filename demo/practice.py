"""The practice desk: whoever comes with a pass gets a seat, and three disputes of their own (T1).

The demonstration is one. A newcomer of another desk is made an agent here, under an id of this
desk's own; one of its own newcomers practises where they sit. Their disputes are virtual, brought
to their stage by the agents of the earlier ones, and assigned to them: nobody else is offered them.
"""

import datetime as dt
import hashlib
import random
import time
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from sqlalchemy import Connection, insert, select, update

from core.db import Database
from core.desk import (
    assigning,
    cards,
    documents,
    first_day,
    people,
    queues,
    roster,
    standing,
)
from core.desk.actor import agent
from core.desk.people import Member
from core.desk.roster import PersonInfo
from core.practice import Pass
from core.tables import Click, Person
from core.workflow.terms import Kind
from demo import history
from demo.history import Past
from demo.marketplace import world
from demo.people import WORKERS, ZONES, Worker
from sandbox.client import Sandbox

FIRST = 500_000  # of the virtual disputes to practise on: far from those that flow in
LATELY = dt.timedelta(minutes=40)  # how long ago such a dispute came in
STEP = dt.timedelta(minutes=2)
MOST_STEPS = 16  # three rounds of evidence and some more
PATIENCE = 6.0  # seconds for three cards: Slack takes one a second in a channel
TWICE = dt.timedelta(minutes=1)  # a pass that comes again so soon was pressed twice


class NoSeat(Exception):
    """There is no seat for this pass; its text is the fault."""


@dataclass
class School:
    """The practice desk's side of a first day. `back` is this desk's own way back."""

    database: Database
    past: Past
    back: str
    sandbox: Sandbox
    channels: list[str]  # Slack ids that everybody is in
    _next: int = FIRST
    _lock: Lock = field(default_factory=Lock)

    def stage_label(self, key: str, locale: str) -> str | None:
        """What the stage is called here; None where agents have no such stage."""
        document = self.database.read(lambda c, now: documents.active(c))
        here = first_day.place(document, key)
        return here[1].label.text(locale) if here else None

    def welcome(self, worker: Worker) -> None:
        """Lets one of the demonstration's own newcomers in: their first day is before them."""
        with self._lock:
            member = self.database.transact(_hired, worker, self.past.stages[worker.home or 0])
            self._let_in(worker.slack_id, member)

    def seat(self, said: Pass) -> Member:
        """Somebody's seat, with three disputes to decide; the same however often they come.

        Raises NoSeat for a pass that was used up, or that has no place here.
        """
        with self._lock:
            if self.stage_label(said.stage, said.locale) is None:
                raise NoSeat("stage")
            if not self.database.transact_wall(_first_use, said.id):
                raise NoSeat("used")
            member = self.database.transact(_newcomer, said, self.back)
            if member is None:
                raise NoSeat("unknown")
            self._let_in(slack_id_of(said, self.back), member)
            self._reserve(member)
        self._await_cards(member)  # others need not wait for that
        return member

    def _let_in(self, slack_id: str, member: Member) -> None:
        """Makes them somebody in the workspace beside the desk, and in its channels."""
        known = {person["id"] for person in self.sandbox.get("people")["people"]}
        if slack_id not in known:
            self.sandbox.add_person(
                id=slack_id,
                name=slack_id.lower(),
                real_name=member.name,
                tz=member.zone,
                locale=member.locale.replace("_", "-"),
            )
        for channel in self.channels:
            self.sandbox.change_channel(channel, join=[slack_id])

    def _reserve(self, member: Member) -> None:
        """Sees to it that what is decided and what is assigned make three."""
        begun = self.database.read(lambda c, now: first_day.of(c, member, now=now))
        lacking = begun.lacking if begun is not None else 0
        lead = next(w for w in WORKERS if w.role == "supervisor" and w.locale == member.locale)
        for _ in range(lacking):
            visit = self._brought(member)
            actor = agent(self.past.people[lead.slack_id])
            self.database.transact(assigning.assign, visit, member.id, actor)

    def _await_cards(self, member: Member) -> None:
        """Waits a little for delivery, so that Home can lead to the cards at once."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.database.read(_cardless, member.id):
            time.sleep(0.1)

    def _brought(self, member: Member) -> int:
        """A visit at the newcomer's stage: a virtual dispute that came that far lately."""
        document = self.database.read(lambda c, now: documents.active(c))
        here = first_day.place(document, member.home_stage)
        urgent = here is not None and here[0] != document.workflows[0]
        while True:
            self._next += 1
            more = world.emergency(self.past.seed, self._next) if urgent else {}
            said = {**world.dispute(self.past.seed, self._next), **more}
            if said["locale"].replace("-", "_") != member.locale:
                continue
            visit = self._walked(self._next, member.home_stage, more)
            if visit is not None:
                return visit

    def _walked(self, n: int, stage: str, more: dict[str, Any]) -> int | None:
        """The visit at which dispute `n` reached the stage; None where it went another way.

        `more` is said of it in place of what the marketplace says.
        """
        at = self.database.read(lambda _connection, now: now) - LATELY
        chance = random.Random(f"{self.past.seed}:practice:{n}")  # noqa: S311  a story, no secret
        dispute, plain = history.opened(self.past, n, at, **more)
        for _ in range(MOST_STEPS):
            at += STEP
            here = self.database.read(lambda c, now: standing.of_dispute(c, dispute, lock=False))
            if here is None or here.row.kind == Kind.FINAL:
                return None
            if here.row.stage == stage:
                return int(here.row.visit_id)
            history.moved(self.past, here, dispute, plain, at, chance)
        return None


def slack_id_of(said: Pass, back: str) -> str:
    """Who somebody is in the practice workspace: as ever at home, else nobody who works here."""
    if said.back == back:
        return said.slack_id
    known = hashlib.sha256(f"{said.back} {said.slack_id}".encode()).hexdigest()
    return f"UP{known[:9].upper()}"


def _first_use(connection: Connection, pass_id: str, *, now: dt.datetime) -> bool:
    """Whether a pass is used for the first time, or was a moment ago; `now` by the wall clock."""
    key = f"pass:{pass_id}"
    used = connection.scalar(select(Click.at).where(Click.key == key))
    if used is None:
        connection.execute(insert(Click), {"key": key, "at": now, "answer": {}})
    return used is None or now - used < TWICE


def _newcomer(connection: Connection, said: Pass, back: str, *, now: dt.datetime) -> Member | None:
    """Whoever the pass names, practising at this desk; None where they are not to be found."""
    slack_id = slack_id_of(said, back)
    found = people.by_slack_id(connection, slack_id)
    if found is None and said.back != back:
        found = _added(connection, slack_id, said.name, said.stage, said.locale, now=now)
    if found is None or not found.active:
        return None
    origin = {"slack_id": said.slack_id, "back": said.back}
    connection.execute(update(Person).where(Person.id == found.id).values(practises_for=origin))
    return found


def _cardless(connection: Connection, person_id: int, *, now: dt.datetime) -> bool:
    """Whether the card of anything that somebody holds is not in Slack yet."""
    held = queues.held(connection, person_id, now=now)
    return any(cards.place(connection, one.visit_id) is None for one in held)


def _hired(connection: Connection, worker: Worker, stage: str, *, now: dt.datetime) -> Member:
    found = people.by_slack_id(connection, worker.slack_id)
    if found is not None:
        return found
    return _added(connection, worker.slack_id, worker.name, stage, worker.locale, now=now)


def _added(
    connection: Connection, slack_id: str, name: str, stage: str, locale: str, *, now: dt.datetime
) -> Member:
    """Makes somebody an agent, as a supervisor would."""
    info = PersonInfo(name, ["agent"], slack_id, stage, locale=locale, zone=ZONES[locale])
    lead = next(w for w in WORKERS if w.role == "supervisor" and w.locale == locale)
    by = agent(people.called(connection, lead.slack_id)[0])
    roster.add_person(connection, by, info, now=now)
    found = people.by_slack_id(connection, slack_id)
    if found is None:
        raise LookupError(f"{name} was not added")
    return found
