"""A first day at the demonstration's desk, and at a practice desk for another desk's newcomer."""

import json
import re
import time
from collections.abc import Iterator
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from sqlalchemy import select
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.wrappers import Response

import admin
import app
from bot.cards.card import card
from bot.listeners.home import publish
from core.practice import LIVES, Kind, Pass, opened, sealed
from core.tables import Person
from demo.people import APP
from sandbox.client import Acting, Sandbox
from tests.bot.office import office
from tests.core.desk.newcomers import begin
from tests.demo.running import demonstration
from tests.demo.seats import press
from tests.factories import Desk
from tests.panel import settings_for
from tests.serving import Door, served
from tests.waiting import eventually

SECRET = "a secret of both desks, and of nobody else"
BACK = "https://desk.example/panel/practised/"
CHOSEN = {
    "category": "food",
    "reason": "damaged",
    "state": "unsettled",
    "given_buyer": ["photos"],
    "given_merchant": ["none"],
    "quality": "sound",
    "remedy": "refund_only",
    "share": "full",
}
# What a newcomer may press at each stage, whatever the dispute.
FIRST = {
    "triage": "no_evidence",
    "evidence_review": "enough",
    "adjudication": "rule_merchant",
}
_ADDRESS = re.compile(r'http-equiv="refresh" content="0; url=([^"]+)"')


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A running demonstration that another desk's newcomers may come to."""
    folder = tmp_path_factory.mktemp("demo")
    with demonstration(folder, REDRESS_PRACTICE_SECRET=SECRET) as first:
        yield first


@pytest.fixture
def browser(port: int) -> Iterator[httpx.Client]:
    """Somebody's browser, which reads English."""
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=60) as made:
        yield made


@pytest.fixture
def slack(port: int) -> Iterator[Sandbox]:
    """The workspace beside the desk."""
    with Sandbox(f"http://127.0.0.1:{port + 1}") as made:
        yield made


def pass_of(**changes: str) -> Pass:
    """The pass of a newcomer of another desk."""
    values = {
        "slack_id": "U0AWAY",
        "name": "Bai 小白",
        "stage": "evidence_review",
        "locale": "zh_CN",
        "back": BACK,
    }
    return Pass(**{**values, **changes})


def way(said: Pass, *, late: float = 0, secret: str = SECRET) -> str:
    """The path to the practice desk's door."""
    return f"/practise/{sealed(said, Kind.GO, secret, time.time() - late)}"


def led_to(page: httpx.Response) -> str:
    """Where a page leads on to."""
    found = _ADDRESS.search(page.text)
    assert found is not None, page.text
    return found[1].replace("&amp;", "&")


def newcomer(slack: Sandbox, address: str) -> Acting:
    """Whoever sits where the address leads: at Home."""
    assert address.startswith(slack.url)
    assert address.endswith(f"#home/{APP}")
    found = re.search(r"[?]as=(\w+)", address)
    assert found is not None
    return slack.act_as(found[1])


def wait_for_home(who: Acting, text: str) -> dict[str, Any]:
    """Somebody's Home once it says this."""
    who.home()
    read = f"as/{who.person}/home"
    eventually(lambda: text in str(who.sandbox.get(read)["view"]))
    return dict(who.sandbox.get(read)["view"])


def mine(view: dict[str, Any]) -> list[str]:
    """The visits that a Home lists as one's own."""
    found = re.findall(r"'mine\.(\d+)'", str(view))
    return list(dict.fromkeys(found))


def link_in(view: dict[str, Any]) -> str:
    found = [e["url"] for b in view["blocks"] for e in b.get("elements", ()) if "url" in e]
    assert len(found) == 1, view
    return str(found[0])


def decide(slack: Sandbox, who: Acting, visit: str, stage: str) -> None:
    """Decides a practice dispute on its card, as anybody would."""
    channel = stage.replace("_", "-")

    def card() -> dict[str, Any] | None:
        # The card that carries the visit's buttons.
        return next(
            (m for m in slack.messages(channel) if f'"{visit}"' in json.dumps(m["blocks"])), None
        )

    eventually(card)
    found = card()
    assert found is not None
    fields = set(re.findall(r"'field\.(\w+)'", str(found["blocks"])))
    state = {f"field.{key}": value for key, value in CHOSEN.items() if key in fields}
    action = f"decide.{FIRST[stage]}"
    outcome = who.click(channel, found["ts"], action, state=state)
    assert outcome["ok"], outcome


def practise(slack: Sandbox, who: Acting, stage: str, counted: str) -> dict[str, Any]:
    """Decides the three disputes; the Home that is shown after the third."""
    view = wait_for_home(who, counted.format(0))
    for count in range(3):
        assert len(mine(view)) == 3 - count
        decide(slack, who, mine(view)[0], stage)
        view = wait_for_home(who, counted.format(count + 1))
    return view


def test_visitor_walks_through_a_whole_first_day(
    browser: httpx.Client, slack: Sandbox, port: int
) -> None:
    tom = newcomer(slack, led_to(press(browser, "/first-day/0", page="/")))
    there = link_in(wait_for_home(tom, "Welcome, Nora Lind"))
    assert there.startswith(f"http://127.0.0.1:{port}/practise/")
    path = urlsplit(there).path
    assert "Three disputes wait for you there" in browser.get(path).text
    again = newcomer(slack, led_to(press(browser, path)))
    assert again.person == tom.person
    view = practise(slack, tom, "triage", "Practice: {} of 3 decided")
    assert "Well done, Nora Lind" in str(view)
    back = urlsplit(link_in(view)).path
    assert "It is noted, Nora Lind" in press(browser, back).text
    assert "Give me the next one" in str(wait_for_home(tom, "My work"))


@pytest.mark.parametrize(
    ("stage", "locale"), [("evidence_review", "zh_CN"), ("adjudication", "en")]
)
def test_newcomer_of_another_desk_practises_and_is_sent_back(
    browser: httpx.Client, slack: Sandbox, stage: str, locale: str
) -> None:
    said = pass_of(slack_id=f"U0{stage[:4].upper()}", stage=stage, locale=locale)
    who = newcomer(slack, led_to(press(browser, way(said))))
    assert who.person != said.slack_id  # nobody of another desk can be somebody of this one
    counted = "练习：已处理 {}/3 单" if locale == "zh_CN" else "Practice: {} of 3 decided"
    view = practise(slack, who, stage, counted)
    link = link_in(view)
    assert link.startswith(BACK)
    done = opened(link.removeprefix(BACK), Kind.DONE, SECRET, time.time())
    assert isinstance(done, Pass)
    assert (done.slack_id, done.name, done.stage) == (said.slack_id, said.name, stage)


@pytest.mark.parametrize("stage", ["securing", "confirming"])
def test_newcomer_at_emergencies_has_three_of_them(
    browser: httpx.Client, slack: Sandbox, stage: str
) -> None:
    said = pass_of(slack_id=f"U0{stage[:4].upper()}", stage=stage, locale="en")
    who = newcomer(slack, led_to(press(browser, way(said))))
    assert len(mine(wait_for_home(who, "Practice: 0 of 3 decided"))) == 3


def test_first_day_leads_from_the_real_desk_to_practice_and_back(
    desk: Desk, browser: httpx.Client, slack: Sandbox, port: int
) -> None:
    door = Door()
    with served(door) as url, office(desk) as real:
        practice = {"practice_url": f"http://127.0.0.1:{port}", "practice_secret": SECRET}
        settings = settings_for(desk, url, **practice)
        real.bot.practice = app.practice(settings)
        panel = admin.create(desk.db, settings, card, admin.Slack(show=partial(publish, real.bot)))
        door.program = DispatcherMiddleware(Response("nothing", 404), {admin.MOUNT: panel})
        waiting = desk.visit(desk.at_stage("adjudication"))
        begin(desk, "Ada")
        there = link_in(wait_for_home(real.person("Ada"), "Welcome, Ada"))
        ada = newcomer(slack, led_to(press(browser, urlsplit(there).path)))
        view = practise(slack, ada, "adjudication", "Practice: {} of 3 decided")
        back = urlsplit(link_in(view))
        assert f"{back.scheme}://{back.netloc}" == url
        with httpx.Client(base_url=url, trust_env=False, timeout=20) as home:
            assert "It is noted, Ada" in press(home, back.path).text
            assert "It is noted, Ada" in press(home, back.path).text  # and nothing twice
        shown = f"as/{real.slack_ids['Ada']}/home"  # without opening Home again
        eventually(lambda: f"waiting.{waiting}" in str(real.sandbox.get(shown)["view"]))
    rows = desk.rows(select(Person.practised_at, Person.skipped_at).where(Person.name == "Ada"))
    assert rows[0].practised_at is not None
    assert rows[0].skipped_at is None


def test_three_disputes_at_verification_are_nobody_else_s(
    browser: httpx.Client, slack: Sandbox
) -> None:
    said = pass_of(slack_id="U0VERI", stage="verification")
    who = newcomer(slack, led_to(press(browser, way(said))))
    visits = mine(wait_for_home(who, "练习：已处理 0/3 单"))
    assert len(visits) == 3
    chen = slack.act_as("U0CHEN")
    others = wait_for_home(chen, "我的工作")
    assert not [visit for visit in visits if f".{visit}'" in str(others)]
    again = newcomer(slack, led_to(press(browser, way(said))))  # a fresh pass: the same three
    assert mine(wait_for_home(again, "练习：已处理 0/3 单")) == visits


def test_pass_works_once_however_quickly_it_is_pressed_twice(
    browser: httpx.Client, slack: Sandbox
) -> None:
    address = way(pass_of(slack_id="U0TWICE", locale="en"))
    first, second = press(browser, address), press(browser, address)
    assert led_to(first) == led_to(second)
    view = wait_for_home(newcomer(slack, led_to(first)), "Practice: 0 of 3 decided")
    assert len(mine(view)) == 3


@pytest.mark.parametrize(
    ("said", "more", "status", "told"),
    [
        (pass_of(locale="en"), {"late": LIVES + 1.0}, 410, "expired"),
        (pass_of(), {"late": LIVES + 1.0}, 410, "expired"),
        (pass_of(locale="en"), {"secret": "x" * 40}, 403, "not whole"),
        (pass_of(locale="en", stage="gone"), {}, 403, "no stage like yours"),
        (pass_of(), {"secret": "x" * 40}, 403, "not whole"),
    ],
)
def test_pass_that_opens_nothing_seats_nobody(
    browser: httpx.Client, slack: Sandbox, said: Pass, more: Any, status: int, told: str
) -> None:
    people = len(slack.get("people")["people"])
    address = way(said, **more)
    for answer in (browser.get(address), press(browser, address, page="/")):
        assert answer.status_code == status
        assert told in answer.text
    assert len(slack.get("people")["people"]) == people


def test_pass_of_this_desk_for_somebody_unknown_seats_nobody(
    browser: httpx.Client, port: int
) -> None:
    own = f"http://127.0.0.1:{port}/panel/practised/"
    answer = press(browser, way(pass_of(back=own, locale="en")))
    assert answer.status_code == 403
    assert "Nobody who works at this desk" in answer.text
