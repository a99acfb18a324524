"""What touches routing or money is asked for by one supervisor and published by another (S7)."""

import pytest
from sqlalchemy import delete, select, update

from core.desk import draft, second
from core.desk.answers import Refused, Stale
from core.tables import Document, DraftCondition, DraftRoute, DraftStage
from tests.core.desk.redrafted import DEARER, HALF, REWORDED, edit, version
from tests.core.desk.ruled import change, person
from tests.factories import Desk


def publish(desk: Desk, who: str, seen: int | None = None, note: str = "so") -> int | Refused:
    return desk.db.transact(draft.publish, desk.who(who), seen or version(desk), note=note)


def ask(desk: Desk, who: str = "Sun Wei", note: str = "less freight") -> Refused | None:
    return desk.db.transact(second.ask, desk.who(who), version(desk), note=note)


@pytest.fixture
def two(any_desk: Desk) -> Desk:
    """A desk with two supervisors."""
    person(any_desk, "Zhou Min", roles=["supervisor"])
    return any_desk


def test_new_words_are_published_alone(two: Desk) -> None:
    edit(two, REWORDED)
    assert isinstance(publish(two, "Sun Wei"), int)


def test_new_amount_is_published_by_a_second_supervisor_who_was_asked(two: Desk) -> None:
    edit(two, DEARER)
    seen = version(two)
    assert publish(two, "Sun Wei") == Refused("second_person")
    assert publish(two, "Zhou Min") == Refused("second_person")
    assert ask(two) is None
    assert publish(two, "Sun Wei") == Refused("second_person")
    assert version(two) == seen
    found = publish(two, "Zhou Min")
    names = (Document.publisher_id, Document.asked_by_id)
    (row,) = two.rows(select(*names).where(Document.id == found))
    assert tuple(row) == (two.people["Zhou Min"], two.people["Sun Wei"])


def test_another_way_for_disputes_needs_a_second_person_too(two: Desk) -> None:
    routes = select(DraftCondition.id).where(DraftCondition.route_id.in_(select(DraftRoute.id)))
    edit(two, delete(DraftCondition).where(DraftCondition.id.in_(routes.limit(1))))
    assert publish(two, "Sun Wei") == Refused("second_person")
    assert ask(two) is None


def test_stage_without_separation_needs_a_second_person(two: Desk) -> None:
    edit(two, update(DraftStage).where(DraftStage.key == "triage").values(separation=False))
    assert publish(two, "Sun Wei") == Refused("second_person")


def test_change_after_the_request_lets_it_lapse(two: Desk) -> None:
    edit(two, DEARER)
    assert ask(two) is None
    edit(two, HALF.values(share={"percent": 90, "of": "paid"}))
    assert publish(two, "Zhou Min") == Refused("second_person")
    assert two.db.read(lambda c, now: second.request(c, version(two))) is None


def test_request_for_a_draft_that_changed_meanwhile_is_refused(desk: Desk) -> None:
    seen = version(desk)
    edit(desk, DEARER)
    with pytest.raises(Stale):
        desk.db.transact(second.ask, desk.who("Sun Wei"), seen, note="less freight")


def test_two_people_tell_each_other_what_and_why(two: Desk) -> None:
    edit(two, DEARER)
    assert ask(two, note="") == Refused("note_needed")
    assert two.db.read(lambda c, now: second.request(c, version(two))) is None
    assert ask(two) is None
    assert publish(two, "Zhou Min", note="") == Refused("note_needed")
    assert isinstance(publish(two, "Zhou Min"), int)


def test_only_supervisors_ask(desk: Desk) -> None:
    answer = ask(desk, "Tom")
    assert isinstance(answer, Refused)
    assert answer.key == "no_right"


def test_desk_with_one_supervisor_publishes_alone(two: Desk) -> None:
    change(two, "Zhou Min", active=False)
    edit(two, DEARER)
    assert isinstance(publish(two, "Sun Wei"), int)
