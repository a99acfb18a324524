"""Home: my work in lists and pages, and a lead's team."""

from sqlalchemy import update

from core.desk.home import Home, Place
from core.tables import Person
from tests.core.desk.seen import at_home
from tests.factories import Desk


def disputes(found: Home, name: str) -> list[int]:
    """The disputes on one shelf."""
    return [item.queued.dispute_id for item in found.shelves[name].items]


def test_home_shows_mine_overdue_next_and_how_much_waits(any_desk: Desk) -> None:
    mine = any_desk.at_stage("triage")
    late = any_desk.open()
    any_desk.pass_time(hours=1)
    fresh = any_desk.open(facts={"reason": "lost"})
    found = at_home(any_desk, "Tom")
    assert disputes(found, "mine") == [mine]
    assert disputes(found, "overdue") == [late]
    assert disputes(found, "waiting") == [fresh]  # each stands on the page once
    assert found.waiting == {"triage": 1, "intake": 2}
    assert found.late == {"intake": 1}
    item = found.shelves["waiting"].items[-1]
    assert (item.topic, item.paid, item.currency) == ("lost", 20_000, "CNY")
    assert found.team is None


def test_lists_come_in_pages_and_a_page_too_far_is_the_last(any_desk: Desk) -> None:
    every = [any_desk.open() for _ in range(23)]
    first = at_home(any_desk, "Tom", Place("waiting"))
    assert disputes(first, "waiting") == every[:10]
    shelf = first.shelves["waiting"]
    assert (shelf.count, shelf.page, shelf.pages) == (23, 0, 3)
    last = at_home(any_desk, "Tom", Place("waiting", 99))
    assert disputes(last, "waiting") == every[20:]
    assert list(last.shelves) == ["waiting"]


def test_lead_sees_every_stage_and_their_own_team(any_desk: Desk) -> None:
    held, free = any_desk.at_stage("adjudication"), any_desk.at_stage("adjudication")
    triage = any_desk.at_stage("triage")
    any_desk.hold(held, "Ada")
    any_desk.write(update(Person).where(Person.name.in_(["Ada", "Sun Wei"])).values(team="north"))
    found = at_home(any_desk, "Sun Wei", Place("stage", 0, "adjudication"))
    assert disputes(found, "stage") == [held, free]
    assert [item.holder for item in found.shelves["stage"].items] == ["Ada", ""]
    assert found.waiting["triage"] == 1
    assert [(c.name, c.held) for c in found.team or ()] == [("Ada", 1)]
    assert disputes(at_home(any_desk, "Sun Wei", Place("team")), "team") == [held]
    any_desk.write(update(Person).values(team=""))
    assert disputes(at_home(any_desk, "Sun Wei", Place("team")), "team") == [triage, held]


def test_agent_sees_no_list_that_is_not_theirs(desk: Desk) -> None:
    desk.at_stage("adjudication")
    assert at_home(desk, "Tom", Place("team")).shelves == {}
    assert at_home(desk, "Tom", Place("stage", 0, "adjudication")).shelves == {}
    assert list(at_home(desk, "Ada", Place("stage", 0, "adjudication")).shelves) == ["stage"]


def test_lead_without_a_stage_sees_what_is_overdue_anywhere(desk: Desk) -> None:
    late = desk.at_stage("adjudication")
    desk.pass_time(days=2)
    assert disputes(at_home(desk, "Sun Wei"), "overdue") == [late]
