"""A Bolt app and a person, through every surface once: the path the desk stands on."""

from collections.abc import Iterator
from typing import Any

import pytest
from slack_bolt import App
from slack_sdk import WebClient

from sandbox.client import Sandbox
from tests.sandbox.apps import SECRET, BoltServer

CARD = [
    {"type": "header", "text": {"type": "plain_text", "text": "Dispute 7F3K"}},
    {
        "type": "actions",
        "block_id": "fields",
        "elements": [
            {
                "type": "static_select",
                "action_id": "category",
                "options": [
                    {"text": {"type": "plain_text", "text": "Shoes"}, "value": "shoes"},
                    {"text": {"type": "plain_text", "text": "Food"}, "value": "food"},
                ],
            },
            {
                "type": "button",
                "action_id": "take",
                "value": "visit-1",
                "text": {"type": "plain_text", "text": "Take"},
            },
        ],
    },
]
MODAL = {
    "type": "modal",
    "callback_id": "new",
    "title": {"type": "plain_text", "text": "New dispute"},
    "submit": {"type": "plain_text", "text": "Open"},
    "blocks": [
        {
            "type": "input",
            "block_id": "order",
            "label": {"type": "plain_text", "text": "Order"},
            "element": {"type": "plain_text_input", "action_id": "number"},
        }
    ],
}


@pytest.fixture
def bolt(slack: WebClient, control: Sandbox) -> Iterator[list[dict[str, Any]]]:
    """A small desk in Bolt, as the real one is set up; yields what its listeners saw."""
    seen: list[dict[str, Any]] = []
    app = App(client=slack, signing_secret=SECRET, process_before_response=True)

    @app.action("take")
    def take(ack: Any, body: Any, client: WebClient) -> None:
        ack()
        seen.append(body)
        client.chat_update(
            channel=body["channel"]["id"], ts=body["message"]["ts"], text="taken", blocks=[]
        )

    @app.action("category")
    def choose(ack: Any, body: Any, respond: Any) -> None:
        ack()
        seen.append(body)
        respond(text="noted", response_type="ephemeral", replace_original=False)

    @app.command("/dispute")
    def command(ack: Any, body: Any, client: WebClient) -> None:
        ack()
        seen.append(body)
        client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @app.view("new")
    def submitted(ack: Any, body: Any, view: Any) -> None:
        seen.append(body)
        if view["state"]["values"]["order"]["number"]["value"] == "bad":
            ack(response_action="errors", errors={"order": "no such order"})
        else:
            ack()

    @app.event("app_home_opened")
    def home(event: Any, client: WebClient) -> None:
        seen.append(event)
        text = {"type": "mrkdwn", "text": "*My queue*"}
        view = {"type": "home", "blocks": [{"type": "section", "text": text}]}
        client.views_publish(user_id=event["user"], view=view)

    @app.event("message")
    def ignore() -> None:
        """Messages need no answer."""

    with BoltServer(app) as server:
        control.change_app("A1APP", url=server.url)
        yield seen


def test_a_click_reaches_bolt_and_its_update_reaches_the_channel(
    bolt: list[Any], slack: WebClient, control: Sandbox
) -> None:
    card = slack.chat_postMessage(channel="C1DESK", text="Dispute 7F3K", blocks=CARD)
    seen = control.act_as("U1LI").click("C1DESK", card["ts"], "take")
    assert seen["ok"], seen
    assert bolt[0]["actions"][0]["value"] == "visit-1"
    assert bolt[0]["user"]["id"] == "U1LI"
    message = slack.conversations_history(channel="C1DESK")["messages"][0]
    assert message["text"] == "taken"
    assert "blocks" not in message


def test_a_choice_travels_with_the_next_click(
    bolt: list[Any], slack: WebClient, control: Sandbox
) -> None:
    card = slack.chat_postMessage(channel="C1DESK", text="Dispute", blocks=CARD)
    control.act_as("U1LI").click("C1DESK", card["ts"], "take", state={"category": "food"})
    values = bolt[0]["state"]["values"]["fields"]["category"]
    assert values["selected_option"]["value"] == "food"


def test_an_ephemeral_answer_is_seen_by_its_reader_only(
    bolt: list[Any], slack: WebClient, control: Sandbox
) -> None:
    card = slack.chat_postMessage(channel="C1DESK", text="Dispute", blocks=CARD)
    seen = control.act_as("U1LI").click("C1DESK", card["ts"], "category", "shoes")
    assert [message["text"] for message in seen["ephemerals"]] == ["noted"]
    mine = control.act_as("U1LI").messages("C1DESK")
    others = control.act_as("U2ANN").messages("C1DESK")
    assert [m["text"] for m in mine] == ["Dispute", "noted"]
    assert [m["text"] for m in others] == ["Dispute"]
    assert bolt


def test_a_command_opens_a_modal_that_is_refused_then_taken(
    bolt: list[Any], control: Sandbox
) -> None:
    li = control.act_as("U1LI")
    opened = li.command("C1DESK", "/dispute new")
    assert opened["modal"]["callback_id"] == "new"
    assert bolt[0]["text"] == "new"
    empty = li.submit()
    assert empty["errors"] == {"order": "请填写此必填字段。"}
    assert len(bolt) == 1, "an empty required field never reaches the app"
    refused = li.submit({"number": "bad"})
    assert refused["errors"] == {"order": "no such order"}
    assert refused["modal"]["id"] == opened["modal"]["id"]
    taken = li.submit({"number": "7"})
    assert taken["ok"]
    assert taken["modal"] is None


def test_opening_home_publishes_the_queue(bolt: list[Any], control: Sandbox) -> None:
    seen = control.act_as("U2ANN").home("A1APP")
    assert seen["view"]["blocks"][0]["text"]["text"] == "*My queue*"
    assert bolt[0]["user"] == "U2ANN"
