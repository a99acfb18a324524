"""The desk as a request reaches it: what its door was opened with, reading, and acting."""

import contextlib
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from flask import current_app, g
from sqlalchemy import Connection

from core.db import Database
from core.settings import Settings

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Door:
    """What a door's pages work with. `home` is the endpoint that people land on.

    `public` are endpoints that nobody has to sign in for.
    """

    name: str
    database: Database
    settings: Settings
    home: str
    public: frozenset[str] = frozenset()


def door() -> Door:
    """The door of this request."""
    return cast("Door", current_app.extensions["redress"])


def reading() -> Connection:
    """The connection that this page is read with; it cannot write."""
    return _reading()[0]


def now() -> dt.datetime:
    """The desk's time as this page is read."""
    return _reading()[1]


def transact(work: Callable[..., T], /, *args: Any, **kwargs: Any) -> T:
    """Runs a use case in a transaction; what is read afterwards sees what it changed."""
    stop_reading()
    return door().database.transact(work, *args, **kwargs)


def rehearse(work: Callable[..., T], /, *args: Any, **kwargs: Any) -> T:
    """Runs a use case and takes back what it wrote."""
    stop_reading()
    return door().database.rehearse(work, *args, **kwargs)


def stop_reading(_error: BaseException | None = None) -> None:
    """Gives the reading connection back; the next reading starts afresh."""
    g.pop("reading", None)
    stack = g.pop("reading_stack", None)
    if stack is not None:
        stack.close()


def _reading() -> tuple[Connection, dt.datetime]:
    if "reading" not in g:
        g.reading_stack = contextlib.ExitStack()
        g.reading = g.reading_stack.enter_context(door().database.reading())
    return cast("tuple[Connection, dt.datetime]", g.reading)
