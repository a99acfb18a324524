"""Assignment rules: who is given a dispute when a stage opens (A2).

A rule that matches wins, and who cannot be given it waits for somebody to become free; only a rule
that names one person lets the next one try where that person is not free.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

from core.workflow.conditions import holds
from core.workflow.parts import Condition, Facts, Label
from core.workflow.terms import Strategy


@dataclass(frozen=True, slots=True)
class AssignmentRule:
    """At `stage`, where all conditions hold, the strategy chooses among `people`.

    `people` are Slack ids; without any it is everybody whose home stage it is. A `team` narrows
    either, and so does a `rota`: only whoever is on duty at it is given anything. Intake's rules
    and those of the stage that taking opens are the same.
    """

    key: str
    label: Label
    stage: str
    strategy: str
    team: str = ""
    rota: str = ""
    people: tuple[str, ...] = ()
    when: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody who may be given disputes at a stage now; `load` is how many they hold.

    `turn` grows with every dispute given: whoever has the lowest was given one the longest ago.
    """

    id: int
    slack_id: str
    team: str
    home_stage: str
    load: int
    turn: int


def applying(
    rules: Sequence[AssignmentRule], facts: Facts, currency: str
) -> Iterator[AssignmentRule]:
    """The rules that are asked in turn: up to the first that matches and names no single person."""
    for rule in rules:
        if all(holds(condition, facts, currency) for condition in rule.when):
            yield rule
            if rule.strategy != Strategy.NAMED:
                return


def chosen(rule: AssignmentRule, stage: str, hands: Sequence[Hand]) -> Hand | None:
    """Whom the rule gives a dispute at `stage` to; None where it is nobody, or nobody is free."""
    able = [hand for hand in hands if _meant(rule, stage, hand)]
    if rule.strategy == Strategy.ROUND_ROBIN:
        return min(able, key=attrgetter("turn", "id"), default=None)
    if rule.strategy == Strategy.LEAST_LOADED:
        return min(able, key=attrgetter("load", "turn", "id"), default=None)
    if rule.strategy == Strategy.NAMED:  # in the order in which they are named
        return min(able, key=lambda hand: rule.people.index(hand.slack_id), default=None)
    return None


def _meant(rule: AssignmentRule, stage: str, hand: Hand) -> bool:
    if rule.team and hand.team != rule.team:
        return False
    return hand.slack_id in rule.people if rule.people else hand.home_stage == stage
