"""The back-test asks anew which workflow a past dispute would follow (S5, W17)."""

from dataclasses import replace

from core.workflow import model as m
from core.workflow.found import What
from tests.core.desk.choosing import chosen_by, rule
from tests.core.desk.trying import active, tried
from tests.factories import Desk

DIGITAL = m.Condition("category", "in", ("digital",))


def withdrawn(desk: Desk, **changes: object) -> int:
    """A dispute that has ended."""
    dispute = desk.open(**changes)
    desk.party(dispute, "buyer", "withdraw")
    return dispute


def test_draft_whose_rules_choose_another_workflow_diverges_at_once(desk: Desk) -> None:
    chosen_by(desk, rule("rest", "dispute"))
    withdrawn(desk, facts={"category": "digital"})
    withdrawn(desk, facts={"category": "food"})
    rules = (rule("phones", "repair", DIGITAL), rule("rest", "dispute"))
    tally = tried(desk, replace(active(desk), workflow_rules=rules))
    ((finding, line),) = tally.lines.items()
    assert (finding.what, finding.to, finding.instead) == (
        What.OTHER_WORKFLOW,
        "repair",
        "dispute",
    )
    assert (line.count, tally.unchanged) == (1, 1)


def test_order_of_the_rules_alone_is_tried_too(desk: Desk) -> None:
    by_app = m.Condition("channel", "in", ("app",))
    rules = (rule("phones", "repair", DIGITAL), rule("app", "dispute", by_app))
    chosen_by(desk, *rules, rule("rest", "repair"))
    withdrawn(desk, facts={"category": "digital"}, channel="app")
    tally = tried(
        desk, replace(active(desk), workflow_rules=(*rules[::-1], rule("rest", "repair")))
    )
    assert [(f.what, f.to) for f in tally.lines] == [(What.OTHER_WORKFLOW, "dispute")]


def test_what_the_published_rules_would_choose_anew_is_not_laid_to_the_draft(desk: Desk) -> None:
    withdrawn(desk, facts={"category": "digital"})
    published = chosen_by(desk, rule("phones", "repair", DIGITAL), rule("rest", "dispute"))
    tally = tried(desk, published)
    assert (tally.diverging, tally.same_already) == (0, 1)


def test_dispute_whose_intake_named_its_workflow_keeps_it(desk: Desk) -> None:
    chosen_by(desk, rule("rest", "repair"))
    withdrawn(desk, workflow="dispute")
    tally = tried(desk, active(desk))
    assert (tally.unchanged, tally.diverging, tally.same_already) == (1, 0, 0)


def test_choice_that_hung_on_what_was_not_stated_is_not_guessed(desk: Desk) -> None:
    # How things stand is filled in once the workflow is known: the rule did not see it.
    unsettled = m.Condition("state", "in", ("unsettled",))
    published = chosen_by(desk, rule("unsettled", "repair", unsettled), rule("rest", "dispute"))
    withdrawn(desk)
    tally = tried(desk, published)
    assert [(f.what, f.refusal) for f in tally.untold] == [(What.UNKNOWABLE, "arrival")]
