"""`panel/django/sqlite`, `panel/django/postgres`: the list of disputes beside Django's admin.

Django reads the very same database through unmanaged models (`django_admin`): the same columns,
twenty rows a page, the same filters, the count stopped at the same cap, exact search, a superuser's
session, its WSGI application behind the same test client, connections kept open. Each side has a
process to itself, since both keep global settings. The two open each page in turns; `ratio` is
Django's median time over ours, and the page where it is least is the one that is printed.

Django is no dependency of ours: it is put into a temporary folder by pip when this runs. Where that
is not possible, DJANGO_FOLDER names a folder into which `pip install --target` has put it.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from benchmarks.figures import figure, note
from benchmarks.panel import pages
from benchmarks.panel.desks import desk
from benchmarks.panel.filling import Filled
from benchmarks.panel.growth import in_turns

DJANGO = "django>=5.2,<6"
LIST = "/admin/desk/visit/"


def measure(kind: str, size: int, events: int, still_open: int, rounds: int) -> dict[str, object]:
    """Prints `panel/django/<kind>`, with every page's own ratio in a note."""
    with installed() as folder, desk(kind, size, still_open, events / size) as reader:
        filled = reader.filled
        url = reader.database.url.render_as_string(hide_password=False)
        theirs = asked(filled)
        ours = {name: path for name, path in pages.lists(filled).items() if name in theirs}
        with beside(url, folder) as django:
            times = in_turns(
                list(theirs), {"ours": (reader.time, ours), "django": (django.time, theirs)}, rounds
            )
    ratios = {name: took["django"] / took["ours"] for name, took in times.items()}
    for name, took in times.items():
        mine, other = took["ours"] * 1000, took["django"] * 1000
        note(f"  {ratios[name]:5.2f}  ours {mine:7.1f} ms, Django {other:7.1f} ms  {name}")
    worst = min(ratios, key=lambda name: ratios[name])
    note(f"worst: {worst}")
    took = times[worst]
    return figure(
        f"panel/django/{kind}",
        took["ours"] * 1000,
        "ms",
        floor=took["django"] * 1000,
        ratio=ratios[worst],
        n=filled.disputes,
    )


def asked(filled: Filled) -> dict[str, str]:
    """Django's address for each page of ours that it has, too."""
    last = max(min(pages.DEEPEST, filled.disputes // 20 - 1), 0)
    queries = {
        "all": "",
        "oldest": "o=5",
        "due": "o=4",
        "open due": "state=open&o=4",
        "page 3": "p=3",
        "deep": f"p={last + 1}",
        "open": "state=open",
        "finished": "state=finished",
        "overdue": "state=overdue",
        "hidden": "state=hidden",
        "stage": "stage=adjudication",
        "ended stage": "stage=finished",
        "open oldest": "state=open&o=5",
        "overdue at stage": "state=overdue&stage=triage",
        "finished deep": f"state=finished&p={last // 2 + 1}",
        "tag": "tag=high_value",
        "tag open": "tag=high_value&state=open",
        "number": f"q={filled.number}",
        "order": f"q={filled.order}",
        "merchant": f"q={filled.merchant}",
        "nothing found": "q=nothing-is-called-so",
    }
    return {f"list {name}": f"{LIST}?{query}" for name, query in queries.items()}


class Django:
    """Django's process, asked over a pipe."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._in, self._out = _pipe(process.stdin), _pipe(process.stdout)

    def time(self, path: str) -> float:
        """Opens a page; how long its server took, in seconds."""
        self._in.write(f"{path}\n")
        self._in.flush()
        told = self._out.readline().split()
        if len(told) != 2 or told[0] == "status":
            raise SystemExit(f"Django answered {path} with {' '.join(told) or 'nothing'}")
        return float(told[0])


def _pipe(end: "IO[str] | None") -> IO[str]:
    if end is None:
        raise SystemExit("Django's process has no pipe")
    return end


@contextmanager
def installed() -> Iterator[Path]:
    """A folder with Django in it."""
    given = os.environ.get("DJANGO_FOLDER")
    if given:
        yield Path(given)
        return
    with tempfile.TemporaryDirectory(prefix="redress-django-") as folder:
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", folder, DJANGO]
        if subprocess.run(pip, check=False).returncode:
            raise SystemExit(
                "Django could not be installed for this figure. Put it somewhere by "
                f"`pip install --target FOLDER '{DJANGO}'` and set DJANGO_FOLDER=FOLDER."
            )
        yield Path(folder)


@contextmanager
def beside(url: str, folder: Path) -> Iterator[Django]:
    """Django's process at this database, until the end."""
    path = os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])
    with tempfile.TemporaryDirectory(prefix="redress-django-") as own:
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.panel.django_side", url, own],
            env={**os.environ, "PYTHONPATH": path},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            if _pipe(process.stdout).readline().strip() != "ready":
                raise SystemExit("Django did not start")
            yield Django(process)
        finally:
            process.terminate()
            process.wait(10)
