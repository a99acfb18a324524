"""One visit of a past dispute, tried at a stage of some document: what the decision does there."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from core.workflow.choices import Choice
from core.workflow.derived import Money, derived, due, items_of, known_with, share_of
from core.workflow.engine import Refusal, Situation, Step, decide
from core.workflow.facts import (
    COVER,
    FUNDS,
    INSTRUCTED,
    JUDGEABLE,
    MOVED,
    OWED,
    PAYMENT,
    SHORT,
    SILENT,
    YES,
)
from core.workflow.model import Decision, Document, Facts, Stage, Value, Workflow
from core.workflow.past import Lore, Passage
from core.workflow.relevance import moves_money
from core.workflow.terms import By, EffectKind, Meaning

_ORDER = {kind.value: position for position, kind in enumerate(EffectKind)}
Chosen = Mapping[str, Choice | None]


@dataclass(frozen=True, slots=True)
class Trial:
    """A past visit at a stage of a document, with what is known when it is decided."""

    document: Document
    workflow: Workflow
    stage: Stage
    passage: Passage
    lore: Lore

    def situations(self, decision: Decision | None, chosen: Chosen) -> list[Situation]:
        """The situation at the moment of the decision.

        There are several where the record does not tell what would have covered the amount.
        """
        money, facts = self._money, self.lore.facts
        share = None
        if decision is not None:
            currency = money.purchase.currency
            facts = known_with(
                self.document, self.stage, decision, facts, chosen, money.lines, currency
            )
            share = share_of(self.document, self.stage, decision, facts)
        found = derived(self.document, self.stage, money, share, facts)
        if self.passage.by == By.AGENT and self.judgeable() is not None:
            found[JUDGEABLE] = YES
        if not self.passage.funds_lost:
            return [self.situation(found)]
        return [self.situation({**found, FUNDS: funds}) for funds in (COVER, SHORT)]

    def situation(self, more: Facts) -> Situation:
        """The engine's view, with facts that are worked out for this moment."""
        money = self._money
        return Situation(
            self.workflow.key,
            self.stage.key,
            {**self.lore.facts, **more},
            dict(self.lore.counts),
            money.lines,
            money.purchase.currency,
        )

    def decide(self, situation: Situation, decision: Decision, chosen: Chosen) -> Step | Refusal:
        """The engine's answer; what leaves nothing to pay is refused as the desk refuses it."""
        answer = decide(self.document, situation, decision.key, chosen, self.passage.by)
        if isinstance(answer, Step) and self.amount(answer) == 0:
            return Refusal("nothing_left")
        return answer

    def amount(self, step: Step) -> int | None:
        """Minor units that the step moves; None where it moves none.

        What other disputes of the same order had under way is left out.
        """
        if not moves_money(step.decision):
            return None
        facts = {**self.lore.facts, **step.facts}
        share = share_of(self.document, self.stage, step.decision, facts)
        if share is None:
            return 0
        money = self._money
        purchase, items = money.purchase, items_of(self.stage, facts)
        return due(share, purchase, purchase.refunded, money.moved, items)

    def judgeable(self) -> int | None:
        """The visit that whoever decides here judges, if any (W6)."""
        return self.lore.judgeable(self.workflow.order, self.stage.key, self.passage.person)

    def record(self, step: Step) -> None:
        """What the decision makes known, counts and judges is known from now on."""
        judged = self.judgeable() if self._verdict(step) else None
        self.lore.learn({**step.facts, **self.effected(step)})
        self.lore.grade(self.document, self._money.purchase.currency)
        self.lore.leave(self.passage, self.stage.key, self.stage.kind, step.decision.meaning)
        if judged is not None:
            self.lore.judged.add(judged)

    def effected(self, step: Step) -> dict[str, Value]:
        """The facts that the decision's effects record; who stayed silent is as it was then."""
        facts: dict[str, Value] = {}
        for effect in sorted(step.effects, key=lambda one: _ORDER[one.kind]):
            if effect.kind == EffectKind.SET:
                facts[effect.fact] = effect.value
            elif effect.kind in (EffectKind.PAY, EffectKind.ASK_PAYMENT):
                facts[PAYMENT] = INSTRUCTED
            elif effect.kind == EffectKind.OWE:
                facts[PAYMENT] = OWED
            elif effect.kind == EffectKind.SILENCE and SILENT in self.passage.recorded:
                facts[SILENT] = self.passage.recorded[SILENT]
        return facts

    def _verdict(self, step: Step) -> bool:
        """Whether something that was chosen judges the stage before."""
        if self.passage.person is None:
            return False
        for field in (*self.stage.fields, *step.decision.fields):
            known = self.document.options_by_set.get(field.options, {})
            option = known.get(str(step.facts.get(field.key)))
            if option is not None and option.meaning.startswith(Meaning.QUALITY + "."):
                return True
        return False

    @property
    def _money(self) -> Money:
        moved = self.lore.facts.get(MOVED, 0)
        return replace(self.passage.money, moved=moved if isinstance(moved, int) else 0)
