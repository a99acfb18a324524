"""Cursors: opaque texts that say where the next page begins."""

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from sandbox.api import arguments
from sandbox.api.arguments import Arguments
from sandbox.api.errors import RefusedError

Item = TypeVar("Item")


def cursor_of(kind: str, value: str) -> str:
    """A cursor in the form of Slack's own: base64 of, say, ``next_ts:1512085861000543``."""
    return base64.b64encode(f"{kind}:{value}".encode()).decode()


def read_cursor(kind: str, cursor: str | None) -> str | None:
    """The value in a cursor of this kind; refuses with ``invalid_cursor``."""
    if not cursor:
        return None
    try:
        found, _, value = base64.b64decode(cursor, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise RefusedError("invalid_cursor") from error
    if found != kind or not value:
        raise RefusedError("invalid_cursor")
    return value


def limit_of(args: Arguments, default: int = 100, most: int = 1000) -> int:
    """The page size asked for; refuses with ``invalid_limit`` below 1, cuts off above `most`."""
    limit = arguments.number(args, "limit", default, "invalid_limit")
    if limit < 0:
        raise RefusedError("invalid_limit")
    return min(limit or default, most)


def page(items: Sequence[Item], kind: str, args: Arguments) -> tuple[Sequence[Item], str]:
    """One page of a short list by position, and the cursor of the next (empty at the end)."""
    value = read_cursor(kind, arguments.text(args, "cursor"))
    if value is not None and not value.isdigit():
        raise RefusedError("invalid_cursor")
    start = int(value or 0)
    end = start + limit_of(args)
    return items[start:end], cursor_of(kind, str(end)) if end < len(items) else ""
