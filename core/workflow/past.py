"""A past dispute as its record tells it: what was known at each visit, and what was decided there.

This is what a draft is tried on (S5). It holds keys and numbers only.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.workflow.choices import Choice
from core.workflow.derived import Money
from core.workflow.grading import with_grade
from core.workflow.model import Decision, Document, Facts, Value, Workflow
from core.workflow.relevance import asked_at
from core.workflow.terms import EffectKind, Kind


@dataclass(frozen=True, slots=True)
class Passage:
    """One visit that was left, by what it was left, and where that led.

    `news` became known from outside since the visit before was left, an empty tuple where
    something is known no longer. `recorded` are the facts of the decision itself: what was chosen,
    and what its effects added. `money` is the order as it was known then; where the payment system
    has answered again since, what covers an amount is not told any more (`funds_lost`).
    """

    visit: int
    document: Document  # by which it was decided
    stage: str
    kind: str
    decision: str
    by: str
    to: str
    money: Money
    person: int | None = None
    news: Facts = field(default_factory=dict)
    recorded: Facts = field(default_factory=dict)
    meaning: str = ""
    judged: int | None = None  # the visit that was judged with it (W6)
    funds_lost: bool = False

    def made(self, workflow: Workflow) -> Decision | None:
        """The decision as this workflow has it; None where the visit was taken or assigned."""
        return workflow.decisions_by_stage[self.stage].get(self.decision)

    def chosen(self, workflow: Workflow, made: Decision) -> dict[str, Choice | None]:
        """What was picked, by field; None where it was emptied. `workflow` is that of the time.

        Where an effect of the decision set the same fact, the record does not tell what was picked.
        """
        asked = asked_at(workflow.stage_by_key[self.stage], made)
        over = overwritten(made)
        return {
            key: None if value == () else value
            for key, value in self.recorded.items()
            if key in asked and key not in over
        }


def overwritten(made: Decision) -> set[str]:
    """The facts that the decision's effects set, whatever was picked for them."""
    return {effect.fact for effect in made.effects if effect.kind == EffectKind.SET}


@dataclass(frozen=True, slots=True)
class Past:
    """A past dispute: how it was opened, and its passages, oldest first; undone ones left out.

    `arrival` is what the choice of a workflow knew of it (W17); None where its intake named one.
    """

    number: str
    workflow: str
    document: Document  # by which it was opened
    stage: str  # at which it was opened
    kind: str
    passages: tuple[Passage, ...]
    news: Facts = field(default_factory=dict)  # known since the last of them
    arrival: Facts | None = None
    currency: str = ""  # of its order, where that was known when it came in


@dataclass(slots=True)
class Lore:
    """What is known while a past dispute is told: facts, counts, who left what, what is judged."""

    facts: dict[str, Value] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    left: list[tuple[int, str, int | None]] = field(default_factory=list)  # work visits
    judged: set[int] = field(default_factory=set)

    def learn(self, news: Facts) -> None:
        """Later values replace earlier ones; an empty tuple says that a key is known no longer."""
        for key, value in news.items():
            if value == ():
                self.facts.pop(key, None)
            else:
                self.facts[key] = value

    def grade(self, document: Document, currency: str) -> None:
        """The grade is what this document makes of what is known."""
        if document.grade_rules:
            self.facts = with_grade(document.grade_rules, self.facts, currency)

    def leave(self, passage: Passage, stage: str, kind: str, meaning: str) -> None:
        """A visit is left by a decision of this meaning, at a stage of this kind."""
        if meaning:
            self.counts[meaning] = self.counts.get(meaning, 0) + 1
        if kind == Kind.WORK:
            self.left.append((passage.visit, stage, passage.person))

    def judgeable(self, order: Mapping[str, int], stage: str, person: int | None) -> int | None:
        """The latest unjudged work visit of an earlier stage by somebody else (W6), if any."""
        here = order[stage]
        for visit, at, who in reversed(self.left):
            others = who not in (None, person)
            if others and visit not in self.judged and order.get(at, here) < here:
                return visit
        return None
