"""Coming in and going out: links that work once, sessions that end when they should."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import func, select, update

import admin
from core.tables import LoginLink, WebSession
from tests.panel import SESSION, Panel, session_of
from web.sessions import BY_ITSELF, cookie_name


def age(panel: Panel, **columns: Any) -> None:
    """Makes every session older than it is."""
    panel.desk.db.transact(lambda c, now: c.execute(update(WebSession).values(**columns)))


def ago(**length: float) -> dt.datetime:
    """A moment in the past, by the wall clock."""
    return dt.datetime.now(dt.UTC) - dt.timedelta(**length)


def test_link_signs_in_by_its_button_and_not_by_being_looked_at(panel: Panel) -> None:
    link, visitor = panel.link("Sun Wei"), panel.visitor()
    for _ in range(3):  # mail scanners, previews
        page = visitor.client.get(link)
        assert page.status_code == 200
        assert "Sun Wei" in page.text
    assert visitor.get("/").status_code == 401
    answer = visitor.post(link.removeprefix(admin.MOUNT), page=link)
    assert (answer.status_code, answer.location) == (302, "/panel/")
    assert "Sun Wei" in visitor.get("/").text


def test_link_works_once(panel: Panel) -> None:
    link = panel.link("Sun Wei")
    first, second = panel.visitor(), panel.visitor()
    token = second.token(link)
    assert first.post(link.removeprefix(admin.MOUNT), page=link).status_code == 302
    late = second.client.post(link, data={"csrf_token": token})
    assert late.status_code == 410
    assert session_of(second) is None
    assert second.client.get(link).status_code == 410


def test_link_ends_after_fifteen_minutes(panel: Panel) -> None:
    link, visitor = panel.link("Sun Wei"), panel.visitor()
    token = visitor.token(link)
    panel.desk.db.transact(
        lambda c, now: c.execute(update(LoginLink).values(expires_at=ago(seconds=1)))
    )
    assert visitor.client.get(link).status_code == 410
    assert visitor.client.post(link, data={"csrf_token": token}).status_code == 410


def test_link_of_somebody_who_left_is_dead(panel: Panel) -> None:
    link, visitor = panel.link("Tom"), panel.visitor()
    token = visitor.token(link)
    panel.switch_off("Tom")
    assert visitor.client.get(link).status_code == 410
    assert visitor.client.post(link, data={"csrf_token": token}).status_code == 410
    assert panel.desk.rows(select(LoginLink.used_at)) == [(None,)]  # and not used up for nothing


@pytest.mark.parametrize("secret", ["x", "..%2f..", "a" * 5_000, "%00", "'; DROP TABLE people"])
def test_made_up_link_is_dead(panel: Panel, secret: str) -> None:
    assert panel.visitor().get(f"/sign-in/{secret}").status_code in (404, 410)


def test_session_is_rotated_when_somebody_signs_in_again(panel: Panel) -> None:
    visitor = panel.visitor("Tom")
    before = session_of(visitor)
    link = panel.link("Sun Wei")
    visitor.post(link.removeprefix(admin.MOUNT), page=link)
    after = session_of(visitor)
    assert after not in (before, None)
    visitor.client.set_cookie(SESSION, before or "")
    assert visitor.get("/").status_code == 401


def test_planted_session_is_not_taken_over(panel: Panel) -> None:
    visitor, link = panel.visitor(), panel.link("Tom")
    visitor.client.set_cookie(SESSION, "planted")
    visitor.post(link.removeprefix(admin.MOUNT), page=link)
    assert session_of(visitor) != "planted"


def test_session_ends_after_two_idle_hours(panel: Panel) -> None:
    visitor = panel.visitor("Tom")
    age(panel, seen_at=ago(hours=1, minutes=59))
    assert visitor.get("/").status_code == 200  # and is prolonged by it
    assert panel.desk.rows(select(WebSession.seen_at))[0][0] > ago(minutes=1)
    age(panel, seen_at=ago(hours=2, seconds=1))
    assert visitor.get("/").status_code == 401


@pytest.mark.parametrize("path", ["/board/", "/disputes/"])
def test_what_a_page_asks_by_itself_is_answered_and_prolongs_nothing(
    panel: Panel, path: str
) -> None:
    visitor = panel.visitor("Sun Wei")
    age(panel, seen_at=ago(hours=1, minutes=59))
    asked = visitor.get(path, headers={BY_ITSELF: "yes"})
    assert asked.status_code == 200
    assert panel.desk.rows(select(WebSession.seen_at))[0][0] < ago(hours=1)
    age(panel, seen_at=ago(hours=2, seconds=1))
    assert visitor.get(path, headers={BY_ITSELF: "yes"}).status_code == 401


def test_session_ends_after_twelve_hours_however_busy(panel: Panel) -> None:
    visitor = panel.visitor("Tom")
    age(panel, created_at=ago(hours=12, seconds=1))
    assert visitor.get("/").status_code == 401


def test_page_after_page_writes_nothing_within_a_minute(panel: Panel) -> None:
    visitor = panel.visitor("Tom")
    before = panel.desk.rows(select(WebSession.seen_at))
    visitor.get("/")
    visitor.get("/disputes/")
    assert panel.desk.rows(select(WebSession.seen_at)) == before


def test_somebody_who_left_is_out_at_the_next_request(panel: Panel) -> None:
    visitor = panel.visitor("Tom")
    assert visitor.get("/disputes/").status_code == 200
    panel.switch_off("Tom")
    assert visitor.get("/disputes/").status_code == 401
    assert visitor.post("/language", {"locale": "en"}).status_code == 303  # as anybody may


def test_signing_out_ends_the_session_on_the_server(panel: Panel) -> None:
    visitor = panel.visitor("Tom")
    secret = session_of(visitor)
    assert visitor.post("/sign-out").status_code == 200
    assert session_of(visitor) is None
    visitor.client.set_cookie(SESSION, secret or "")
    assert visitor.get("/").status_code == 401


def test_form_from_before_signing_in_does_not_count_after_it(panel: Panel) -> None:
    visitor, link = panel.visitor(), panel.link("Sun Wei")
    token = visitor.token(link)
    visitor.client.post(link, data={"csrf_token": token})
    answer = visitor.client.post("/panel/sign-out", data={"csrf_token": token})
    assert answer.status_code == 400


def test_database_holds_no_secret_that_opens_anything(panel: Panel) -> None:
    visitor = panel.visitor("Tom")
    secret = session_of(visitor) or ""
    assert panel.desk.rows(select(func.count()).where(WebSession.digest == secret)) == [(0,)]
    stolen = panel.desk.rows(select(WebSession.digest))[0][0]
    thief = panel.visitor()
    thief.client.set_cookie(SESSION, stolen)
    assert thief.get("/").status_code == 401


def test_after_signing_in_one_gets_where_one_wanted(panel: Panel) -> None:
    visitor, link = panel.visitor(), panel.link("Sun Wei")
    assert visitor.get("/disputes/?state=open").status_code == 401
    answer = visitor.post(link.removeprefix(admin.MOUNT), page=link)
    assert answer.location == "/panel/disputes/?state=open"


def test_two_doors_on_one_host_do_not_share_cookies() -> None:
    names = {cookie_name(door, "session", secure=False) for door in ("panel", "portal")}
    assert len(names) == 2
