"""Each kind of problem, found where exactly one thing of the standard document is broken (S3)."""

import pytest
from hypothesis import given, note, settings

from core.i18n import catalogue
from core.workflow import model as m
from core.workflow.model import LOCALES
from core.workflow.problems import problems
from core.workflow.text import from_toml, to_toml
from tests.core.workflow.broken import ALONE, STANDARD, TOGETHER
from tests.core.workflow.edits import put
from tests.core.workflow.texts import anything


@pytest.mark.parametrize(
    ("key", "place", "document"), ALONE, ids=[f"{key}-{'/'.join(place)}" for key, place, _ in ALONE]
)
def test_one_broken_thing_is_one_kind_of_problem_at_its_place_and_said_in_words(
    key: str, place: tuple[str, ...], document: m.Document
) -> None:
    found = problems(document)
    assert {problem.key for problem in found} == {key}
    assert place in {problem.place for problem in found}
    for locale in LOCALES:
        for problem in found:
            assert catalogue(locale)[f"problem.{key}"].format_map(problem.names)


@pytest.mark.parametrize(
    ("key", "place", "document", "others"), TOGETHER, ids=[case[0] for case in TOGETHER]
)
def test_broken_trunk_names_its_own_problem_first(
    key: str, place: tuple[str, ...], document: m.Document, others: set[str]
) -> None:
    found = problems(document)
    assert (key, place) in {(problem.key, problem.place) for problem in found}
    assert {problem.key for problem in found} == {key, *others}


def test_options_may_read_the_same_below_different_trunks_or_once_retired() -> None:
    label = m.Label("其他", "Other")
    two = [m.Option(key, m.Label(key, key.upper())) for key in ("goods", "parcel")]
    below = [m.Option(f"{o.key}_other", label, parent=o.key) for o in two]
    retired = m.Option("old", label, parent="goods", retired=True)
    for options in ((*two, *below), (*two, *below, retired)):
        spare = m.OptionSet("spare", label, options)
        document = put(STANDARD, "", option_sets=(*STANDARD.option_sets, spare))
        assert problems(document) == []
    again = m.Option("again", label, parent="goods")
    spare = m.OptionSet("spare", label, (*two, *below, again))
    document = put(STANDARD, "", option_sets=(*STANDARD.option_sets, spare))
    assert [problem.key for problem in problems(document)] == ["options_alike"]


def test_every_kind_of_problem_is_tried() -> None:
    # Tried where documents are published, or tried on a share.
    elsewhere = {"workflow_dropped", "stage_dropped", "pilot_stage"}
    elsewhere |= {"calendar_unknown", "rota_unknown", "rule_rota_unknown"}
    tried = {case[0] for case in (*ALONE, *TOGETHER)} | elsewhere
    known = {key.removeprefix("problem.") for key in catalogue("en") if key.startswith("problem.")}
    assert tried == known


@settings(max_examples=300)
@given(anything)
def test_looking_for_problems_never_fails_whatever_the_document_says(document: m.Document) -> None:
    note(to_toml(document))
    assert isinstance(problems(document), list)


def test_rules_that_fall_through_or_match_other_disputes_have_no_problems() -> None:
    food = m.Condition("category", "in", ("food",))
    label = m.Label("规则", "Rule")
    document = put(
        STANDARD,
        "workflows/dispute",
        assignments=(
            m.AssignmentRule("named", label, "intake", "named", people=("U1",)),
            m.AssignmentRule("food", label, "intake", "round_robin", when=(food,)),
            m.AssignmentRule("rest", label, "intake", "least_loaded"),
            m.AssignmentRule("ruling", label, "adjudication", "first_come"),
        ),
    )
    assert problems(document) == []
    assert from_toml(to_toml(document)) == document


def test_standard_document_has_no_problems() -> None:
    assert problems(STANDARD) == []
