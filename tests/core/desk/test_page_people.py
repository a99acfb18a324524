"""Whom a page may call, and what whoever calls is told of them (K5)."""

import threading

from sqlalchemy import update

from core.db import Database
from core.desk import page_people
from core.desk.answers import Answer, Applied, Refused
from core.tables import Person
from tests.core.desk.called import (
    LIMA,
    crew,
    must,
    page,
    refusal,
    told,
)
from tests.core.desk.on_rota import add, info
from tests.factories import Desk


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
