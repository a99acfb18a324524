"""A past dispute played again through another document, to its first divergence (S5).

Visit by visit: the same decision by the same kind of actor, with the same chosen values and the
facts known at that moment. What somebody would have chosen after a divergence is never guessed.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from core.workflow.arrival import chosen_workflow
from core.workflow.choices import Invalid, check, merged
from core.workflow.engine import Refusal, Situation, Step, offered
from core.workflow.facts import PAYMENT
from core.workflow.found import Finding, What
from core.workflow.grading import with_grade
from core.workflow.model import Decision, Document, Effect, Field, Stage, Workflow
from core.workflow.past import Lore, Past, overwritten
from core.workflow.relevance import asked_at, moves_money
from core.workflow.terms import By, EffectKind, FieldKind, Kind
from core.workflow.trial import Chosen, Trial

# What comes from outside afterwards hangs on these: where they change, it is not known.
_OUTWARD = frozenset(EffectKind) - {EffectKind.SET, EffectKind.SILENCE, EffectKind.CLOSE_ROUND}


@dataclass(slots=True)
class Outcome:
    """Where a past dispute diverges, if anywhere, and what else changes before.

    `document` is the one by which it went its way there: it has labels for what is gone.
    """

    document: Document
    finding: Finding | None = None
    remarks: list[Finding] = field(default_factory=list)


# Told of every visit that a dispute comes to: the situation when it is decided, or several.
Seen = Callable[[Workflow, Stage, list[Situation]], None]


def replay(document: Document, past: Past, seen: Seen | None = None) -> Outcome:
    """Plays a past dispute through `document`, a valid one, until it diverges."""
    outcome = Outcome(past.document)
    workflow = _followed(document, past)
    if isinstance(workflow, Finding):
        outcome.finding = workflow
        return outcome
    opens = workflow.start if past.kind == Kind.INTAKE else workflow.first
    outcome.finding = elsewhere(workflow, "", "", opens, past.stage)
    now, then = Lore(), Lore()
    for passage in past.passages:
        if outcome.finding is not None:
            break
        outcome.document = passage.document
        now.learn(passage.news)
        now.grade(document, passage.money.purchase.currency)
        then.learn(passage.news)
        own = passage.document.workflow_by_key[past.workflow]
        survivor = surviving(workflow, passage.stage)
        if not survivor:  # undone and opened again after a stage was removed
            outcome.finding = Finding(What.STAGE_GONE, workflow.key, instead=passage.stage)
            break
        visit = _Visit(
            Trial(document, workflow, workflow.stage_by_key[survivor], passage, now),
            Trial(passage.document, own, own.stage_by_key[passage.stage], passage, then),
        )
        outcome.finding = visit.play(outcome.remarks, seen)
        then.learn(passage.recorded)
        then.leave(passage, passage.stage, passage.kind, passage.meaning)
        if passage.judged is not None:
            then.judged.add(passage.judged)
    return outcome


def _followed(document: Document, past: Past) -> Workflow | Finding:
    """The workflow that the dispute followed, as the document has it, if it follows that one."""
    workflow = document.workflow_by_key.get(past.workflow)
    if workflow is None:
        return Finding(What.WORKFLOW_GONE, past.workflow)
    if past.arrival is None:
        return workflow
    arrived = with_grade(document.grade_rules, past.arrival, past.currency)
    to = chosen_workflow(document, arrived, past.currency).key
    if to == workflow.key:
        return workflow
    if chosen_workflow(past.document, past.arrival, past.currency).key != workflow.key:
        return Finding(What.UNKNOWABLE, workflow.key, refusal="arrival")
    return Finding(What.OTHER_WORKFLOW, workflow.key, to=to, instead=workflow.key)


def surviving(workflow: Workflow, stage: str) -> str:
    """The stage of this workflow that serves `stage`; empty where none does."""
    return stage if stage in workflow.stage_by_key else workflow.successor_of.get(stage, "")


def elsewhere(workflow: Workflow, stage: str, decision: str, to: str, went: str) -> Finding | None:
    """The dispute comes to another stage than it went to, or the one it went to is gone."""
    survivor = surviving(workflow, went)
    if to != survivor:
        return Finding(What.ROUTED, workflow.key, stage, decision, to=to, instead=went)
    if survivor != went:
        return Finding(What.STAGE_GONE, workflow.key, to=survivor, instead=went)
    return None


@dataclass(frozen=True, slots=True)
class _Visit:
    """A visit as it is tried, `now`, beside the same one as it went, `then`."""

    now: Trial
    then: Trial

    def play(self, remarks: list[Finding], seen: Seen | None) -> Finding | None:
        """Plays the visit; what it makes known is known afterwards. Returns where it diverges."""
        trial, passage = self.now, self.now.passage
        if seen is not None:
            seen(trial.workflow, trial.stage, trial.situations(None, {}))
        by_itself = self._by_itself()
        if by_itself is not None:
            return by_itself
        made = passage.made(self.then.workflow)
        if made is None:  # taken or assigned: that is no decision
            return elsewhere(
                trial.workflow, trial.stage.key, passage.decision, trial.workflow.first, passage.to
            )
        chosen = passage.chosen(self.then.workflow, made)
        decision = self._decision()
        if isinstance(decision, Finding):
            return decision
        asked = asked_at(trial.stage, decision)
        standing = {
            key: merged(trial.document, asked[key], value)
            for key, value in chosen.items()
            if key in asked
        }
        for key, value in standing.items():
            refused = self._refused(asked[key], value)
            if refused is not None:
                return refused
        answers = self._answers(decision, standing, made, chosen)
        if any(answer != answers[0] for answer in answers[1:]):
            return self._finding(What.UNKNOWABLE, decision.key, refusal="funds")
        answer = answers[0]
        if isinstance(answer, Finding):
            return answer
        gone = chosen.keys() - standing.keys()
        remarks += [self._finding(What.FIELD_GONE, "", field=key) for key in sorted(gone)]
        if self._other_amount(answer, made, chosen):
            remarks.append(self._finding(What.AMOUNT, decision.key))
        trial.record(answer)
        return None

    def _finding(self, what: What, decision: str, **more: object) -> Finding:
        here = self.now
        return Finding(what, here.workflow.key, here.stage.key, decision, **more)  # type: ignore[arg-type]

    def _decision(self) -> Decision | Finding:
        """The decision that this stage has for what was decided then.

        What the desk decides by itself, when time runs out or something comes in, is whatever
        decision the stage has for that.
        """
        trial, passage = self.now, self.now.passage
        known = trial.workflow.decisions_by_stage[trial.stage.key]
        found = known.get(passage.decision)
        if passage.by in (By.TIMEOUT, By.EVIDENCE):
            found = next((d for d in known.values() if d.by == passage.by), None)
        elif passage.by == By.PAYMENT:
            offers = offered(trial.document, trial.situation({}), By.PAYMENT)
            found = next((offer.decision for offer in offers if offer.allowed), found)
        if found is None:
            return self._finding(What.DECISION_GONE, passage.decision)
        if found.by != passage.by:
            return self._finding(What.NOT_YOURS, passage.decision, names=(found.by,))
        return found

    def _by_itself(self) -> Finding | None:
        """A payment was reported here, and now that moves the dispute before anybody decides."""
        trial, passage = self.now, self.now.passage
        if PAYMENT not in passage.news or passage.by == By.PAYMENT:
            return None
        offers = offered(trial.document, trial.situation({}), By.PAYMENT)
        moving = next((offer.decision.key for offer in offers if offer.allowed), None)
        return self._finding(What.BY_ITSELF, moving) if moving is not None else None

    def _refused(self, asked: Field, choice: object) -> Finding | None:
        """Why what was chosen in a field then cannot be chosen in it now."""
        if choice is None:
            return None
        money = self.now.passage.money
        document, currency = self.now.document, money.purchase.currency
        value = check(document, asked, choice, money.lines, currency)  # type: ignore[arg-type]
        if not isinstance(value, Invalid):
            return None
        if asked.kind not in (FieldKind.ONE, FieldKind.MANY, FieldKind.SHARE):
            return self._finding(What.VALUE_REFUSED, "", field=asked.key, refusal=value.key)
        keys = tuple(choice) if isinstance(choice, tuple) else (str(choice),)
        options = document.options_by_set[asked.options]
        gone = tuple(key for key in keys if key not in options)
        retired = tuple(key for key in keys if key in options and options[key].retired)
        if gone or retired:
            what = What.OPTION_GONE if gone else What.OPTION_RETIRED
            return self._finding(what, "", field=asked.key, names=gone or retired)
        return self._finding(What.VALUE_REFUSED, "", field=asked.key, names=keys, refusal=value.key)

    def _answers(
        self, decision: Decision, standing: Chosen, made: Decision, chosen: Chosen
    ) -> list[Step | Finding]:
        """What the decision does now, for each situation that the record leaves open.

        A situation in which it could not have been made then, or would have led elsewhere, was
        not the one.
        """
        answers = [
            self._answer(decision, standing, situation)
            for situation in self.now.situations(decision, standing)
        ]
        if len(answers) == 1:
            return answers
        before = self.then.situations(made, chosen)
        told = [self.then.decide(situation, made, chosen) for situation in before]
        went = self.then.passage.to
        led = [isinstance(one, Step) and one.stage.key == went for one in told]
        return [answer for answer, fits in zip(answers, led, strict=True) if fits] or answers

    def _answer(self, decision: Decision, standing: Chosen, situation: Situation) -> Step | Finding:
        answer = self.now.decide(situation, decision, standing)
        if isinstance(answer, Refusal):
            return self._refusal(decision, answer)
        passage = self.now.passage
        led = elsewhere(
            self.now.workflow, self.now.stage.key, decision.key, answer.stage.key, passage.to
        )
        made = passage.made(self.then.workflow)
        if led is not None or made is None:
            return led or answer
        if _outward(made) != _outward(decision):
            return self._finding(What.OUTWARD, decision.key)
        if _asks_silence(decision) and not _asks_silence(made):
            return self._finding(What.UNKNOWABLE, decision.key, refusal="silence")
        return answer

    def _refusal(self, decision: Decision, refusal: Refusal) -> Finding:
        made = self.now.passage.made(self.then.workflow)
        if refusal.key == "missing" and made and overwritten(made).intersection(refusal.fields):
            return self._finding(What.UNKNOWABLE, decision.key, refusal="choice")
        if refusal.key == "missing":
            return self._finding(What.FIELD_REQUIRED, decision.key, names=refusal.fields)
        if refusal.key == "nothing_left":
            return self._finding(What.NOTHING_LEFT, decision.key)
        return self._finding(What.NOT_OFFERED, decision.key, reasons=refusal.reasons)

    def _other_amount(self, step: Step, made: Decision, chosen: Chosen) -> bool:
        """Whether another amount is moved now than the same preset came to then."""
        if not moves_money(made) or not moves_money(step.decision):
            return False
        minor = self.now.amount(step)
        before = self.then.decide(self.then.situations(made, chosen)[0], made, chosen)
        return isinstance(before, Step) and minor != self.then.amount(before)


def _asks_silence(decision: Decision) -> bool:
    """Whether the decision records who stayed silent."""
    return any(effect.kind == EffectKind.SILENCE for effect in decision.effects)


def _outward(decision: Decision) -> tuple[Effect, ...]:
    """What the decision sets going outside the desk."""
    return tuple(
        sorted((e for e in decision.effects if e.kind in _OUTWARD), key=lambda effect: effect.kind)
    )
