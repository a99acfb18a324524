"""The journey on virtual complaints: every program of the product, so that it keeps running."""

import gzip
from pathlib import Path

import pytest

from benchmarks.journey import olist, reviews, sources
from benchmarks.journey.run import journey
from tests.journeys import virtual

SEED = 11
LONGEST = 200.0  # seconds on a machine that others use, too; alone it takes half a minute


def test_review_of_two_orders_is_two_complaints(tmp_path: Path) -> None:
    expected = virtual.write(tmp_path, 10, SEED)
    found = olist.read(tmp_path, None, SEED)
    assert len(found) == expected
    assert len({one.review for one in found}) == expected - 1
    assert found == olist.read(tmp_path, None, SEED)


def test_unhappy_reviews_without_orders_get_virtual_ones_by_their_lines(tmp_path: Path) -> None:
    with gzip.open(tmp_path / reviews.FILE, "wt", encoding="utf-8") as file:
        file.write("cat,label,review\n水果,1,很甜\n水果,0,烂了一半\n酒店,0,隔音差\n")
    found = sources.read(tmp_path, None, SEED)
    assert {one.key for one in found} == sources.keys(tmp_path) == {"r2:o2", "r3:o3"}
    assert {(one.message, one.category) for one in found} == {
        ("烂了一半", "food"),
        ("隔音差", "travel"),
    }
    for one in found:
        assert one.paid == one.freight + sum(x["unit_price"] * x["quantity"] for x in one.lines)
    assert found == sources.read(tmp_path, 2, SEED)


@pytest.mark.postgres
def test_virtual_complaints_end_lawfully_and_every_recount_agrees(tmp_path: Path) -> None:
    expected = virtual.write(tmp_path, 19, SEED)
    verdict = journey(tmp_path, None, SEED, limit=LONGEST, pace=0.3)
    broken = {check: found for check, found in verdict.broken.items() if found}
    assert broken == {}
    assert verdict.disputes == verdict.well == expected
