"""Intervals: as wide as the data is thin, and right as often as they say (S5)."""

import random
from math import comb

import pytest

from core.workflow.intervals import Interval, differ, middle, share

DRAWS = 2_000


def test_share_of_nothing_is_unknown() -> None:
    assert share(0, 0) is None


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    # Wilson's interval as textbooks print it.
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (81, 263, 0.2553, 0.3662), (10, 10, 0.7225, 1)],
)
def test_share_has_wilson_s_interval(hits: int, of: int, low: float, high: float) -> None:
    found = share(hits, of)
    assert found is not None
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@pytest.mark.parametrize("truth", [0.03, 0.2, 0.5])
def test_share_s_interval_holds_the_truth_in_95_of_100_cases(truth: float) -> None:
    draw = random.Random(7)
    held = 0
    for _ in range(DRAWS):
        found = share(sum(draw.random() < truth for _ in range(200)), 200)
        assert found is not None
        held += found.low <= truth <= found.high
    assert 0.93 <= held / DRAWS <= 0.98


def test_few_values_have_no_sure_median() -> None:
    assert middle([1, 2, 3, 4, 5]) is None
    assert middle([1, 2, 3, 4, 5, 6]) == Interval(3.5, 1, 6)


@pytest.mark.parametrize(
    ("count", "slack"), [(6, 1), (7, 1), (20, 1), (101, 1), (500, 1), (5_000, 3)]
)
def test_median_s_bounds_are_the_narrowest_that_are_sure(count: int, slack: int) -> None:
    found = middle(list(range(count)))
    assert found is not None
    left_out = int(found.low)

    def missed(rank: int) -> float:
        return 2 * sum(comb(count, k) for k in range(rank + 1)) / 2**count

    assert missed(left_out) <= 0.05 < missed(left_out + slack)
    assert found.high == count - 1 - left_out


def test_median_s_interval_holds_the_truth_whatever_the_distribution() -> None:
    draw = random.Random(7)
    held = 0
    for _ in range(DRAWS):
        found = middle([draw.lognormvariate(0, 2) for _ in range(41)])
        assert found is not None
        held += found.low <= 1 <= found.high
    assert 0.94 <= held / DRAWS <= 0.99


def test_two_figures_differ_only_where_their_intervals_do_not_meet() -> None:
    low, high, wide = Interval(1, 0, 2), Interval(5, 4, 6), Interval(3, 1, 5)
    assert (differ(high, low), differ(low, high)) == (1, -1)
    assert (differ(low, wide), differ(wide, high), differ(None, low)) == (0, 0, 0)
