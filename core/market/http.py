"""A marketplace behind HTTP: a base URL, a bearer token, JSON both ways (core/market/wire.py)."""

import datetime as dt
import json
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any
from urllib.parse import quote

import httpx

from core.desk.intake import OrderInfo
from core.market import wire
from core.market.protocol import Funds, MayBeDone, NotDone, Notice, Payment, Receipt, Rejected

ANSWER_LIMIT = 1_000_000  # bytes
WAIT_LIMIT = dt.timedelta(hours=1)  # a longer Retry-After is not believed
# The call never left, so nothing can have been done.
_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class HttpMarket:
    """The adapter; one per process, safe for threads. `timeout` in seconds bounds each step."""

    def __init__(self, base_url: str, token: str, *, timeout: float = 5.0) -> None:
        headers = {"Accept": "application/json", "User-Agent": "redress"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        self._client = httpx.Client(
            base_url=base_url.rstrip("/") + "/",
            headers=headers,
            timeout=timeout,
            follow_redirects=False,
            trust_env=False,  # no proxy from the environment sees orders and payments
        )

    def order(self, number: str) -> OrderInfo | None:
        """GET orders/{number}."""
        data = self._call("GET", f"orders/{_part(number)}")
        return None if data is None else wire.order_in(data)

    def funds(self, order: str) -> Funds | None:
        """GET orders/{number}/funds."""
        data = self._call("GET", f"orders/{_part(order)}/funds")
        return None if data is None else wire.funds_in(data)

    def pay(self, payment: Payment) -> None:
        """PUT payments/{reference}."""
        path = f"payments/{_part(payment.reference)}"
        self._call("PUT", path, wire.payment_out(payment))

    def receipt(self, receipt: Receipt) -> None:
        """PUT receipts/{number}."""
        self._call("PUT", f"receipts/{_part(receipt.number)}", wire.receipt_out(receipt))

    def notify(self, notice: Notice) -> None:
        """PUT notices/{id}."""
        self._call("PUT", f"notices/{_part(notice.id)}", wire.notice_out(notice))

    def close(self) -> None:
        """Closes its connections."""
        self._client.close()

    def __enter__(self) -> "HttpMarket":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """The answer's JSON, or None for a GET of what does not exist."""
        try:
            with self._client.stream(method, path, json=body) as answer:
                _judge(method, answer)
                if answer.status_code == 404:
                    return None
                return _json(answer) if method == "GET" else None
        except _NEVER_LEFT as error:
            raise NotDone(type(error).__name__, away=True) from None
        except httpx.TransportError as error:
            raise MayBeDone(type(error).__name__) from None


def _judge(method: str, answer: httpx.Response) -> None:
    """Tells apart what an answer's status says was done."""
    status = answer.status_code
    if answer.is_success or (status == 404 and method == "GET"):
        return
    reason = f"HTTP {status}"
    if status in (429, 503):
        raise NotDone(reason, away=True, wait=_retry_after(answer))
    if status in (401, 403) or answer.is_redirect:
        raise NotDone(reason, away=True)  # the settings are wrong: everything waits until mended
    if status >= 500:
        raise MayBeDone(reason)
    if status in (408, 425):
        raise NotDone(reason)
    raise Rejected(reason)


def _retry_after(answer: httpx.Response) -> dt.timedelta | None:
    text = answer.headers.get("Retry-After", "").strip()
    if text.isdecimal() and len(text) < 10:
        wait = dt.timedelta(seconds=int(text))
    else:
        try:
            until = parsedate_to_datetime(text)
        except ValueError:
            return None
        # A date without a zone is UTC by the standard.
        until = until if until.tzinfo else until.replace(tzinfo=dt.UTC)
        wait = until - dt.datetime.now(dt.UTC)
    return min(max(wait, dt.timedelta(0)), WAIT_LIMIT)


def _json(answer: httpx.Response) -> Any:
    body = bytearray()
    for part in answer.iter_bytes():
        body += part
        if len(body) > ANSWER_LIMIT:
            raise NotDone("unreadable: answer too long")
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise NotDone("unreadable: not JSON") from None


def _part(text: str) -> str:
    """A text as one segment of a path; dots alone would climb."""
    return quote(text, safe="").replace(".", "%2E")
