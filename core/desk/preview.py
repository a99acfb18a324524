"""The card of an example dispute at a stage of a document, published or not (S4)."""

import datetime as dt
from dataclasses import replace

from core.clocks.calendar import NeverOpen
from core.desk.around import Past
from core.desk.background import Background
from core.desk.deadlines import running_of
from core.desk.ladders import Plan, Plans
from core.desk.views import CardView, limits_left
from core.i18n import say
from core.workflow.amounts import Line, Purchase
from core.workflow.engine import Situation, offered, shown_fields
from core.workflow.example import Hop, example, way_to
from core.workflow.facts import COVER, FUNDS, JUDGEABLE, YES
from core.workflow.model import Document, Stage, Value, Workflow
from core.workflow.service_level import at_stage
from core.workflow.terms import By, Kind

NUMBER, ORDER = "7K2M9QXV4", "SO-20418"
STORY, TITLES = "preview.story", ("preview.line.1", "preview.line.2")  # message keys
LINES = (Line("1", 12_900, 1), Line("2", 4_500, 2))
FREIGHT = 1_000
CURRENCY = "CNY"
PEOPLE = ("Ana", "Ben", "Chen Jing", "Dora")  # who decided on the way, one after the other
WORKED = (Kind.INTAKE, Kind.WORK)


def card_at(
    document: Document,
    workflow: Workflow,
    stage: Stage,
    locale: str,
    *,
    plans: Plans,
    now: dt.datetime,
) -> CardView | None:
    """The card of an example dispute that has just come to a stage; None where stages have none.

    The buyer's words and the goods are in `locale`, as the card is to be; `plans` know calendars.
    """
    if stage.kind not in WORKED:
        return None
    paid = sum(line.unit_price * line.quantity for line in LINES) + FREIGHT
    purchase = Purchase(CURRENCY, paid, 0, FREIGHT, LINES)
    bought = {line.key: line.quantity for line in LINES}
    known = example(document, workflow, stage, bought, CURRENCY)
    past = _past(workflow, way_to(workflow, stage) or ())
    situation = _derived(known, judgeable=bool(past))
    level = at_stage(workflow.service_levels, stage.key, situation.facts, CURRENCY)
    taken = stage.key == workflow.first  # it opens held by whoever took it (rule 1)
    return CardView(
        visit_id=0,
        dispute_id=0,
        number=NUMBER,
        order_number=ORDER,
        document=document,
        stage=stage,
        situation=situation,
        open=True,
        opened_at=now,
        due_at=_due(plans.made(document, level), now) if level else None,
        holder=PEOPLE[0] if taken else "",
        held_until=now + dt.timedelta(minutes=stage.hold_minutes) if taken else None,
        rule="",
        decision="",
        decider="",
        decided_by="",
        left_at=None,
        undone=False,
        parked_at=None,
        lately=None,
        remarks=(),
        notes=0,
        next_stage="",
        next_card=None,
        entered="unsettled",
        story=say(STORY, locale),
        purchase=purchase,
        titles={line.key: say(title, locale) for line, title in zip(LINES, TITLES, strict=True)},
        facts=dict(known.facts),
        again={},
        past=past,
        offers=offered(document, situation),
        fields=shown_fields(document, situation),
        limits=limits_left(workflow, situation),
        evidence=(),
        pieces=(),
        asked=(),
        payment=None,
        linked=(),
        others_on_order=(),
        background=Background((), 0, 1, True, 2, 9, 3),
        used={},
        incident=None,
    )


def _due(plan: Plan, now: dt.datetime) -> dt.datetime | None:
    """When a promise that begins now is due; None where a draft says what cannot be."""
    try:
        return plan.due(running_of(plan, now, ()))
    except NeverOpen:
        return None


def _derived(known: Situation, *, judgeable: bool) -> Situation:
    """What the desk would find out: the payment is held in full, the stage before can be judged."""
    found: dict[str, Value] = {FUNDS: COVER}
    if judgeable:
        found[JUDGEABLE] = YES
    return replace(known, facts={**known.facts, **found})


def _past(workflow: Workflow, way: tuple[Hop, ...]) -> tuple[Past, ...]:
    """How the stages on the way ended, each by somebody else."""
    worked = [hop for hop in way if workflow.stage_by_key[hop.stage].kind == Kind.WORK]
    return tuple(
        Past(hop.stage, hop.decision, who if hop.by == By.AGENT else "", hop.by)
        for hop, who in zip(worked, PEOPLE * len(worked), strict=False)
    )
