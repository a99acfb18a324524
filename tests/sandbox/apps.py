"""Apps under test: a real Bolt app, and a stub that records and answers as it is told."""

import json
import threading
import time
from collections.abc import Callable
from typing import Any, Self
from urllib.parse import parse_qs

import uvicorn
from flask import Flask, Response, request
from slack_bolt import App
from slack_bolt.adapter.flask import SlackRequestHandler
from starlette.requests import Request
from starlette.responses import Response as StarletteResponse
from werkzeug.serving import make_server

from sandbox.serve import listen
from tests.waiting import eventually

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
BOT_TOKEN = "xoxb-test-bot"


class BoltServer:
    """A real Bolt app over HTTP, in a thread, stopped by its own server object."""

    def __init__(self, app: App) -> None:
        flask = Flask("app-under-test")
        handler = SlackRequestHandler(app)

        @flask.post("/slack/events")
        def events() -> Response:
            return handler.handle(request)

        self._server = make_server("127.0.0.1", 0, flask, threaded=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}/slack/events"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)


class Received:
    """One request that the stub got."""

    def __init__(self, headers: dict[str, str], body: bytes) -> None:
        self.headers = headers
        self.body = body
        self.at = time.time()

    @property
    def form(self) -> dict[str, str]:
        """The form's fields."""
        return {k: v[0] for k, v in parse_qs(self.body.decode(), keep_blank_values=True).items()}

    @property
    def payload(self) -> dict[str, Any]:
        """The interaction in the form, or the JSON body."""
        form = self.form
        found: dict[str, Any] = json.loads(form.get("payload", self.body))
        return found


Answerer = Callable[[Received], tuple[int, bytes | dict[str, Any], float]]


def acknowledge(_received: Received) -> tuple[int, bytes | dict[str, Any], float]:
    """The empty 200 that most interactions want."""
    return 200, b"", 0.0


class StubApp:
    """An app that records every request and answers what `answer` returns: status, body, delay.

    `received` holds interactions and commands, `events` what came over the Events API.
    """

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.events: list[Received] = []
        self.answer: Answerer = acknowledge
        self._socket = listen("127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/slack"
        config = uvicorn.Config(
            self._serve, interface="asgi3", log_level="error", lifespan="off", access_log=False
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True
        )

    async def _serve(self, scope: Any, receive: Any, send: Any) -> None:
        import anyio

        incoming = Request(scope, receive)
        received = Received(dict(incoming.headers), await incoming.body())
        is_event = received.headers["content-type"] == "application/json"
        (self.events if is_event else self.received).append(received)
        status, body, delay = self.answer(received)
        if delay:
            await anyio.sleep(delay)
        kind = None if isinstance(body, bytes) else "application/json"
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        await StarletteResponse(content, status, media_type=kind)(scope, receive, send)

    def wait_for_type(self, kind: str) -> Received:
        """The last interaction, once it is of this type."""
        eventually(
            lambda: self.received and self.received[-1].payload["type"] == kind, f"no {kind} came"
        )
        return self.received[-1]

    def wait_for(self, count: int) -> list[Received]:
        """The events, once there are `count` of them."""
        eventually(
            lambda: len(self.events) >= count, lambda: f"{len(self.events)} of {count} events came"
        )
        return self.events

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=10)
