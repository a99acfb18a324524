"""Coming in by Sign in with Slack: the sandbox is the issuer, and forgers are turned away."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from core.settings import BadSettings, load
from core.tables import Person
from sandbox.serve import Server
from tests.factories import Desk
from tests.panel import Panel, Visitor, session_of

BACK = "http://127.0.0.1:8000/panel/signed-in"


@pytest.fixture
def issuer(desk: Desk) -> Iterator[Server]:
    """The sandbox with the desk's people, and one whom the desk does not know."""
    rows = desk.db.read(lambda c, now: c.execute(select(Person.slack_id, Person.name)).all())
    people = [{"id": slack_id, "name": name} for slack_id, name in rows if slack_id]
    workspace: dict[str, Any] = {
        "team": {"id": "T0DESK", "name": "Desk", "domain": "desk"},
        "people": [*people, {"id": "U0STRANGER", "name": "stranger"}],
        "apps": [
            {
                "id": "A1", "name": "Redress", "bot_token": "xoxb-1", "signing_secret": "s",
                "client_id": "1.2", "client_secret": "cs", "redirect_urls": [BACK],
            }
        ],
    }  # fmt: skip
    with Server(workspace, rates="off") as server:
        yield server


def panel_of(desk: Desk, issuer: Server, **more: Any) -> Panel:
    told = {
        "sign_in_issuer": issuer.url,
        "sign_in_client_id": "1.2",
        "sign_in_client_secret": "cs",
        "sign_in_team": "T0DESK",
    }
    return Panel(desk, **{**told, **more})


def agree(issuer: Server, address: str, person: str) -> str:
    """Say yes on the consent page; the path that leads back to the panel."""
    with httpx.Client(base_url=issuer.url, trust_env=False) as browser:
        ticket = re.search(r'name="ticket" value="([^"]+)"', browser.get(address).text)
        assert ticket is not None
        form = {"ticket": ticket[1], "person": person, "decision": "allow"}
        back = str(browser.post("/oauth/consent", data=form).headers["location"])
    parts = urlsplit(back)
    return f"{parts.path.removeprefix('/panel')}?{parts.query}"


def come_in(issuer: Server, visitor: Visitor, person: str) -> TestResponse:
    address = visitor.get("/sign-in").location
    assert address is not None
    return visitor.get(agree(issuer, address, person))


def slack_id(desk: Desk, name: str) -> str:
    found = desk.db.read(
        lambda c, now: c.scalar(select(Person.slack_id).where(Person.name == name))
    )
    assert found is not None
    return str(found)


def test_somebody_of_the_desk_comes_in_and_lands_where_they_wanted(
    desk: Desk, issuer: Server
) -> None:
    panel = panel_of(desk, issuer)
    visitor = panel.visitor()
    needed = visitor.get("/people/")
    assert needed.status_code == 401
    assert "/panel/sign-in" in needed.text
    answer = come_in(issuer, visitor, slack_id(desk, "Sun Wei"))
    assert (answer.status_code, answer.location) == (302, "/panel/people/")
    assert "Sun Wei" in visitor.get("/").text


def test_a_fresh_session_replaces_the_one_before(desk: Desk, issuer: Server) -> None:
    panel = panel_of(desk, issuer)
    visitor = panel.visitor()
    come_in(issuer, visitor, slack_id(desk, "Sun Wei"))
    first = session_of(visitor)
    come_in(issuer, visitor, slack_id(desk, "Sun Wei"))
    assert first != session_of(visitor)


def test_strangers_and_those_who_left_stay_outside(desk: Desk, issuer: Server) -> None:
    panel = panel_of(desk, issuer)
    panel.switch_off("Sun Wei")
    for who in ("U0STRANGER", slack_id(desk, "Sun Wei")):
        visitor = panel.visitor()
        assert come_in(issuer, visitor, who).status_code == 403
        assert session_of(visitor) is None


def test_an_email_or_a_name_opens_nothing(desk: Desk, issuer: Server) -> None:
    panel = panel_of(desk, issuer)
    desk.db.transact(
        lambda c, now: c.execute(
            update(Person).where(Person.name == "Sun Wei").values(slack_id=None, name="U0STRANGER")
        )
    )
    assert come_in(issuer, panel.visitor(), "U0STRANGER").status_code == 403


@pytest.mark.parametrize(
    "changed",
    [{"sign_in_team": "T0OTHER"}, {"sign_in_client_secret": "wrong"}],
)
def test_another_team_or_client_gets_no_session(
    desk: Desk, issuer: Server, changed: dict[str, str]
) -> None:
    panel = panel_of(desk, issuer, **changed)
    visitor = panel.visitor()
    assert come_in(issuer, visitor, slack_id(desk, "Sun Wei")).status_code == 403
    assert session_of(visitor) is None


def test_a_state_of_another_browser_is_refused(desk: Desk, issuer: Server) -> None:
    panel = panel_of(desk, issuer)
    address = panel.visitor().get("/sign-in").location
    assert address is not None
    planted = agree(issuer, address, slack_id(desk, "Sun Wei"))
    victim = panel.visitor()
    victim.get("/sign-in")
    assert victim.get(planted).status_code == 403
    assert session_of(victim) is None


def test_an_answer_counts_once(desk: Desk, issuer: Server) -> None:
    panel = panel_of(desk, issuer)
    visitor = panel.visitor()
    address = visitor.get("/sign-in").location
    assert address is not None
    back = agree(issuer, address, slack_id(desk, "Sun Wei"))
    assert visitor.get(back).status_code == 302
    assert visitor.get(back).status_code == 403


def test_an_issuer_that_is_away_is_no_error_page(desk: Desk, issuer: Server) -> None:
    panel = panel_of(desk, issuer, sign_in_issuer="http://127.0.0.1:9")
    assert panel.visitor().get("/sign-in").status_code == 403


def test_without_an_issuer_links_are_the_only_way(desk: Desk) -> None:
    panel = Panel(desk)
    assert panel.visitor().get("/sign-in").status_code == 404
    assert "redress login" in panel.visitor().get("/").text


def test_an_issuer_without_its_client_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDRESS_SECRET", "s" * 40)
    monkeypatch.setenv("REDRESS_KEYS", "k:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
    monkeypatch.setenv("REDRESS_SIGN_IN_ISSUER", "https://slack.com")
    with pytest.raises(BadSettings, match="REDRESS_SIGN_IN_TEAM"):
        load()
