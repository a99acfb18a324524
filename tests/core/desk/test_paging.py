"""Somebody is called to a dispute at once, and whoever called hears what came of it (K5)."""

import threading
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, text, update

import scheduler
from core.clocks.rota import Duty, Turns
from core.db import Database
from core.desk import auditing, page_clock, page_people, page_views, paging
from core.desk.answers import Answer, Applied, Refused
from core.desk.page_people import Whom
from core.tables import Event, Outbox, Page, Paged, Person
from tests.core.desk.joined import merge
from tests.core.desk.on_rota import ALL_DAYS, ALWAYS, add, info
from tests.factories import SOUND, TRIAGED, VAULT, Desk

LIMA = ZoneInfo("America/Lima")
SECRET = "The fridge in the flat overheats"


def page(desk: Desk, dispute: int, whom: str = "Eva", by: str = "Tom", **more: Any) -> Answer:
    """Somebody pages somebody, or whoever is on duty where `whom` is a rota's key."""
    person = desk.people.get(whom)
    meant = Whom(person=person) if person is not None else Whom(rota=whom)
    click = more.pop("click", None)
    asked = paging.Asked(**{"reason": "advice", **more})
    who, visit = desk.who(by), desk.visit(dispute)
    return desk.db.transact(paging.page, visit, meant, asked, who, VAULT, click=click)


def must(answer: Answer) -> int:
    assert isinstance(answer, Applied), answer
    return int(answer.params["page"])


def refusal(answer: Answer) -> str:
    assert isinstance(answer, Refused), answer
    return answer.key


def answer(desk: Desk, page_id: int, said: str, who: str = "Eva", **more: Any) -> Answer:
    return desk.db.transact(paging.answer, page_id, said, desk.who(who), **more)


def told(desk: Desk, kind: str) -> list[str]:
    """Whom the messages of a kind are for, by name."""
    called = {f"dm:{person}": name for name, person in desk.people.items()}
    rows = desk.rows(select(Outbox.lane).where(Outbox.kind == kind).order_by(Outbox.id))
    return [called.get(row.lane, row.lane) for row in rows]


def happened(desk: Desk, dispute: int) -> list[str]:
    """The events of pages."""
    found = select(Event.kind).where(Event.dispute_id == dispute, Event.kind.like("page%"))
    return [row.kind for row in desk.rows(found.order_by(Event.id))]


def attend(desk: Desk, **length: float) -> int:
    """Lets time pass and looks after what is due."""
    desk.pass_time(**length)
    return desk.db.transact(page_clock.attend)


def audited(desk: Desk) -> dict[str, int]:
    """What the auditor finds that was due and not done."""
    return dict(desk.db.read_wall(auditing.look).trouble)


def crew(desk: Desk, *names: str) -> None:
    """A rota at which these are on duty together, round the clock."""
    people = tuple(desk.people[name] for name in names)
    duties = (Duty(ALL_DAYS, ALWAYS, people),)
    add(desk, info(desk, turns=Turns.FIXED, people=(), duties=duties), key="crew")


def test_whoever_is_paged_is_told_and_their_answer_reaches_whoever_paged(any_desk: Desk) -> None:
    desk, dispute = any_desk, any_desk.at_stage("adjudication")
    page_id = must(page(desk, dispute))
    assert told(desk, "page") == ["Eva"]
    assert isinstance(answer(desk, page_id, "on_it"), Applied)
    assert (told(desk, "page_news"), told(desk, "repage")) == (["Tom"], ["update"])
    assert happened(desk, dispute) == ["paged", "page_answered"]
    row = desk.rows(select(Page))[0]
    assert (row.outcome, row.attend_at, row.closed_at) == (
        "on_it",
        None,
        desk.rows(select(Paged.answered_at))[0].answered_at,
    )
    assert attend(desk, hours=1) == 0
    assert desk.differences() == []


def test_remark_is_sealed_and_stands_in_no_record_and_no_message(any_desk: Desk) -> None:
    desk, dispute = any_desk, any_desk.at_stage("adjudication")
    page_id = must(page(desk, dispute, remark=SECRET))
    read = desk.db.read(lambda c, now: page_views.page_view(c, page_id, VAULT))
    assert read.remark is not None
    assert read.remark.for_members() == SECRET
    assert SECRET.encode() not in desk.rows(select(Page.remark))[0].remark.box
    kept = desk.rows(text("SELECT data FROM events")) + desk.rows(text("SELECT data FROM outbox"))
    assert "fridge" not in str(kept)


def test_remark_that_names_a_contact_or_is_too_long_is_refused(desk: Desk) -> None:
    dispute = desk.at_stage("adjudication")
    assert refusal(page(desk, dispute, remark="Ring 138 0013 8000")) == "page_contact"
    assert refusal(page(desk, dispute, remark="a" * 201)) == "page_unreadable"
    assert refusal(page(desk, dispute, reason="because")) == "unknown_preset"
    assert told(desk, "page") == []


def test_first_of_those_on_duty_who_is_on_it_ends_the_call_for_the_others(any_desk: Desk) -> None:
    desk, dispute = any_desk, any_desk.at_stage("adjudication")
    crew(desk, "Eva", "Ada", "Tom")
    page_id = must(page(desk, dispute, "crew"))
    assert sorted(told(desk, "page")) == ["Ada", "Eva"]  # and not whoever pages
    assert isinstance(answer(desk, page_id, "cannot", "Ada"), Applied)
    assert isinstance(answer(desk, page_id, "on_it", "Eva"), Applied)
    assert refusal(answer(desk, page_id, "on_it", "Ada")) == "page_answered"
    assert desk.rows(select(Page.outcome))[0].outcome == "on_it"
    assert told(desk, "page_news") == ["Tom", "Tom"]


def test_second_who_is_on_it_is_told_who_was_first(desk: Desk) -> None:
    dispute = desk.at_stage("adjudication")
    crew(desk, "Eva", "Ada")
    page_id = must(page(desk, dispute, "crew"))
    answer(desk, page_id, "on_it", "Eva")
    late = answer(desk, page_id, "on_it", "Ada")
    assert refusal(late) == "page_taken"
    assert late.params["who"] == "Eva"


def test_page_ends_where_everybody_cannot(desk: Desk) -> None:
    dispute = desk.at_stage("adjudication")
    crew(desk, "Eva", "Ada")
    page_id = must(page(desk, dispute, "crew"))
    answer(desk, page_id, "cannot", "Eva")
    assert desk.rows(select(Page.closed_at))[0].closed_at is None
    answer(desk, page_id, "cannot", "Ada")
    assert desk.rows(select(Page.outcome))[0].outcome == "cannot"
    assert attend(desk, hours=1) == 0


def test_nobody_is_paged_twice_while_an_answer_is_awaited(any_desk: Desk) -> None:
    desk, dispute = any_desk, any_desk.at_stage("adjudication")
    other = desk.at_stage("adjudication")
    page_id = must(page(desk, dispute))
    assert refusal(page(desk, dispute, by="Ada")) == "page_open"
    must(page(desk, other))
    crew(desk, "Eva", "Vera")
    must(page(desk, dispute, "crew"))
    assert told(desk, "page")[-1] == "Vera"  # Eva's answer to the first one is awaited still
    answer(desk, page_id, "cannot")
    must(page(desk, dispute))


def test_same_click_pages_and_answers_once(any_desk: Desk) -> None:
    desk, dispute = any_desk, any_desk.at_stage("adjudication")
    first, second = (page(desk, dispute, click="one") for _ in range(2))
    assert first == second
    assert told(desk, "page") == ["Eva"]
    answers = [answer(desk, must(first), "on_it", click="two") for _ in range(2)]
    assert answers[0] == answers[1]
    assert told(desk, "page_news") == ["Tom"]


def test_page_that_cannot_arrive_is_refused(desk: Desk) -> None:
    dispute = desk.at_stage("adjudication")
    assert refusal(page(desk, desk.at_stage("finished"))) == "page_finished"
    assert refusal(page(desk, dispute, "Tom")) == "page_self"
    assert refusal(page(desk, dispute, by="Tim")) == "no_right"
    add(desk, info(desk))
    desk.write(update(Person).where(Person.name == "Eva").values(absent_from=desk.now()))
    assert refusal(page(desk, dispute, "nights")) == "page_nobody_on_duty"
    desk.write(update(Person).where(Person.name == "Ada").values(slack_id=None))
    refused = page(desk, dispute, "Ada")
    assert refusal(refused) == "page_no_slack"
    assert refused.params["names"] == ["Ada"]
    desk.write(update(Person).where(Person.name == "Vera").values(active=False))
    assert refusal(page(desk, dispute, "Vera")) == "unknown_person"
    assert told(desk, "page") == []


def test_whoever_is_away_is_paged_only_where_they_are_meant_all_the_same(any_desk: Desk) -> None:
    desk, dispute = any_desk, any_desk.at_stage("adjudication")
    away = update(Person).where(Person.name == "Ada").values(absent_from=desk.now())
    desk.write(away)
    assert refusal(page(desk, dispute, "Ada")) == "page_away"
    add(desk, info(desk))
    refused = page(desk, dispute, "Ada")
    assert refusal(refused) == "page_away_stood_in"
    assert refused.params["names"] == ["Eva"]
    must(page(desk, dispute, "Ada", anyway=True))
    assert told(desk, "page") == ["Ada"]


def test_unanswered_page_reminds_once_and_then_tells_whoever_paged(any_desk: Desk) -> None:
    desk, dispute = any_desk, any_desk.at_stage("adjudication")
    add(desk)
    must(page(desk, dispute, "nights"))
    assert attend(desk, minutes=4) == 0
    assert (attend(desk, minutes=1), told(desk, "page")) == (1, ["Eva", "Eva"])
    assert (attend(desk), attend(desk, minutes=4)) == (0, 0)
    assert (attend(desk, minutes=1), told(desk, "page_news")) == (1, ["Tom"])
    assert attend(desk, hours=5) == 0
    assert happened(desk, dispute) == ["paged", "page_reminded", "page_unanswered"]
    assert told(desk, "page") == ["Eva", "Eva"]
    assert desk.differences() == []


def test_auditor_notices_a_page_that_nobody_was_reminded_of(desk: Desk) -> None:
    must(page(desk, desk.at_stage("adjudication")))
    desk.pass_time(minutes=15, seconds=25)
    assert "pages" not in audited(desk)
    desk.pass_time(seconds=10)
    assert audited(desk)["pages"] == 1
    assert (attend(desk), "pages" in audited(desk)) == (1, False)


def test_somebody_named_has_longer_than_whoever_is_on_duty(desk: Desk) -> None:
    dispute = desk.at_stage("adjudication")
    must(page(desk, dispute))
    assert (attend(desk, minutes=14), attend(desk, minutes=1)) == (0, 1)


def test_scheduler_that_slept_reminds_first_and_gives_the_time_once_more(desk: Desk) -> None:
    dispute = desk.at_stage("adjudication")
    must(page(desk, dispute))
    assert attend(desk, hours=9) == 1
    assert happened(desk, dispute)[-1] == "page_reminded"
    assert (attend(desk, minutes=14), attend(desk, minutes=1)) == (0, 1)
    assert happened(desk, dispute)[-1] == "page_unanswered"


def test_late_answer_counts_as_long_as_the_dispute_goes_on(desk: Desk) -> None:
    dispute = desk.at_stage("adjudication")
    page_id = must(page(desk, dispute))
    attend(desk, minutes=15)
    attend(desk, minutes=15)
    must(page(desk, dispute))  # nobody answered, so they may be called again
    assert isinstance(answer(desk, page_id, "on_it"), Applied)
    assert desk.rows(select(Page.outcome).order_by(Page.id))[0].outcome == "on_it"
    assert told(desk, "page_news") == ["Tom", "Tom"]


def test_page_ends_with_its_dispute(any_desk: Desk) -> None:
    desk, dispute = any_desk, any_desk.at_stage("verification")
    page_id = must(page(desk, dispute))
    desk.must(
        dispute, "deduct_online", {"quality": "sound", "remedy": "refund_only", "share": "full"}
    )
    desk.pay(dispute)
    assert attend(desk) == 0
    desk.must(dispute, "money_arrived")
    assert refusal(answer(desk, page_id, "on_it")) == "page_finished"
    assert (attend(desk), attend(desk)) == (1, 0)
    assert desk.rows(select(Page.outcome))[0].outcome == "over"
    assert (told(desk, "repage"), told(desk, "page_news")) == (["update"], [])
    assert desk.differences() == []


def test_page_runs_on_where_the_end_of_its_dispute_is_undone(any_desk: Desk) -> None:
    desk = any_desk
    dispute, other = (desk.at_stage("triage", buyer="b1") for _ in range(2))
    page_id = must(page(desk, dispute))
    assert attend(desk, minutes=14, seconds=30) == 0
    assert isinstance(merge(desk, dispute, other), Applied)
    assert (attend(desk), happened(desk, dispute)) == (1, ["paged", "page_over"])
    assert isinstance(desk.undo(dispute, "Sun Wei"), Applied)
    assert told(desk, "repage") == ["update", "update"]
    assert (attend(desk, seconds=29), attend(desk, seconds=1)) == (0, 1)  # as if it never ended
    assert told(desk, "page") == ["Eva", "Eva"]
    assert isinstance(answer(desk, page_id, "on_it"), Applied)
    assert desk.differences() == []


def test_undoing_the_end_of_a_dispute_calls_nobody_whose_page_ended_before(desk: Desk) -> None:
    dispute, other = (desk.at_stage("triage", buyer="b1") for _ in range(2))
    answer(desk, must(page(desk, dispute)), "on_it")
    must(page(desk, dispute, "Ada"))
    attend(desk, minutes=15)
    attend(desk, minutes=15)
    merge(desk, dispute, other)
    assert attend(desk) == 0
    desk.undo(dispute, "Sun Wei")
    outcomes = desk.rows(select(Page.outcome).order_by(Page.id))
    assert [row.outcome for row in outcomes] == ["on_it", "unanswered"]
    assert attend(desk, hours=1) == 0
    assert desk.differences() == []


def test_two_schedulers_remind_and_tell_once(postgresql: Database) -> None:
    desk = Desk(postgresql)
    dispute = desk.at_stage("adjudication")
    must(page(desk, dispute))
    for _ in range(2):
        desk.pass_time(minutes=15)
        threads = [threading.Thread(target=scheduler.tick, args=(desk.db,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert happened(desk, dispute) == ["paged", "page_reminded", "page_unanswered"]
    assert told(desk, "page") == ["Eva", "Eva"]
    assert told(desk, "page_news") == ["Tom"]


def test_two_answers_at_once_have_one_taker(postgresql: Database) -> None:
    desk = Desk(postgresql)
    dispute = desk.at_stage("adjudication")
    crew(desk, "Eva", "Ada", "Vera")
    page_id = must(page(desk, dispute, "crew"))
    found: list[Answer] = []
    threads = [
        threading.Thread(target=lambda who=who: found.append(answer(desk, page_id, "on_it", who)))
        for who in ("Eva", "Ada", "Vera")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(one, Applied) for one in found) == 1
    assert {refusal(one) for one in found if isinstance(one, Refused)} == {"page_taken"}


def test_two_who_page_the_same_person_at_once_call_them_once(postgresql: Database) -> None:
    desk = Desk(postgresql)
    dispute = desk.at_stage("adjudication")
    found: list[Answer] = []
    threads = [
        threading.Thread(target=lambda by=by: found.append(page(desk, dispute, "Eva", by)))
        for by in ("Tom", "Ada", "Vera", "Sun Wei")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(one, Applied) for one in found) == 1
    assert {refusal(one) for one in found if isinstance(one, Refused)} == {"page_open"}
    assert told(desk, "page") == ["Eva"]


def test_paging_leaves_a_decision_to_be_undone(desk: Desk) -> None:
    dispute = desk.at_stage("triage")
    desk.must(dispute, "no_evidence", TRIAGED)
    must(page(desk, dispute))
    assert isinstance(desk.undo(dispute), Applied)


def test_whoever_pages_is_told_what_time_it_is_there(desk: Desk) -> None:
    dispute = desk.at_stage("adjudication")
    quiet = {"quiet_from": "00:00", "quiet_to": "23:59", "zone": "America/Lima"}
    desk.write(update(Person).where(Person.name == "Eva").values(**quiet))
    answered = page(desk, dispute)
    assert isinstance(answered, Applied)
    [there] = answered.params["people"]
    assert (there["name"], there["quiet"]) == ("Eva", True)
    assert there["clock"] == f"{desk.now().astimezone(LIMA):%H:%M}"


def test_next_on_the_rota_is_suggested_and_nobody_who_was_called(desk: Desk) -> None:
    dispute = desk.at_stage("adjudication")
    add(desk, info(desk, "Tom", "Eva", "Ada"))
    by_rota, by_name = must(page(desk, dispute, "nights")), must(page(desk, dispute, "Vera"))
    following = desk.db.read(page_people.next_up, by_rota)
    assert [name for _, name in following.people] == ["Ada"]  # Tom pages, Eva was called
    assert following.at is not None
    now = desk.db.read(page_people.next_up, by_name)
    assert ([name for _, name in now.people], now.at) == (["Eva"], None)


def test_picker_offers_who_is_on_duty_and_everybody_else(desk: Desk) -> None:
    crew(desk, "Tom", "Eva")
    duties, people = desk.db.read(page_people.choices, desk.people["Tom"])
    assert [(one.key, one.names) for one in duties] == [("crew", ["Eva"])]
    assert [one.name for one in people] == [
        "Ada",
        "Eva",
        "Olga",
        "Sun Wei",
        "Tang Li",
        "Tim",
        "Vera",
    ]


def test_page_goes_on_with_a_dispute_that_moves_on(desk: Desk) -> None:
    dispute = desk.at_stage("adjudication")
    page_id = must(page(desk, dispute))
    desk.must(dispute, "rule_none", SOUND)
    assert isinstance(answer(desk, page_id, "on_it"), Applied)
    events = select(Event.visit_id).where(Event.kind == "page_answered")
    assert desk.rows(events)[0].visit_id == desk.visit(dispute)
