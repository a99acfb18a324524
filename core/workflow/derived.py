"""The facts that follow from what is chosen: the amount, what covers it, whether anything is left.

They are worked out anew for every decision and never stored.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from core.workflow.amounts import Purchase, amount
from core.workflow.choices import Choice, Invalid, check
from core.workflow.facts import AMOUNT, COVER, FUNDS, NOTHING_LEFT, SHORT, YES
from core.workflow.model import Decision, Document, Facts, Share, Stage, Value
from core.workflow.relevance import asked_at
from core.workflow.terms import FieldKind


@dataclass(frozen=True, slots=True)
class Money:
    """The money of a dispute at one moment, in minor units.

    `moved` is what the dispute itself has moved; `held` and `balance` are what the payment system
    could take from the merchant, None where it has not answered.
    """

    purchase: Purchase
    moved: int = 0
    held: int | None = None
    balance: int | None = None

    @property
    def lines(self) -> dict[str, int]:
        """The quantity of each line of the order."""
        return {line.key: line.quantity for line in self.purchase.lines}


def derived(
    document: Document, stage: Stage, money: Money, share: Share | None, facts: Facts
) -> dict[str, Value]:
    """The facts that follow from a chosen share: the amount, and whether funds cover it.

    Without a share the whole rest of the order is asked about; where the payment system has not
    answered yet, funds stay unknown. Nothing is left of a known order that was wholly refunded,
    nor of a share that this dispute has moved already.
    """
    purchase, moved = money.purchase, money.moved
    rest = max(0, purchase.paid - purchase.refunded)

    def left_of(chosen: Share) -> int:
        return due(chosen, purchase, purchase.refunded, moved, items_of(stage, facts))

    wanted = rest if share is None else left_of(share)
    found: dict[str, Value] = {} if share is None else {AMOUNT: wanted}
    if money.held is not None:
        found[FUNDS] = COVER if money.held + (money.balance or 0) >= wanted > 0 else SHORT
    settled = share or _known_share(document, stage, facts)
    if purchase.currency and (not rest or (moved and settled and not left_of(settled))):
        found[NOTHING_LEFT] = YES
    return found


def due(share: Share, purchase: Purchase, refunded: int, moved: int, items: Sequence[str]) -> int:
    """What is left of a share, which is taken of the order as it was before anything was moved."""
    before = replace(purchase, refunded=max(0, refunded - moved))
    rest = max(0, purchase.paid - refunded)
    return max(0, min(amount(share, before, items) - moved, rest))


def share_of(document: Document, stage: Stage, decision: Decision, facts: Facts) -> Share | None:
    """The preset share that a decision moves: the one picked in the share field it needs."""
    for key in decision.needs:
        field = stage.field_by_key.get(key)
        if field is not None and field.kind == FieldKind.SHARE:
            option = document.options_by_set[field.options].get(str(facts.get(key)))
            if option is not None:
                return option.share
    return None


def _known_share(document: Document, stage: Stage, facts: Facts) -> Share | None:
    """The share that was chosen at this stage before."""
    for field in stage.fields:
        if field.kind == FieldKind.SHARE and field.key in facts:
            option = document.options_by_set[field.options].get(str(facts[field.key]))
            return option.share if option else None
    return None


def items_of(stage: Stage, facts: Facts) -> tuple[str, ...]:
    """The chosen lines of the order, `line:quantity` each; none means the whole order."""
    for field in stage.fields:
        chosen = facts.get(field.key)
        if field.kind == FieldKind.ITEMS and isinstance(chosen, tuple):
            return chosen
    return ()


def known_with(
    document: Document,
    stage: Stage,
    decision: Decision,
    known: Facts,
    chosen: Mapping[str, Choice | None],
    lines: Mapping[str, int],
    currency: str,
) -> dict[str, Value]:
    """What is known with what was chosen; what cannot stand is left for the engine to refuse."""
    facts = dict(known)
    fields = asked_at(stage, decision)
    for key, choice in chosen.items():
        field = fields.get(key)
        if field is None:
            continue
        if choice is None:
            if field.prefill:
                facts.pop(key, None)
            continue
        value = check(document, field, choice, lines, currency)
        if not isinstance(value, Invalid):
            facts[key] = value
    return facts
