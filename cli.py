"""The `redress` command: what an operator types. Everything else is clicked."""

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console

from core.desk.actor import Actor
from core.settings import Settings, load, need

if TYPE_CHECKING:  # imported where it is needed, so that --help stays fast
    from core.db import Database
    from core.workflow.model import Document

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="The desk where e-commerce disputes are resolved.",
)
workflow = typer.Typer(
    no_args_is_help=True, help="The workflow as text: check, export, import, publish."
)
app.add_typer(workflow, name="workflow")
out = Console()
SHELL = Actor("shell")  # whoever has a shell on this machine is trusted with the whole desk
err = Console(stderr=True)

FileArgument = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)]


def main() -> None:
    """Runs the command; exit codes: 0 done, 1 not or not wholly done, 2 wrongly asked."""
    app()


@app.command()
def demo(
    port: Annotated[
        int,
        typer.Option(
            envvar="PORT",
            help="the desk's; the sandbox takes the next, the marketplace the one after",
        ),
    ] = 8000,
    data: Annotated[
        Path, typer.Option(envvar="DATA", help="where the demo keeps its database and files")
    ] = Path(".data/demo"),
) -> None:
    """The whole product on this machine, with virtual disputes flowing in."""
    from demo.run import run

    raise typer.Exit(run(port, data))


@app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    add_help_option=False,
)
def sandbox(context: typer.Context) -> None:
    """A Slack workspace on this machine, alone: for this desk's app, or any other (see --help)."""
    from sandbox.__main__ import main as serve

    own = ["--app-url", "http://127.0.0.1:8000/slack/events"]  # what is given after it counts
    raise typer.Exit(serve([*own, *context.args], "redress sandbox"))


@app.command()
def keys() -> None:
    """Prints fresh values for REDRESS_KEYS and REDRESS_SECRET."""
    import base64
    import secrets

    name = f"k{dt.datetime.now(dt.UTC):%Y%m%d}"
    out.print(
        f"REDRESS_KEYS={name}:{base64.b64encode(secrets.token_bytes(32)).decode()}", soft_wrap=True
    )
    out.print(f"REDRESS_SECRET={secrets.token_urlsafe(48)}", soft_wrap=True)


@app.command()
def migrate() -> None:
    """Brings the database to the present; runs before start and suits the version still running."""
    from core.migrate import migrate as to_present

    to_present(_database(load()))
    out.print("The database is up to date.")


@app.command()
def person(
    name: str,
    role: Annotated[
        list[str],
        typer.Option(help="agent, expert, supervisor, operator, trainee; may be repeated"),
    ],
    slack_id: Annotated[str, typer.Option(help="the member id in Slack, such as U0123")] = "",
    home_stage: Annotated[
        str, typer.Option(help="the key of the stage whose queue they serve")
    ] = "",
    locale: Annotated[str, typer.Option(help="zh_CN or en")] = "en",
    zone: Annotated[str, typer.Option(help="such as Asia/Shanghai")] = "UTC",
) -> None:
    """Adds somebody to the desk: the first supervisor, above all."""
    from core.desk.roster import PersonInfo, add_person

    database = _database(load())
    info = PersonInfo(name, role, slack_id or None, home_stage, locale=locale, zone=zone)
    try:
        added = database.transact(add_person, SHELL, info)
    except ValueError as error:
        _fail(str(error))
    if not isinstance(added, int):
        _fail(f"Somebody has the Slack id {slack_id} already.")
    out.print(f"{name} is a member of the desk. `redress login {name!r}` lets them into the panel.")


@app.command()
def login(who: Annotated[str, typer.Argument(help="a name or Slack id")]) -> None:
    """Prints a one-time link into the panel, for emergencies; it lives fifteen minutes."""
    import admin
    from core.desk import access, people

    settings = load()
    database = _database(settings)
    found = database.read(people.called, who)
    if len(found) != 1:
        _fail(f"{len(found)} active members are called {who!r}; a Slack id is exact.")
    secret = database.transact_wall(access.new_link, found[0])
    out.print(admin.sign_in_url(settings, secret), soft_wrap=True)


@app.command("api-key")
def api_key(
    source: Annotated[str, typer.Argument(help="whose disputes the key may open and see")],
    name: Annotated[str, typer.Option(help="what the key is called in lists")] = "",
) -> None:
    """Prints a fresh key of the marketplace's API; it is shown this once."""
    from core.desk import access

    out.print(
        _database(load()).transact_wall(access.new_api_key, source, name or source), soft_wrap=True
    )


@app.command("import")
def import_(
    file: FileArgument,
    mapping: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="how columns become disputes")
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="show what would come in, write nothing")
    ] = False,
    rejects: Annotated[
        Path | None, typer.Option(help="where bad rows go; FILE.rejects by default")
    ] = None,
    locale: Annotated[str, typer.Option(help="zh_CN or en")] = "en",
) -> None:
    """Brings disputes in out of CSV, CSV.gz or JSON Lines; the same file again adds nothing."""
    from portal.importing.console import import_file

    settings = load()
    database = _database(settings)
    raise typer.Exit(
        import_file(
            database, settings.vault, file, mapping, rejects=rejects, dry_run=dry_run, locale=locale
        )
    )


@app.command()
def web(
    port: Annotated[int, typer.Option(envvar="PORT")] = 8000,
    host: Annotated[str, typer.Option(envvar="HOST", help="the address to listen on")] = "0.0.0.0",  # noqa: S104  a proxy, or the platform that starts the Procfile, stands before it
) -> None:
    """The doors: panel, API, Slack over HTTP. On SQLite delivery and ticks run inside, too."""
    import waitress

    import app as composed
    import scheduler as ticking
    from core.running import until_told

    settings = load()
    need(settings, "slack_signing_secret", "slack_bot_token")
    made = composed.parts(settings)
    with until_told(settings, made.database) as stop:
        if made.database.is_sqlite:  # one serving process: it does everything
            composed.send_until(made, stop)
            ticking.in_background(made.database, settings.files)
        waitress.serve(composed.web(made), host=host, port=port, threads=16)


@app.command()
def worker() -> None:
    """Delivery: carries the outbox to Slack and the marketplace."""
    import app as composed
    from core.running import only_on_postgres, until_told

    settings = load()
    need(settings, "slack_bot_token")
    made = composed.parts(settings)
    only_on_postgres(made.database, "worker")
    with until_told(settings, made.database) as stop:
        threads = composed.send_until(made, stop)
        stop.wait()
    for thread in threads:
        thread.join()


@app.command()
def scheduler() -> None:
    """The ticks: whatever is due is acted on."""
    import scheduler as ticking
    from core.running import only_on_postgres, until_told

    settings = load()
    database = _database(settings)
    only_on_postgres(database, "scheduler")
    with until_told(settings, database):
        ticking.forever(database, settings.files)


@workflow.command("check")
def workflow_check(file: FileArgument, locale: str = "en") -> None:
    """Lists the problems of a document in TOML; exit code 1 where it has any."""
    from core.i18n import say
    from core.workflow.problems import problems

    found = problems(_document(file))
    for problem in found:
        text = say(f"problem.{problem.key}", locale, **problem.names)
        out.print(f"{'/'.join(problem.place) or '-'}: {text}", markup=False)
    if found:
        raise typer.Exit(1)
    out.print("No problems.")


@workflow.command("export")
def workflow_export(
    draft: Annotated[
        bool, typer.Option("--draft", help="the draft, not the published document")
    ] = False,
) -> None:
    """Writes the published document (or the draft) as TOML to the standard output."""
    from core.desk import documents
    from core.desk import draft as drafts
    from core.workflow.text import to_toml

    read = drafts.document if draft else documents.active
    sys.stdout.write(to_toml(_database(load()).read(lambda c, now: read(c))))


@workflow.command("import")
def workflow_import(file: FileArgument) -> None:
    """Puts a document in TOML into the draft, in place of what stands there."""
    from core.desk import draft_load

    _database(load()).transact(draft_load.load, _document(file))
    out.print("The draft holds the document now; `redress workflow publish` publishes it.")


@workflow.command("publish")
def workflow_publish(note: str = "") -> None:
    """Publishes the draft; exit code 1 where it has problems."""
    from core.desk import draft as drafts
    from core.desk.documents import NotPublishable

    try:
        document_id = _database(load()).transact(
            lambda c, now: drafts.publish(c, SHELL, drafts.version(c), now=now, note=note)
        )
    except NotPublishable as error:
        _fail(f"The draft has problems and was not published: {error}")
    out.print(f"Published as document {document_id}.")


def _database(settings: Settings) -> "Database":
    from core.db import Database

    return Database(settings.database_url, movable=settings.movable_clock, durable=settings.durable)


def _document(file: Path) -> "Document":
    from core.workflow.text import TextError, from_toml

    try:
        return from_toml(file.read_text(encoding="utf-8"))
    except (TextError, UnicodeDecodeError) as error:
        _fail(f"{file}: {error}")


def _fail(text: str) -> NoReturn:
    err.print(text, style="red", markup=False, soft_wrap=True)
    raise typer.Exit(1)
