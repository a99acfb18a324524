"""Which workflow a dispute follows: rules over what is known when it comes in (W17)."""

from typing import Any

import pytest

from core.desk import documents, draft
from core.desk.intake import BadIntake
from core.workflow import model as m
from core.workflow.difference import differences
from core.workflow.text import from_toml, to_toml
from core.workflow.weighty import weighs
from tests.core.desk.choosing import chosen_by, rule
from tests.factories import Desk


def followed(desk: Desk, **changes: Any) -> str:
    return str(desk.at(desk.open(**changes)).workflow.key)


def test_first_rule_that_fits_chooses_and_the_last_one_takes_the_rest(desk: Desk) -> None:
    phones = m.Condition("category", "in", ("digital", "appliance"))
    chosen_by(desk, rule("phones", "repair", phones), rule("rest", "dispute"))
    assert followed(desk, facts={"category": "digital"}) == "repair"
    assert followed(desk, facts={"category": "food"}) == "dispute"
    assert followed(desk) == "dispute"


def test_way_in_source_and_why_it_came_choose_too(desk: Desk) -> None:
    chosen_by(
        desk,
        rule("hotline", "repair", m.Condition("channel", "in", ("hotline",))),
        rule("shop", "repair", m.Condition("source", "in", ("partner",))),
        rule("late", "repair", m.Condition("entered", "in", ("merchant_timeout",))),
        rule("rest", "dispute"),
    )
    assert followed(desk, channel="hotline") == "repair"
    assert followed(desk, source="partner") == "repair"
    assert followed(desk, entered="merchant_timeout") == "repair"
    assert followed(desk) == "dispute"


def test_intake_that_names_its_workflow_is_not_asked_for_rules(desk: Desk) -> None:
    chosen_by(desk, rule("rest", "repair"))
    assert followed(desk) == "repair"
    assert followed(desk, workflow="dispute") == "dispute"


def test_choice_that_no_field_offers_is_refused_whatever_the_rules_made_of_it(desk: Desk) -> None:
    chosen_by(desk, rule("rest", "repair"))
    with pytest.raises(BadIntake):
        desk.open(facts={"category": "moonshine"})


def test_disputes_that_are_open_keep_their_workflow_when_rules_change(desk: Desk) -> None:
    before = desk.open()
    chosen_by(desk, rule("rest", "repair"))
    assert desk.at(before).workflow.key == "dispute"


def test_rules_survive_text_and_draft_and_weigh_as_routing(desk: Desk) -> None:
    before = desk.db.read(lambda c, now: documents.active(c))
    phones = m.Condition("category", "in", ("digital",))
    document = chosen_by(desk, rule("phones", "repair", phones), rule("rest", "dispute"))
    assert from_toml(to_toml(document)) == document
    desk.db.transact(draft.replace, desk.who("Sun Wei"), desk.db.read(draft.version), document)
    assert desk.db.read(draft.document) == document
    told = [c for c in differences(before, document) if c.kind == "workflow_rule"]
    assert [change.what for change in told] == ["added", "added"]
    assert all(weighs(change, before, document) for change in told)
