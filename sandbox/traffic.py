"""The log of the traffic: the last requests and answers in both directions."""

import time
from collections import deque
from dataclasses import dataclass, field
from itertools import count
from typing import Any

KEPT = 2_000
SHOWN_BYTES = 100_000


@dataclass(slots=True)
class Exchange:
    """One request and its answer.

    `direction` is ``in`` (the app called) or ``out`` (the sandbox called the app); `ms` the time
    until the answer; `note` what went wrong, a fault that struck, or nothing; `transport` is
    ``http`` or ``socket``; `cut` says that a body was too large to be kept whole; `out` is what
    can be sent once more.
    """

    n: int
    at: float
    ms: float
    direction: str
    what: str
    app_id: str | None
    status: int | None
    request: bytes
    answer: bytes
    note: str = ""
    url: str = ""
    transport: str = "http"
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    out: Any = None


@dataclass(slots=True)
class Traffic:
    """The last exchanges, numbered."""

    numbers: Any = field(default_factory=lambda: count(1))
    exchanges: deque[Exchange] = field(default_factory=lambda: deque(maxlen=KEPT))


def record(traffic: Traffic, started: float, **fields: Any) -> None:
    """Add an exchange that began at `started` (time.perf_counter) and has just ended.

    `fields` are those of Exchange but for its number and times; bodies are cut at 100 KB.
    """
    ms = (time.perf_counter() - started) * 1000
    fields["cut"] = len(fields["request"]) > SHOWN_BYTES
    for name in ("request", "answer"):
        fields[name] = fields[name][:SHOWN_BYTES]
    n = next(traffic.numbers)
    traffic.exchanges.append(Exchange(n=n, at=time.time() - ms / 1000, ms=ms, **fields))


def shape(exchange: Exchange) -> dict[str, Any]:
    """An exchange as JSON; bodies as text."""
    return {
        "n": exchange.n,
        "direction": exchange.direction,
        "what": exchange.what,
        "app": exchange.app_id,
        "at": exchange.at,
        "ms": round(exchange.ms, 2),
        "status": exchange.status,
        "request": exchange.request.decode("utf-8", "replace"),
        "answer": exchange.answer.decode("utf-8", "replace"),
        "note": exchange.note,
        "url": exchange.url,
        "transport": exchange.transport,
        "headers": exchange.headers,
        "cut": exchange.cut,
    }
