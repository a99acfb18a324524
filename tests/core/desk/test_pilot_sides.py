"""On which side of a pilot a dispute begins: as drawn, as its origin, as its intake allows (S5)."""

from sqlalchemy import select, update

from core.desk import opening, pilots, splitting
from core.desk.actor import Actor
from core.desk.answers import Applied
from core.desk.intake import OrderInfo
from core.tables import Dispute, DraftOption, Fact, Pilot, Visit
from tests.core.desk.redrafted import REWORDED, edit, version
from tests.factories import KETTLE, VAULT, Desk

CUPS = {"key": "2", "title": "Cup", "unit_price": 333, "quantity": 3}
ORDER = OrderInfo("CNY", 20_999, 1_000, lines=(KETTLE, CUPS))


def begun(desk: Desk, *statements: object) -> int:
    """A pilot on half of what comes in."""
    edit(desk, *statements)
    found = desk.db.transact(pilots.start, desk.who("Sun Wei"), version(desk), 50, 7)
    assert isinstance(found, int), found
    return found


def opened(desk: Desk, count: int, **changes: object) -> list[int]:
    """Disputes that come in at once."""
    intakes = [desk.intake(**changes) for _ in range(count)]
    found = desk.db.transact(opening.open_disputes, intakes, Actor("import"), VAULT)
    return [one.dispute_id for one in found]


def sides(desk: Desk) -> dict[int, tuple[int | None, int]]:
    """Of every dispute, for which pilot it was drawn and by which document it is open."""
    found = select(Dispute.id, Dispute.pilot_id, Visit.document_id)
    found = found.join(Visit, Visit.dispute_id == Dispute.id).where(Visit.left_at.is_(None))
    return {row.id: (row.pilot_id, row.document_id) for row in desk.rows(found)}


def split(desk: Desk, dispute: int) -> int:
    """The dispute to which one kettle of another went."""
    who = desk.who("Sun Wei")
    answer = desk.db.transact(splitting.split, dispute, {"1": 1}, who, VAULT, click=desk.click())
    assert isinstance(answer, Applied), answer
    (row,) = desk.rows(select(Dispute.id).where(Dispute.number == answer.params["other"]))
    return int(row.id)


def test_part_of_a_dispute_begins_on_its_side(any_desk: Desk) -> None:
    desk = any_desk
    begun(desk, REWORDED)
    parts = {dispute: split(desk, dispute) for dispute in opened(desk, 24, order=ORDER)}
    found = sides(desk)
    assert {pilot is not None for pilot, _ in found.values()} == {True, False}
    assert all(found[part] == found[dispute] for dispute, part in parts.items())
    assert desk.differences() == []


def test_part_of_a_tried_dispute_begins_as_published_once_the_pilot_is_over(desk: Desk) -> None:
    pilot = begun(desk, REWORDED)
    opened(desk, 12, order=ORDER)
    dispute = next(one for one, (drawn, _) in sides(desk).items() if drawn is not None)
    beside = next(document for drawn, document in sides(desk).values() if drawn is None)
    desk.db.transact(pilots.stop, desk.who("Sun Wei"), pilot)
    part = split(desk, dispute)
    assert sides(desk)[part] == (None, beside)


def test_intake_that_the_draft_cannot_take_is_not_tried_and_comes_in(any_desk: Desk) -> None:
    desk = any_desk
    retired = update(DraftOption).where(DraftOption.key == "food").values(retired=True)
    begun(desk, retired)
    food = opened(desk, 20, facts={"category": "food"})
    other = opened(desk, 20, facts={"category": "digital"})
    found = sides(desk)
    assert {found[one][0] for one in food} == {None}
    assert {found[one][0] is None for one in other} == {True, False}


def test_what_is_known_of_a_tried_dispute_is_what_the_draft_can_hold(desk: Desk) -> None:
    begun(desk, update(DraftOption).where(DraftOption.key == "buyer_timeout").values(retired=True))
    opened(desk, 20, entered="buyer_timeout")
    (row,) = desk.rows(select(Pilot.document_id))
    stated = {
        one.dispute_id for one in desk.rows(select(Fact.dispute_id).where(Fact.key == "state"))
    }
    for dispute, (_, document) in sides(desk).items():
        assert (dispute in stated) == (document != row.document_id)
