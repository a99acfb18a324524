"""What every command stands on: where it prints, the database, a document in a file, failing.

Imports wait until a command runs, so that `redress --help` stays fast.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console

from core.desk.actor import Actor

if TYPE_CHECKING:
    from core.db import Database
    from core.settings import Settings
    from core.workflow.model import Document

SHELL = Actor("shell")  # whoever has a shell on this machine is trusted with the whole desk
FileArgument = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)]
out = Console()
err = Console(stderr=True)


def database(settings: "Settings | None" = None) -> "Database":
    """The database that the settings name. Raises BadSettings."""
    from core.db import Database
    from core.settings import load

    found = settings or load()
    return Database(found.database_url, movable=found.movable_clock, durable=found.durable)


def document(file: Path) -> "Document":
    """The document in a TOML file; ends the command where there is none."""
    from core.workflow.text import TextError, from_toml

    try:
        return from_toml(file.read_text(encoding="utf-8-sig"))
    except (TextError, UnicodeDecodeError) as error:
        fail(f"{file}: {error}")


def fail(text: str) -> NoReturn:
    """Says why, and ends the command with exit code 1."""
    err.print(text, style="red", markup=False, soft_wrap=True)
    raise typer.Exit(1)
