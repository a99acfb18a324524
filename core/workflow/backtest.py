"""A draft on trial: what past disputes say of it, counted (S5)."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from core.workflow.choices import usable
from core.workflow.conditions import unmet
from core.workflow.engine import Situation, facts_with_limits, offered
from core.workflow.found import Finding, What
from core.workflow.model import Decision, Document, Field, Stage, Workflow
from core.workflow.past import Past
from core.workflow.replay import replay
from core.workflow.terms import FieldKind

FIRST = 8  # disputes that are named behind each line


@dataclass(slots=True)
class Line:
    """How often something was found, and the numbers of the first disputes behind it.

    `document` is one by which such a dispute went its way: it has labels for what is gone.
    """

    document: Document
    count: int = 0
    numbers: list[str] = field(default_factory=list)

    def add(self, number: str) -> None:
        """One more dispute."""
        self.count += 1
        if len(self.numbers) < FIRST:
            self.numbers.append(number)


@dataclass(frozen=True, slots=True)
class Chance:
    """What the draft has anew or otherwise: a decision, or an option of a field.

    `stage` is empty for a decision that every stage shares.
    """

    workflow: str
    stage: str
    decision: str = ""
    field: str = ""
    option: str = ""
    new: bool = True


@dataclass(slots=True)
class Taken:
    """At how many visits it could have been chosen, at how many that is not known, of how many."""

    could: int = 0
    unknown: int = 0
    visits: int = 0


@dataclass(slots=True)
class Tally:
    """What a number of past disputes say of a draft.

    `lines` are divergences, `already` those that the published document has in the same way,
    `untold` what the record does not tell, `remarks` what changes without moving a dispute
    elsewhere.
    """

    disputes: int = 0
    unchanged: int = 0
    lines: dict[Finding, Line] = field(default_factory=dict)
    already: dict[Finding, Line] = field(default_factory=dict)
    untold: dict[Finding, Line] = field(default_factory=dict)
    remarks: dict[Finding, Line] = field(default_factory=dict)
    chances: dict[Chance, Taken] = field(default_factory=dict)

    @property
    def diverging(self) -> int:
        """Disputes that go another way, by what the draft changes."""
        return _disputes(self.lines)

    @property
    def same_already(self) -> int:
        """Disputes that go another way by the published document in the same way."""
        return _disputes(self.already)

    @property
    def unknowable(self) -> int:
        """Disputes of which the record does not tell whether they would go another way."""
        return _disputes(self.untold)


def _disputes(lines: dict[Finding, Line]) -> int:
    return sum(line.count for line in lines.values())


class Backtest:
    """A draft, a valid one, on trial beside the published document."""

    def __init__(self, draft: Document, published: Document) -> None:
        self.draft, self.published = draft, published
        self.tally = Tally()
        self._chances: dict[
            tuple[str, str], list[tuple[Chance, Decision | None, Field | None]]
        ] = {}
        for workflow in draft.workflows:
            for chance, decision, asked in chances(draft, published, workflow):
                self.tally.chances[chance] = Taken()
                stages = [chance.stage] if chance.stage else workflow.stage_by_key
                for stage in stages:
                    at = self._chances.setdefault((workflow.key, stage), [])
                    at.append((chance, decision, asked))

    def add(self, past: Past) -> None:
        """Plays one more past dispute."""
        tally = self.tally
        tally.disputes += 1
        outcome = replay(self.draft, past, self._seen)
        for remark in set(outcome.remarks):
            tally.remarks.setdefault(remark, Line(outcome.document)).add(past.number)
        if outcome.finding is None:
            tally.unchanged += 1
            return
        lines = tally.lines
        if outcome.finding.what == What.UNKNOWABLE:
            lines = tally.untold
        elif replay(self.published, past).finding == outcome.finding:
            lines = tally.already
        lines.setdefault(outcome.finding, Line(outcome.document)).add(past.number)

    def _seen(self, workflow: Workflow, stage: Stage, situations: list[Situation]) -> None:
        for chance, decision, asked in self._chances.get((workflow.key, stage.key), ()):
            taken = self.tally.chances[chance]
            taken.visits += 1
            could = {self._could(s, chance, decision, asked) for s in situations}
            if len(could) > 1:
                taken.unknown += 1
            elif could != {None}:
                taken.could += 1

    def _could(
        self, situation: Situation, chance: Chance, decision: Decision | None, asked: Field | None
    ) -> tuple[str, ...] | None:
        """What was still to be chosen before it could have been; None where it was not to be had.

        Its button was there, its field was asked. Where the record leaves several situations open
        that ask for different things, it is not known.
        """
        open_reasons: tuple[str, ...] = ()
        if decision is not None:
            offers = offered(self.draft, situation, decision.by)
            offer = next(one for one in offers if one.decision.key == decision.key)
            if not offer.allowed and not offer.open_to_choice:
                return None
            open_reasons = offer.reasons
        if asked is None:
            return open_reasons
        workflow = self.draft.workflow_by_key[situation.workflow]
        facts = facts_with_limits(workflow, situation, {})
        if unmet(asked.when, facts, situation.currency):
            return None
        option = self.draft.leaves_by_set[asked.options][chance.option]
        if asked.kind == FieldKind.SHARE and not usable(option.share, situation.currency):
            return None
        return open_reasons


def chances(
    draft: Document, published: Document, workflow: Workflow
) -> Iterator[tuple[Chance, Decision | None, Field | None]]:
    """What a workflow of the draft has anew or otherwise, with its decision and its field."""
    before = published.workflow_by_key.get(workflow.key)
    for stage in workflow.stages:
        known = before.decisions_by_stage.get(stage.key, {}) if before else {}
        for asked in stage.fields:
            yield from _options(draft, published, workflow, stage.key, None, asked)
        for decision in stage.decisions:
            yield from _decision(draft, published, workflow, stage.key, decision, known)
    shared = {decision.key: decision for decision in before.ends} if before else {}
    for decision in workflow.ends:
        yield from _decision(draft, published, workflow, "", decision, shared)


def _decision(
    draft: Document,
    published: Document,
    workflow: Workflow,
    stage: str,
    decision: Decision,
    known: dict[str, Decision],
) -> Iterator[tuple[Chance, Decision | None, Field | None]]:
    old = known.get(decision.key)
    if old is None or _told(old) != _told(decision):
        yield Chance(workflow.key, stage, decision.key, new=old is None), decision, None
    if old is not None:
        for asked in decision.fields:
            yield from _options(draft, published, workflow, stage, decision, asked)


def _told(decision: Decision) -> tuple[object, ...]:
    """What about a decision bears on who may make it, when, and what it does; labels do not."""
    asked = tuple((f.key, f.kind, f.options, f.required, f.when) for f in decision.fields)
    return decision.by, decision.when, decision.routes, decision.effects, decision.needs, asked


def _options(
    draft: Document,
    published: Document,
    workflow: Workflow,
    stage: str,
    decision: Decision | None,
    asked: Field,
) -> Iterator[tuple[Chance, Decision | None, Field | None]]:
    """The options of a field that could not be chosen in its set before, or come to another sum."""
    before = published.leaves_by_set.get(asked.options, {})
    for key, option in draft.leaves_by_set.get(asked.options, {}).items():
        old = before.get(key)
        if old is None or (old.share, old.meaning) != (option.share, option.meaning):
            chance = Chance(
                workflow.key,
                stage,
                decision.key if decision else "",
                asked.key,
                key,
                new=old is None,
            )
            yield chance, decision, asked
