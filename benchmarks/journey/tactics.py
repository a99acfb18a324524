"""How robots choose: by seed among what a card offers, what was rarely taken first."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from benchmarks.journey.board import Card

TAKE, MORE, RELEASE = "take", "more", "RELEASE"
DECIDE, ASK, FIELD = "decide.", "ask.", "field."
RARE = 12  # a decision taken less often than this comes first
KEPT = 0.6  # of choices that a card makes beforehand
# What is likelier or less likely than the rest: (stage or any, decision).
WEIGHTS = {
    TAKE: 20.0,
    RELEASE: 0.05,
    "decline": 0.15,
    "settle": 0.3,
    "cannot_judge": 0.6,
    "ruling_back": 0.4,
    "settled_before": 0.5,
    "enough": 3.0,
    "money_arrived": 20.0,
    "let_lapse": 0.7,
}
# What a decision asks of the card's fields: only these options, or none of these.
WANTS: dict[str, dict[str, tuple[str, ...]]] = {
    "settled_before": {"state": ("settled",)},
    "return_first": {"remedy": ("return_refund",)},
    "deduct_online": {"remedy": ("refund_only",)},
    "pay_offline": {"remedy": ("refund_only",)},
}
AVOIDS: dict[str, dict[str, tuple[str, ...]]] = {
    key: {"state": ("settled",)}
    for key in ("no_evidence", "request_buyer", "request_merchant", "request_both")
}
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Press:
    """A button to press: its action, its value where it is a menu's, and what is chosen first."""

    action: str
    decision: str
    value: str | None = None
    confirms: bool = False
    chosen: dict[str, Any] = field(default_factory=dict)

    @property
    def asks(self) -> bool:
        """Whether a modal may ask for more."""
        return self.action == MORE or self.action.startswith(ASK)


def presses(card: Card) -> Iterator[Press]:
    """What the card offers."""
    for block in card.blocks:
        for element in block.get("elements", ()) if block["type"] == "actions" else ():
            action = element["action_id"]
            if element["type"] == "overflow":
                for option in element["options"]:
                    decision = option["value"].partition(":")[2]
                    if decision.isupper() and decision != RELEASE:
                        continue  # what a desk does besides deciding: notes, snoozing, parking
                    yield Press(MORE, decision, option["value"])
            elif not element["value"].partition(":")[2].isupper():  # parking is no decision either
                decision = action.removeprefix(DECIDE).removeprefix(ASK)
                yield Press(action, decision, confirms="confirm" in element)


def choose(card: Card, taken: Counter[tuple[str, str]], chance: random.Random) -> Press | None:
    """One of the card's presses with its fields filled in."""
    offered = list(presses(card))
    if not offered:
        return None
    weights = [_weight(card, press, taken) for press in offered]
    press = chance.choices(offered, weights)[0]
    chosen = dict(fill(card.blocks, press.decision, chance))
    return Press(press.action, press.decision, press.value, press.confirms, chosen)


def _weight(card: Card, press: Press, taken: Counter[tuple[str, str]]) -> float:
    weight = WEIGHTS.get(press.decision, 1.0)
    if taken[card.stage, press.decision] < RARE and press.decision != RELEASE:
        weight *= 4.0
    return weight / (1 + card.refusals * (press.decision != TAKE))


def fill(blocks: list[Json], decision: str, chance: random.Random) -> Iterator[tuple[str, Any]]:
    """Values for the selects and inputs of a card or modal, by action id."""
    for block in blocks:
        element = block.get("accessory") or block.get("element") or {}
        action = element.get("action_id", "")
        if not action.startswith(FIELD):
            continue
        value = _value(element, action.removeprefix(FIELD), decision, chance)
        if value is not None:
            yield action, value


def _value(element: Json, key: str, decision: str, chance: random.Random) -> Any:
    if element["type"] == "plain_text_input":
        return f"typed {chance.randrange(10**6)}"
    groups = element.get("option_groups") or ()
    listed = [*(element.get("options") or ()), *(o for g in groups for o in g["options"])]
    values = [option["value"] for option in listed]
    wanted = WANTS.get(decision, {}).get(key)
    avoided = AVOIDS.get(decision, {}).get(key, ())
    values = [v for v in values if v not in avoided and (wanted is None or v in wanted)] or values
    if element["type"].startswith("multi_"):
        if key == "items":
            # Emptied again most times: of one item alone nothing may be left to pay.
            return [chance.choice(values)] if chance.random() < 0.3 else []
        picked = [v for v in chance.sample(values, min(2, len(values))) if v != "none"]
        return picked or ["none"]
    before = (element.get("initial_option") or {}).get("value")
    if before in values and chance.random() < KEPT:
        return None
    return chance.choice(values)
