"""`decide` does what is allowed and refuses all else: compared with a second telling."""

from typing import Any

from hypothesis import given, note, settings
from hypothesis import strategies as st

from core.workflow import engine
from core.workflow import model as m
from core.workflow.text import to_toml
from tests.core.workflow import oracle
from tests.core.workflow.documents import workable
from tests.core.workflow.values import json

LINES = {"1": 2, "2": 1}
NONSENSE = object()


@st.composite
def situations(draw: Any) -> tuple[m.Document, engine.Situation]:
    """A document, and a dispute that stands somewhere in it."""
    document = draw(workable())
    workflow = document.workflows[0]
    facts: dict[str, Any] = {}
    for key, values in (
        ("x", ("p", "q", "old", ("p",), ("q", "r"), "all", "anything", 7)),
        ("y", ("p", "q", "step", ("none",), "else")),
        ("mark", ("m", "n")),
        ("payment", ("instructed", "owed", "confirmed")),
        ("funds", ("cover", "short")),
        ("judgeable", ("yes",)),
        ("nothing_left", ("yes",)),
        ("entered", ("unsettled", "buyer_timeout")),
        ("amount", (499, 500, 501)),
    ):
        value = draw(st.sampled_from((None, *values)))
        if value is not None:
            facts[key] = value
    counts = draw(st.dictionaries(st.sampled_from(("request", "send_back")), st.integers(0, 3)))
    stage = draw(st.sampled_from(workflow.stages)).key
    lines = draw(st.sampled_from(({}, LINES)))
    currency = draw(st.sampled_from(("", "CNY", "JPY")))
    return document, engine.Situation(workflow.key, stage, facts, counts, lines, currency)


def readable(value: Any) -> set[Any]:
    """The value itself, where it could be typed."""
    fits = isinstance(value, str) and value == value.strip() != "" and value.isprintable()
    return {value} if fits else set()


def expected(
    document: m.Document, at: engine.Situation, key: str, card: dict[str, Any], by: str
) -> tuple[str, Any]:
    """What the rules say: refused and why, or where to and what becomes known."""
    workflow = document.workflows[0]
    stage = next(s for s in workflow.stages if s.key == at.stage)
    if stage.kind == "final":
        return "finished", None
    decision = next((d for d in (*stage.decisions, *workflow.ends) if d.key == key), None)
    if decision is None:
        return "unknown_decision", None
    if decision.by != by:
        return "not_yours", None
    fields = {f.key: f for f in (*stage.fields, *decision.fields)}
    for name, value in card.items():
        if name not in fields:
            return "unknown_field", name
        valid = oracle.choices(document, fields[name], at.lines, at.currency, readable(value))
        if value is not None and value not in valid:
            return "invalid", name
    emptied = {n for n, v in card.items() if v is None and fields[n].prefill and n in at.facts}
    picked = {name: value for name, value in card.items() if value is not None}
    facts = {**at.facts, **picked, "stage": at.stage, **oracle.left(workflow, at.counts)}
    facts = {name: value for name, value in facts.items() if name not in emptied}
    asked = {n for n, f in fields.items() if not oracle.against(f.when, facts, at.currency)}
    needed = {*decision.needs, *(f.key for f in decision.fields if f.required)}
    known = {n for n, f in fields.items() if f.prefill and n in facts and n not in card}
    nothing_to_choose = {n for n, f in fields.items() if f.kind == "items" and not at.lines}
    missing = (needed & asked) - picked.keys() - known - nothing_to_choose
    against = oracle.against(decision.when, facts, at.currency)
    amount = any(fields[n].kind in ("share", "items") for n in missing)
    open_still = missing | ({"amount", "funds"} if amount else set())
    settled = [g for g in decision.when if not {row.fact for row in g.conditions} & open_still]
    if oracle.against(tuple(settled), facts, at.currency):
        return "not_allowed", against
    if missing:
        return "missing", missing
    told = {**picked, **dict.fromkeys(emptied, ())}
    recorded = {name: value for name, value in told.items() if name in asked}
    return oracle.destination(workflow, decision, facts, at.currency), recorded


@settings(max_examples=400)
@given(situations(), st.data())
def test_decide_does_what_the_rules_say_on_every_valid_card(
    drawn: tuple[m.Document, engine.Situation], data: st.DataObject
) -> None:
    document, at = drawn
    note(to_toml(document))
    workflow = document.workflows[0]
    stage = workflow.stage_by_key[at.stage]
    known = [*stage.decisions, *workflow.ends]
    for decision in known:
        fields = {f.key: f for f in (*stage.fields, *decision.fields)}
        card = {}
        for name, field in fields.items():
            valid = oracle.choices(document, field, at.lines, at.currency, set())
            choice = data.draw(st.sampled_from(["left alone", None, *valid]), label=name)
            if choice != "left alone":
                card[name] = choice
        outcome = engine.decide(document, at, decision.key, card, decision.by)
        key, rest = expected(document, at, decision.key, card, decision.by)
        if isinstance(outcome, engine.Step):
            assert (key, rest) == (outcome.stage.key, outcome.facts)
        else:
            assert key == outcome.key
            assert set(rest or ()) == {*outcome.reasons, *outcome.fields}


@settings(max_examples=400)
@given(situations(), st.data())
def test_decide_refuses_whatever_is_not_allowed_and_never_fails(
    drawn: tuple[m.Document, engine.Situation], data: st.DataObject
) -> None:
    document, at = drawn
    note(to_toml(document))
    key = data.draw(st.sampled_from(("d0", "d1", "plain", "late", "acts", "end", "unheard")))
    by = data.draw(st.sampled_from(("agent", "buyer", "timeout", "payment", "evidence", "")))
    card = data.draw(st.dictionaries(st.sampled_from(("x", "y", "z", "stage")), json, max_size=2))
    outcome = engine.decide(document, at, key, card, by)
    told, _ = expected(document, at, key, _plain(card), by)
    if isinstance(outcome, engine.Step):
        assert told == outcome.stage.key
    elif told == "invalid":
        assert outcome.key in ("unknown_option", "unreadable", "exclusive", "line_twice")
    else:
        assert told == outcome.key


def _plain(card: dict[str, Any]) -> dict[str, Any]:
    """The card as values can be: a list of texts is a tuple, anything deeper is nothing at all."""
    plain: dict[str, Any] = {}
    for name, value in card.items():
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            plain[name] = tuple(dict.fromkeys(value))
        elif isinstance(value, list | dict):
            plain[name] = NONSENSE
        else:
            plain[name] = value
    return plain
