"""The way back from practice: noted once, politely refused where the pass is not whole."""

from typing import Any

import pytest
from sqlalchemy import select, update

import admin
from core import i18n
from core.desk import first_day
from core.practice import LIVES, Kind, Pass, sealed
from core.tables import Person
from tests.core.desk.newcomers import begin
from tests.factories import Desk
from tests.panel import Panel, Visitor

SECRET = "a secret of both desks, and of nobody else"
URL = "https://practice.example"


@pytest.fixture
def panel(desk: Desk) -> Panel:
    """A panel of a desk whose newcomers practise elsewhere."""
    begin(desk, "Ada")
    return Panel(desk, practice_url=URL, practice_secret=SECRET)


def path(panel: Panel, *, late: float = 0, secret: str = SECRET, **changes: str) -> str:
    """The way back with Ada's pass, or another."""
    values = {
        "slack_id": "U0004",
        "name": "Ada",
        "stage": "adjudication",
        "locale": "en",
        "back": admin.way_back(panel.settings),
        **changes,
    }
    now = panel.desk.db.wall_seconds() - late
    return f"/practised/{sealed(Pass(**values), Kind.DONE, secret, now)}"


def practised_at(panel: Panel, name: str = "Ada") -> Any:
    return panel.desk.rows(select(Person.practised_at).where(Person.name == name))[0].practised_at


def press(panel: Panel, address: str) -> Any:
    page = f"{admin.MOUNT}{address}"
    return Visitor(panel).post(address, page=page)


def test_looking_notes_nothing_and_the_button_notes_it_once(panel: Panel) -> None:
    address = path(panel)
    looked = Visitor(panel).get(address)
    assert "Well done, Ada" in looked.text
    assert "Adjudication" in looked.text
    assert practised_at(panel) is None
    assert "It is noted, Ada" in press(panel, address).text
    noted = practised_at(panel)
    panel.desk.pass_time(hours=0.5)
    assert "It is noted, Ada" in press(panel, address).text  # again: the same, and nothing twice
    assert practised_at(panel) == noted is not None


def test_page_speaks_the_newcomer_s_language(panel: Panel) -> None:
    assert "做得好，Ada" in Visitor(panel).get(path(panel, locale="zh_CN")).text


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize(
    ("changes", "status", "told"),
    [
        ({"late": LIVES + 1.0}, 410, ("expired", "过期")),
        ({"secret": "x" * 40}, 403, ("not whole", "不完整")),
        ({"back": "https://other.example/panel/practised/"}, 403, ("another desk", "另一个")),
    ],
)
def test_pass_that_opens_nothing_is_refused_with_what_to_do(
    panel: Panel, language: str, changes: Any, status: int, told: tuple[str, str]
) -> None:
    address = path(panel, **{"locale": "en" if language == "en" else "zh_CN", **changes})
    headers = {"Accept-Language": language}
    looked = Visitor(panel).get(address, headers=headers)
    assert looked.status_code == status
    assert told[language != "en"] in looked.text
    visitor = Visitor(panel)
    form = {"csrf_token": visitor.token(f"{admin.MOUNT}{path(panel)}")}
    posted = visitor.client.post(f"{admin.MOUNT}{address}", data=form)
    assert posted.status_code == status
    assert practised_at(panel) is None


def test_pass_of_somebody_who_does_not_work_here_is_refused(panel: Panel) -> None:
    assert press(panel, path(panel, slack_id="U9999")).status_code == 403
    panel.switch_off("Ada")
    assert press(panel, path(panel)).status_code == 403
    assert practised_at(panel) is None


def test_desk_without_a_practice_desk_opens_no_pass(desk: Desk) -> None:
    panel = Panel(desk)
    for secret in (SECRET, ""):
        assert Visitor(panel).get(path(panel, secret=secret)).status_code == 403


def test_pass_signs_nobody_in(panel: Panel) -> None:
    visitor = Visitor(panel)
    address = path(panel)
    visitor.post(address, page=f"{admin.MOUNT}{address}")
    assert visitor.get("/people/").status_code == 401


def test_people_show_who_is_new_and_who_practised(panel: Panel, visitor: Visitor) -> None:
    begin(panel.desk, "Tim", "Vera", "Eva")
    panel.desk.db.transact(first_day.practised, "U0005")
    panel.desk.db.transact(first_day.skip, panel.desk.who("Eva"))
    panel.desk.write(update(Person).where(Person.name == "Tom").values(active=False))
    page = visitor.get("/people/").text
    now = panel.desk.now()
    today = i18n.day(now, "en", "Asia/Shanghai")
    assert page.count(f"practised {today}") == 1
    assert f"skipped {today}" in page
    assert page.count(">new<") == 2  # Ada and Tim
