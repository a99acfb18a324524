"""Login links and sessions, by the clock."""

import datetime as dt

from sqlalchemy import update

from core.desk import access
from core.tables import Person
from tests.factories import Desk

NOW = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)


def at(desk: Desk, use_case: object, *args: object, after: dt.timedelta = dt.timedelta()) -> object:
    """A use case at a moment."""
    return desk.db.transact(lambda c, now: use_case(c, *args, now=NOW + after))  # type: ignore[operator]


def test_link_signs_in_once_and_within_its_time(any_desk: Desk) -> None:
    desk = any_desk
    tom = desk.people["Tom"]
    link = at(desk, access.new_link, tom)
    late = access.LINK_FOR + dt.timedelta(seconds=1)
    assert at(desk, access.link_person, link, after=late) is None
    assert at(desk, access.sign_in, link, after=late) is None
    for _ in range(2):
        person = at(desk, access.link_person, link)
        assert person is not None
        assert (person.id, person.name) == (tom, "Tom")  # type: ignore[attr-defined]
    assert at(desk, access.sign_in, link) is not None
    assert at(desk, access.sign_in, link) is None
    assert at(desk, access.link_person, link) is None


def test_session_lives_while_used_and_no_longer_than_a_day_of_work(any_desk: Desk) -> None:
    desk = any_desk
    session = at(desk, access.sign_in, at(desk, access.new_link, desk.people["Tom"]))
    hour = dt.timedelta(hours=1)
    assert at(desk, access.session, session, after=3 * hour) is None
    for passed in range(1, 12):
        found = at(desk, access.session, session, after=passed * hour)
        assert found is not None
        assert found.fading  # type: ignore[attr-defined]
        at(desk, access.seen, session, after=passed * hour)
        fresh = at(desk, access.session, session, after=passed * hour)
        assert fresh is not None
        assert not fresh.fading  # type: ignore[attr-defined]
    assert at(desk, access.session, session, after=12 * hour) is None


def test_signing_in_again_ends_the_session_that_it_replaces(any_desk: Desk) -> None:
    desk = any_desk
    first = at(desk, access.sign_in, at(desk, access.new_link, desk.people["Tom"]))
    link = at(desk, access.new_link, desk.people["Eva"])
    second = desk.db.transact(
        lambda c, now: access.sign_in(c, str(link), now=NOW, replacing=str(first))
    )
    assert at(desk, access.session, first) is None
    assert at(desk, access.session, second) is not None


def test_whoever_left_has_neither_link_nor_session(any_desk: Desk) -> None:
    desk = any_desk
    tom = desk.people["Tom"]
    session = at(desk, access.sign_in, at(desk, access.new_link, tom))
    link = at(desk, access.new_link, tom)
    leave = update(Person).where(Person.id == tom).values(active=False)
    desk.db.transact(lambda c, now: c.execute(leave))
    assert at(desk, access.session, session) is None
    assert at(desk, access.link_person, link) is None
    assert at(desk, access.sign_in, link) is None
