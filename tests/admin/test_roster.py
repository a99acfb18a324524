"""People and channels in the panel: live, guarded, nobody above themselves."""

from typing import Any

import pytest
from sqlalchemy import select, update

from core.desk import roster
from core.desk.answers import Refused
from core.desk.roster import ChannelInfo, PersonInfo
from core.tables import Channel, Event, Person
from tests.panel import Panel, Visitor

ANNA = {
    "name": "Anna Großmann",
    "roles": ["agent"],
    "home_stage": "triage",
    "slack_id": "U0ANNA",
    "team": "",
    "locale": "en",
    "zone": "Europe/Berlin",
    "active": "y",
}


def person(panel: Panel, name: str) -> Any:
    """A person's row."""
    return panel.desk.rows(select(Person).where(Person.name == name))[0]


def page(panel: Panel, name: str) -> str:
    """The path of a person's form."""
    return f"/people/edit/?id={person(panel, name).id}"


def test_added_person_can_work_at_once(panel: Panel, visitor: Visitor) -> None:
    assert visitor.post("/people/new/", ANNA).status_code == 302
    row = person(panel, ANNA["name"])
    assert (row.roles, row.zone, row.active, row.version) == (["agent"], "Europe/Berlin", True, 1)
    assert ANNA["name"] in visitor.get("/people/").text
    panel.desk.people["Anna"] = row.id
    dispute = panel.desk.open()
    panel.desk.take(dispute, "Anna")
    assert panel.desk.stage(dispute) == "triage"


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "   "},
        {"name": "x" * 81},
        {"name": "a\x00"},
        {"roles": ["king"]},
        {"zone": "Mars/Base"},
        {"locale": "xx"},
        {"home_stage": "nowhere"},
        {"slack_id": "not an id"},
        {"slack_id": "U0002"},  # Tom's
        {"quiet_from": "22:00"},
        {"quiet_from": "22:00", "quiet_to": "25:00"},
        {"quiet_from": "22:00", "quiet_to": "22:00"},
    ],
)
def test_wrong_person_is_refused_beside_the_field(
    panel: Panel, visitor: Visitor, change: dict[str, Any]
) -> None:
    answer = visitor.post("/people/new/", {**ANNA, **change})
    assert answer.status_code == 200
    assert 'class="error"' in answer.text
    assert panel.desk.rows(select(Person).where(Person.zone == "Europe/Berlin")) == []


def test_whoever_leaves_gives_back_what_they_hold(panel: Panel, visitor: Visitor) -> None:
    desk = panel.desk
    dispute = desk.at_stage("triage")
    assert desk.at(dispute).row.holder_id == desk.people["Tom"]
    form = visitor.form(page(panel, "Tom"))
    del form["active"]
    asked = visitor.post(page(panel, "Tom"), form)
    assert asked.status_code == 200
    assert "Tom holds these" in asked.text
    assert desk.at(dispute).row.number in asked.text.replace("-", "")
    assert person(panel, "Tom").active
    assert visitor.post(page(panel, "Tom"), {**form, "sure": "y"}).status_code == 302
    assert not person(panel, "Tom").active
    assert desk.at(dispute).row.holder_id is None
    kinds = select(Event.kind, Event.person_id).where(Event.dispute_id == dispute)
    assert desk.rows(kinds.order_by(Event.id.desc()).limit(1)) == [
        ("released", desk.people["Sun Wei"])
    ]
    assert "(has left)" in visitor.get("/people/").text


@pytest.mark.parametrize(("name", "roles"), [("Olga", ["operator", "supervisor"]), ("Sun Wei", [])])
def test_nobody_changes_their_own_roles(panel: Panel, name: str, roles: list[str]) -> None:
    visitor = panel.visitor(name)
    before = person(panel, name).roles
    visitor.post(page(panel, name), {**visitor.form(page(panel, name)), "roles": roles})
    assert person(panel, name).roles == before
    form = visitor.form(page(panel, name))
    del form["active"]
    visitor.post(page(panel, name), form)
    assert person(panel, name).active
    form = {**visitor.form(page(panel, name)), "zone": "Asia/Tokyo"}
    visitor.post(page(panel, name), form)  # anything else about oneself is one's own
    assert person(panel, name).zone == "Asia/Tokyo"


def test_stale_save_of_a_person_is_refused(panel: Panel, visitor: Visitor) -> None:
    path = page(panel, "Tom")
    mine = {**visitor.form(path), "team": "mine"}
    visitor.post(path, {**visitor.form(path), "team": "theirs"})
    refused = visitor.post(path, mine)
    assert refused.status_code == 200
    assert 'value="mine"' in refused.text
    assert "Saved meanwhile: theirs" in refused.text
    assert person(panel, "Tom").team == "theirs"


def test_only_named_fields_of_a_person_are_saved(panel: Panel, visitor: Visitor) -> None:
    path = page(panel, "Tom")
    before = person(panel, "Tom")
    visitor.post(path, {**visitor.form(path), "id": "1", "version": "50", "team": "x"})
    after = person(panel, "Tom")
    assert (after.id, after.version, after.team) == (before.id, before.version + 1, "x")


def test_quiet_hours_and_a_new_slack_id_are_set_for_somebody(
    panel: Panel, visitor: Visitor
) -> None:
    panel.desk.write(update(Person).where(Person.name == "Tom").values(dm="D0TOM"))
    form = {**visitor.form(page(panel, "Tom")), "quiet_from": "22:00", "quiet_to": "07:00"}
    assert visitor.post(page(panel, "Tom"), form).status_code == 302
    row = person(panel, "Tom")
    assert (row.quiet_from, row.quiet_to, row.as_in_slack, row.dm) == (
        "22:00",
        "07:00",
        True,
        "D0TOM",
    )
    again = {**visitor.form(page(panel, "Tom")), "slack_id": "U0NEW"}
    assert visitor.post(page(panel, "Tom"), again).status_code == 302
    assert person(panel, "Tom").dm == ""  # those messages are somebody else's


def test_user_group_and_counts_are_set_for_a_channel(panel: Panel, visitor: Visitor) -> None:
    path = "/channels/edit/?id=intake"
    form = {**visitor.form(path), "group_id": "S0AGENTS"}
    del form["counts_in_topic"]
    assert visitor.post(path, form).status_code == 302
    row = panel.desk.rows(select(Channel).where(Channel.key == "intake"))[0]
    assert (row.group_id, row.counts_in_topic) == ("S0AGENTS", False)
    assert 'class="error"' in visitor.post(path, {**form, "group_id": "@agents"}).text


def test_channel_is_set_and_added(panel: Panel, visitor: Visitor) -> None:
    path = "/channels/edit/?id=intake"
    form = {**visitor.form(path), "slack_id": "C0NEW", "name": "eingang", "key": "other"}
    assert visitor.post(path, form).status_code == 302
    row = panel.desk.rows(select(Channel).where(Channel.key == "intake"))[0]
    assert (row.slack_id, row.name, row.version) == ("C0NEW", "eingang", 2)
    new = {"key": "experts", "name": "experts", "slack_id": "", "locale": "en", "most_cards": "100"}
    assert visitor.post("/channels/new/", new).status_code == 302
    again = visitor.post("/channels/new/", new)
    assert 'class="error"' in again.text
    assert "not set: cards cannot appear" in visitor.get("/channels/").text
    assert "Intake" in visitor.get("/channels/").text  # which stage uses it


def test_stale_save_of_a_channel_is_refused(panel: Panel, visitor: Visitor) -> None:
    path = "/channels/edit/?id=intake"
    mine = {**visitor.form(path), "name": "mine"}
    visitor.post(path, {**visitor.form(path), "name": "theirs"})
    assert "Saved meanwhile: theirs" in visitor.post(path, mine).text
    for read in ("", "x", "9" * 40):
        assert visitor.post(path, {**mine, "read": read}).status_code == 200
    assert panel.desk.rows(select(Channel.name).where(Channel.key == "intake")) == [("theirs",)]


@pytest.mark.parametrize("name", ["Tom", "Tim"])
def test_rights_to_people_are_checked_in_the_desk(panel: Panel, name: str) -> None:
    desk, who = panel.desk, panel.desk.who(name)
    info, channel = PersonInfo("Eve", ["supervisor"]), ChannelInfo("C1", "x")
    for use_case, args in (
        (roster.add_person, (info,)),
        (roster.change_person, (who.person_id, 1, info)),
        (roster.add_channel, ("x", channel)),
        (roster.change_channel, ("intake", 1, channel)),
    ):
        answer = desk.db.transact(use_case, who, *args)
        assert isinstance(answer, Refused)
        assert answer.key == "no_right"


def test_roster_works_on_each_kind_of_database(any_desk: Any) -> None:
    desk = any_desk
    info = PersonInfo("Anna", ["agent"], "U0ANNA", zone="Europe/Berlin")
    added = desk.db.transact(roster.add_person, desk.who("Sun Wei"), info)
    assert (
        desk.db.transact(
            roster.change_person, desk.who("Sun Wei"), added, 1, PersonInfo("Anna", ["expert"])
        )
        is None
    )
    names = [row.name for row in desk.db.read(lambda c, now: roster.everyone(c))]
    assert "Anna" in names


def test_zones_on_offer_are_places_and_the_first_is_the_supervisor_s_own(
    panel: Panel, visitor: Visitor
) -> None:
    text = visitor.get("/people/new/").text
    assert 'value="Asia/Shanghai"' in text
    assert not any(f'value="{odd}"' in text for odd in ("Factory", "localtime", "Etc/GMT+3", "PRC"))
    own = person(panel, "Sun Wei").zone
    assert f'selected value="{own}"' in text
