"""What the tester is asked about: a real dispute, the example, or values picked by hand."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask import request

from admin.draft.options import read_amount
from admin.words import MONEY, fact_label, fact_text, value_label
from core.desk import preview, rule_hits, standing
from core.desk.numbers import read_number
from core.workflow.engine import Situation, facts_with_limits
from core.workflow.example import example
from core.workflow.facts import CHANNEL, CHANNELS, DESK_FACTS, ENTERED, HOUR, LANGUAGE, SOURCE
from core.workflow.model import Facts, Stage, Value
from core.workflow.rule_tables import CHOICE, EARLY, RuleTable
from core.workflow.satisfying import domains_of
from core.workflow.terms import FieldKind
from web.desk import reading
from web.language import say

UNKNOWN = "?"  # picked by hand: nobody knows
HAND = "fact."  # the prefix of what is picked by hand
MOST_TYPED = 60
MOST_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Given:
    """What is known of the dispute that is tried. `wrong` are errors, by the field's name."""

    facts: Facts = field(default_factory=dict)
    currency: str = ""
    number: str = ""
    example: bool = True
    wrong: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """A fact that the table reads: its name, label, values to pick, and what stands there."""

    name: str
    label: str
    choices: list[tuple[str, str]]
    picked: str
    now: str  # what the dispute itself says, in words
    number: bool
    wrong: str


def given(table: RuleTable | None) -> Given:
    """The dispute that was asked for, with what was picked by hand in the place of its facts."""
    typed = request.args.get("dispute", "").strip()[:MOST_TYPED]
    wrong: dict[str, str] = {}
    facts: dict[str, Value] = {}
    currency, number = "", ""
    if table is not None:
        found = _dispute(table, typed) if typed else None
        if typed and found is None:
            wrong["dispute"] = say("panel.tester.no_dispute")
        facts, currency = found or _example(table)
        number = typed if found else ""
        _by_hand(table, facts, currency, wrong)
    return Given(facts, currency, number, not number, wrong)


def asked_facts(tables: Sequence[RuleTable], known: Given) -> list[Asked]:
    """Every fact that these tables read, in their order."""
    found: dict[str, Asked] = {}
    for table in tables:
        domains = domains_of(table.document, table.workflow)
        stage = table.stage.key if table.stage is not None else ""
        for condition in (one for row in table.rows for one in row):
            name = condition.fact
            domain = domains.get(name)
            if name in found:
                continue
            values = domain.values if domain is not None else ()
            found[name] = Asked(
                name,
                fact_label(table.workflow, name, stage),
                [(v, value_label(table.document, table.workflow, name, v)) for v in values],
                request.args.get(HAND + name, "")[:MOST_TYPED],
                value_text(table, name, known.facts, known.currency),
                domain is not None and domain.number,
                known.wrong.get(HAND + name, ""),
            )
    return list(found.values())


def value_text(table: RuleTable, name: str, facts: Facts, currency: str) -> str:
    """What is known of a fact, in words."""
    if name not in facts:
        return say("panel.tester.unknown")
    return fact_text(table.document, table.workflow, name, facts[name], {}, currency)


def _by_hand(
    table: RuleTable, facts: dict[str, Value], currency: str, wrong: dict[str, str]
) -> None:
    domains = domains_of(table.document, table.workflow)
    for condition in (one for row in table.rows for one in row):
        name = condition.fact
        picked = request.args.get(HAND + name, "").strip()[:MOST_TYPED]
        if not picked:
            continue
        if picked == UNKNOWN:
            facts.pop(name, None)
            continue
        domain = domains.get(name)
        if domain is not None and domain.number:
            number = _number(name, picked, currency)
            if number is None:
                wrong[HAND + name] = say("panel.tester.bad_number")
                continue
            facts[name] = number
        elif domain is None or not domain.values or picked in domain.values:
            facts[name] = (picked,) if domain is not None and domain.several else picked


def _number(name: str, picked: str, currency: str) -> int | None:
    if name in MONEY and currency:
        return 0 if picked == "0" else read_amount(picked, currency)
    digits = picked.isascii() and picked.isdecimal() and len(picked) <= MOST_DIGITS
    return int(picked) if digits else None


def _dispute(table: RuleTable, typed: str) -> tuple[dict[str, Value], str] | None:
    """What is known of a real dispute; for the choice of a workflow, when it came in."""
    number = read_number(typed)
    dispute_id = rule_hits.dispute_of(reading(), number) if number else None
    if dispute_id is None:
        return None
    if table.kind == CHOICE:
        facts, currency = rule_hits.arrival_of(reading(), dispute_id)
        return dict(facts), currency
    at = standing.of_dispute(reading(), dispute_id, lock=False)
    if at is None:
        return None
    if table.kind in EARLY:  # the grade is worked out anew all along
        return at.facts, at.row.currency
    stage = table.stage or at.stage
    known = Situation(
        table.workflow.key, stage.key, at.facts, at.counts(), at.lines, at.row.currency
    )
    return facts_with_limits(table.workflow, known, {}), at.row.currency


def _example(table: RuleTable) -> tuple[dict[str, Value], str]:
    """What is known of the example, which the cards beside the forms show too."""
    if table.kind in EARLY:
        facts: dict[str, Value] = {
            ENTERED: DESK_FACTS[ENTERED].values[0],
            CHANNEL: CHANNELS[0],
            SOURCE: "shop",
            LANGUAGE: "zh",
            HOUR: "10",
        }
        for asked in table.workflow.stages[0].fields:
            options = list(table.document.leaves_by_set.get(asked.options, {}))
            if options:
                many = asked.kind == FieldKind.MANY
                facts[asked.key] = (options[0],) if many else options[0]
        return facts, ""
    stage = table.stage or _first(table)
    lines = {line.key: line.quantity for line in preview.LINES}
    known = example(table.document, table.workflow, stage, lines, preview.CURRENCY)
    return facts_with_limits(table.workflow, known, {}), preview.CURRENCY


def _first(table: RuleTable) -> Stage:
    """Where an end is tried that every stage has: at the stage that taking opens, if any."""
    stages = table.workflow.stages
    return table.workflow.stage_by_key.get(table.workflow.first) or stages[0]
