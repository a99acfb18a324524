"""The first-match tables of a document, each with its rows and what they are asked of (A1)."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.workflow.arrival import arrival
from core.workflow.facts import STAGE
from core.workflow.first_match import Rows, Shadow, Tried, never_hit, tried
from core.workflow.model import Decision, Document, Facts, Group, Stage, Workflow
from core.workflow.past import Lore, Passage, Past
from core.workflow.satisfying import Domains, domains_of
from core.workflow.terms import Kind, Strategy
from core.workflow.trial import Trial

CHOICE, ASSIGNMENTS, ROUTES = "workflow_rules", "assignments", "routes"
GRADING = "grade_rules"
EARLY = (CHOICE, GRADING)  # what is asked before a dispute has a workflow
ENDS = "ends"
Known = tuple[Facts, str]  # what is known when a table is asked, and the dispute's currency


@dataclass(frozen=True, slots=True)
class RuleTable:
    """One table. `keys` name its rows: a rule's key, a route's place in its decision.

    Rows in `falling` let the next ones try; `given` holds whenever the table is asked.
    """

    kind: str
    document: Document
    workflow: Workflow  # what stands in its place before a dispute has one, for EARLY
    keys: tuple[str, ...]
    rows: Rows
    stage: Stage | None = None
    decision: Decision | None = None
    falling: frozenset[int] = frozenset()
    given: tuple[Group, ...] = ()

    @property
    def name(self) -> str:
        """What addresses call the table; see `table`."""
        if self.kind in EARLY:
            return self.kind
        parts = [self.kind, self.workflow.key, self.stage.key if self.stage else ENDS]
        return "/".join([*parts, self.decision.key] if self.decision else parts)

    @property
    def domains(self) -> Domains:
        """The values that facts may have where the table is asked."""
        return domains_of(self.document, self.workflow, [self.stage.key] if self.stage else [])

    def tried(self, facts: Facts, currency: str) -> list[Tried]:
        """Every row against a dispute."""
        return tried(self.rows, facts, currency, self.falling)

    def shadows(self) -> dict[int, Shadow]:
        """The rows that no dispute can ever hit, by their place."""
        return dict(never_hit(self.rows, self.domains, self.given, self.falling))


def tables(document: Document) -> Iterator[RuleTable]:
    """The document's tables: the choice of a workflow, grades, assignment rules, routes."""
    if document.workflow_rules:
        yield choice_table(document)
    if document.grade_rules:
        yield grade_table(document)
    for workflow in document.workflows:
        for stage in workflow.stages:
            # Intake's rules are those of the stage that taking opens.
            if stage.key in workflow.rules_by_stage and stage.key != workflow.start:
                yield assignment_table(document, workflow, stage)
        for stage in workflow.stages:
            for decision in stage.decisions:
                yield route_table(document, workflow, stage, decision)
        for decision in workflow.ends:
            yield route_table(document, workflow, None, decision)


def table(document: Document, name: str) -> RuleTable | None:
    """The table that an address names; None where the document has none."""
    return next((one for one in tables(document) if one.name == name), None)


def choice_table(document: Document) -> RuleTable:
    """The rules that choose a workflow (W17)."""
    rules = document.workflow_rules
    keys, rows = tuple(rule.key for rule in rules), tuple(rule.when for rule in rules)
    return RuleTable(CHOICE, document, arrival(document), keys, rows)


def grade_table(document: Document) -> RuleTable:
    """The rules that give a grade (G2)."""
    rules = document.grade_rules
    keys, rows = tuple(rule.key for rule in rules), tuple(rule.when for rule in rules)
    return RuleTable(GRADING, document, arrival(document), keys, rows)


def assignment_table(document: Document, workflow: Workflow, stage: Stage) -> RuleTable:
    """The assignment rules of a stage; one that names a single person falls through (A2)."""
    rules = workflow.rules_by_stage.get(stage.key, ())
    named = (place for place, rule in enumerate(rules) if rule.strategy == Strategy.NAMED)
    keys, rows = tuple(rule.key for rule in rules), tuple(rule.when for rule in rules)
    return RuleTable(ASSIGNMENTS, document, workflow, keys, rows, stage, falling=frozenset(named))


def route_table(
    document: Document, workflow: Workflow, stage: Stage | None, decision: Decision
) -> RuleTable:
    """The routes of a decision, which is asked only where the decision may be made."""
    keys = tuple(str(place) for place in range(len(decision.routes)))
    rows = tuple(route.when for route in decision.routes)
    return RuleTable(ROUTES, document, workflow, keys, rows, stage, decision, given=decision.when)


def askings(table: RuleTable, past: Past) -> Iterator[Known]:
    """Each time that a dispute came to this table, as its record tells it.

    Not for EARLY ones, which are asked before there is a record.
    """
    if past.workflow != table.workflow.key:
        return
    lore = Lore()
    assigning = table.kind == ASSIGNMENTS and table.stage is not None
    if assigning and table.stage and table.stage.key == table.workflow.first:
        first = past.passages[0] if past.passages else None
        lore.learn(first.news if first is not None else past.news)
        yield dict(lore.facts), first.money.purchase.currency if first is not None else ""
    for passage in past.passages:
        lore.learn(passage.news)
        if table.decision is not None:
            yield from _decided(table, table.decision, passage, lore)
        lore.learn(passage.recorded)
        lore.leave(passage, passage.stage, passage.kind, passage.meaning)
        came = table.stage is not None and passage.to == table.stage.key
        if assigning and came and passage.kind != Kind.INTAKE:
            yield dict(lore.facts), passage.money.purchase.currency


def _decided(table: RuleTable, decision: Decision, passage: Passage, lore: Lore) -> Iterator[Known]:
    """What was known when a visit was left by the table's decision; nothing where it was not."""
    own = passage.document.workflow_by_key[table.workflow.key]  # a draft may be half-finished
    made, stage = passage.made(own), table.stage
    if made is None or made.key != decision.key or (stage and stage.key != passage.stage):
        return
    chosen = passage.chosen(own, made)
    here = own.stage_by_key[passage.stage]
    situation = Trial(passage.document, own, here, passage, lore).situations(made, chosen)[0]
    picked = {key: v for key, v in chosen.items() if isinstance(v, str | int | tuple)}
    emptied = {key for key, value in chosen.items() if value is None}
    known = {key: value for key, value in situation.facts.items() if key not in emptied}
    yield {**known, **picked, STAGE: passage.stage}, situation.currency
