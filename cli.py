"""The `redress` command: what an operator types. Everything else is clicked.

The processes are here, which stand on top of every door; each room brings its own commands.
Imports wait until a command runs, so that `redress --help` stays fast.
"""

from pathlib import Path
from threading import Thread
from typing import Annotated

import typer

from bot import console as slack_app
from core.console import setup, workflow
from core.console.shell import FileArgument, database, fail, out

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="The desk where e-commerce disputes are resolved.",
)


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


app.command()(setup.keys)
app.command()(setup.migrate)
app.command()(setup.person)


@app.command()
def login(who: Annotated[str, typer.Argument(help="a name or Slack id")]) -> None:
    """Prints a one-time link into the panel, for emergencies; it lives fifteen minutes."""
    import admin
    from core.desk import access, people
    from core.settings import load

    settings = load()
    desk = database(settings)
    found = desk.read(people.called, who)
    if len(found) != 1:
        fail(f"{len(found)} active members are called {who!r}; a Slack id is exact.")
    secret = desk.transact_wall(access.new_link, found[0])
    out.print(admin.sign_in_url(settings, secret), soft_wrap=True)


app.command("api-key")(setup.api_key)


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
    from core.settings import load
    from portal.importing.console import import_file

    settings = load()
    desk, vault = database(settings), settings.vault
    raise typer.Exit(
        import_file(desk, vault, file, mapping, rejects=rejects, dry_run=dry_run, locale=locale)
    )


@app.command()
def web(
    port: Annotated[int, typer.Option(envvar="PORT")] = 8000,
    host: Annotated[str, typer.Option(envvar="HOST", help="the address to listen on")] = "0.0.0.0",  # noqa: S104  a proxy, or the platform that starts the Procfile, stands before it
) -> None:
    """The doors: panel, API, Slack over HTTP. On SQLite everything else runs inside, too."""
    import waitress

    import app as composed
    import scheduler as ticking
    from core.pulse import pulse_of
    from core.running import settle_in, until_told
    from core.settings import load, need

    settings = load()
    need(settings, "slack_bot_token")
    if not settings.slack_app_token:  # by Socket Mode nothing of Slack's comes to this door
        need(settings, "slack_signing_secret")
    made = composed.parts(settings)
    listening: list[Thread] = []
    with until_told(settings, made.database) as stop:
        if made.database.is_sqlite:  # one serving process: it does everything
            composed.send_until(made, stop)
            listening = composed.listen_until(made, stop)
            ticking.in_background(
                made.database, settings.files, pulse=pulse_of(settings, made.database)
            )
        program = composed.web(made)
        settle_in()
        waitress.serve(program, host=host, port=port, threads=16)
    for thread in listening:
        thread.join()


@app.command()
def bot() -> None:
    """Slack by Socket Mode, where the desk has no public address."""
    import app as composed
    from core.running import only_on_postgres, until_told
    from core.settings import load, need

    settings = load()
    need(settings, "slack_bot_token", "slack_app_token")
    made = composed.parts(settings)
    only_on_postgres(made.database, "bot")
    with until_told(settings, made.database) as stop:
        threads = composed.listen_until(made, stop)
        stop.wait()
    for thread in threads:
        thread.join()


@app.command()
def worker() -> None:
    """Delivery: carries the outbox to Slack and the marketplace."""
    import app as composed
    from core.running import only_on_postgres, until_told
    from core.settings import load, need

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
    from core.pulse import pulse_of
    from core.running import only_on_postgres, until_told
    from core.settings import load

    settings = load()
    desk = database(settings)
    only_on_postgres(desk, "scheduler")
    with until_told(settings, desk):
        ticking.forever(desk, settings.files, pulse=pulse_of(settings, desk))


app.command()(slack_app.manifest)
app.command()(slack_app.doctor)
app.add_typer(workflow.commands, name="workflow")
