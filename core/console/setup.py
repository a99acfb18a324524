"""What makes a desk ready: keys, the database, its first people, the marketplace's key."""

import datetime as dt
from typing import Annotated

import typer

from core.console.shell import SHELL, database, fail, out


def keys() -> None:
    """Prints fresh values for REDRESS_KEYS and REDRESS_SECRET."""
    import base64
    import secrets

    name = f"k{dt.datetime.now(dt.UTC):%Y%m%d}"
    out.print(
        f"REDRESS_KEYS={name}:{base64.b64encode(secrets.token_bytes(32)).decode()}", soft_wrap=True
    )
    out.print(f"REDRESS_SECRET={secrets.token_urlsafe(48)}", soft_wrap=True)


def migrate() -> None:
    """Brings the database to the present; runs before start and suits the version still running."""
    from core.migrate import migrate as to_present

    to_present(database())
    out.print("The database is up to date.")


def person(
    name: str,
    role: Annotated[
        list[str],
        typer.Option(help="agent, supervisor, operator ...: the key of a role; may be repeated"),
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

    info = PersonInfo(name, role, slack_id or None, home_stage, locale=locale, zone=zone)
    try:
        added = database().transact(add_person, SHELL, info)
    except ValueError as error:
        fail(str(error))
    if not isinstance(added, int):
        fail(f"Somebody has the Slack id {slack_id} already.")
    out.print(f"{name} is a member of the desk. `redress login {name!r}` lets them into the panel.")


def api_key(
    source: Annotated[str, typer.Argument(help="whose disputes the key may open and see")],
    name: Annotated[str, typer.Option(help="what the key is called in lists")] = "",
) -> None:
    """Prints a fresh key of the marketplace's API; it is shown this once."""
    from core.desk import access

    out.print(database().transact_wall(access.new_api_key, source, name or source), soft_wrap=True)
