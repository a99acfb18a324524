"""Redress, as the marketplace reaches it: its HTTP API and a key."""

import zlib
from typing import Any

import httpx

from demo.marketplace.papers import made

LATER = frozenset({408, 425, 429, 500, 502, 503, 504})


class Away(RuntimeError):
    """The desk did not answer, or asks for another moment: try again."""


class Desk:
    """A client of the API; safe for threads."""

    def __init__(self, base_url: str, key: str, *, timeout: float = 10.0) -> None:
        self._client = httpx.Client(
            base_url=base_url.rstrip("/") + "/v1",
            headers={"Authorization": f"Bearer {key}"},
            timeout=timeout,
            trust_env=False,
        )

    def open(self, body: dict[str, Any]) -> str | None:
        """Opens a dispute and gives its number; None where the desk declined it. Raises Away."""
        answer = self._post("/disputes", json=body)
        return str(answer.json()["number"]) if answer.is_success else None

    def read(self, number: str) -> dict[str, Any]:
        """A dispute as it stands. Raises Away."""
        answer = self._call("GET", f"/disputes/{number}")
        return dict(answer.json())

    def evidence(
        self, number: str, party: str, kind: str, external_id: str, *, ending: str, note: str
    ) -> httpx.Response:
        """Sends a piece of evidence, with a file of its own where it has an ending. Raises Away."""
        said = {"party": party, "kind": kind, "external_id": external_id, "note": note}
        path = f"/disputes/{number}/evidence"
        if not ending:
            return self._post(path, json=said)
        file = (f"{external_id}.{ending}", made(ending, hash_of(external_id)))
        return self._post(path, data=said, files={"file": file})

    def event(
        self, number: str, party: str, decision: str, inputs: dict[str, Any], key: str
    ) -> httpx.Response:
        """Reports what a party did, under a key that makes repeating harmless. Raises Away."""
        body = {"party": party, "decision": decision, "fields": inputs}
        headers = {"Idempotency-Key": key}
        return self._post(f"/disputes/{number}/events", json=body, headers=headers)

    def payment(self, reference: str, report: dict[str, Any]) -> httpx.Response:
        """Reports what became of a payment. Raises Away."""
        return self._post(f"/payments/{reference}", json=report)

    def close(self) -> None:
        """Closes its connections."""
        self._client.close()

    def _post(self, path: str, **more: Any) -> httpx.Response:
        return self._call("POST", path, **more)

    def _call(self, method: str, path: str, **more: Any) -> httpx.Response:
        try:
            answer = self._client.request(method, path, **more)
        except httpx.TransportError as error:
            raise Away(type(error).__name__) from None
        if answer.status_code in LATER:
            raise Away(f"HTTP {answer.status_code}")
        return answer


def hash_of(text: str) -> int:
    """A number out of a text, the same in every process."""
    return zlib.crc32(text.encode())
