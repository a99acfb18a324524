"""A marketplace to test the courier on: real HTTP, remembers what it was told, misbehaves on call.

`faults` are used up one per request: a status, `reset` (the call is carried out, the line
drops), `text` (an answer that is no JSON), or a pair of status and headers.
"""

import json
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

ORDER = {
    "currency": "CNY",
    "paid": 20_000,
    "freight": 1_000,
    "lines": [{"key": "1", "title": "Kettle", "unit_price": 9_500, "quantity": 2}],
}


class Shop:
    """What the stub knows, and what it was told."""

    def __init__(self) -> None:
        self.orders: dict[str, Any] = {}
        self.funds: dict[str, Any] = {}
        self.payments: list[tuple[str, Any]] = []
        self.notices: list[Any] = []
        self.receipts: list[Any] = []
        self.calls: list[str] = []
        self.tokens: set[str] = set()
        self.faults: deque[Any] = deque()
        self.url = ""

    def answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        """Carries a call out."""
        self.calls.append(f"{method} {path}")
        parts = [unquote(part) for part in path.strip("/").split("/")]
        if method == "GET" and parts[0] == "orders":
            known = self.funds if parts[-1] == "funds" else self.orders
            return (200, known[parts[1]]) if parts[1] in known else (404, {})
        if parts[0] == "payments":
            self.payments.append((parts[1], body))
        if parts[0] == "receipts":
            self.receipts.append(body)
        if parts[0] == "notices":
            self.notices.append(body)
        return 202, {}


@contextmanager
def shop() -> Iterator[Shop]:
    """A stub on a free port."""
    made = Shop()

    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            made.tokens.add(self.headers.get("Authorization", ""))
            fault = made.faults.popleft() if made.faults else None
            if isinstance(fault, int | tuple):
                status, headers = fault if isinstance(fault, tuple) else (fault, {})
                self._answer(status, b"{}", headers)
                return
            status, data = made.answer(self.command, self.path, body)
            if fault == "reset":
                self.connection.close()
                return
            self._answer(status, b"<html>" if fault == "text" else json.dumps(data).encode(), {})

        do_GET = do_PUT = _serve  # noqa: N815  the library's names

        def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    )
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
