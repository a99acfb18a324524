"""What happened before the demonstration began: some thirty disputes, by now in every stage.

They go through the desk's own use cases, at moments that lie in the past, so that their clocks,
cards and records are what they would be. Who decides what is drawn by seed among what is allowed.
"""

import datetime as dt
import io
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from core import files
from core.db import Database
from core.desk import (
    choose,
    contacting,
    evidence,
    holding,
    opening,
    orders,
    overdue,
    payments,
    receipts,
    standing,
)
from core.desk.actor import Actor, agent
from core.desk.standing import Standing
from core.secrets import Vault
from core.workflow.engine import offered
from core.workflow.model import Decision, Field
from core.workflow.terms import By, FieldKind, Kind, Meaning
from demo.marketplace import papers, world
from demo.marketplace.goods import SAID
from demo.people import at_home
from portal.shapes_in import DisputeIn

SOURCE = "marketplace"
DISPUTES = 30
LARGEST = 1_000_000  # bytes of a file
EMERGENCY = 400_000  # of the disputes' numbers: far from those that flow in
LATELY = dt.timedelta(seconds=70)
ANSWERED = 0.8  # of calls to buyers
SOUND = 0.92  # of the work of earlier stages
STEP = dt.timedelta(minutes=11)  # what usually passes between two acts


@dataclass(slots=True)
class Past:
    """The desk in earlier days: acts happen at a moment that is given."""

    database: Database
    vault: Vault
    seed: int
    people: dict[str, int]
    files: Path  # where evidence lies
    stages: list[str]  # the work stages at which people are at home, in their order
    filed: float = 1.0  # how much of the evidence is a file; the rest is told in words

    def act(self, work: Callable[..., Any], *args: Any, at: dt.datetime, **more: Any) -> Any:
        """Runs a use case as if the desk's time were `at`."""
        return self.database.transact(
            lambda connection, now: work(connection, *args, now=at, **more)
        )


def tell(past: Past, now: dt.datetime) -> None:
    """Opens the disputes and moves each some way along, the first ones the furthest.

    The last one was opened so long ago that it escalates within the minute.
    """
    for n in range(1, DISPUTES + 1):
        chance = random.Random(f"{past.seed}:{n}")  # noqa: S311  a story, no secret
        steps = max(0, 9 - n // 3) if n % 5 else 14
        begun = now - STEP * (steps + 1) - dt.timedelta(minutes=chance.randint(0, 8))
        live(past, n, steps, begun, chance)
    emergency(past, now - LATELY)
    due = _first_minutes(past)
    live(past, DISPUTES + 1, 0, now - dt.timedelta(minutes=due, seconds=-40), random.Random(0))  # noqa: S311


def emergency(past: Past, at: dt.datetime) -> None:
    """Opens one that nobody has taken yet; the teams that it concerns hear of it at once (G3)."""
    opened(past, EMERGENCY, at, **world.emergency(past.seed, EMERGENCY))
    past.act(overdue.sweep, at=at)


def live(past: Past, n: int, steps: int, at: dt.datetime, chance: random.Random) -> None:
    """Opens the n-th dispute at a moment and moves it so many steps on, or to its end."""
    dispute, plain = opened(past, n, at)
    for _ in range(steps):
        at += STEP
        here = past.database.read(lambda c, now: standing.of_dispute(c, dispute, lock=False))
        if here is None or here.row.kind == Kind.FINAL:
            return
        moved(past, here, dispute, plain, at, chance)


def opened(past: Past, n: int, at: dt.datetime, **more: Any) -> tuple[int, dict[str, str]]:
    """Opens the n-th virtual dispute at a moment: its id, and what its reader would choose.

    `more` is said of it in place of what the marketplace says.
    """
    body = {**world.dispute(past.seed, n), "order": _told(past.seed, n, at), **more}
    intake = DisputeIn.model_validate(body).intake(SOURCE)
    made = past.act(opening.open_disputes, [intake], Actor("market"), past.vault, at=at)
    dispute = int(made[0].dispute_id)
    past.act(receipts.accepted, dispute, at=at + dt.timedelta(minutes=1))
    return dispute, {**world.plain_facts(body), **world.weight(past.seed, n)}


def moved(
    past: Past,
    here: Standing,
    dispute: int,
    plain: dict[str, str],
    at: dt.datetime,
    chance: random.Random,
    *,
    odd: bool = False,
) -> None:
    """Moves a dispute on from where it stands, by whoever's turn it is.

    `odd` has an agent decide what is decided seldom, where that is allowed.
    """
    if here.row.kind == Kind.WAIT:
        _party(past, here, dispute, at, chance)
    else:
        _decide(past, here, plain, at, chance, odd=odd)


def _told(seed: int, n: int, at: dt.datetime) -> dict[str, Any]:
    """The order as the marketplace tells it; bought before anybody complained, at any rate."""
    order = world.order(seed, f"V{n}")
    if order is None:
        raise ValueError(f"no order V{n}")
    bought = min(order.purchased_at, at - dt.timedelta(days=3 + n % 18))
    return world.told(replace(order, purchased_at=bought))


def _first_minutes(past: Past) -> int:
    from core.desk import documents

    document = past.database.read(lambda c, now: documents.active(c))
    workflow = document.workflows[0]
    return workflow.levels_by_stage[workflow.start][-1].minutes


def whose(past: Past, here: Standing, chance: random.Random) -> Actor:
    """Whoever holds a dispute, else somebody who is at home at its stage."""
    row = here.row
    if row.holder_id:
        return agent(row.holder_id)
    stage = here.workflow.first if row.kind == Kind.INTAKE else row.stage
    return agent(past.people[chance.choice(at_home(stage, past.stages)).slack_id])


def _decide(
    past: Past,
    here: Standing,
    plain: dict[str, str],
    at: dt.datetime,
    chance: random.Random,
    *,
    odd: bool,
) -> None:
    """An agent of the stage takes the dispute, or makes a decision that is allowed.

    `plain` is what anybody would choose who has read the buyer's words.
    """
    row, held = here.row, whose(past, here, chance)
    if row.kind == Kind.INTAKE and not odd:
        past.act(holding.take, row.visit_id, held, at=at)
        reach(past, row.dispute_id, held, at, chance)
        return
    if row.held is None:  # nobody knows yet what the merchant has
        _funds(past, row.dispute_id, at)
    decisions = [
        offer.decision
        for offer in offered(here.document, here.situation({}))
        if offer.allowed or offer.open_to_choice
    ]
    own = {decision.key for decision in here.workflow.stage_by_key[row.stage].decisions}
    chance.shuffle(decisions)
    # What sends disputes back is rarer than what moves them on.
    decisions.sort(
        key=lambda d: (
            (d.key not in own, d.meaning in _RARE) if not odd else d.meaning not in _RARE,
            d.meaning == "money",
        )
    )
    for decision in decisions:
        told = _chosen(here, decision, plain, chance)
        answer = past.act(choose.choose, row.visit_id, decision.key, told, held, at=at)
        if hasattr(answer, "next_visit_id"):
            return


def reach(past: Past, dispute: int, who: Actor, at: dt.datetime, chance: random.Random) -> None:
    """Somebody calls the buyer, who mostly answers."""
    here = past.database.read(lambda c, now: standing.of_dispute(c, dispute, lock=False))
    results = here.document.choices_of(Meaning.CONTACT).values() if here is not None else ()
    answers = chance.random() < ANSWERED
    told = [one.key for one in results if (one.meaning == Meaning.CONTACT_REACHED) == answers]
    if here is not None and told:
        past.act(contacting.contact, here.row.visit_id, told[0], who, at=at)


_RARE = frozenset({Meaning.SEND_BACK, Meaning.RULING_BACK, Meaning.SETTLED, Meaning.NOT_ACCEPTED})


def _chosen(
    here: Standing, decision: Decision, plain: dict[str, str], chance: random.Random
) -> dict[str, Any]:
    stage = here.workflow.stage_by_key[here.row.stage]
    wanted = [stage.field_by_key[key] for key in decision.needs if key in stage.field_by_key]
    known = [field for field in stage.fields if field.key in plain and field not in wanted]
    asked = (*wanted, *known, *decision.fields)
    return {field.key: _choice(here, field, plain, chance) for field in asked}


def _choice(here: Standing, field: Field, plain: dict[str, str], chance: random.Random) -> Any:
    leaves = here.document.set_by_key[field.options].leaves()
    if plain.get(field.key) in {option.key for option in leaves}:
        return plain[field.key]
    if field.meaning == Meaning.QUALITY:  # most work is sound
        return leaves[0 if chance.random() < SOUND else -1].key
    open_to_all = [option for option in leaves if not option.meaning.startswith("settled")]
    option = chance.choice(open_to_all)
    return [option.key] if field.kind == FieldKind.MANY else option.key


def _papers(here: Standing) -> set[str]:
    """Files that decisions ask for, such as a voucher: nobody gives them as evidence."""
    decisions = here.workflow.decisions_by_stage.values()
    fields = [f for found in decisions for decision in found.values() for f in decision.fields]
    return {field.key for field in fields if field.kind == FieldKind.FILE}


def _kept(past: Past, chance: random.Random) -> files.Kept:
    """A file as parties give them, on the disk: mostly a picture."""
    ending = "png" if chance.random() < 0.75 else "pdf"
    paper = io.BytesIO(papers.made(ending, chance.randrange(1_000_000)))
    return files.keep(past.files, paper, LARGEST)


def _piece(past: Past, party: str, kind: str, locale: str, chance: random.Random) -> evidence.Piece:
    """What a party gives: a file, or its words."""
    if chance.random() >= past.filed:
        chinese, english = SAID[party]
        return evidence.Piece(party, kind, note=chinese if locale.startswith("zh") else english)
    kept = _kept(past, chance)
    return evidence.Piece(
        party, kind, file_digest=kept.digest, size=kept.size, media_type=kept.media_type
    )


def _funds(past: Past, dispute: int, at: dt.datetime) -> None:
    past.act(orders.funds_known, dispute, 60_000, 20_000, 200_000, at=at)


def _party(
    past: Past, here: Standing, dispute: int, at: dt.datetime, chance: random.Random
) -> None:
    """Somebody outside acts: gives evidence, reports a payment, or lets time pass."""
    payment = past.database.read(lambda c, now: payments.under_way(c, dispute))
    if payment is not None:
        past.act(
            payments.reported,
            payment.reference,
            paid=payment.amount,
            currency=payment.currency,
            at=at,
        )
        return
    if not any(d.by == By.EVIDENCE for d in here.workflow.stage_by_key[here.row.stage].decisions):
        return
    for party in (By.BUYER, By.MERCHANT):
        kinds = sorted(evidence.kinds_for(here, party) - _papers(here))
        if kinds and chance.random() < 0.8:
            piece = _piece(past, party, chance.choice(kinds), here.row.locale, chance)
            past.act(evidence.receive, dispute, piece, past.vault, at=at)
        past.act(evidence.nothing_more, dispute, party, at=at)
