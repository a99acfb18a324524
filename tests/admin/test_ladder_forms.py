"""Ladders in the panel: who hears what when, refused beside the field that says otherwise (G8)."""

import pytest

from core.tables import DraftLadder, DraftLadderLevel, Person
from core.workflow.model import Ladder
from tests.admin.drafts import document, one, stage_id, version
from tests.admin.rota_pages import added as add_rota
from tests.admin.said import refusals, texts
from tests.panel import Panel, Visitor, read_form

LADDER = {
    "label_zh": "夜间",
    "label_en": "At night",
    "calendar": "service_days",
    "ack_minutes": "45",
}
LEVEL = {
    "at": "30",
    "point": "after",
    "hears": "",
    "whom": "",
    "rota": "",
    "group": "",
    "act": "",
    "shift": "",
    "decision": "",
}
WHOM = "Choose a channel where a channel hears of it, a person where a person does"
ROTA = "Choose a rota where whoever is on duty hears of it, and none otherwise."
GROUP = "Name a user group where one hears of it, and none otherwise."
SHIFT = "Choose a rota only where it is given to another agent."
DECISION = "Choose a decision where one is taken, and none otherwise."


def added(panel: Panel, visitor: Visitor) -> str:
    """Adds a ladder; answers where a level is added to it."""
    answer = visitor.post("/ladders/new/", LADDER)
    assert answer.status_code == 302, refusals(answer.text)
    row = one(panel, DraftLadder, DraftLadder.key == "at_night")
    return f"/ladder_levels/new/?ladder={row.id}"


def saved(panel: Panel) -> Ladder:
    """The ladder as the draft says it."""
    return document(panel).ladder_by_key["at_night"]


def level_id(panel: Panel) -> int:
    """The id of the ladder's one level."""
    ladder = one(panel, DraftLadder, DraftLadder.key == "at_night").id
    return int(one(panel, DraftLadderLevel, DraftLadderLevel.ladder_id == ladder).id)


def slack_id(panel: Panel, name: str) -> str:
    """How a document names somebody."""
    return str(one(panel, Person, Person.name == name).slack_id)


def listed(visitor: Visitor, where: str) -> str:
    """What the ladder's page says of its levels."""
    page = visitor.get(where.replace("ladder_levels/new/?ladder=", "ladders/edit/?id=")).text
    return texts(page[page.index('id="parts-ladder_level"') :].partition("</section>")[0])


def test_ladder_is_added_edited_and_told_in_the_list(panel: Panel, visitor: Visitor) -> None:
    where = added(panel, visitor)
    ladder = saved(panel)
    assert (ladder.calendar, ladder.ack_minutes, ladder.levels) == ("service_days", 45, ())
    told = texts(visitor.get("/ladders/").text)
    assert "At night No levels yet · Service days · “I am on it” lasts 45 min" in told
    page = where.replace("ladder_levels/new/?ladder=", "ladders/edit/?id=")
    assert visitor.post(page, visitor.form(page)).status_code == 302
    assert saved(panel) == ladder
    visitor.post(page, {**visitor.form(page), "calendar": "", "ack_minutes": "0"})
    ladder = saved(panel)
    assert (ladder.calendar, ladder.ack_minutes) == ("", 0)
    visitor.post(where, {**LEVEL, "hears": "thread"})
    visitor.post("/language", {"locale": "zh_CN"})
    told = texts(visitor.get("/ladders/").text)
    assert "夜间 共 1 级 整个列表导出为" in told  # and nothing of hours or of who is on it
    assert "三级响应 共 3 级 · “我来跟进”有效 30 分钟" in told


@pytest.mark.parametrize("minutes", ["-1", "1441", "", "a while"])
def test_acknowledgement_that_lasts_no_time_or_days_is_refused(
    panel: Panel, visitor: Visitor, minutes: str
) -> None:
    answer = visitor.post("/ladders/new/", {**LADDER, "ack_minutes": minutes})
    assert refusals(answer.text).keys() == {"ack_minutes"}
    assert read_form(answer.text)["ack_minutes"] == minutes
    assert read_form(answer.text)["label_zh"] == "夜间"
    assert "at_night" not in document(panel).ladder_by_key


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"hears": "thread"}, "The dispute’s thread"),
        ({"hears": "holder"}, "Whoever holds it"),
        ({"hears": "supervisors"}, "The supervisors"),
        ({"hears": "channel", "whom": "escalation"}, "A channel · escalation (#escalation)"),
        ({"hears": "group", "group": "S0123ABCD"}, "A user group in Slack · S0123ABCD"),
        ({"hears": "rota", "rota": "nights"}, "Whoever is on duty · Nights"),
        ({"act": "reassign"}, "Gives it to whoever has the least to do"),
        ({"hears": "holder", "act": "reassign"}, "Whoever holds it · Gives it to whoever has the"),
        ({"act": "reassign", "shift": "nights"}, "Gives it to the next shift of Nights"),
        ({"hears": "thread", "act": "raise"}, "The dispute’s thread · Raises the grade by one"),
    ],
)
def test_level_tells_whom_it_names_and_is_shown_again_as_it_was_saved(
    panel: Panel, visitor: Visitor, typed: dict[str, str], told: str
) -> None:
    add_rota(panel, visitor)
    where = added(panel, visitor)
    answer = visitor.post(where, {**LEVEL, **typed})
    assert answer.status_code == 302, refusals(answer.text)
    (level,) = saved(panel).levels
    named = typed.get("whom") or typed.get("group") or typed.get("rota") or ""
    assert (level.at, level.point) == (30, "after")
    assert (level.hears, level.whom, level.act) == (
        typed.get("hears", ""),
        named,
        typed.get("act", ""),
    )
    assert f"30 min after the end {told}" in listed(visitor, where)
    page = f"/ladder_levels/edit/?id={level_id(panel)}"
    form = visitor.form(page)
    assert {name: form[name] for name in LEVEL} == {**LEVEL, **typed}
    assert visitor.post(page, form).status_code == 302
    assert saved(panel).levels == (level,)


def test_level_tells_a_person_by_name(panel: Panel, visitor: Visitor) -> None:
    where, eva = added(panel, visitor), slack_id(panel, "Eva")
    visitor.post(where, {**LEVEL, "hears": "person", "whom": eva})
    (level,) = saved(panel).levels
    assert (level.hears, level.whom) == ("person", eva)
    assert "A person · Eva" in listed(visitor, where)


def test_level_takes_a_decision_that_time_alone_makes_at_a_stage(
    panel: Panel, visitor: Visitor
) -> None:
    where = added(panel, visitor)
    assert read_form(visitor.get(where).text)["decision"] == ""
    decision = {"label_zh": "超时转判", "label_en": "Go on", "by": "timeout", "key": "go_on"}
    decision |= {"style": "", "meaning": ""}
    made = visitor.post(f"/decisions/new/?stage={stage_id(panel, 'triage')}", decision)
    assert made.status_code == 302, refusals(made.text)
    visitor.post(where, {**LEVEL, "act": "decide", "decision": "go_on"})
    (level,) = saved(panel).levels
    assert (level.hears, level.act, level.decision) == ("", "decide", "go_on")
    assert "Takes a decision · Go on" in listed(visitor, where)


@pytest.mark.parametrize(
    ("point", "at", "told"),
    [
        ("percent", "0", "At once"),
        ("percent", "75", "At 75 % of the time"),
        ("percent", "100", "At 100 % of the time"),
        ("before", "15", "15 min before the end"),
        ("before", "0", "At the end"),
        ("after", "1440", "1 d after the end"),
    ],
)
def test_moment_of_a_level_is_a_share_or_minutes_around_the_end(
    panel: Panel, visitor: Visitor, point: str, at: str, told: str
) -> None:
    where = added(panel, visitor)
    visitor.post(where, {**LEVEL, "hears": "thread", "point": point, "at": at})
    (level,) = saved(panel).levels
    assert (level.point, level.at) == (point, int(at))
    assert told in listed(visitor, where)


@pytest.mark.parametrize(
    ("typed", "field", "told"),
    [
        ({"hears": "thread", "point": "percent", "at": "101"}, "at", "0 to 100"),
        ({"hears": "thread", "point": "percent", "at": "soon"}, "at", "Not a valid integer value"),
        ({"hears": "thread", "at": "-1"}, "at", "0"),
        ({"hears": "thread", "at": ""}, "at", "required"),
        ({"hears": "thread", "point": "sometime"}, "point", "Not a valid choice"),
        ({}, "hears", "Choose who hears of it, or what happens by itself."),
        ({"hears": "everybody"}, "hears", "Not a valid choice"),
        ({"hears": "channel"}, "whom", WHOM),
        ({"hears": "person"}, "whom", WHOM),
        ({"hears": "person", "whom": "escalation"}, "whom", WHOM),
        ({"hears": "channel", "whom": "U0003"}, "whom", WHOM),
        ({"hears": "thread", "whom": "escalation"}, "whom", WHOM),
        ({"hears": "channel", "whom": "nowhere"}, "whom", "Not a valid choice"),
        ({"hears": "rota"}, "rota", ROTA),
        ({"hears": "thread", "rota": "nights"}, "rota", ROTA),
        ({"hears": "group"}, "group", GROUP),
        ({"hears": "thread", "group": "S0123ABCD"}, "group", GROUP),
        ({"hears": "group", "group": "ops"}, "group", "such as S0123ABCD"),
        ({"hears": "thread", "act": "pay"}, "act", "Not a valid choice"),
        ({"act": "raise", "shift": "nights"}, "shift", SHIFT),
        ({"hears": "thread", "shift": "nights"}, "shift", SHIFT),
        ({"act": "reassign", "shift": "days"}, "shift", "Not a valid choice"),
        ({"act": "decide"}, "decision", DECISION),
        ({"hears": "thread", "decision": "payment_timeout"}, "decision", DECISION),
    ],
)
def test_level_that_says_two_things_is_refused_beside_the_field_and_stays_typed(
    panel: Panel, visitor: Visitor, typed: dict[str, str], field: str, told: str
) -> None:
    add_rota(panel, visitor)
    where, before = added(panel, visitor), version(panel)
    answer = visitor.post(where, {**LEVEL, **typed})
    assert answer.status_code == 200
    found = refusals(answer.text)
    assert found.keys() == {field}
    assert told in found[field]
    kept = read_form(answer.text)
    assert kept["group"] == typed.get("group", "")
    assert kept["at"] == typed.get("at", LEVEL["at"])
    assert (saved(panel).levels, version(panel)) == ((), before)


def test_refusals_are_told_in_chinese_too(panel: Panel, visitor: Visitor) -> None:
    where = added(panel, visitor)
    visitor.post("/language", {"locale": "zh_CN"})
    typed = {**LEVEL, "at": "101", "point": "percent", "hears": "group", "group": "ops"}
    found = refusals(visitor.post(where, typed).text)
    assert found == {
        "at": "请填写 0 到 100 的百分比。",
        "group": "Slack 用户组的编号以 S 开头，例如 S0123ABCD。",
    }


def test_ladders_stand_without_a_card_that_they_do_not_change(
    panel: Panel, visitor: Visitor
) -> None:
    where = added(panel, visitor)
    assert "The card in Slack" not in visitor.get(where).text
    assert "The card in Slack" in visitor.get("/option_sets/edit/?id=1").text


def test_changes_tell_hearers_and_acts_in_words(panel: Panel, visitor: Visitor) -> None:
    add_rota(panel, visitor)
    where = added(panel, visitor)
    visitor.post(where, {**LEVEL, "hears": "person", "whom": slack_id(panel, "Eva")})
    page = f"/ladder_levels/edit/?id={level_id(panel)}"
    for change in (
        {"hears": "channel", "whom": "escalation"},
        {"hears": "rota", "rota": "nights", "act": "reassign", "shift": "nights"},
    ):
        visitor.post(page, {**LEVEL, "read": visitor.form(page)["read"], **change})
    told = texts(visitor.get("/changes/?kind=ladder_level").text)
    for words in (
        "How much: 30",
        "Who hears of it: A person",
        "Which one: Eva",
        "Who hears of it: A person → A channel",
        "Which one: Eva → #escalation",
        "Who hears of it: A channel → Whoever is on duty",
        "Which one: #escalation → Nights",
        "What happens by itself: – → Gives it to another agent",
        "To the next shift of: – → Nights",
    ):
        assert words in told
    told = texts(visitor.get("/changes/?kind=ladder").text)
    assert "People are told: Service days" in told
