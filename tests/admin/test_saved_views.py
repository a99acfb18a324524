"""Views of the disputes under a name: one's own, or the team's."""

import html
import re
from typing import Any

import pytest
from sqlalchemy import select, update

from admin import narrowed
from core.desk import saved_views
from core.desk.answers import Refused
from core.desk.narrowing import LATEST, NOBODY, SOONEST, Wanted
from core.desk.saved_views import MOST, View
from core.tables import Person, SavedView
from tests.factories import Desk
from tests.panel import Panel, Visitor

LATE = Wanted("overdue", "triage", "shop-1", True, tag="high_value")


def keep(desk: Desk, who: str, name: str, wanted: Wanted = LATE, *, shared: bool = False) -> Any:
    """Somebody keeps a view."""
    return desk.db.transact(saved_views.keep, desk.who(who), name, wanted, shared)


def views(desk: Desk, who: str) -> list[View]:
    """The views that somebody has."""
    found = desk.db.read(saved_views.views, desk.who(who))
    assert not isinstance(found, Refused)
    return found


def names(desk: Desk, who: str) -> list[str]:
    """What they are called."""
    return [view.name for view in views(desk, who)]


def team(desk: Desk, name: str, *members: str) -> None:
    """Puts people in a team."""
    desk.write(update(Person).where(Person.name.in_(members)).values(team=name))


def test_view_is_kept_with_its_filters_and_order(any_desk: Desk) -> None:
    assert keep(any_desk, "Tom", "  late   ones ") is None
    [view] = views(any_desk, "Tom")
    assert (view.name, view.owner, view.shared, view.wanted) == ("late ones", "", False, LATE)
    assert names(any_desk, "Eva") == []


def test_shared_view_is_the_team_s_and_nobody_else_s(any_desk: Desk) -> None:
    team(any_desk, "north", "Tom", "Eva")
    team(any_desk, "south", "Ada")
    assert keep(any_desk, "Tom", "ours", shared=True) is None
    assert keep(any_desk, "Tom", "mine") is None
    assert names(any_desk, "Tom") == ["mine", "ours"]
    assert [(view.name, view.owner) for view in views(any_desk, "Eva")] == [("ours", "Tom")]
    assert names(any_desk, "Ada") == names(any_desk, "Vera") == []
    team(any_desk, "", "Eva")
    assert names(any_desk, "Eva") == []


def test_same_name_replaces_one_s_own_view_and_no_other(any_desk: Desk) -> None:
    for who in ("Tom", "Eva"):
        keep(any_desk, who, "late")
    assert keep(any_desk, "Tom", "late", Wanted("open")) is None
    assert [view.wanted for view in views(any_desk, "Tom")] == [Wanted("open")]
    assert [view.wanted for view in views(any_desk, "Eva")] == [LATE]


@pytest.mark.parametrize(
    ("name", "wanted", "why"),
    [
        ("", LATE, "view_name"),
        ("   ", LATE, "view_name"),
        ("x" * 61, LATE, "view_name"),
        ("\u202e", LATE, "view_name"),
        ("a", Wanted("made-up"), "view_filters"),
        ("a", Wanted(tag="made-up"), "view_filters"),
        ("a", Wanted(stage="\x00"), "view_filters"),
        ("a", Wanted(text="x" * 101), "view_filters"),
        ("a", Wanted(workflow="\x00"), "view_filters"),
        ("a", Wanted(team="x" * 61), "view_filters"),
        ("a", Wanted(age=99), "view_filters"),
        ("a", Wanted(age=-2), "view_filters"),
        ("a", Wanted(holder=10**17), "view_filters"),
        ("a", Wanted(holder=-2), "view_filters"),
        ("a", Wanted(due="made-up"), "view_filters"),
    ],
)
def test_what_is_no_view_is_refused(desk: Desk, name: str, wanted: Wanted, why: str) -> None:
    answer = keep(desk, "Tom", name, wanted)
    assert isinstance(answer, Refused)
    assert answer.key == why
    assert names(desk, "Tom") == []


def test_what_the_live_board_narrows_by_is_kept_too(any_desk: Desk) -> None:
    tom = any_desk.people["Tom"]
    for wanted in (
        Wanted("hidden", workflow="standard", holder=tom, team="north", age=0),
        Wanted(holder=NOBODY, age=3),
    ):
        assert keep(any_desk, "Tom", "board", wanted) is None
        assert [view.wanted for view in views(any_desk, "Tom")] == [wanted]


def test_filter_that_there_is_no_longer_narrows_nothing(desk: Desk) -> None:
    keep(desk, "Tom", "late")
    desk.write(update(SavedView).values(filters={"state": "open", "moon": "full"}))
    assert [view.wanted for view in views(desk, "Tom")] == [Wanted("open")]


def test_sharing_needs_a_team_and_thirty_are_enough(desk: Desk) -> None:
    answer = keep(desk, "Tom", "ours", shared=True)
    assert isinstance(answer, Refused)
    assert answer.key == "view_no_team"
    for n in range(MOST):
        assert keep(desk, "Tom", f"view {n}") is None
    answer = keep(desk, "Tom", "one more")
    assert isinstance(answer, Refused)
    assert answer.key == "view_too_many"
    assert keep(desk, "Tom", "view 3", Wanted("open")) is None  # replacing adds none


def test_view_is_removed_by_its_owner_or_who_looks_after_people(any_desk: Desk) -> None:
    desk = any_desk
    team(desk, "north", "Tom", "Eva", "Sun Wei")
    keep(desk, "Tom", "ours", shared=True)
    [(view,)] = desk.rows(select(SavedView.id))
    answer = desk.db.transact(saved_views.drop, desk.who("Eva"), view)
    assert isinstance(answer, Refused)
    assert names(desk, "Eva") == ["ours"]
    assert desk.db.transact(saved_views.drop, desk.who("Sun Wei"), view) is None
    assert names(desk, "Tom") == []
    answer = desk.db.transact(saved_views.drop, desk.who("Tom"), view)
    assert isinstance(answer, Refused)


def test_list_keeps_shows_and_removes_views(panel: Panel) -> None:
    team(panel.desk, "north", "Tom", "Eva")
    visitor = panel.visitor("Tom")
    page = "/disputes/?state=open&stage=triage&sort=4"
    form = _keep_form(visitor, page)
    assert form == {"state": "open", "stage": "triage", "sort": "4"}
    form |= {"name": "<b>old</b>", "shared": "y"}
    answer = visitor.post("/views/keep", form)
    assert answer.location == "/panel/disputes/?state=open&stage=triage&sort=4"
    for name, owned in (("Tom", True), ("Eva", False)):
        text = panel.visitor(name).get(page).text
        [chip] = re.findall(r'<a class="tag accent" href="([^"]*)" aria-current="true">', text)
        assert html.unescape(chip) == answer.location
        assert "&lt;b&gt;old&lt;/b&gt;" in text
        assert ('action="/panel/views/drop"' in text) is owned
    assert 'aria-current="true"' not in visitor.get("/disputes/?state=open").text
    [(view,)] = panel.desk.rows(select(SavedView.id))
    visitor.post("/views/drop", {"id": str(view)})
    assert panel.desk.rows(select(SavedView.id)) == []


def test_view_of_the_live_board_s_filters_leads_back_to_them(panel: Panel) -> None:
    visitor = panel.visitor("Tom")
    for page in (
        f"/disputes/?state=hidden&workflow=standard&holder={panel.desk.people['Tom']}&age=1",
        "/disputes/?holder=nobody&team=north",
    ):
        form = _keep_form(visitor, page)
        answer = visitor.post("/views/keep", {**form, "name": "board"})
        assert answer.location == f"/panel{page}"
        assert 'aria-current="true"' in visitor.get(page).text


@pytest.mark.parametrize(
    "order", [Wanted(oldest_first=True), Wanted(due=SOONEST), Wanted(due=LATEST)]
)
def test_order_leads_to_the_column_that_shows_it_and_is_kept(panel: Panel, order: Wanted) -> None:
    visitor = panel.visitor("Tom")
    said = narrowed.said(order)
    panel.desk.open()
    page = "/disputes/?" + "&".join(f"{name}={value}" for name, value in said.items())
    heads = re.findall(r"<th [^>]*>", visitor.get(page).text)
    wanted = "descending" if order.due == LATEST else "ascending"
    assert f'aria-sort="{wanted}"' in heads[int(said["sort"])]
    answer = visitor.post("/views/keep", {**_keep_form(visitor, page), "name": "order"})
    assert answer.location == f"/panel{page}"
    assert [view.wanted for view in views(panel.desk, "Tom")] == [order]


def test_nothing_is_kept_of_a_list_that_is_not_narrowed_or_of_a_contact(panel: Panel) -> None:
    visitor = panel.visitor("Tom")
    for query in ("", "?contact=ab12"):
        assert "/panel/views/keep" not in visitor.get(f"/disputes/{query}").text


def test_refusal_is_said_and_nothing_of_another_s_goes(panel: Panel, visitor: Visitor) -> None:
    answer = visitor.post("/views/keep", {"name": "", "state": "open"})
    assert "A view needs a name" in visitor.client.get(answer.location).text
    keep(panel.desk, "Tom", "mine")
    [(view,)] = panel.desk.rows(select(SavedView.id))
    panel.visitor("Eva").post("/views/drop", {"id": str(view)})
    assert names(panel.desk, "Tom") == ["mine"]


def _keep_form(visitor: Visitor, page: str) -> dict[str, str]:
    """What the form for keeping a view sends besides its name."""
    text = visitor.get(page).text
    form = text[text.index('action="/panel/views/keep"') :]
    form = form[: form.index("</form>")]
    hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)
    return {name: value for name, value in hidden if name != "csrf_token"}
