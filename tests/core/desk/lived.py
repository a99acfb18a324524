"""Disputes that live by chance: whatever their agents may choose, parties give and time brings."""

import random
from typing import Any

from core.desk import choose, correct, money, orders, payments, undo
from core.desk.answers import Applied
from core.desk.intake import OrderInfo
from core.workflow.engine import Step, offered
from core.workflow.model import Decision, Field
from core.workflow.relevance import asked_at
from tests.factories import AT, KETTLE, Desk

MUG = {"key": "2", "title": "Mug", "unit_price": 1500, "quantity": 1}
PARTIES = ("buyer", "merchant")


def live(desk: Desk, chance: random.Random, most: int = 40, **changes: Any) -> int:
    """A dispute from its opening to its end, or until `most` things happened; returns its id."""
    order = OrderInfo("CNY", 20_500, 1_000, lines=(KETTLE, MUG)) if chance.random() < 0.8 else None
    dispute = desk.open(**{"order": order, **changes})
    for _ in range(most):
        at = desk.at(dispute)
        if at.row.kind == "final":
            break
        if order is None and chance.random() < 0.3:
            known = OrderInfo("EUR", 9_900, 900, refunded=chance.choice((0, 400)))
            desk.db.transact(orders.order_known, dispute, known)
        if chance.random() < 0.15:
            desk.funds(dispute, chance.choice((0, 50_000)), chance.choice((0, 400)))
        if "reason" in at.facts and chance.random() < 0.05:
            args = (dispute, "reason", chance.choice(("damaged", "wrong_item")), "wrong_click")
            desk.db.transact(correct.correct_fact, *args, desk.who("Sun Wei"))
        desk.pass_time(minutes=chance.choice((1, 5, 30)))
        _one_thing(desk, dispute, at, chance)
    return dispute


def _one_thing(desk: Desk, dispute: int, at: Any, chance: random.Random) -> None:
    if at.row.kind == "intake":
        if chance.random() < 0.9:
            desk.take(dispute)
        else:
            desk.assign(dispute, "Tom")
    elif at.row.kind == "work":
        _agent(desk, dispute, at, chance)
    else:
        _outside(desk, dispute, at, chance)


def _agent(desk: Desk, dispute: int, at: Any, chance: random.Random) -> None:
    if chance.random() < 0.1 and _reports(desk, dispute, chance):
        return
    if chance.random() < 0.05:
        desk.party(dispute, "buyer", "withdraw")
        return
    name = AT[at.row.stage]
    derived = money.derived(at, None, at.facts) | at.judgeable_fact(desk.people[name])
    offers = [
        o for o in offered(at.document, at.situation(derived)) if o.allowed or o.open_to_choice
    ]
    # Ends are so many that few would come far.
    weights = [0.1 if o.decision in at.workflow.ends else 1 for o in offers]
    for offer in chance.choices(offers, weights, k=8) if offers else ():
        chosen = _chosen(at, offer.decision, chance)
        if isinstance(choose.decided(at, offer.decision.key, chosen, desk.who(name)), Step):
            answer = desk.choose(dispute, offer.decision.key, chosen, name)
            if isinstance(answer, Applied):
                if chance.random() < 0.1:
                    desk.db.transact(undo.undo, at.row.visit_id, desk.who(name))
                return


def _chosen(at: Any, decision: Decision, chance: random.Random) -> dict[str, Any]:
    asked = asked_at(at.stage, decision)
    wanted = {*decision.needs, *(field.key for field in decision.fields)}
    picked = [f for f in asked.values() if f.key in wanted or chance.random() < 0.3]
    found = {field.key: _value(at, field, chance) for field in picked}
    return {key: value for key, value in found.items() if value is not None}


def _value(at: Any, field: Field, chance: random.Random) -> Any:
    if field.kind == "typed":
        return "SF1234567890"
    if field.kind == "items":
        return ["1:1"] if at.lines else None
    if field.kind == "file":
        return None
    options = list(at.document.leaves_by_set[field.options].values())
    if field.kind == "many":
        alone = [o.key for o in options if o.exclusive]
        together = [o.key for o in options if not o.exclusive]
        if alone and chance.random() < 0.4:
            return alone[:1]
        return chance.sample(together, chance.randint(1, 2))
    return chance.choice(options).key


def _outside(desk: Desk, dispute: int, at: Any, chance: random.Random) -> None:
    """The parties act, the payment system reports, or time runs out."""
    if _reports(desk, dispute, chance) or chance.random() < 0.25:
        desk.pass_time(days=30)
        desk.sweep()
        return
    party = chance.choice(PARTIES)
    decisions = [d for d in at.stage.decisions if d.by == party]
    if decisions:
        decision = chance.choice(decisions)
        desk.party(dispute, party, decision.key, **_chosen(at, decision, chance))
    else:
        desk.done(dispute, party)


def _reports(desk: Desk, dispute: int, chance: random.Random) -> bool:
    payment = desk.db.read(lambda c, now: payments.under_way(c, dispute))
    if payment is None or not payment.sources:
        return False
    if chance.random() < 0.2:
        desk.pay(dispute, fails=True)
    else:
        desk.pay(dispute, payment.amount if chance.random() < 0.7 else 1)
    return True
