"""What an answer by response_url came to, by whatever Slack says to it."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from bot.calls import Done, Refused, respond
from tests.serving import Door, served


def saying(status: str, body: bytes) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    """A program that always says this."""

    def program(_environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        start(status, [("Content-Length", str(len(body)))])
        return [body]

    return program


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        ("200 OK", b"ok", Done({})),
        ("200 OK", b'{"ok": true}', Done({})),
        ("200 OK", b'{"ok": false, "error": "internal_error"}', Refused("not ok")),
        ("200 OK", b"{broken", Refused("not ok")),
    ],
)
def test_refusal_by_response_url_is_taken_for_no_success(
    status: str, body: bytes, outcome: object
) -> None:
    door = Door()
    door.program = saying(status, body)
    with served(door) as url:
        assert respond(url, {"text": "a card", "blocks": [], "replace_original": True}) == outcome
