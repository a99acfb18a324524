"""A pytest plugin for Bolt's scenario tests: the sandbox answers where their mock server did.

Their base URL has no ``/api``; paths get it here, and are counted as their mock counted them.
"""

import re
import threading
from pathlib import Path
from typing import Any

import uvicorn

from sandbox.program import prepare, program_of
from sandbox.serve import listen

HERE = Path.cwd() / "tests"
PORT = 8888
BOT = {
    "id": "A111", "name": "Bolt", "bot_user_id": "W23456789", "bot_id": "BZYBOTHED",
    "signing_secret": "secret", "client_id": "111.222", "client_secret": "xxx",
}  # fmt: skip


def _workspace() -> dict[str, Any]:
    """Everybody and every place that their tests name."""
    text = "".join(path.read_text() for path in (HERE / "scenario_tests").glob("*.py"))
    ids = set(re.findall(r'"([CDGUW][A-Z0-9]{2,12})"', text)) - {"W23456789", "WARNING"}
    people = sorted(i for i in ids if i[0] in "UW")
    everybody = [*people, "W23456789"]
    tokens = sorted(set(re.findall(r'"(xoxp-[\w-]+)"', text)))
    others = [
        {**BOT, "id": f"A{n}", "bot_user_id": f"W2000{n}", "bot_id": f"B{n}", "bot_token": token}
        for n, token in enumerate(sorted(set(re.findall(r'"(xoxb-valid-[\w-]+)"', text))))
    ]
    return {
        "team": {"id": "T0G9PQBBK", "name": "Subarachnoid Workspace", "domain": "subarachnoid"},
        "people": [{"id": who, "name": who.lower()} for who in people],
        "channels": [
            {"id": i, "name": i.lower(), "members": everybody} for i in sorted(ids - set(people))
        ],
        "apps": [
            {
                **BOT, "bot_token": "xoxb-valid",
                "user_tokens": [{"token": t, "user": "W99999", "scopes": ["chat:write",
                                 "search:read"]} for t in tokens],
            },
            *others,
        ],
    }  # fmt: skip


def _fill(workspace: Any) -> None:
    """The messages whose timestamps their tests name, in every channel."""
    text = "".join(path.read_text() for path in (HERE / "scenario_tests").glob("*.py"))
    for channel in workspace.channels.values():
        for ts in sorted(set(re.findall(r'"(\d{10}\.\d{6})"', text))):
            channel.log.by_ts[ts] = {"type": "message", "user": "W111", "text": "x", "ts": ts}
            channel.log.order.append(ts)


class Thread(threading.Thread):
    """Stands in for their MockServerThread."""

    def __init__(self, queue: Any, test: Any, handler: Any = None) -> None:
        super().__init__(daemon=True)
        self.queue = queue
        self.test = test
        running = prepare(_workspace(), rates="off", public_url=f"http://localhost:{PORT}")
        _fill(running.workspace)
        inner = program_of(running)

        async def counted(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] == "http":
                self.queue.put_nowait(scope["path"])
                if scope["path"] == "/webhook":
                    await send({"type": "http.response.start", "status": 200, "headers": []})
                    await send({"type": "http.response.body", "body": b"OK"})
                    return
                scope = {**scope, "path": f"/api{scope['path']}"}
            await inner(scope, receive, send)

        config = uvicorn.Config(counted, log_level="error", access_log=False, lifespan="off")
        self.server = uvicorn.Server(config)
        self.socket = listen("localhost", PORT)
        test.server_url = f"http://localhost:{PORT}"

    def run(self) -> None:
        """Serve."""
        self.test.server_started.set()
        self.test = None
        self.server.run(sockets=[self.socket])

    def stop(self) -> None:
        """Stop serving."""
        self.server.should_exit = True
        self.join(5)

    stop_unsafe = stop


def pytest_configure() -> None:
    """Put the thread in place before any test is collected."""
    import tests.mock_web_api_server as theirs

    theirs.MockServerThread = Thread
