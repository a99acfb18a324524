"""How sure a figure is, and whether two of them differ: intervals that hold in 95 of 100 cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist, median

SURE = 0.95
_Z = NormalDist().inv_cdf((1 + SURE) / 2)


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure, and between which bounds it may as well be."""

    value: float
    low: float
    high: float


def share(hits: int, of: int) -> Interval | None:
    """The share that `hits` are of `of`, from 0 to 1, with Wilson's interval; None of nothing."""
    if not of:
        return None
    value, square = hits / of, _Z * _Z
    middle = (value + square / (2 * of)) / (1 + square / of)
    reach = _Z / (1 + square / of) * sqrt(value * (1 - value) / of + square / (4 * of * of))
    return Interval(value, max(0.0, middle - reach), min(1.0, middle + reach))


def middle(values: Sequence[float]) -> Interval | None:
    """The median with an interval between two of the values, whatever their distribution.

    None where there are too few: below six values not even the smallest and the greatest of them
    enclose the median in 95 of 100 cases.
    """
    ordered = sorted(values)
    below = _rank(len(ordered))
    if below is None:
        return None
    return Interval(float(median(ordered)), ordered[below], ordered[-1 - below])


def differ(one: Interval | None, other: Interval | None) -> int:
    """1 where `one` is surely the greater, -1 where it is surely the smaller, 0 where unknown."""
    if one is None or other is None or (one.low <= other.high and other.low <= one.high):
        return 0
    return 1 if one.value > other.value else -1


def _rank(count: int) -> int | None:
    """How many values at each end may be left out, so that the rest still enclose the median.

    The number of values below the median is binomial with a half; each end may miss it in half of
    the cases that are left.
    """
    allowed = (1 - SURE) / 2
    chance, missed, rank = 0.5**count, 0.0, None
    if not chance:  # so many that the normal distribution says it exactly enough
        return max(0, int(count / 2 - _Z * sqrt(count) / 2) - 1)
    for left_out in range(count // 2):
        missed += chance
        if missed > allowed:
            break
        rank = left_out
        chance = chance * (count - left_out) / (left_out + 1)
    return rank
