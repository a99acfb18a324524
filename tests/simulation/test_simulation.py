"""The simulation as the suite runs it: some seeds, and that a seed is the same day every time."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulation.world import World

SEEDS = range(1, 13)  # `make simulate` lives through more and longer ones
STEPS = 250


@pytest.mark.parametrize("seed", SEEDS)
def test_day_that_goes_wrong_in_every_way_breaks_no_promise(
    seed: int, sqlite_template: Path, tmp_path: Path
) -> None:
    result = World(seed, sqlite_template, tmp_path).run(STEPS)
    assert result.broken == [], f"seed {seed}"
    assert sum(result.faults.values()) > STEPS / 10


def test_seed_replays_exactly_here_and_in_another_process(
    sqlite_template: Path, tmp_path: Path
) -> None:
    (tmp_path / "here").mkdir()
    here = World(7, sqlite_template, tmp_path / "here").run(80)
    again = subprocess.run(
        [sys.executable, "-m", "tests.simulation", "--seeds", "7", "--steps", "80"],
        env={**os.environ, "PYTHONHASHSEED": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"trace {here.digest}," in again.stdout
