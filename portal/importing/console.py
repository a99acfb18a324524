"""The import as an operator sees it: a bar, a preview, the counts, the reject file's place."""

from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from core.db import Database
from core.desk.intake import Intake
from core.desk.views import masked
from core.i18n import money, say
from core.secrets import Vault
from portal.importing.mapping import BadMapping, load
from portal.importing.run import Result, run

ALL_IN, SOME_REJECTED, BAD_MAPPING = 0, 1, 2  # exit codes
STORY_SHOWN = 40  # characters


def import_file(
    database: Database,
    vault: Vault,
    file: Path,
    mapping: Path,
    *,
    rejects: Path | None = None,
    dry_run: bool = False,
    locale: str = "en",
    console: Console | None = None,
) -> int:
    """`redress import FILE --mapping MAPPING [--dry-run] [--rejects FILE]`; returns an exit code.

    0 where every row is in, 1 where some were rejected or the file was cut off, 2 where mapping or
    file cannot be used and nothing was done. Without `rejects`, FILE.rejects takes the bad rows.
    """
    console = console or Console()
    rejects = rejects or file.with_name(f"{file.name}.rejects")
    try:
        result = _shown(database, vault, file, mapping, rejects, dry_run, locale, console)
    except BadMapping as error:
        problem = say(f"import.mapping.{error.key}", locale, **error.names)
        placed = say("import.place", locale, place=error.place, problem=problem)
        console.print(say("import.bad_mapping", locale, problem=placed), style="red", markup=False)
        return BAD_MAPPING
    if dry_run:
        console.print(_preview(result, locale))
    console.print(say("import.would" if dry_run else "import.done", locale, **_counts(result)))
    if result.rejected:
        console.print(say("import.rejects_at", locale, path=rejects), markup=False)
    if result.cut_off:
        console.print(say("import.cut_off", locale), style="red")
    return SOME_REJECTED if result.rejected else ALL_IN


def _shown(
    database: Database,
    vault: Vault,
    file: Path,
    mapping: Path,
    rejects: Path,
    dry_run: bool,
    locale: str,
    console: Console,
) -> Result:
    """Runs the import under a bar that follows the file's bytes."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[counts]}"),
        console=console,
        transient=True,
    )
    read = load(mapping)
    with bar:
        title = say("import.looking" if dry_run else "import.running", locale, name=file.name)
        task = bar.add_task(title, total=None, counts="")

        def report(done: int, total: int, so_far: Result) -> None:
            counts = say("import.counts", locale, **_counts(so_far))
            bar.update(task, completed=done, total=total, counts=counts)

        return run(
            database,
            vault,
            file,
            read,
            rejects=rejects,
            dry_run=dry_run,
            report=report,
            locale=locale,
        )


def _counts(result: Result) -> dict[str, int]:
    return {
        "read": result.read,
        "created": result.created,
        "known": result.known,
        "rejected": result.rejected,
    }


def _preview(result: Result, locale: str) -> Table:
    """The first rows as they would go in, contacts masked and the story cut (X1)."""
    table = Table()
    for name in ("external_id", "order", "paid", "facts", "story"):
        table.add_column(say(f"import.preview.{name}", locale))
    for intake in result.preview:
        table.add_row(*map(escape, _cells(intake, locale)))
    return table


def _cells(intake: Intake, locale: str) -> tuple[str, ...]:
    order = intake.order
    facts = ", ".join(
        f"{key}={value if isinstance(value, str | int) else '+'.join(value)}"
        for key, value in intake.facts.items()
    )
    return (
        intake.external_id,
        intake.order_number,
        money(order.paid, order.currency, locale) if order else "",
        facts,
        masked(intake.story, STORY_SHOWN),
    )
