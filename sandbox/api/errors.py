"""How a method says no: ``ok: false`` with a code, on HTTP 200, as Slack does it."""

from typing import Any


class RefusedError(Exception):
    """A method refuses; `code` is Slack's error, `extra` goes into the answer beside it."""

    def __init__(self, code: str, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.extra = extra


def invalid_arguments(*messages: str) -> RefusedError:
    """``invalid_arguments`` with the messages that say which and why."""
    return RefusedError(
        "invalid_arguments", response_metadata={"messages": [f"[ERROR] {m}" for m in messages]}
    )
