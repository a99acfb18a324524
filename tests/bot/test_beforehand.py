"""What holds for one person alone is told in their own views, before they press (K1, X2, A2)."""

import datetime as dt

import pytest
from sqlalchemy import update

from blockkit.validator import validate_view
from bot.cards.home import documents_of, home
from core.desk import documents
from core.i18n import LOCALES
from core.tables import Person
from tests.bot.office import Office
from tests.bot.sights import seen, wait_modal
from tests.core.desk.seen import at_home
from tests.core.desk.staff import ask_for, passes
from tests.factories import Desk


def drawn(desk: Desk, name: str, locale: str = "en") -> str:
    """Somebody's Home as text; it is within Slack's limits."""
    found = at_home(desk, name)
    document = desk.db.read(lambda c, now: documents.active(c))
    view = home(found, document, dict.fromkeys(documents_of(found), document), locale)
    assert list(validate_view(view)) == []
    return str(view)


def away(desk: Desk, name: str, days: int | None) -> None:
    """Somebody is away from now on, for some days or until further notice."""
    now = desk.now()
    until = now + dt.timedelta(days=days) if days else None
    gone = update(Person).where(Person.name == name)
    desk.write(gone.values(absent_from=now, absent_until=until))


def test_details_say_what_waits_for_an_exam_of_their_reader(at_work: Office) -> None:
    desk, owed = at_work.desk, at_work.desk.at_stage("verification")
    ask_for(desk)
    at_work.settle()
    at_work.press(owed, "more", who="Vera", value=f"{desk.visit(owed)}:DETAILS")
    told = str(wait_modal(at_work, "Vera"))
    assert "Not yours yet" in told
    assert "takes an exam" in told
    assert "Not yours yet" not in str(at_work.card(owed))  # everybody sees that one


def test_details_that_next_opens_say_it_too(at_work: Office) -> None:
    desk = at_work.desk
    desk.at_stage("verification")
    ask_for(desk)
    at_work.settle()
    seen(at_work, "Vera")
    at_work.person("Vera").click_home("home.next", app="A1")
    assert "Not yours yet" in str(wait_modal(at_work, "Vera"))


@pytest.mark.parametrize(("locale", "told"), [("en", "takes an exam"), ("zh_CN", "考核")])
def test_home_says_what_waits_for_an_exam(desk: Desk, locale: str, told: str) -> None:
    assert told not in drawn(desk, "Vera", locale)
    ask_for(desk)
    assert told in drawn(desk, "Vera", locale)
    passes(desk, "Vera")
    assert told not in drawn(desk, "Vera", locale)


@pytest.mark.parametrize("locale", LOCALES)
def test_home_says_that_its_reader_is_away_and_until_when(desk: Desk, locale: str) -> None:
    told = {"en": "You are marked as away", "zh_CN": "你已登记为缺勤"}[locale]
    assert told not in drawn(desk, "Vera", locale)
    away(desk, "Vera", None)
    assert told in drawn(desk, "Vera", locale)
    away(desk, "Vera", 2)
    assert told in drawn(desk, "Vera", locale)
    desk.pass_time(days=2)
    assert told not in drawn(desk, "Vera", locale)
