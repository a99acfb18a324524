"""The journey on virtual complaints: every program of the product, so that it keeps running."""

from pathlib import Path

import pytest

from benchmarks.journey import complaints
from benchmarks.journey.run import journey
from tests.journeys import virtual

SEED = 11
LONGEST = 200.0  # seconds on a machine that others use, too; alone it takes half a minute


def test_review_of_two_orders_is_two_complaints(tmp_path: Path) -> None:
    expected = virtual.write(tmp_path, 10, SEED)
    found = complaints.read(tmp_path, None, SEED)
    assert len(found) == expected
    assert len({one.review for one in found}) == expected - 1
    assert found == complaints.read(tmp_path, None, SEED)


@pytest.mark.postgres
def test_virtual_complaints_end_lawfully_and_every_recount_agrees(tmp_path: Path) -> None:
    expected = virtual.write(tmp_path, 19, SEED)
    verdict = journey(tmp_path, None, SEED, limit=LONGEST, pace=0.3)
    broken = {check: found for check, found in verdict.broken.items() if found}
    assert broken == {}
    assert verdict.disputes == verdict.well == expected
