"""A first day: who is new, what ends it, and that it ends once."""

from sqlalchemy import select, update

from core.desk import first_day, people
from core.desk.answers import Refused
from core.desk.first_day import FirstDay
from core.tables import Person
from tests.core.desk.newcomers import begin
from tests.factories import SOUND, TRIAGED, Desk


def first_day_of(desk: Desk, name: str) -> FirstDay | None:
    def look(connection, *, now):  # type: ignore[no-untyped-def]
        slack_id = f"U{list(desk.people).index(name) + 1:04}"
        member = people.by_slack_id(connection, slack_id)
        assert member is not None
        return first_day.of(connection, member, now=now)

    found: FirstDay | None = desk.db.read(look)
    return found


def row(desk: Desk, name: str) -> Person:
    return desk.rows(select(Person).where(Person.name == name))[0]  # type: ignore[no-any-return]


def test_agents_and_trainees_with_a_stage_begin_with_a_first_day(any_desk: Desk) -> None:
    begin(any_desk, "Ada", "Tim", "Sun Wei", "Olga")
    found = {name: first_day_of(any_desk, name) is not None for name in any_desk.people}
    assert [name for name, new in found.items() if new] == ["Ada", "Tim"]
    newcomers = any_desk.db.read(lambda c, now: first_day.newcomers(c))
    assert newcomers == {any_desk.people["Ada"], any_desk.people["Tim"]}


def test_whoever_decided_something_is_new_no_more_until_it_is_undone(any_desk: Desk) -> None:
    dispute = any_desk.at_stage("adjudication")
    begin(any_desk, "Ada")
    any_desk.hold(dispute, "Ada")
    assert first_day_of(any_desk, "Ada") is not None  # looking is not handling
    any_desk.must(dispute, "rule_merchant", SOUND, "Ada")
    assert first_day_of(any_desk, "Ada") is None
    assert any_desk.db.read(lambda c, now: first_day.newcomers(c)) == set()
    any_desk.undo(dispute, "Ada")
    assert first_day_of(any_desk, "Ada") is not None


def test_skipping_ends_it_once(any_desk: Desk) -> None:
    begin(any_desk, "Ada", "Tim")
    for name in ("Ada", "Tim"):
        any_desk.db.transact(first_day.skip, any_desk.who(name))
    begun = row(any_desk, "Ada").skipped_at
    assert begun is not None
    assert first_day_of(any_desk, "Ada") is first_day_of(any_desk, "Tim") is None
    any_desk.pass_time(hours=1)
    any_desk.db.transact(first_day.skip, any_desk.who("Ada"))
    assert row(any_desk, "Ada").skipped_at == begun


def test_whoever_left_the_desk_skips_nothing(desk: Desk) -> None:
    begin(desk, "Ada")
    desk.write(update(Person).where(Person.name == "Ada").values(active=False))
    assert isinstance(desk.db.transact(first_day.skip, desk.who("Ada")), Refused)
    assert row(desk, "Ada").skipped_at is None


def test_practice_is_noted_once_for_people_who_work_here(any_desk: Desk) -> None:
    begin(any_desk, "Ada")
    noted = any_desk.db.transact(first_day.practised, "U0004")
    assert noted is not None
    assert (noted.name, noted.fresh) == ("Ada", True)
    any_desk.pass_time(hours=1)
    again = any_desk.db.transact(first_day.practised, "U0004")
    assert again is not None
    assert (again.at, again.fresh) == (noted.at, False)
    assert first_day_of(any_desk, "Ada") is None
    assert any_desk.db.transact(first_day.practised, "U9999") is None


def test_practice_disputes_are_counted_each_once_and_up_to_three(desk: Desk) -> None:
    begin(desk, "Tom", practises_for={"slack_id": "U1", "back": "https://desk.example/"})
    counted = []
    for _ in range(4):
        dispute = desk.open()
        desk.take(dispute, "Tom")
        desk.must(dispute, "no_evidence", TRIAGED, "Tom")
        begun = first_day_of(desk, "Tom")
        assert begun is not None
        counted.append((begun.decided, begun.lacking, begun.practised))
    assert counted == [(1, 2, False), (2, 1, False), (3, 0, True), (3, 0, True)]
    assert desk.db.read(lambda c, now: first_day.newcomers(c)) == {desk.people["Tom"]}


def test_dispute_that_came_back_to_its_decider_is_one_and_not_two(desk: Desk) -> None:
    begin(desk, "Ada", practises_for={"slack_id": "U1", "back": "https://desk.example/"})
    dispute = desk.at_stage("verification")  # Ada ruled
    begun = first_day_of(desk, "Ada")
    assert begun is not None
    assert (begun.decided, begun.lacking) == (1, 2)
    desk.must(dispute, "ruling_back", {**SOUND, "ruling_back_reason": "facts_changed"})
    desk.assign(dispute, "Ada")
    again = first_day_of(desk, "Ada")
    assert again is not None
    assert (again.decided, again.lacking) == (1, 2)
