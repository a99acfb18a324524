"""A second supervisor reads what changed, value by value, in the words of the row's own page."""

from dataclasses import replace

import pytest

from core.change_words import change_text
from core.migrate import standard
from core.workflow.difference import differences
from core.workflow.model import (
    Condition,
    Decision,
    Document,
    Effect,
    Group,
    Mark,
    ServiceLevel,
    Share,
    WorkflowRule,
)
from core.workflow.parts import Label, Step


def told(after: Document, locale: str = "en", before: Document | None = None) -> list[str]:
    before = before or standard()
    return [change_text(one, before, after, locale) for one in differences(before, after)]


def with_decision(stage: str, key: str, **changed: object) -> Document:
    """The standard document with one decision changed."""
    document = standard()
    workflow = document.workflows[0]
    stages = []
    for one in workflow.stages:
        made = [
            replace(d, **changed) if (one.key, d.key) == (stage, key) else d for d in one.decisions
        ]
        stages.append(replace(one, decisions=tuple(made)))
    flows = (replace(workflow, stages=tuple(stages)), *document.workflows[1:])
    return replace(document, workflows=flows)


def decision(stage: str, key: str) -> Decision:
    return standard().workflows[0].decisions_by_stage[stage][key]


def test_added_condition_is_told_with_its_fact_its_values_and_its_reason() -> None:
    group = Group("funds_cover", (Condition("amount", "above", (50_000,), "CNY"),))
    after = with_decision("adjudication", "rule_buyer", when=(group,))
    (text,) = told(after)
    assert "Buyer liable" in text
    assert "conditions, new: " in text
    assert "above CN¥500.00" in text
    assert "otherwise: “The merchant’s funds cover it: deduct online”" in text
    (chinese,) = told(after, "zh_CN")
    assert "条件新增：" in chinese
    assert "¥500.00" in chinese


def test_condition_that_went_is_told_beside_the_one_in_its_place() -> None:
    limits = [Condition("amount", "above", (minor,), "CNY") for minor in (10_000, 20_000)]
    before, after = (
        with_decision("adjudication", "rule_buyer", when=(Group("funds_cover", (one,)),))
        for one in limits
    )
    (text,) = told(after, before=before)
    assert text.index("new: ") < text.index("CN¥200.00") < text.index("gone: ")
    assert text.index("gone: ") < text.index("CN¥100.00")


def test_route_is_told_with_where_it_leads_when_and_who_holds_it() -> None:
    old = decision("adjudication", "rule_buyer")
    route = replace(old.routes[0], to="triage", when=(Condition("funds", "in", ("cover",)),))
    (text,) = told(with_decision("adjudication", "rule_buyer", routes=(route, *old.routes)))
    assert "routes, new: → Triage · if " in text
    assert "Whoever held it there before" in text
    assert "gone" not in text
    assert "funds_short" not in text


def test_effects_and_needed_fields_are_told_by_their_labels() -> None:
    old = decision("adjudication", "rule_buyer")
    effects = (*old.effects, Effect("pay", sources=("deposit", "fund")))
    (text,) = told(with_decision("adjudication", "rule_buyer", effects=effects, needs=()))
    assert "effects, new: Instruct the payment: Security deposit, Complaint fund" in text
    quality = standard().workflows[0].stage_by_key["adjudication"].field_by_key["quality"]
    assert f"fields needed, gone: {quality.label.en}" in text


def test_list_in_another_order_is_told_as_it_stands_now() -> None:
    old = decision("adjudication", "rule_buyer")
    more = (*old.effects, Effect("silence"))
    before = with_decision("adjudication", "rule_buyer", effects=more)
    after = with_decision("adjudication", "rule_buyer", effects=tuple(reversed(more)))
    (text,) = told(after, before=before)
    assert "effects in another order: Record who stayed silent" in text


@pytest.mark.parametrize(
    ("retired", "words", "chinese"),
    [(True, "is retired", "停用"), (False, "is offered again", "重新提供")],
)
def test_retiring_is_told_as_what_it_does(retired: bool, words: str, chinese: str) -> None:
    documents = []
    for value in (not retired, retired):
        document = standard()
        sets = list(document.option_sets)
        options = list(sets[0].options)
        options[-1] = replace(options[-1], retired=value)
        sets[0] = replace(sets[0], options=tuple(options))
        documents.append(replace(document, option_sets=tuple(sets)))
    (text,) = told(documents[1], before=documents[0])
    assert f": {words}." in text
    assert "yes" not in text
    assert chinese in told(documents[1], "zh_CN", documents[0])[0]


def test_preset_amount_is_told_as_an_amount() -> None:
    document = standard()
    sets = []
    for one in document.option_sets:
        options = tuple(
            replace(o, share=Share(steps=(Step("CNY", 1_000),))) if o.key == "half" else o
            for o in one.options
        )
        sets.append(replace(one, options=options))
    (text,) = told(replace(document, option_sets=tuple(sets)))
    assert "from “50 % of the goods” to “CN¥10.00”" in text


def test_rule_that_chooses_a_workflow_is_told_by_what_it_chooses() -> None:
    first, second = (
        WorkflowRule("all", Label("全部", "All"), standard().workflows[0].key, when)
        for when in ((), (Condition("channel", "in", ("hotline",)),))
    )
    before = replace(standard(), workflow_rules=(first,))
    (text,) = told(replace(standard(), workflow_rules=(second,)), before=before)
    assert "conditions, new: " in text
    assert "hotline" in text.lower()


def test_promise_is_told_by_what_starts_it_what_it_counts_by_and_who_hears_of_it() -> None:
    flow = standard().workflows[0]
    promise = ServiceLevel("promise", Label("承诺", "Promise"), 60, starts=(Mark("opened"),))
    other = replace(promise, starts=(Mark("entered", "triage"),), ladder="desk")
    before, after = (
        replace(standard(), workflows=(replace(flow, service_levels=(*flow.service_levels, one)),))
        for one in (promise, other)
    )
    (text,) = told(after, before=before)
    assert "what starts it, new: “Triage” begins" in text
    assert "what starts it, gone: the dispute comes in" in text
    assert "“Ordinary escalation”" in text
    ladder = standard().ladders[0]
    quiet = replace(ladder, levels=(replace(ladder.levels[0], hears="channel", whom="intake"),))
    ladders = (quiet, *standard().ladders[1:])
    (changed, *_) = told(replace(standard(), ladders=ladders))
    assert "from “The dispute’s thread” to “A channel”" in changed
    assert "由“纠纷单话题”改为“频道”" in told(replace(standard(), ladders=ladders), "zh_CN")[0]
