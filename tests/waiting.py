"""Waiting for what another thread or process does: never for a fixed time, and with patience."""

import time
from collections.abc import Callable
from typing import TypeVar

import httpx

T = TypeVar("T")
PATIENCE = 90.0  # seconds, spent only by a test that fails: machines are noisy


def eventually(what: Callable[[], T], told: Callable[[], object] | str = "") -> T:
    """What `what` gives, as soon as it is true; a server that is not up yet counts as not yet.

    `told` is said where it never comes: words, or what to look at by then.
    """
    until = time.monotonic() + PATIENCE
    while True:
        try:
            if found := what():
                return found
        except httpx.HTTPError:
            pass
        if time.monotonic() > until:
            raise AssertionError(told() if callable(told) else told or "it never came to that")
        time.sleep(0.02)
