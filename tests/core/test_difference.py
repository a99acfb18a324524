"""What one document says differently from another."""

from dataclasses import replace

from core.migrate import standard
from core.workflow.difference import ADDED, CHANGED, MOVED, REMOVED, differences
from core.workflow.model import Label, Option


def test_a_document_does_not_differ_from_itself() -> None:
    assert differences(standard(), standard()) == []


def test_each_kind_of_change_is_told_at_its_place() -> None:
    before = standard()
    sets = list(before.option_sets)
    state = sets[2]
    fresh = Option("other", Label("其他", "Other"))
    renamed = replace(state.options[0], label=Label("已和解", "Agreed"), retired=True)
    options = (state.options[2], renamed, state.options[1], fresh)
    sets[2] = replace(state, options=options)
    found = differences(before, replace(before, option_sets=tuple(sets)))
    told = [(c.what, c.kind, [key for _, key, _ in c.path]) for c in found]
    assert told == [
        (CHANGED, "option", ["state", "settled"]),
        (ADDED, "option", ["state", "other"]),
        (REMOVED, "option", ["state", "merchant_timeout"]),
        (MOVED, "option", ["state"]),
    ]
    label, retired = found[0].aspects
    assert (label.name, label.after) == ("label", Label("已和解", "Agreed"))
    assert (retired.name, retired.before, retired.after) == ("retired", False, True)


def test_rows_without_keys_differ_as_a_whole() -> None:
    before = standard()
    workflow = before.workflows[0]
    triage = workflow.stages[1]
    decision = replace(triage.decisions[0], routes=triage.decisions[1].routes, effects=())
    stages = list(workflow.stages)
    stages[1] = replace(triage, decisions=(decision, *triage.decisions[1:]))
    after = replace(before, workflows=(replace(workflow, stages=tuple(stages)),))
    (change,) = differences(before, after)
    assert [key for _, key, _ in change.path] == ["dispute", "triage", "no_evidence"]
    (routes,) = change.aspects
    assert routes.name == "routes"
    assert routes.before == triage.decisions[0].routes
    assert routes.after == decision.routes


def test_what_is_added_within_something_new_is_not_told_twice() -> None:
    before = standard()
    after = replace(before, option_sets=before.option_sets[1:])
    assert [c.what for c in differences(after, before)] == [ADDED]
    assert [c.what for c in differences(before, after)] == [REMOVED]
