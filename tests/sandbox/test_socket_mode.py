"""Socket Mode, with the clients that apps really use."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.aiohttp import SocketModeClient as AiohttpClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.client import Sandbox
from sandbox.serve import Server
from tests.sandbox.apps import BOT_TOKEN
from tests.waiting import eventually

BUTTON = {"type": "button", "action_id": "take", "text": {"type": "plain_text", "text": "Take"}}
CARD = [{"type": "actions", "elements": [BUTTON]}]


class Recording:
    """An app on a socket: it records, and acknowledges with `payload`."""

    def __init__(self, server: Server) -> None:
        self.requests: list[SocketModeRequest] = []
        self.payload: dict[str, Any] | None = None
        self.silent = False
        web = WebClient(BOT_TOKEN, base_url=f"{server.url}/api/")
        self.client = SocketModeClient("xapp-test", web_client=web)
        self.client.socket_mode_request_listeners.append(self._heard)  # type: ignore[arg-type]

    def _heard(self, client: SocketModeClient, request: SocketModeRequest) -> None:
        self.requests.append(request)
        if not self.silent:
            client.send_socket_mode_response(SocketModeResponse(request.envelope_id, self.payload))


@pytest.fixture
def connect(server: Server, control: Sandbox) -> Iterator[Callable[[], Recording]]:
    apps: list[Recording] = []

    def connected() -> Recording:
        app = Recording(server)
        app.client.connect()
        apps.append(app)
        eventually(lambda: sockets(control) >= len(apps))
        return app

    yield connected
    for app in apps:
        app.client.close()


def sockets(control: Sandbox) -> int:
    """How many sockets the app has open."""
    count: int = control.get("apps")["apps"][0]["sockets"]
    return count


@pytest.fixture
def card(slack: WebClient) -> str:
    ts: str = slack.chat_postMessage(channel="C1DESK", text="card", blocks=CARD)["ts"]
    return ts


def test_a_click_comes_through_the_socket(
    connect: Callable[[], Recording], control: Sandbox, card: str
) -> None:
    app = connect()
    assert control.act_as("U1LI").click("C1DESK", card, "take")["ok"]
    request = next(r for r in app.requests if r.type == "interactive")
    assert request.payload["actions"][0]["action_id"] == "take"
    assert request.payload["response_url"]


def test_a_command_is_answered_in_the_acknowledgement(
    connect: Callable[[], Recording], control: Sandbox
) -> None:
    app = connect()
    app.payload = {"text": "here you are"}
    seen = control.act_as("U1LI").command("C1DESK", "/dispute new")
    assert [m["text"] for m in seen["ephemerals"]] == ["here you are"]
    assert app.requests[-1].type == "slash_commands"
    assert app.requests[-1].payload["text"] == "new"


def test_each_payload_goes_to_one_socket_in_turns(
    connect: Callable[[], Recording], control: Sandbox, card: str
) -> None:
    first, second = connect(), connect()
    for _ in range(4):
        control.act_as("U1LI").click("C1DESK", card, "take")
    counts = [sum(r.type == "interactive" for r in app.requests) for app in (first, second)]
    assert counts == [2, 2]


def test_silence_on_the_socket_is_seen_by_the_person(
    connect: Callable[[], Recording], control: Sandbox, card: str
) -> None:
    app = connect()
    app.silent = True
    seen = control.act_as("U2ANN").click("C1DESK", card, "take")
    assert (seen["failure"], seen["warning"]) == (
        "operation_timeout",
        "Operation timed out. Apps need to respond within 3 seconds.",
    )


def test_an_event_without_an_acknowledgement_comes_again(
    connect: Callable[[], Recording], control: Sandbox
) -> None:
    app = connect()
    app.silent = True
    control.act_as("U1LI").post("C1DESK", "hello")
    eventually(lambda: len(app.requests) == 2)
    first, again = app.requests
    assert (again.retry_attempt, again.retry_reason) == (1, "http_timeout")
    assert first.payload["event_id"] == again.payload["event_id"]


def test_a_socket_that_must_go_is_replaced(
    connect: Callable[[], Recording], control: Sandbox, card: str
) -> None:
    app = connect()
    before = app.client.current_session
    assert control.set("apps/A1APP/sockets", reason="refresh_requested")["told"] == 1
    eventually(lambda: app.client.current_session is not before and sockets(control) == 1)
    assert control.act_as("U1LI").click("C1DESK", card, "take")["ok"]


def test_a_ticket_opens_one_socket(slack: WebClient) -> None:
    from websockets.exceptions import InvalidStatus
    from websockets.sync.client import connect

    url = slack.apps_connections_open(app_token="xapp-test")["url"]
    with connect(url, proxy=None) as socket:
        assert '"type":"hello"' in str(socket.recv(timeout=3))
    with pytest.raises(InvalidStatus), connect(url, proxy=None):
        pass


def test_ten_sockets_are_the_most(control: Sandbox, slack: WebClient) -> None:
    from contextlib import ExitStack

    from websockets.sync.client import connect

    with ExitStack() as stack:
        for _ in range(10):
            url = slack.apps_connections_open(app_token="xapp-test")["url"]
            socket = stack.enter_context(connect(url, proxy=None))
            assert '"hello"' in str(socket.recv(timeout=3))
        url = slack.apps_connections_open(app_token="xapp-test")["url"]
        socket = stack.enter_context(connect(url, proxy=None))
        assert "too_many_websockets" in str(socket.recv(timeout=3))
        assert sockets(control) == 10


def test_a_bolt_app_works_over_its_socket(server: Server, control: Sandbox, card: str) -> None:
    bolt = App(
        token=BOT_TOKEN, client=WebClient(BOT_TOKEN, base_url=f"{server.url}/api/"),
        process_before_response=True,
    )  # fmt: skip

    @bolt.action("take")
    def take(ack: Any, body: Any, client: Any) -> None:
        ack()
        client.views_open(
            trigger_id=body["trigger_id"],
            view={
                "type": "modal",
                "title": {"type": "plain_text", "text": "Taken"},
                "blocks": [{"type": "divider"}],
            },
        )

    handler = SocketModeHandler(bolt, "xapp-test")
    handler.connect()
    try:
        eventually(lambda: sockets(control) == 1)
        seen = control.act_as("U1LI").click("C1DESK", card, "take")
        assert seen["ok"]
        eventually(lambda: bool(control.act_as("U1LI").modals()))
        assert control.act_as("U1LI").modals()[0]["title"]["text"] == "Taken"
    finally:
        handler.close()


def test_the_aiohttp_client_is_served_as_well(server: Server, control: Sandbox, card: str) -> None:
    heard: list[str] = []

    async def app(client: AiohttpClient, request: SocketModeRequest) -> None:
        heard.append(request.type)
        await client.send_socket_mode_response(SocketModeResponse(request.envelope_id))

    async def live() -> None:
        web = AsyncWebClient(BOT_TOKEN, base_url=f"{server.url}/api/")
        client = AiohttpClient("xapp-test", web_client=web, trace_enabled=False)
        client.socket_mode_request_listeners.append(app)  # type: ignore[arg-type]
        await client.connect()
        while not heard:
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.1)
        await client.close()

    thread = threading.Thread(target=asyncio.run, args=(live(),), daemon=True)
    thread.start()
    eventually(lambda: sockets(control) == 1)
    assert control.act_as("U1LI").click("C1DESK", card, "take")["ok"]
    thread.join(timeout=10)
    assert heard == ["interactive"]
