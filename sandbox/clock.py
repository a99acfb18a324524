"""The workspace's clock: runs, can be held, can be moved.

It dates messages and decides when triggers, response URLs and event retries fall due. Request
signatures, the three-second rule and rate limits stay on real time, as the app under test sees
them.
"""

import time
from dataclasses import dataclass


@dataclass(slots=True)
class Clock:
    """Moments in seconds since the epoch, plus the last message timestamp given out."""

    offset: float = 0.0
    held_at: float | None = None
    last_micros: int = 0


def now(clock: Clock) -> float:
    """The workspace's current moment, in seconds since the epoch."""
    return time.time() + clock.offset if clock.held_at is None else clock.held_at


def hold(clock: Clock) -> None:
    """Stop the clock where it stands; `move` still moves it."""
    clock.held_at = now(clock)


def release(clock: Clock) -> None:
    """Let a held clock run on from where it stands."""
    if clock.held_at is not None:
        clock.offset = clock.held_at - time.time()
        clock.held_at = None


def move(clock: Clock, seconds: float) -> None:
    """Move the clock by `seconds`, forwards or backwards."""
    if clock.held_at is None:
        clock.offset += seconds
    else:
        clock.held_at += seconds


def next_ts(clock: Clock) -> str:
    """A message timestamp such as ``1700000000.000100``, never given out before.

    Timestamps only grow, even while the clock is held or was moved back: they are identities.
    """
    micros = max(int(now(clock) * 1_000_000), clock.last_micros + 1)
    clock.last_micros = micros
    return f"{micros // 1_000_000}.{micros % 1_000_000:06d}"
