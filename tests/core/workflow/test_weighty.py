"""Which changes ask for a second person: routing and money, not words and order (S7)."""

from dataclasses import replace

import pytest

from core.workflow.difference import differences
from core.workflow.model import Condition, Document, Label, WorkflowRule
from core.workflow.weighty import weighs
from tests.core.workflow.asked import DOCUMENT, FLOW
from tests.core.workflow.edits import add, drop, look, put

DECISION = "workflows/dispute/stages/triage/decisions/no_evidence"


def weight(after: Document) -> set[bool]:
    found = differences(DOCUMENT, after)
    assert found
    return {weighs(change, DOCUMENT, after) for change in found}


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        (DECISION, {"routes": FLOW.decisions_by_stage["triage"]["request_both"].routes}),
        (DECISION, {"needs": ()}),
        (DECISION, {"when": FLOW.decisions_by_stage["verification"]["deduct_online"].when}),
        ("workflows/dispute/stages/triage", {"separation": False}),
        ("workflows/dispute/limits/rounds", {"maximum": 9}),
        ("workflows/dispute/stages/adjudication/decisions/cannot_judge", {"meaning": ""}),
        ("option_sets/remedy/options/refund_only", {"meaning": "remedy.nothing"}),
        ("workflows/dispute/stages/triage/fields/state", {"options": "quality"}),
        ("workflows/dispute/stages/triage/fields/category", {"kind": "typed", "options": ""}),
    ],
    ids=[
        "routes",
        "needs",
        "when",
        "separation",
        "limit",
        "counted",
        "meaning",
        "field",
        "field's kind",
    ],
)
def test_change_of_routing_weighs(path: str, changes: dict[str, object]) -> None:
    assert weight(put(DOCUMENT, path, **changes)) == {True}


def test_removed_decision_weighs() -> None:
    stage = FLOW.stage_by_key["triage"]
    after = put(DOCUMENT, "workflows/dispute/stages/triage", decisions=stage.decisions[1:])
    assert weight(after) == {True}


def test_option_weighs_where_it_is_an_amount() -> None:
    for option_set in DOCUMENT.option_sets:
        last = option_set.options[-1]
        fresh = replace(last, key="fresh", label=Label("新", "Fresh"))
        path = f"option_sets/{option_set.key}"
        added = put(DOCUMENT, path, options=(*option_set.options, fresh))
        removed = put(DOCUMENT, path, options=option_set.options[:-1])
        assert weight(added) == weight(removed) == {last.share is not None}, option_set.key


def test_goodwill_that_offers_the_shares_of_a_refund_weighs() -> None:
    fields = [
        f"workflows/dispute/stages/{stage.key}/{owner}fields/{field.key}"
        for stage in FLOW.stages
        for owner, asked in (
            ("", stage.fields),
            *((f"decisions/{d.key}/", d.fields) for d in stage.decisions),
        )
        for field in asked
        if field.options == "goodwill"
    ]
    assert fields
    for place in fields:
        assert weight(put(DOCUMENT, place, options="share")) == {True}
        assert weight(put(DOCUMENT, place, when=())) == {True}
        assert weight(drop(DOCUMENT, place)) == {True}


def test_field_that_moves_no_money_is_added_alone() -> None:
    place = "workflows/dispute/stages/triage"
    remark = replace(look(DOCUMENT, f"{place}/fields/category"), key="another")
    assert weight(add(DOCUMENT, f"{place}/fields", remark)) == {False}


def test_order_weighs_where_the_first_row_wins() -> None:
    repair = replace(FLOW, key="repair")
    rules = tuple(
        WorkflowRule(key, Label("规则", "Rule"), key, when)
        for key, when in (("repair", (Condition("category", "in", ("digital",)),)), ("dispute", ()))
    )
    before = replace(DOCUMENT, workflows=(FLOW, repair), workflow_rules=rules)
    for after in (
        replace(before, workflow_rules=rules[::-1]),
        replace(before, workflows=before.workflows[::-1]),
    ):
        (moved,) = differences(before, after)
        assert weighs(moved, before, after)


def test_words_order_and_whether_it_is_offered_do_not_weigh() -> None:
    option = "option_sets/share/options/half"
    assert weight(put(DOCUMENT, option, label=Label("一半", "One half"))) == {False}
    assert weight(put(DOCUMENT, option, retired=True)) == {False}
    options = DOCUMENT.set_by_key["share"].options
    assert weight(put(DOCUMENT, "option_sets/share", options=options[::-1])) == {False}
    assert weight(put(DOCUMENT, DECISION, style="danger")) == {False}
