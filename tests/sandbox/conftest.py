"""A workspace with two agents and a bot, served on a free port, and clients to it."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from slack_sdk import WebClient

from sandbox.client import Sandbox
from sandbox.serve import Server
from tests.blockkit.browser import chromium
from tests.sandbox.apps import BOT_TOKEN, SECRET, StubApp

SCOPES = [
    "chat:write", "commands", "channels:read", "channels:join", "channels:manage",
    "channels:history", "groups:read", "groups:write", "groups:history", "users:read",
    "users:read.email", "im:write", "im:read", "im:history", "files:read", "files:write",
    "reactions:write", "reactions:read", "pins:write", "pins:read", "usergroups:read",
    "team:read", "mpim:write",
]  # fmt: skip


@pytest.fixture
def workspace() -> dict[str, Any]:
    """The workspace file that most tests start from; tests may change it before `server`."""
    return {
        "team": {"id": "T0TEST", "name": "Testers", "domain": "testers"},
        "people": [
            {
                "id": "U1LI",
                "name": "li",
                "real_name": "Li Na",
                "tz": "Asia/Shanghai",
                "locale": "zh-CN",
                "email": "li@example.com",
            },
            {"id": "U2ANN", "name": "ann", "real_name": "Ann Ray", "tz": "Europe/Berlin"},
            {"id": "U3BO", "name": "bo", "real_name": "Bo Out"},
        ],
        "channels": [
            {"id": "C1DESK", "name": "desk", "members": ["U1LI", "U2ANN", "UBOT"]},
            {"id": "C2OPEN", "name": "open", "members": ["U2ANN"]},
            {"id": "C3SAFE", "name": "safe", "private": True, "members": ["U2ANN", "UBOT"]},
            {"id": "C4PAST", "name": "past", "archived": True, "members": ["U1LI", "UBOT"]},
            {"id": "C5HIDE", "name": "hidden", "private": True, "members": ["U2ANN"]},
        ],
        "usergroups": [
            {"id": "S1", "handle": "agents", "name": "Agents", "users": ["U1LI", "U2ANN"]}
        ],
        "apps": [
            {
                "id": "A1APP",
                "name": "Desk",
                "bot_user_id": "UBOT",
                "bot_id": "BBOT",
                "bot_token": BOT_TOKEN,
                "app_token": "xapp-test",
                "signing_secret": SECRET,
                "scopes": SCOPES,
                "commands": [{"name": "/dispute", "description": "Disputes", "usage_hint": "new"}],
                "shortcuts": [
                    {"name": "Open", "callback_id": "open_from_message", "kind": "message"},
                    {"name": "Find", "callback_id": "find", "kind": "global"},
                ],
                "events": {
                    "subscribed": [
                        "app_home_opened", "message.channels", "app_mention", "reaction_added",
                        "member_joined_channel",
                    ]
                },
            }
        ],
    }  # fmt: skip


@pytest.fixture
def server(workspace: dict[str, Any]) -> Iterator[Server]:
    """A running sandbox with rates off; nothing answers for the app."""
    with Server(workspace, rates="off") as running:
        yield running


@pytest.fixture
def stub(server: Server) -> Iterator[StubApp]:
    """A recording app that the sandbox sends its requests to."""
    with StubApp() as app:
        with Sandbox(server.url) as control:
            control.change_app("A1APP", url=app.url)
        yield app


@pytest.fixture
def control(server: Server) -> Iterator[Sandbox]:
    """The control API's client."""
    with Sandbox(server.url) as client:
        yield client


@pytest.fixture
def slack(server: Server) -> WebClient:
    """The official client, pointed at the sandbox."""
    return WebClient(BOT_TOKEN, base_url=f"{server.url}/api/", retry_handlers=[])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for a file's tests; two at once cannot be, with Playwright's plain API."""
    with chromium() as running:
        yield running


@pytest.fixture
def open_page(browser: Browser, server: Server) -> Iterator[Any]:
    """Open the page as somebody; whatever a page logs as an error fails the test.

    What a test brings about itself it names in `expected`.
    """
    errors: list[str] = []
    expected: list[str] = []
    contexts = []

    def open_as(person: str, place: str = "#C1DESK", **options: Any) -> Page:
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
        page.goto(f"{server.url}/?as={person}&lang=en{place}")
        return page

    open_as.expected = expected  # type: ignore[attr-defined]
    yield open_as
    for context in contexts:
        context.close()
    assert [error for error in errors if not any(known in error for known in expected)] == []
