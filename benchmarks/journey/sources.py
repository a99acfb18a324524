"""Which kind of source a folder is: olist's CSVs, or Chinese shopping reviews."""

from pathlib import Path
from types import ModuleType

from benchmarks.journey import olist, reviews
from benchmarks.journey.complaints import Complaint


def read(folder: Path, count: int | None, seed: int) -> list[Complaint]:
    """The folder's complaints in an order drawn by seed; the first `count` where one is given."""
    found: list[Complaint] = _kind(folder).read(folder, count, seed)
    return found


def keys(folder: Path) -> set[str]:
    """Every complaint's key, counted again from the input alone."""
    found: set[str] = _kind(folder).keys(folder)
    return found


def _kind(folder: Path) -> ModuleType:
    return reviews if (folder / reviews.FILE).exists() else olist
