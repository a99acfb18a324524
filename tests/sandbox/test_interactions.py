"""What an app is sent when people act, and what it may do in return."""

import time
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier

from sandbox.client import CannotActError, Sandbox
from tests.blockkit.samples import (
    OTHERS,
    SELECTS,
    actions,
    button,
    element,
    input_block,
    option,
    plain,
    section,
)
from tests.sandbox.apps import SECRET, StubApp
from tests.sandbox.posting import post


def test_every_request_is_signed_so_that_the_official_verifier_takes_it(
    stub: StubApp, slack: WebClient, control: Sandbox
) -> None:
    ts = post(slack, actions(button("take")))
    control.act_as("U1LI").click("C1DESK", ts, "take")
    received = stub.received[0]
    verifier = SignatureVerifier(SECRET)
    assert verifier.is_valid_request(received.body, received.headers)
    assert not SignatureVerifier("other").is_valid_request(received.body, received.headers)
    assert received.headers["content-type"] == "application/x-www-form-urlencoded"


def test_a_click_tells_the_app_all_that_slack_tells(
    stub: StubApp, slack: WebClient, control: Sandbox
) -> None:
    ts = post(
        slack,
        {**actions(button("take"), element("static_select")), "block_id": "b1"},
        {**actions(element("multi_static_select")), "block_id": "b2"},
    )
    assert control.act_as("U1LI").click("C1DESK", ts, "take")["ok"]
    payload = stub.received[0].payload
    assert payload["type"] == "block_actions"
    assert payload["user"] == {
        "id": "U1LI", "username": "li", "name": "li", "team_id": "T0TEST",
    }  # fmt: skip
    assert payload["team"] == {"id": "T0TEST", "domain": "testers"}
    assert payload["channel"] == {"id": "C1DESK", "name": "desk"}
    assert payload["container"] == {
        "type": "message", "message_ts": ts, "channel_id": "C1DESK", "is_ephemeral": False,
    }  # fmt: skip
    assert payload["message"]["ts"] == ts
    assert payload["api_app_id"] == "A1APP"
    assert payload["trigger_id"]
    assert payload["response_url"].startswith("http://127.0.0.1:")
    (action,) = payload["actions"]
    assert {k: action[k] for k in ("type", "action_id", "block_id", "value")} == {
        "type": "button", "action_id": "take", "block_id": "b1", "value": "1",
    }  # fmt: skip
    assert float(action["action_ts"]) == pytest.approx(time.time(), abs=30)
    values = payload["state"]["values"]
    chosen = values["b1"]["act_static_select"]
    assert chosen["selected_option"]["value"] == "1", "the untouched initial option counts"
    assert values["b2"]["act_multi_static_select"] == {
        "type": "multi_static_select",
        "selected_options": [],
    }


CHOICES: list[tuple[str, Any, str, Any]] = [
    ("static_select", "2", "selected_option", {"text": plain("Option 2"), "value": "2"}),
    ("external_select", option("x", "X"), "selected_option", option("x", "X")),
    ("users_select", "U2ANN", "selected_user", "U2ANN"),
    ("conversations_select", "C2OPEN", "selected_conversation", "C2OPEN"),
    ("channels_select", "C2OPEN", "selected_channel", "C2OPEN"),
    ("multi_static_select", ["0"], "selected_options", [option("0", "Option 0")]),
    ("multi_users_select", ["U2ANN", "U1LI"], "selected_users", ["U2ANN", "U1LI"]),
    ("multi_channels_select", [], "selected_channels", []),
    ("overflow", "4", "selected_option", option("4", "Option 4")),
    ("checkboxes", ["1", "2"], "selected_options", [option("1", "Option 1"),
                                                    option("2", "Option 2")]),
    ("radio_buttons", "3", "selected_option", option("3", "Option 3")),
    ("datepicker", "2026-02-28", "selected_date", "2026-02-28"),
    ("timepicker", "23:59", "selected_time", "23:59"),
    ("datetimepicker", 1_800_000_000, "selected_date_time", 1_800_000_000),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "value", "name", "chosen"), CHOICES, ids=[c[0] for c in CHOICES])
def test_each_element_reports_its_choice_in_its_own_way(
    stub: StubApp, slack: WebClient, control: Sandbox, kind: str, value: Any, name: str, chosen: Any
) -> None:
    ts = post(slack, actions(element(kind)))
    control.act_as("U1LI").click("C1DESK", ts, f"act_{kind}", value)
    action = stub.received[0].payload["actions"][0]
    assert action[name] == chosen
    if kind != "overflow":
        values = stub.received[0].payload["state"]["values"][action["block_id"]]
        assert values[f"act_{kind}"][name] == chosen


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("static_select", "nope"),
        ("users_select", "U9"),
        ("datepicker", "tomorrow"),
        ("timepicker", "25:00"),
        ("datetimepicker", "soon"),
        ("multi_static_select", ["0", "1", "0"]),
    ],
)
def test_nobody_can_choose_what_is_not_offered(
    stub: StubApp, slack: WebClient, control: Sandbox, kind: str, value: Any
) -> None:
    ts = post(slack, actions({**SELECTS, **OTHERS}[kind] | {"type": kind, "action_id": "a"}))
    with pytest.raises(CannotActError):
        control.act_as("U1LI").click("C1DESK", ts, "a", value)
    assert stub.received == []


def test_choices_last_until_the_next_click_and_belong_to_one_person(
    stub: StubApp, slack: WebClient, control: Sandbox
) -> None:
    block = {**actions(element("static_select"), button("go")), "block_id": "b"}
    ts = post(slack, block)
    li, ann = control.act_as("U1LI"), control.act_as("U2ANN")
    li.click("C1DESK", ts, "act_static_select", "2")
    li.click("C1DESK", ts, "go")
    ann.click("C1DESK", ts, "go")
    seen = [
        r.payload["state"]["values"]["b"]["act_static_select"]["selected_option"]["value"]
        for r in stub.received
    ]
    assert seen == ["2", "2", "1"]


def test_the_same_action_in_two_blocks_is_told_apart(
    stub: StubApp, slack: WebClient, control: Sandbox
) -> None:
    ts = post(
        slack, section(block_id="one", accessory=button("go")),
        section(block_id="two", accessory=button("go", text=plain("Other"))),
    )  # fmt: skip
    control.act_as("U1LI").click("C1DESK", ts, "go", block_id="two")
    assert stub.received[0].payload["actions"][0]["block_id"] == "two"


def test_what_is_not_there_cannot_be_clicked(
    stub: StubApp, slack: WebClient, control: Sandbox
) -> None:
    ts = post(slack, actions(button("go")))
    li = control.act_as("U1LI")
    for channel, stamp, action in (
        ("C1DESK", ts, "stop"), ("C1DESK", "1.2", "go"), ("C5HIDE", ts, "go"),
    ):  # fmt: skip
        with pytest.raises(CannotActError):
            li.click(channel, stamp, action)
    with pytest.raises(CannotActError, match="no_such_person"):
        control.act_as("nobody").click("C1DESK", ts, "go")
    assert stub.received == []


def test_an_input_block_tells_the_app_only_when_it_dispatches(
    stub: StubApp, slack: WebClient, control: Sandbox
) -> None:
    silent = input_block(element("static_select"), block_id="s")
    loud = input_block(element("static_select"), block_id="l", dispatch_action=True)
    ts = post(slack, silent, loud)
    li = control.act_as("U1LI")
    li.click("C1DESK", ts, "act_static_select", "2", block_id="s")
    assert stub.received == []
    li.click("C1DESK", ts, "act_static_select", "0", block_id="l")
    values = stub.received[0].payload["state"]["values"]
    assert values["s"]["act_static_select"]["selected_option"]["value"] == "2"


def test_options_of_an_external_select_are_loaded_from_the_app(
    stub: StubApp, slack: WebClient, control: Sandbox
) -> None:
    ts = post(slack, {**actions(element("external_select")), "block_id": "b"})
    stub.answer = lambda _: (200, {"options": [option("o1", "Order 1")]}, 0.0)
    li = control.act_as("U1LI")
    seen = li.options("act_external_select", "ord", channel="C1DESK", ts=ts)
    assert seen["options"] == [option("o1", "Order 1")]
    payload = stub.received[0].payload
    assert (payload["type"], payload["value"], payload["block_id"]) == (
        "block_suggestion", "ord", "b",
    )  # fmt: skip


def test_a_command_is_a_form_with_everything_in_it(stub: StubApp, control: Sandbox) -> None:
    control.act_as("U1LI").command("C1DESK", "/dispute next one")
    form = stub.received[0].form
    assert (form["command"], form["text"], form["user_id"]) == ("/dispute", "next one", "U1LI")
    assert (form["channel_id"], form["channel_name"]) == ("C1DESK", "desk")
    assert form["trigger_id"]
    assert form["response_url"]


def test_a_command_may_be_answered_at_once(
    stub: StubApp, slack: WebClient, control: Sandbox
) -> None:
    li = control.act_as("U1LI")
    stub.answer = lambda _: (200, b"just text", 0.0)
    assert [m["text"] for m in li.command("C1DESK", "/dispute")["ephemerals"]] == ["just text"]
    stub.answer = lambda _: (200, {"text": "for all", "response_type": "in_channel"}, 0.0)
    assert li.command("C1DESK", "/dispute")["ephemerals"] == []
    assert slack.conversations_history(channel="C1DESK")["messages"][0]["text"] == "for all"
    unknown = li.command("C1DESK", "/nothing here")
    assert unknown["failure"] == "unknown_command"
    assert "/nothing" in unknown["ephemerals"][0]["text"]


def test_shortcuts_global_and_on_a_message(
    stub: StubApp, slack: WebClient, control: Sandbox
) -> None:
    ts = post(slack, section())
    li = control.act_as("U1LI")
    li.shortcut("find")
    li.shortcut("open_from_message", "C1DESK", ts)
    first, second = (r.payload for r in stub.received)
    assert (first["type"], first["callback_id"]) == ("shortcut", "find")
    assert (second["type"], second["message"]["ts"]) == ("message_action", ts)
    assert second["channel"]["id"] == "C1DESK"
    with pytest.raises(CannotActError):
        li.shortcut("unknown")


SLOW = (200, b"", 3.6)


def test_an_app_has_three_seconds_and_the_person_is_told(
    stub: StubApp, slack: WebClient, control: Sandbox
) -> None:
    ts = post(slack, actions(button("go")))
    stub.answer = lambda _: SLOW
    chinese = control.act_as("U1LI").click("C1DESK", ts, "go")
    assert (chinese["ok"], chinese["failure"]) == (False, "operation_timeout")
    assert chinese["warning"] == "操作超时。应用必须在 3 秒内作出响应。"
    assert chinese["ms"] == pytest.approx(3000, abs=500)


def test_an_app_that_fails_or_is_away_is_said_to_the_person(
    stub: StubApp, slack: WebClient, control: Sandbox
) -> None:
    ts = post(slack, actions(button("go")))
    ann = control.act_as("U2ANN")
    stub.answer = lambda _: (404, b"", 0.0)
    assert ann.click("C1DESK", ts, "go")["warning"] == "This app responded with Status Code 404."
    command = ann.command("C1DESK", "/dispute")
    assert command["ephemerals"][0]["text"] == '/dispute failed with the error "dispatch_failed"'
    control.change_app("A1APP", url="http://127.0.0.1:9/none")
    away = ann.click("C1DESK", ts, "go")
    assert (away["failure"], away["warning"]) == (
        "connection_failed", "This app could not be reached.",
    )  # fmt: skip
