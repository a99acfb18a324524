"""Rates, faults, clock, traffic, state: what engineers and delivery tests turn."""

import time
from collections.abc import Iterator
from http.client import IncompleteRead, RemoteDisconnected
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.client import CannotActError, Sandbox
from sandbox.serve import Server
from tests.sandbox.apps import BOT_TOKEN, StubApp
from tests.sandbox.errors import error_of


def post(slack: WebClient, text: str = "x", channel: str = "C1DESK") -> Any:
    return slack.chat_postMessage(channel=channel, text=text)


@pytest.fixture
def limited(workspace: dict[str, Any]) -> Iterator[tuple[WebClient, Sandbox]]:
    """A sandbox with all rates on, as it starts by default."""
    with Server(workspace) as server, Sandbox(server.url) as control:
        yield WebClient(BOT_TOKEN, base_url=f"{server.url}/api/", retry_handlers=[]), control


def test_posting_is_one_a_second_per_channel_after_a_short_burst(
    limited: tuple[WebClient, Sandbox],
) -> None:
    slack, _ = limited
    for _ in range(3):
        post(slack)
    with pytest.raises(SlackApiError) as caught:
        post(slack)
    response = caught.value.response
    assert (response.status_code, response["error"]) == (429, "ratelimited")
    assert response.headers["Retry-After"] == "1"
    assert post(slack, channel="C3SAFE")["ok"], "another channel is not held back"
    time.sleep(1.05)
    assert post(slack)["ok"]


def test_updates_are_fifty_a_minute_for_the_whole_workspace(
    limited: tuple[WebClient, Sandbox],
) -> None:
    slack, control = limited
    ts = post(slack)["ts"]
    for n in range(50):
        slack.chat_update(channel="C1DESK", ts=ts, text=str(n))
    with pytest.raises(SlackApiError) as caught:
        slack.chat_update(channel="C1DESK", ts=ts, text="one more")
    assert int(caught.value.response.headers["Retry-After"]) >= 1
    control.rates("off")
    assert slack.chat_update(channel="C1DESK", ts=ts, text="free")["ok"]
    control.rates("posts")
    for n in range(60):
        slack.chat_update(channel="C1DESK", ts=ts, text=str(n))


def test_a_scripted_429_counts_down_and_says_how_long(slack: WebClient, control: Sandbox) -> None:
    control.fault("ratelimited", method="chat.postMessage", retry_after=17, times=2)
    for _ in range(2):
        with pytest.raises(SlackApiError) as caught:
            post(slack)
        assert caught.value.response.headers["Retry-After"] == "17"
    assert post(slack)["ok"]
    assert control.faults()[0]["struck"] == 2


def test_faults_strike_one_method_in_one_channel(slack: WebClient, control: Sandbox) -> None:
    with control.broken("error", method="chat.postMessage", channel="C3SAFE", error="fatal_error"):
        assert error_of(post, slack, channel="C3SAFE") == "fatal_error"
        assert error_of(post, slack, channel="C3SAFE") == "fatal_error"
        assert post(slack)["ok"]
    assert post(slack, channel="C3SAFE")["ok"]


def test_a_fault_may_end_by_time(slack: WebClient, control: Sandbox) -> None:
    control.fault("status", status=503, until=0.2)
    with pytest.raises(SlackApiError) as caught:
        post(slack)
    assert caught.value.response.status_code == 503
    time.sleep(0.25)
    assert post(slack)["ok"]


def test_an_answer_can_be_lost_after_the_post_was_accepted(
    server: Server, slack: WebClient, control: Sandbox
) -> None:
    control.fault("silence", method="chat.postMessage", accepted=True, seconds=0.3)
    impatient = WebClient(BOT_TOKEN, f"{server.url}/api/", timeout=5, retry_handlers=[])
    with pytest.raises((RemoteDisconnected, ConnectionError)):
        post(impatient, "accepted")
    history = slack.conversations_history(channel="C1DESK")["messages"]
    assert [m["text"] for m in history] == ["accepted"]


def test_a_client_that_gives_up_first_finds_the_post_accepted(
    server: Server, slack: WebClient, control: Sandbox
) -> None:
    control.fault("silence", method="chat.postMessage", accepted=True)
    with pytest.raises(TimeoutError):
        post(WebClient(BOT_TOKEN, f"{server.url}/api/", timeout=1, retry_handlers=[]), "late")
    assert len(slack.conversations_history(channel="C1DESK")["messages"]) == 1


@pytest.mark.parametrize("accepted", [False, True])
def test_a_connection_can_be_reset_before_or_after_the_work(
    slack: WebClient, control: Sandbox, accepted: bool
) -> None:
    control.fault("reset", method="chat.postMessage", accepted=accepted)
    with pytest.raises((ConnectionError, IncompleteRead)):
        post(slack)
    assert len(slack.conversations_history(channel="C1DESK")["messages"]) == int(accepted)


def test_the_retrying_client_posts_twice_after_a_reset(server: Server, control: Sandbox) -> None:
    control.fault("reset", method="chat.postMessage", accepted=True)
    default = WebClient(BOT_TOKEN, base_url=f"{server.url}/api/")
    post(default, "twice")
    assert len(control.messages("C1DESK")) == 2, "slack.md warns of the default retry handler"


def test_an_accepted_call_may_answer_with_an_error(slack: WebClient, control: Sandbox) -> None:
    control.fault("status", method="chat.postMessage", status=500, accepted=True)
    with pytest.raises(SlackApiError):
        post(slack)
    assert len(control.messages("C1DESK")) == 1


def test_a_slow_answer_is_right_but_late(slack: WebClient, control: Sandbox) -> None:
    control.fault("slow", seconds=0.3)
    started = time.monotonic()
    assert post(slack)["ok"]
    assert time.monotonic() - started >= 0.3


def test_a_fault_that_makes_no_sense_is_refused(control: Sandbox) -> None:
    with pytest.raises(CannotActError, match="kind"):
        control.fault("earthquake")
    with pytest.raises(CannotActError, match="unknown fields: colour"):
        control.fault("reset", colour="red")


def test_the_clock_is_held_moved_and_set(control: Sandbox) -> None:
    held = control.clock(hold=True)
    assert control.clock() == held
    assert control.clock(move=90) == pytest.approx(held + 90)
    assert control.clock(at="2030-01-01T00:00:00+00:00") == pytest.approx(1_893_456_000)
    control.clock(hold=False)
    assert control.clock() > 1_893_456_000
    with pytest.raises(CannotActError, match="zone"):
        control.clock(at="2030-01-01T00:00:00")


def test_the_traffic_is_logged_both_ways(stub: StubApp, slack: WebClient, control: Sandbox) -> None:
    ts = post(slack, "card")["ts"]
    control.act_as("U1LI").post("C1DESK", "hello")
    stub.wait_for(2)
    log = control.traffic()
    while sum(e["direction"] == "out" for e in log) < 2:
        log = control.traffic()
    inward = next(e for e in log if e["direction"] == "in")
    assert (inward["what"], inward["status"], inward["app"]) == ("chat.postMessage", 200, "A1APP")
    assert ts in inward["answer"]
    outward = next(e for e in log if e["direction"] == "out")
    assert outward["what"] == "event message"
    assert outward["headers"]["x-slack-signature"].startswith("v0=")
    assert control.traffic(since=log[-1]["n"]) == []


def test_the_state_tells_everything_but_the_secrets(slack: WebClient, control: Sandbox) -> None:
    metadata = {"event_type": "outbox", "event_payload": {"id": 1}}
    slack.chat_postMessage(channel="C1DESK", text="x", metadata=metadata)
    assert control.messages("desk")[0]["metadata"] == metadata
    whole = httpx.get(f"{control.url}/sandbox/state", trust_env=False).text
    assert BOT_TOKEN not in whole


def test_people_and_channels_are_added_while_it_runs(slack: WebClient, control: Sandbox) -> None:
    person = control.add_person(name="mei", real_name="Mei", locale="zh-CN")
    channel = control.add_channel(name="night", members=[person, "UBOT"])
    assert slack.chat_postMessage(channel=channel, text="x")["ok"]
    control.change_channel(channel, join=["U1LI"], archived=True)
    assert control.act_as("li").messages(channel)[0]["text"] == "x"
    assert error_of(slack.chat_postMessage, channel=channel, text="x") == "is_archived"
    with pytest.raises(CannotActError, match="no time zone"):
        control.add_person(name="x", tz="Nowhere/City")
    with pytest.raises(CannotActError, match="taken"):
        control.add_channel(id="C1DESK", name="again")


def test_a_page_of_another_origin_cannot_write_here(control: Sandbox) -> None:
    answer = httpx.post(
        f"{control.url}/sandbox/rates",
        content=b'{"mode":"off"}',
        headers={"content-type": "text/plain"},
        trust_env=False,
    )
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("preset", "code"),
    [
        ("revoked_token", "token_revoked"),
        ("archived_channel", "is_archived"),
        ("deleted_message", "message_not_found"),
        ("internal_error", "internal_error"),
    ],
)
def test_what_goes_wrong_in_slack_has_a_name(
    slack: WebClient, control: Sandbox, preset: str, code: str
) -> None:
    control.fault(preset, method="chat.postMessage", channel="C1DESK")
    assert error_of(slack.chat_postMessage, channel="C1DESK", text="x") == code
    assert slack.chat_postMessage(channel="C1DESK", text="x")["ok"]
    assert preset in control.get("faults")["presets"]


def test_a_post_accepted_before_the_reset_is_there(slack: WebClient, control: Sandbox) -> None:
    control.fault("accepted_then_reset", method="chat.postMessage")
    with pytest.raises((ConnectionError, IncompleteRead)):
        slack.chat_postMessage(channel="C1DESK", text="there all the same")
    assert [m["text"] for m in control.messages("C1DESK")] == ["there all the same"]
