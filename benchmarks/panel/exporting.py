"""`panel/export/sqlite`, `panel/export/postgres`: what an export of everything costs in memory.

A fresh process for each export reads a whole list, as CSV and as XLSX, at a desk of a thousand
disputes and at the large one; the value is the highest memory at the large desk above that at the
small one, in MB. Memory that does not depend on the number of rows makes it next to nothing.
"""

import multiprocessing
import re
from pathlib import Path
from typing import Any

from benchmarks.figures import figure, note
from benchmarks.panel.desks import desk
from benchmarks.panel.filling import Filled
from benchmarks.panel.growth import SMALL
from benchmarks.panel.pages import LIST, Reader
from core.db import Database

FORMS = ("csv", "xlsx")


def measure(kind: str, size: int, events: int, still_open: int) -> list[dict[str, object]]:
    """Prints `panel/export/<form>/<kind>`."""
    per = events / size
    with desk(kind, SMALL, SMALL // 2, per) as small, desk(kind, size, still_open, per) as large:
        figures = []
        for form in FORMS:
            few, many = (_highest(reader, form) for reader in (small, large))
            note(f"{form}: {few:.0f} MB for {SMALL} disputes, {many:.0f} MB for {size}")
            figures.append(
                figure(f"panel/export/{form}/{kind}", many - few, "MB", n=large.filled.disputes)
            )
    return figures


def _highest(reader: Reader, form: str) -> float:
    """The most memory, in MB, that a process ever had that exports the whole list."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    url = reader.database.url.render_as_string(hide_password=False)
    process = context.Process(target=_export, args=(there, url, reader.filled, form))
    process.start()
    there.close()
    told = float(here.recv())
    process.join()
    return told


def _export(told: Any, url: str, filled: Filled, form: str) -> None:
    database = Database(url)
    reader = Reader(database, filled)
    answer = reader.visitor.get(f"{LIST}export.{form}", buffered=False)
    size = sum(len(piece) for piece in answer.response)
    if not size:
        raise SystemExit("the export was empty")
    answer.close()
    # The kernel's other count, of getrusage, begins with what the parent had.
    peak = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    told.send(int(peak[0]) / 1024)
    database.close()
