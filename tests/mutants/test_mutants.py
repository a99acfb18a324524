"""Mistakes planted one by one into a copy of the tree: whoever watches over them cries out.

The same command passes on the copy as it is, so that nothing but the mistake is what it catches.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PARTS = ("core", "bot", "sandbox", "blockkit", "tests", "scheduler.py", "pyproject.toml")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.patch")
# Each mistake, and the cheapest run that must catch it.
WATCHERS: dict[str, tuple[str, ...]] = {
    "guard_dropped": (
        "pytest",
        "tests/core/desk/test_guard.py::test_visit_that_was_left_is_not_left_again[sqlite]",
    ),
    "acknowledged_before_commit": (
        "pytest",
        "tests/bot/test_presses.py::test_press_that_could_not_be_committed_is_not_acknowledged",
    ),
    "client_retries": (
        "pytest",
        "tests/bot/test_delivery.py::test_lost_answer_is_looked_up_before_anything_is_sent_again",
    ),
    "failure_acknowledged_by_socket": (
        "pytest",
        "tests/bot/test_socket_mode.py::test_press_that_could_not_be_committed_is_not_acknowledged",
    ),
    "token_ignored": (
        "pytest",
        "tests/core/desk/test_delivery.py::test_older_token_writes_nothing",
    ),
    "unknown_sent_again": (
        "pytest",
        "tests/bot/faults/test_outcomes.py::test_nothing_is_sent_again_before_somebody_looked",
    ),
    "retry_after_ignored": (
        "pytest",
        "tests/bot/faults/test_outcomes.py::test_retry_after_defers_that_channel_only",
    ),
    "rights_read_early": (
        "pytest",
        "tests/bot/faults/test_door.py::test_agent_deactivated_mid_shift_decides_nothing_more",
    ),
    "undo_after_others_acted": (
        "pytest",
        "tests/core/desk/test_undo.py::test_only_what_nobody_acted_on_is_undone",
    ),
    "paused_time_counted": (
        "pytest",
        "tests/core/clocks/test_running.py::test_paused_time_is_not_used_and_moves_the_end",
    ),
    "zoned_addition": (
        "pytest",
        "tests/core/clocks/test_calendar.py::test_repeated_hour_passes_between_its_two_showings",
    ),
    "clock_change_ignored": (
        "pytest",
        "tests/core/clocks/test_calendar.py::test_hour_that_autumn_shows_twice_is_worked_twice",
    ),
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the tree that a mistake can be planted in."""
    for name in PARTS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / name, ignore=LEFT_OUT)
        else:
            shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def plant(mistake: str, tree: Path) -> None:
    """Puts the mistake into the tree, or says that its patch no longer fits."""
    patch = ROOT / "tests" / "mutants" / f"{mistake}.patch"
    done = run(["git", "apply", str(patch)], tree)
    if done.returncode:
        pytest.fail(
            f"{patch.name} no longer applies: the code it breaks has moved. Make the same mistake "
            f"by hand and store `git diff` in its place.\n{done.stderr}"
        )


def run(command: Sequence[str], tree: Path) -> subprocess.CompletedProcess[str]:
    """Runs a command in the tree, which alone is imported from and is no part of a repository."""
    environment = {**os.environ, "GIT_CEILING_DIRECTORIES": str(tree.parent)}
    return subprocess.run(
        command, cwd=tree, env=environment, capture_output=True, text=True, check=False
    )


def watch(mistake: str, tree: Path) -> subprocess.CompletedProcess[str]:
    """Runs what watches over the mistake."""
    return run([sys.executable, "-m", *WATCHERS[mistake]], tree)


def test_every_planted_mistake_has_somebody_who_watches_over_it() -> None:
    planted = {path.stem for path in (ROOT / "tests" / "mutants").glob("*.patch")}
    assert planted == WATCHERS.keys()


@pytest.mark.parametrize("mistake", WATCHERS)
def test_planted_mistake_is_caught(mistake: str, copy: Path) -> None:
    plant(mistake, copy)
    caught = watch(mistake, copy)
    assert caught.returncode == 1, caught.stdout + caught.stderr


def test_same_runs_pass_without_a_mistake(copy: Path) -> None:
    passed = run(
        [sys.executable, "-m", "pytest", *(watcher[1] for watcher in WATCHERS.values())], copy
    )
    assert passed.returncode == 0, passed.stdout + passed.stderr
