"""Paging as people see it in Slack: the form, the call, the answers, the silence (K5)."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, update

import scheduler
from blockkit.validator import validate_message, validate_view
from bot import ids
from bot.cards import paging as cards
from core.desk import page_views, paging, views
from core.desk.answers import Applied
from core.desk.page_people import Duty, Next, Somebody, Whom
from core.i18n import LOCALES
from core.tables import Outbox, Page, Person, RotaOverride
from tests.bot.office import Office
from tests.bot.sights import direct, last_ephemeral, number, wait_for_modals, wait_modal
from tests.core.desk.on_rota import add, info
from tests.factories import VAULT, Desk

CHOSEN = {"reason": "party_waiting", "remark": "Ping *me* <!channel> first"}


def open_form(office: Office, dispute: int, who: str = "Tom") -> dict[str, Any]:
    """Somebody opens the form out of the details."""
    office.press(dispute, "more", value=f"{office.desk.visit(dispute)}:DETAILS", who=who)
    wait_modal(office, who)
    visit = str(office.desk.visit(dispute))
    office.person(who).click_view(ids.PAGE, visit)
    wait_for_modals(office, who, 2)
    return wait_modal(office, who)


def submit(office: Office, whom: str, who: str = "Tom", **more: Any) -> dict[str, Any]:
    """Submits the form in front: whom by name, or a rota by its key."""
    person = office.desk.people.get(whom)
    value = f"person.{person}" if person is not None else f"rota.{whom}"
    return office.person(who).submit({ids.PAGE_WHOM: value, **CHOSEN, **more})


def called(office: Office, who: str) -> tuple[str, list[dict[str, Any]]]:
    office.settle()
    return direct(office, who)


def buttons(message: dict[str, Any]) -> list[str]:
    blocks = [block for block in message["blocks"] if block["type"] == "actions"]
    return [element["action_id"] for block in blocks for element in block["elements"]]


def test_page_out_of_the_details_arrives_with_its_buttons_and_is_answered(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("adjudication")
    at_work.settle()
    open_form(at_work, dispute)
    submit(at_work, "Ada")
    assert "Ada is paged. It is" in str(wait_modal(at_work, "Tom")["blocks"])
    channel, [call] = called(at_work, "Ada")
    said = str(call["blocks"])
    assert "*Tom pages you: A party is waiting for an answer*" in said
    assert number(at_work, dispute)[:3] in call["text"]
    assert "<!channel>" not in said
    assert "buyer-" not in said
    assert buttons(call) == [ids.PAGE_ON_IT, ids.PAGE_CANNOT, ids.OPEN]
    at_work.person("Ada").click(channel, call["ts"], ids.PAGE_ON_IT)
    _, [redrawn] = called(at_work, "Ada")
    assert buttons(redrawn) == [ids.OPEN]
    assert "You are on it since" in str(redrawn["blocks"])
    _, [news] = direct(at_work, "Tom")
    assert "Ada is on it: dispute" in news["text"]
    assert at_work.thread(desk.visit(dispute)) == [
        "Tom paged Ada: A party is waiting for an answer",
        "Ada was paged and is on it",
    ]


def test_page_pierces_quiet_hours_and_says_so(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("adjudication")
    quiet = {"quiet_from": "00:00", "quiet_to": "23:59"}
    desk.write(update(Person).where(Person.name.in_(("Tang Li", "Tom"))).values(**quiet))
    at_work.settle()
    form = open_form(at_work, dispute)
    assert "quiet hours" in str(form["blocks"])
    submit(at_work, "Tang Li")
    assert "quiet hours, which a page does not wait for" in str(wait_modal(at_work, "Tom"))
    channel, [call] = called(at_work, "Tang Li")
    assert "Tom 呼叫你：当事方正在等答复" in call["text"]
    at_work.person("Tang Li").click(channel, call["ts"], ids.PAGE_CANNOT)
    _, [news] = called(at_work, "Tom")
    assert "Tang Li cannot come to dispute" in news["text"]


def test_answer_pressed_twice_is_one_answer(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("adjudication")
    at_work.settle()
    open_form(at_work, dispute)
    submit(at_work, "Ada")
    at_work.settle()
    page_id = desk.rows(select(Page.id))[0].id
    body = at_work.payload(ids.PAGE_ON_IT, str(page_id), "Ada")
    assert {at_work.send(body).status_code for _ in range(2)} == {200}
    assert len(desk.rows(select(Outbox.id).where(Outbox.kind == "page_news"))) == 1


def test_who_cannot_be_paged_is_said_in_the_form(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("adjudication")
    desk.write(update(Person).where(Person.name == "Vera").values(slack_id=None))
    desk.write(update(Person).where(Person.name == "Ada").values(absent_from=desk.now()))
    at_work.settle()
    form = open_form(at_work, dispute)
    assert "not in Slack" in str(form["blocks"])
    assert "not in Slack" in submit(at_work, "Vera")["errors"][ids.PAGE_WHOM]
    assert "nobody stands in" in submit(at_work, "Ada")["errors"][ids.PAGE_WHOM]
    refused = submit(at_work, "Ada", remark="Ring 138 0013 8000")
    assert "No telephone numbers" in refused["errors"]["remark"]
    assert "errors" not in submit(at_work, "Ada", anyway=["yes"])
    at_work.settle()
    assert desk.rows(select(Page.outcome))[0].outcome == ""


def test_command_pages_about_the_dispute_that_is_named_or_held(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("adjudication")
    at_work.settle()
    tom = at_work.person("Tom")
    assert "Say which one you mean" in str(tom.command("C0001", "/dispute page")["ephemerals"])
    assert "ephemerals" in tom.command("C0001", "/dispute page ABC")
    tom.command("C0001", f"/dispute page {number(at_work, dispute)}")
    assert wait_modal(at_work, "Tom")["callback_id"] == ids.PAGE_VIEW
    submit(at_work, "Eva")
    assert [row.dispute_id for row in desk.rows(select(Page.dispute_id))] == [dispute]
    desk.hold(dispute, "Ada")
    at_work.person("Ada").command("C0001", "/dispute 呼叫")
    assert wait_modal(at_work, "Ada")["callback_id"] == ids.PAGE_VIEW


def test_silence_is_told_with_who_is_next_and_one_press_pages_them(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("adjudication")
    add(desk, info(desk))  # Eva is on duty, Ada comes next
    at_work.settle()
    open_form(at_work, dispute)
    submit(at_work, "nights")
    at_work.settle()
    desk.pass_time(minutes=5)
    scheduler.tick(desk.db)
    _, calls = called(at_work, "Eva")
    assert "because you are on duty: Nights" in str(calls[0]["blocks"])
    assert "Tom still waits for your answer" in calls[1]["text"]
    desk.pass_time(minutes=5)
    scheduler.tick(desk.db)
    channel, [news] = called(at_work, "Tom")
    assert "Nobody answered your page about dispute" in news["text"]
    assert "Next at Nights: Ada, from <!date^" in news["text"]
    at_work.person("Tom").close(everything=True)
    at_work.person("Tom").click(channel, news["ts"], ids.PAGE)
    form = wait_modal(at_work, "Tom")
    assert form["blocks"][1]["element"]["initial_option"]["text"]["text"] == "Ada"
    assert "The page was not answered: Eva" in at_work.thread(desk.visit(dispute))
    place, [first, *_] = direct(at_work, "Eva")
    at_work.person("Eva").click(place, first["ts"], ids.PAGE_ON_IT)  # late, and still an answer
    assert [buttons(message) for message in called(at_work, "Eva")[1]] == [[ids.OPEN], [ids.OPEN]]
    assert "Eva is on it" in direct(at_work, "Tom")[1][-1]["text"]


def test_call_that_slack_kept_waiting_is_told_once_with_its_reminder(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("adjudication")
    asked, whom = paging.Asked("advice"), Whom(person=desk.people["Eva"])
    desk.db.transact(paging.page, desk.visit(dispute), whom, asked, desk.who("Tom"), VAULT)
    desk.pass_time(minutes=15)
    scheduler.tick(desk.db)
    _, [call] = called(at_work, "Eva")
    assert "Tom still waits for your answer" in call["text"]


def test_silence_that_slack_kept_waiting_is_told_no_more_once_somebody_answered(
    at_work: Office,
) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("adjudication")
    asked, whom = paging.Asked("advice"), Whom(person=desk.people["Eva"])
    desk.db.transact(paging.page, desk.visit(dispute), whom, asked, desk.who("Tom"), VAULT)
    for _ in range(2):
        desk.pass_time(minutes=15)
        scheduler.tick(desk.db)
    page_id = desk.rows(select(Page.id))[0].id
    desk.db.transact(paging.answer, page_id, paging.ON_IT, desk.who("Eva"))
    _, [news] = called(at_work, "Tom")
    assert "Eva is on it" in news["text"]


def test_call_of_a_finished_dispute_loses_its_buttons(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("awaiting_payment")
    asked = paging.Asked("advice")
    visit, whom = desk.visit(dispute), Whom(person=desk.people["Eva"])
    desk.db.transact(paging.page, visit, whom, asked, desk.who("Tom"), VAULT)
    channel, [call] = called(at_work, "Eva")
    desk.pay(dispute)
    desk.must(dispute, "money_arrived")
    at_work.person("Eva").click(channel, call["ts"], ids.PAGE_ON_IT)
    assert "has finished; nobody need be paged" in last_ephemeral(at_work, "Eva")
    scheduler.tick(desk.db)
    _, [redrawn] = called(at_work, "Eva")
    assert ids.PAGE_ON_IT not in buttons(redrawn)
    assert "The dispute has finished" in str(redrawn["blocks"])


def test_call_has_its_buttons_again_where_the_end_of_its_dispute_is_undone(
    at_work: Office,
) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("triage")
    asked, whom = paging.Asked("advice"), Whom(person=desk.people["Eva"])
    desk.db.transact(paging.page, desk.visit(dispute), whom, asked, desk.who("Ada"), VAULT)
    called(at_work, "Eva")
    desk.must(dispute, "decline", {"not_accepted_reason": "out_of_time"})
    scheduler.tick(desk.db)
    channel, [over] = called(at_work, "Eva")
    assert ids.PAGE_ON_IT not in buttons(over)
    assert isinstance(desk.undo(dispute), Applied)
    _, [call] = called(at_work, "Eva")
    at_work.person("Eva").click(channel, call["ts"], ids.PAGE_ON_IT)
    _, [redrawn] = called(at_work, "Eva")
    assert "You are on it since" in str(redrawn["blocks"])


def test_others_on_duty_read_who_is_on_it(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("adjudication")
    add(desk, info(desk))
    twice = {"key": "nights", "person": desk.people["Ada"]}
    desk.db.transact(_beside, **twice)
    asked, whom = paging.Asked("advice"), Whom(rota="nights")
    desk.db.transact(paging.page, desk.visit(dispute), whom, asked, desk.who("Tom"), VAULT)
    channel, [call] = called(at_work, "Eva")
    at_work.person("Eva").click(channel, call["ts"], ids.PAGE_ON_IT)
    _, [other] = called(at_work, "Ada")
    assert "Eva is on it. Nothing is left for you to do." in str(other["blocks"])


def test_long_list_of_people_is_searched_while_somebody_types(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("adjudication")
    at_work.settle()
    crowd = [
        {"name": f"Zed {n:03}", "roles": ["agent"], "active": True, "zone": "UTC", "locale": "en"}
        for n in range(100)
    ]
    desk.write(insert(Person).values(crowd))
    form = open_form(at_work, dispute)
    assert form["blocks"][1]["element"]["type"] == "external_select"
    found = at_work.person("Tom").options(ids.PAGE_WHOM, "zed 09", view_id=form["id"])
    [group] = found["option_groups"]
    assert [one["text"]["text"] for one in group["options"]] == [
        f"Zed {n:03}" for n in range(90, 100)
    ]


@pytest.mark.parametrize("locale", LOCALES)
def test_longest_page_stays_within_slack_s_limits(desk: Desk, locale: str) -> None:
    dispute = desk.at_stage("adjudication")
    asked = paging.Asked("advice", "&" * paging.LONGEST_REMARK)
    whom, who = Whom(person=desk.people["Eva"]), desk.who("Tom")
    desk.db.transact(paging.page, desk.visit(dispute), whom, asked, who, VAULT)
    page_id = desk.rows(select(Page.id))[0].id
    page = desk.db.read(lambda c, now: page_views.page_view(c, page_id, VAULT))
    view = desk.db.read(views.card_view, desk.visit(dispute), VAULT)
    assert view is not None
    long = "<" * 200
    now, reader = desk.now(), page.called[0]
    following = Next(long, long, [(1, long)] * 40, now)
    names = [Duty("nights", long, long, [long] * 40)] * 120
    crowd = [Somebody(n, long, now, "UTC", True, True, False) for n in range(100)]
    many = [{"name": long, "quiet": True, "clock": "03:10"}] * 40
    for text, blocks in (
        cards.call(view, page, reader, None, locale, "UTC", reminds=True),
        cards.news(view, page, long, "cannot", following, None, locale),
        cards.news(view, page, "", "", following, None, locale),
    ):
        assert validate_message({"channel": "C1", "text": text, "blocks": blocks}) == []
    assert list(validate_view(cards.form(view, names, crowd, locale, 5))) == []
    searched = cards.form(view, names, [*crowd, crowd[0]], locale, 5)
    assert list(validate_view(searched)) == []
    assert len(cards.sent({"people": many, "minutes": 5}, locale)) < 3_000


def _beside(connection: Connection, *, now: dt.datetime, key: str, person: int) -> None:
    """Somebody on duty beside whoever is, for an hour."""
    row = {"rota": key, "since": now, "until": now + dt.timedelta(hours=1), "person_id": person}
    connection.execute(insert(RotaOverride), {**row, "instead_of_id": None, "swap": ""})
