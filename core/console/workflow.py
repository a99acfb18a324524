"""The workflow as text: checked, compared, exported, imported, added to, published."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from core.console.shell import SHELL, FileArgument, database, document, fail, out

commands = typer.Typer(
    no_args_is_help=True, help="The workflow as text: check, diff, export, import, add, publish."
)


@commands.command("check")
def check(file: FileArgument, locale: str = "en") -> None:
    """Lists the problems of a document in TOML; exit code 1 where it has any."""
    from core.i18n import say
    from core.workflow.problems import problems

    found = problems(document(file))
    for problem in found:
        text = say(f"problem.{problem.key}", locale, **problem.names)
        out.print(f"{'/'.join(problem.place) or '-'}: {text}", markup=False)
    if found:
        raise typer.Exit(1)
    out.print("No problems.")


@commands.command("diff")
def diff(
    file: FileArgument,
    other: Annotated[
        Path | None,
        typer.Argument(
            exists=True,
            dir_okay=False,
            readable=True,
            help="compare with this file, not with the published document",
        ),
    ] = None,
    locale: str = "en",
) -> None:
    """Says in words what a document in TOML has that differs; exit code 1 where anything does."""
    from core.change_words import change_text
    from core.desk import documents
    from core.i18n import say
    from core.workflow.difference import differences

    after = document(file)
    before = document(other) if other else database().read(lambda c, now: documents.active(c))
    found = differences(before, after)
    for change in found:
        out.print(change_text(change, before, after, locale), markup=False, soft_wrap=True)
    if found:
        raise typer.Exit(1)
    out.print(say("workflow.no_difference", locale))


@commands.command("export")
def export(
    draft: Annotated[
        bool, typer.Option("--draft", help="the draft, not the published document")
    ] = False,
) -> None:
    """Writes the published document (or the draft) as TOML to the standard output."""
    from core.desk import documents
    from core.desk import draft as drafts
    from core.workflow.text import to_toml

    read = drafts.document if draft else documents.active
    sys.stdout.write(to_toml(database().read(lambda c, now: read(c))))


@commands.command("import")
def import_(file: FileArgument) -> None:
    """Puts a document in TOML into the draft, in place of what stands there."""
    from core.desk import draft as drafts
    from core.desk.answers import Stale
    from core.workflow.text import TextError

    new = document(file)
    try:
        database().transact(
            lambda c, now: drafts.replace(c, SHELL, drafts.version(c), new, now=now)
        )
    except TextError as error:
        fail(f"{file}: {error}")
    except Stale:
        fail("Somebody changed the draft meanwhile; it is as they left it. Try again.")
    out.print("The draft holds the document now; `redress workflow publish` publishes it.")


@commands.command("add")
def add(
    name: Annotated[str, typer.Argument(help="the workflow that ships: emergency")],
) -> None:
    """Adds a further workflow that ships to the draft, with its rules, ladder and grades."""
    from core.desk import draft as drafts
    from core.desk.answers import Stale
    from core.migrate import further
    from core.workflow.joined import joined

    try:
        more = further(name)
    except LookupError as error:
        fail(str(error))
    try:
        database().transact(
            lambda c, now: drafts.replace(
                c, SHELL, drafts.version(c), joined(drafts.document(c), more), now=now
            )
        )
    except Stale:
        fail("Somebody changed the draft meanwhile; it is as they left it. Try again.")
    channels = {stage.channel for flow in more.workflows for stage in flow.stages}
    channels |= {level.whom for ladder in more.ladders for level in ladder.levels}
    out.print("The draft has it now; `redress workflow publish` publishes it.")
    out.print(
        f"It needs the channels {', '.join(sorted(channels - {''}))}: see the panel, Channels."
    )


@commands.command("publish")
def publish(note: str = "", locale: str = "en") -> None:
    """Publishes the draft; exit code 1 where it has problems, or needs a second person."""
    from core.desk import draft as drafts
    from core.desk.answers import Refused, Stale
    from core.desk.documents import NotPublishable
    from core.wording import refusal_text

    try:
        answer = database().transact(
            lambda c, now: drafts.publish(c, SHELL, drafts.version(c), now=now, note=note)
        )
    except NotPublishable as error:
        fail(f"The draft has problems and was not published: {error}")
    except Stale:
        fail("Somebody changed the draft meanwhile; nothing was published. Try again.")
    if isinstance(answer, Refused):
        fail(refusal_text(answer, None, locale))
    out.print(f"Published as document {answer}.")
