"""When each level of a ladder is due, told on the deadline's own clock (row G8).

A level counts the same open time as its deadline does: it stands still with it, and 'fifteen
minutes before the end' on a Monday morning may be Friday evening.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from core.clocks.running import NOTHING, Running, moment


@dataclass(frozen=True, slots=True)
class At:
    """Where a level stands: at `percent` of the length, minutes `before` its end, or `after` it.

    Exactly one is given and none is negative, else ValueError.
    """

    percent: int | None = None
    before: int | None = None
    after: int | None = None

    def __post_init__(self) -> None:
        given = [n for n in (self.percent, self.before, self.after) if n is not None]
        if len(given) != 1 or given[0] < 0:
            raise ValueError(f"a level stands at exactly one place, not at {self}")


def offset(at: At, length: dt.timedelta) -> dt.timedelta:
    """How much of the deadline's clock has passed when the level is due; never negative.

    A level so many minutes before the end of a shorter length is due at the start.
    """
    if at.percent is not None:
        return max(length * at.percent // 100, NOTHING)
    minutes = dt.timedelta(minutes=(at.after or 0) - (at.before or 0))
    return max(length + minutes, NOTHING)


def moments(
    running: Running, length: dt.timedelta, levels: Sequence[At]
) -> list[dt.datetime | None]:
    """When each level is due, in the order given; None for those that a pause without end holds.

    Raises NeverOpen where the calendar opens too little for one of them.
    """
    return [moment(running, offset(at, length)) for at in levels]
