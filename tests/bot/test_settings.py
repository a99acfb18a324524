"""Each person's language, time zone and quiet hours: Slack's profile first, their own word last."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from blockkit.validator import validate_view
from bot.cards.settings import settings
from core import zones
from core.desk.preferences import Preferences
from core.i18n import LOCALES
from core.tables import Person
from tests.bot.office import Office
from tests.bot.sights import seen, wait_modal
from tests.factories import Desk
from tests.waiting import eventually


def row(office: Office, who: str) -> Any:
    return office.desk.rows(select(Person).where(Person.name == who))[0]


def wait_for(office: Office, who: str, **wanted: Any) -> None:
    """Waits until this is kept of somebody: what Slack says comes after the answer."""

    def kept() -> bool:
        found = row(office, who)
        return all(getattr(found, name) == value for name, value in wanted.items())

    eventually(kept, lambda: f"{who}: {row(office, who)}")


def home_of(office: Office, who: str) -> str:
    return str(office.person(who).home()["view"])


def open_settings(office: Office, who: str) -> dict[str, Any]:
    seen(office, who)
    office.person(who).click_home("home.settings", app="A1")
    return wait_modal(office, who)


def test_first_look_at_home_takes_language_and_zone_from_slack(at_work: Office) -> None:
    stranger = at_work.sandbox.add_person(
        name="newcomer", real_name="Newcomer", locale="zh-CN", tz="Asia/Shanghai"
    )
    at_work.desk.write(
        Person.__table__.insert().values(
            name="New", slack_id=stranger, roles=["agent"], locale="en", zone="UTC"
        )
    )
    at_work.slack_ids["New"] = stranger
    at_work.person("New").home()
    wait_for(at_work, "New", locale="zh_CN", zone="Asia/Shanghai")
    eventually(lambda: "我的工作" in home_of(at_work, "New"))


def test_own_choice_wins_over_slack_until_taken_back(at_work: Office) -> None:
    open_settings(at_work, "Tom")
    view = at_work.person("Tom").modals()[-1]["id"]
    offered = at_work.person("Tom").options("settings.zone", "shang", view_id=view)["options"]
    at_work.person("Tom").submit({"locale": "zh_CN", "settings.zone": offered[0]})
    found = row(at_work, "Tom")
    assert (found.locale, found.zone, found.as_in_slack) == ("zh_CN", "Asia/Shanghai", False)
    at_work.person("Tom").home()
    wait_for(at_work, "Tom", locale="zh_CN", zone="Asia/Shanghai")
    form = open_settings(at_work, "Tom")
    assert form["title"]["text"] == "我的设置"
    at_work.person("Tom").submit({"follow": ["follow"]})
    wait_for(at_work, "Tom", locale="en", as_in_slack=True)


def test_change_of_the_profile_in_slack_is_followed(at_work: Office) -> None:
    user = {"id": at_work.slack_ids["Tom"], "locale": "zh-CN", "tz": "Asia/Tokyo"}
    event = {"type": "event_callback", "event": {"type": "user_change", "user": user}}
    answer = at_work.send(json.dumps(event), content_type="application/json")
    assert answer.status_code == 200
    found = row(at_work, "Tom")
    assert (found.locale, found.zone) == ("zh_CN", "Asia/Tokyo")
    del user["locale"]  # some of Slack's news leave it out: it is asked for
    at_work.send(json.dumps(event), content_type="application/json")
    wait_for(at_work, "Tom", locale="en", zone="Asia/Shanghai")


def test_quiet_hours_need_both_ends(at_work: Office) -> None:
    open_settings(at_work, "Tom")
    outcome = at_work.person("Tom").submit({"quiet_from": "22:00"})
    assert "two different moments" in outcome["errors"]["quiet_from"]
    at_work.person("Tom").submit({"quiet_from": "22:00", "quiet_to": "07:30"})
    found = row(at_work, "Tom")
    assert (found.quiet_from, found.quiet_to) == ("22:00", "07:30")


@pytest.mark.parametrize("locale", LOCALES)
def test_form_stays_within_slack_s_limits(desk: Desk, locale: str) -> None:
    for zone in ("UTC", "America/Argentina/ComodRivadavia"):
        form = settings(Preferences(locale, zone, True, "22:00", "07:00"), locale, desk.now())
        assert list(validate_view(form)) == []


def test_zones_are_found_by_city_in_either_language() -> None:
    assert zones.matching("上海", "zh_CN") == ["Asia/Shanghai"]
    assert zones.matching("new york", "en") == ["America/New_York"]
    assert zones.matching("utc", "en") == ["UTC"]
    assert len(zones.matching("a", "en")) == zones.MOST
