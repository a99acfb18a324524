"""Rate limits: so many calls a minute per method and app, one post a second per channel.

Limits run on real time. A post may come early up to a small burst, as in Slack; over a while it is
one a second.
"""

import time
from dataclasses import dataclass, field
from math import ceil

POSTS_PER_MINUTE = 300
POST_BURST = 3.0
MODES = ("off", "posts", "all")


@dataclass(slots=True)
class Bucket:
    """How much room is left, as of a moment."""

    room: float
    at: float


@dataclass(slots=True)
class Rates:
    """The buckets. `mode`: ``off``; ``posts`` limits chat.postMessage only; ``all`` every tier."""

    mode: str = "all"
    buckets: dict[tuple[str, ...], Bucket] = field(default_factory=dict)


def wait_seconds(
    rates: Rates, app_id: str, method: str, per_minute: int | None, channel: str | None
) -> int:
    """0 when the call may go on (and it is counted), else the seconds to put in Retry-After."""
    if rates.mode == "off":
        return 0
    now = time.monotonic()
    if method == "chat.postMessage":
        wait = _take(rates, ("post", app_id, channel or ""), 1.0, POST_BURST, now)
        if wait:
            return wait
        return _take(rates, ("posts", app_id), POSTS_PER_MINUTE / 60, POSTS_PER_MINUTE, now)
    if per_minute is None or rates.mode == "posts":
        return 0
    return _take(rates, ("method", app_id, method), per_minute / 60, float(per_minute), now)


def _take(rates: Rates, key: tuple[str, ...], per_second: float, most: float, now: float) -> int:
    bucket = rates.buckets.get(key)
    if bucket is None:
        bucket = rates.buckets[key] = Bucket(most, now)
    bucket.room = min(most, bucket.room + (now - bucket.at) * per_second)
    bucket.at = now
    if bucket.room >= 1:
        bucket.room -= 1
        return 0
    return max(1, ceil((1 - bucket.room) / per_second))
