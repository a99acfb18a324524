"""Filled desks to measure at, which are gone afterwards."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url

from benchmarks.figures import note
from benchmarks.panel.filling import fill
from benchmarks.panel.pages import Reader
from core.db import Database
from tests import postgres


@contextmanager
def desk(kind: str, size: int, still_open: int, events_each: float) -> Iterator[Reader]:
    """A reader at a desk of `size` disputes, `still_open` of them open, on this database."""
    folder = Path(tempfile.mkdtemp(prefix="redress-panel-"))
    url = make_url(f"sqlite:///{folder}/desk.db") if kind == "sqlite" else postgres.clone()
    database = Database(url)
    began = time.monotonic()
    try:
        filled = fill(database, size, still_open, round(size * events_each))
        note(f"{kind}: filled in {time.monotonic() - began:.0f} s")
        yield Reader(database, filled)
    finally:
        database.close()
        if kind == "postgres":
            postgres.drop(url)
        shutil.rmtree(folder, ignore_errors=True)
