"""What is wrong with a payload, in the shape of the errors of Slack's blocks.validate."""

from collections.abc import Iterable
from typing import Any, TypedDict


class Problem(TypedDict):
    """One thing wrong.

    `code` is ``failed_constraint`` for anything in the blocks themselves, else the error that Slack
    answers with (``no_text``, ``msg_blocks_too_long`` ...); `pointer` is a JSON pointer from the
    root of what was validated; `constraint` names the rule (``type``) and what it expected and got.
    """

    code: str
    message: str
    pointer: str
    constraint: dict[str, Any]


def failed(pointer: str, message: str, rule: str, **details: Any) -> Problem:
    """A problem in the blocks: `rule` is the constraint's type."""
    return {
        "code": "failed_constraint",
        "message": message,
        "pointer": pointer,
        "constraint": {"type": rule, **details},
    }


def refused(code: str, pointer: str, message: str, rule: str, **details: Any) -> Problem:
    """A problem for which Slack has an error code of its own."""
    return {**failed(pointer, message, rule, **details), "code": code}


def as_messages(problems: Iterable[Problem], root: str = "") -> list[str]:
    """The problems as chat.* and views.* list them under ``response_metadata.messages``.

    `root` is what the call names the validated object, such as ``/view``.
    """
    return [f"[ERROR] {p['message']} [json-pointer:{root}{p['pointer']}]" for p in problems]
