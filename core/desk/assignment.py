"""Whom the active document's rules give a dispute to: who is free, and whose turn it is (A2).

Rules are read when a dispute needs somebody, never pinned. Whoever chooses holds the one row of the
active document until the end of the transaction, and counts what people hold after that: two who
choose at once never give anybody more than they can hold, and turns go round whoever gives them.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, func, or_, select, update

from core.desk import documents, rotas
from core.desk.actor import Actor, Right
from core.desk.held import RIGHTS
from core.desk.standing import Standing
from core.tables import ActiveDocument, Event, Person, Visit
from core.workflow.assignment import AssignmentRule, Hand, applying, chosen
from core.workflow.model import Stage, Value, Workflow
from core.workflow.terms import Kind, Strategy

EARLIER = "earlier"  # told in the strategy's place where the earlier holder was preferred (rule 2)


@dataclass(frozen=True, slots=True)
class Ruling:
    """What rules say of a visit: who holds it, by which rule and how; `waits` for somebody free."""

    holder_id: int | None = None
    rule: str = ""
    strategy: str = ""
    waits: bool = False

    @property
    def told(self) -> dict[str, Any]:
        """What the event of the assignment says of it; nothing where nobody was chosen."""
        if self.holder_id is None:
            return {}
        return {"assigned": {"rule": self.rule, "strategy": self.strategy}}

    def columns(self, now: dt.datetime) -> dict[str, Any]:
        """What the row of a visit that opens now holds of it."""
        assign_at = now if self.waits else None
        return {"holder_id": self.holder_id, "rule": self.rule or None, "assign_at": assign_at}


NOTHING = Ruling()  # no rule says anything: whoever comes first
HELD = Ruling(waits=True)  # held otherwise for now; rules look again when that ends


def absent(now: Any) -> ColumnElement[bool]:
    """Whether a person is away at a moment; without a beginning since ever, without an end on."""
    return and_(
        or_(Person.absent_from.is_not(None), Person.absent_until.is_not(None)),
        or_(Person.absent_from.is_(None), Person.absent_from <= now),
        or_(Person.absent_until.is_(None), Person.absent_until > now),
    )


_LOADS = (
    select(Visit.holder_id, func.count().label("load"))
    .where(
        Visit.left_at.is_(None),
        Visit.holder_id.is_not(None),
        Visit.kind == str(Kind.WORK),
        or_(Visit.held_until.is_(None), Visit.held_until > bindparam("now")),
    )
    .group_by(Visit.holder_id)
    .subquery()
)
_HANDS = (
    select(
        Person.id,
        Person.slack_id,
        RIGHTS,
        Person.stages,
        Person.team,
        Person.home_stage,
        Person.capacity,
        Person.turn,
        func.coalesce(_LOADS.c.load, 0).label("load"),
    )
    .outerjoin(_LOADS, _LOADS.c.holder_id == Person.id)
    .where(Person.active, ~absent(bindparam("now")))
    .order_by(Person.id)
)
_LOCK = select(ActiveDocument.turn).where(ActiveDocument.id == 1).with_for_update()
_COUNT = update(ActiveDocument).where(ActiveDocument.id == 1).values(turn=bindparam("turn"))
_TURN = update(Person).where(Person.id == bindparam("person")).values(turn=bindparam("at"))
_PRESENT = select(Person.id).where(Person.id == bindparam("id"), ~absent(bindparam("now")))


class Hands:
    """Who can be given disputes at this moment; locked, so that what is given is counted."""

    def __init__(self, connection: Connection, *, now: dt.datetime, lock: bool = True) -> None:
        self._connection, self._now = connection, now
        self._on_duty: dict[str, frozenset[int]] = {}
        self._turn = int(connection.execute(_LOCK).scalar_one()) if lock else 0
        self._given: dict[int, int] = {}
        self._room: dict[int, int | None] = {}
        self._stages: dict[int, list[str]] = {}
        self._hands: dict[int, Hand] = {}
        for row in connection.execute(_HANDS, {"now": now}):
            if Right.DECIDE in row.rights:
                self._room[row.id] = row.capacity
                self._stages[row.id] = row.stages
                slack_id = row.slack_id or ""
                self._hands[row.id] = Hand(
                    row.id, slack_id, row.team, row.home_stage, row.load, row.turn
                )

    def free(self, but: Collection[int] = ()) -> list[Hand]:
        """Those who can hold one more."""
        return [
            hand
            for hand in self._hands.values()
            if hand.id not in but and ((room := self._room[hand.id]) is None or hand.load < room)
        ]

    def on_duty(self, rule: AssignmentRule, free: Sequence[Hand]) -> Sequence[Hand]:
        """Those of the free whom a rule may mean: all, or whoever is on duty at its rota (A2)."""
        if not rule.rota:
            return free
        if rule.rota not in self._on_duty:
            found = rotas.on_duty(self._connection, rule.rota, now=self._now)
            self._on_duty[rule.rota] = frozenset(found)
        return [hand for hand in free if hand.id in self._on_duty[rule.rota]]

    def give(
        self,
        rules: Sequence[AssignmentRule],
        stage: str,
        facts: Mapping[str, Value],
        currency: str,
        but: Collection[int] = (),
        earlier: int | None = None,
    ) -> Ruling:
        """What the rules say of a visit at `stage`; whoever is chosen holds one more from now on.

        Nobody of `but` is chosen; `earlier` is preferred where free.
        """
        free = [hand for hand in self.free(but) if stage in (self._stages[hand.id] or (stage,))]
        waits = False
        for rule in applying(rules, facts, currency):
            if rule.strategy == Strategy.FIRST_COME:
                return NOTHING
            waits = True
            able = self.on_duty(rule, free)
            back = next((hand for hand in able if hand.id == earlier), None)
            hand = back or chosen(rule, stage, able)
            if hand is not None:
                self._count(hand)
                return Ruling(hand.id, rule.key, EARLIER if back else rule.strategy, waits=True)
        return Ruling(waits=waits)

    def of_these(self, people: Collection[int], stage: str, but: Collection[int]) -> int | None:
        """Who of these people is given a visit at `stage`, nobody of `but`; None where nobody can.

        Those whose home stage it is come first, then whoever has the least to do.
        """
        able = [
            hand
            for hand in self.free(but)
            if hand.id in people and stage in (self._stages[hand.id] or (stage,))
        ]
        found = min(able, key=lambda h: (h.home_stage != stage, h.load, h.turn, h.id), default=None)
        if found is None:
            return None
        self._count(found)
        return found.id

    def _count(self, hand: Hand) -> None:
        self._turn += 1
        self._given[hand.id] = self._turn
        self._hands[hand.id] = replace(hand, load=hand.load + 1, turn=self._turn)

    def keep(self, connection: Connection) -> None:
        """Stores whose turn it was."""
        if self._given:
            connection.execute(_COUNT, {"turn": self._turn})
            rows = [{"person": person, "at": turn} for person, turn in self._given.items()]
            connection.execute(_TURN, rows)


def on_arrival(
    connection: Connection,
    workflows: Sequence[Workflow],
    facts: Sequence[Mapping[str, Value]],
    currencies: Sequence[str],
    *,
    now: dt.datetime,
) -> list[Ruling]:
    """What the rules say of disputes that arrive, in their order; asks nothing without any rule."""
    if not any(workflow.assignments for workflow in workflows):
        return [NOTHING] * len(workflows)
    hands = Hands(connection, now=now)
    rulings = [
        hands.give(workflow.rules_by_stage.get(workflow.first, ()), workflow.first, known, currency)
        for workflow, known, currency in zip(workflows, facts, currencies, strict=True)
    ]
    hands.keep(connection)
    return rulings


def on_move(
    connection: Connection,
    at: Standing,
    workflow: Workflow,
    target: Stage,
    known: Mapping[str, Value],
    actor: Actor,
    holder_id: int | None,
    *,
    now: dt.datetime,
) -> Ruling:
    """What the rules say of the visit that opens at `target`, which `actor` leads the dispute to.

    Stage separation bars who decided elsewhere, the actor too; an earlier holder is preferred. A
    visit that is held by `holder_id` already is only kept in view.
    """
    rules = workflow.rules_by_stage.get(target.key, ())
    if not rules or target.kind != Kind.WORK:
        return NOTHING
    if holder_id is not None:
        return HELD
    hands = Hands(connection, now=now)
    barred = _barred(at, target, actor)
    earlier = at.earlier_decider(target.key)
    facts = {**at.facts, **known}
    ruling = hands.give(rules, target.key, facts, at.row.currency, barred, earlier)
    hands.keep(connection)
    return ruling


def _barred(at: Standing, target: Stage, actor: Actor) -> set[int]:
    """Whom stage separation keeps from the visit that opens at `target` (W3)."""
    if not target.separation:
        return set()
    barred = at.handlers(target.key)
    here = at.workflow.stage_by_key[at.row.stage]
    deciding = here.kind == Kind.WORK and here.separation and here.key != target.key
    if deciding and actor.person_id is not None:
        barred.add(actor.person_id)
    return barred


def looked_after(connection: Connection, at: Standing, *, now: dt.datetime) -> dt.datetime | None:
    """Since when rules look for a holder of a visit that is given back: at once, or never."""
    active = documents.load(connection, at.row.active_id)
    workflow = active.workflow_by_key.get(at.row.workflow)
    return now if workflow is not None and at.row.stage in workflow.rules_by_stage else None


def present(connection: Connection, person_id: int, *, now: dt.datetime) -> bool:
    """Whether a person is not away at this moment."""
    return connection.execute(_PRESENT, {"id": person_id, "now": now}).first() is not None


_HOLDS = (
    select(Event.kind, Event.visit_id, Event.data)
    .where(
        Event.dispute_id == bindparam("dispute"),
        Event.kind.in_(
            (
                "opened",
                "moved",
                "undone",
                "taken",
                "held",
                "assigned",
                "assigned_by_rule",
                "released",
                "handed_over",
                "handed_back",
                "snoozed",
            )
        ),
    )
    .order_by(Event.id)
)
_GIVEN_BACK = ("released", "handed_over")


def gave_back(connection: Connection, at: Standing) -> set[int]:
    """Who held this visit and gave it back, or was relieved of it: nobody gets it twice."""
    holder: int | None = None
    found: set[int] = set()
    for event in connection.execute(_HOLDS, {"dispute": at.row.dispute_id}):
        if event.visit_id == at.row.visit_id and event.kind not in ("moved", "undone"):
            if event.kind in _GIVEN_BACK and holder is not None:
                found.add(holder)
            holder = event.data.get("holder")
        elif event.data.get("visit") == at.row.visit_id:
            holder = event.data.get("holder")
    return found
