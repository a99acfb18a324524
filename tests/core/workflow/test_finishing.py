"""A document without problems can be finished, wherever a dispute stands in it."""

from hypothesis import assume, event, given, note, settings

from core.workflow import model as m
from core.workflow.problems import problems
from core.workflow.text import to_toml
from tests.core.workflow.documents import workable
from tests.core.workflow.walk import TooBig, Walk, World

WORLDS = (World("CNY", {"1": 1}), World("JPY", {}), World("", {}))


def stuck(document: m.Document, world: World) -> list[object]:
    """States of the document's workflow that cannot be finished in this world."""
    return [*Walk(document, document.workflows[0], world).stuck()]


@settings(max_examples=150)
@given(workable())
def test_document_without_problems_can_be_finished_from_every_reachable_state(
    document: m.Document,
) -> None:
    found = {problem.key for problem in problems(document)}
    event("no problems" if not found else ", ".join(sorted(found)))
    assume(not found)
    note(to_toml(document))
    for world in WORLDS:
        try:
            assert stuck(document, world) == []
        except TooBig:
            event("too big")
