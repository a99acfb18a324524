"""The import: rows in, disputes out, in short transactions; the same file again adds nothing (I4).

Good rows go in, bad ones to the reject file. Memory does not grow with the file.
"""

import contextlib
import datetime as dt
import gc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DataError, IntegrityError

from core.db import Database
from core.desk import documents, opening
from core.desk.actor import Actor
from core.desk.intake import BadIntake, Intake, Opened, checked
from core.secrets import Vault
from portal.importing.checks import check_mapping
from portal.importing.mapping import Mapping
from portal.importing.rejects import Rejects, Why
from portal.importing.rows import Row, opened
from portal.importing.shaping import BadRow, shaper

BATCH = 500  # rows in a transaction: a fraction of a second
PREVIEWED = 5
IMPORT = Actor("import")
Pending = list[tuple[Row, Intake]]


@dataclass(slots=True)
class Result:
    """How far an import is: rows read, disputes created, found again, rows rejected.

    `cut_off` where the file ended in the middle; `preview` holds the first intakes of a dry run.
    """

    read: int = 0
    created: int = 0
    known: int = 0
    rejected: int = 0
    cut_off: bool = False
    preview: list[Intake] = field(default_factory=list)


Report = Callable[[int, int, Result], object]  # bytes read, bytes in all, how far it is


def run(
    database: Database,
    vault: Vault,
    file: Path,
    mapping: Mapping,
    *,
    rejects: Path | None = None,
    dry_run: bool = False,
    report: Report | None = None,
    locale: str = "en",
    batch: int = BATCH,
) -> Result:
    """Imports a file. Raises BadMapping before anything is written where it cannot be read at all.

    `rejects` takes the bad rows with line, reason in `locale`, and the row as it stood; a dry run
    writes nothing to the database. Raises Busy where the database is away; running it again goes
    on, for what is in stays found.
    """
    document = database.read(_active)
    check_mapping(mapping, document)
    shape = shaper(mapping, document)
    result = Result()
    write = _look if dry_run else _open
    with (
        _heap_left_alone(),
        opened(file, mapping) as source,
        Rejects(rejects, source, mapping, locale) as bad,
    ):
        pending: Pending = []

        def flush() -> None:
            for row, why in _settled(database, vault, write, pending, result):
                result.rejected += 1
                bad.add(row, why)
            pending.clear()
            if report is not None:
                report(source.position(), source.size, result)

        for row in source.rows:
            result.read += 1
            try:
                intake = _shaped(row, shape)
            except BadRow as error:
                result.rejected += 1
                result.cut_off = result.cut_off or row.wrong == "cut_off"
                bad.add(row, Why(error.place, error.key, error.names))
                continue
            if dry_run and len(result.preview) < PREVIEWED:
                result.preview.append(intake)
            pending.append((row, intake))
            if len(pending) == batch:
                flush()
        flush()
    return result


@contextlib.contextmanager
def _heap_left_alone() -> Iterator[None]:
    """Spares what was there before from being searched for garbage, batch after batch.

    Batches make many objects that live for a moment; each search of the whole program costs as
    much as a hundred rows.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _shaped(row: Row, shape: Callable[[Sequence[str]], Intake]) -> Intake:
    if row.wrong:
        raise BadRow("", row.wrong)
    return shape(row.cells)


def _active(connection: Connection, **_: object) -> Any:
    return documents.active(connection)


def _settled(
    database: Database, vault: Vault, write: Any, pending: Pending, result: Result
) -> list[tuple[Row, Why]]:
    """Writes a batch; gives the rows that the desk declined. Halves a batch that breaks."""
    if not pending:
        return []
    try:
        outcomes = write(database, [intake for _, intake in pending], vault)
    except (DataError, IntegrityError, ValueError) as error:
        if len(pending) == 1:
            return [(pending[0][0], Why("", "not_stored", {"error": type(error).__name__}))]
        middle = len(pending) // 2
        halves = (pending[:middle], pending[middle:])
        return [bad for half in halves for bad in _settled(database, vault, write, half, result)]
    declined = []
    for (row, _), outcome in zip(pending, outcomes, strict=True):
        if isinstance(outcome, BadIntake):
            declined.append((row, Why(outcome.place, f"intake_{outcome.key}", {})))
        elif outcome.created:
            result.created += 1
        else:
            result.known += 1
    return declined


def _open(database: Database, intakes: list[Intake], vault: Vault) -> list[Opened | BadIntake]:
    return database.transact(_opened, intakes, vault)


def _look(database: Database, intakes: list[Intake], _vault: Vault) -> list[Opened | BadIntake]:
    return database.read(_looked, intakes)


def _opened(
    connection: Connection, intakes: list[Intake], vault: Vault, *, now: dt.datetime
) -> list[Opened | BadIntake]:
    """Opens what the active document takes; the rest is told apart."""
    document_id, good, facts, outcomes = _sorted(connection, intakes)
    found = opening.open_checked(connection, document_id, good, facts, IMPORT, vault, now=now)
    return _woven(outcomes, found)


def _looked(
    connection: Connection, intakes: list[Intake], *, now: dt.datetime
) -> list[Opened | BadIntake]:
    """What opening would do, without doing it."""
    del now
    _, good, _, outcomes = _sorted(connection, intakes)
    there = opening.existing(connection, good)
    found = []
    for intake in good:
        key = (intake.source, intake.external_id)
        found.append(there.get(key) or Opened(0, "", True))
        there.setdefault(key, Opened(0, "", False))  # a repetition within the batch
    return _woven(outcomes, found)


def _sorted(
    connection: Connection, intakes: list[Intake]
) -> tuple[int, list[Intake], list[Any], list[BadIntake | None]]:
    document_id = documents.active_id(connection)
    document = documents.load(connection, document_id)
    good: list[Intake] = []
    facts: list[Any] = []
    outcomes: list[BadIntake | None] = []
    for intake in intakes:
        try:
            facts.append(checked(document, intake))
        except BadIntake as error:
            outcomes.append(error)
            continue
        good.append(intake)
        outcomes.append(None)
    return document_id, good, facts, outcomes


def _woven(outcomes: list[BadIntake | None], found: list[Opened]) -> list[Opened | BadIntake]:
    rest = iter(found)
    return [outcome or next(rest) for outcome in outcomes]
