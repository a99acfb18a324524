"""What is typed in a shell about the Slack app, and about the desk as a whole."""

import os
import sys
from typing import Annotated

import typer

from core.console.shell import err, fail, out


def manifest(
    url: Annotated[
        str, typer.Option(envvar="REDRESS_PUBLIC_URL", help="the address of the desk, https://...")
    ] = "",
    socket: Annotated[
        bool, typer.Option("--socket", help="for Socket Mode: Slack needs no address of the desk")
    ] = False,
    locale: Annotated[str, typer.Option(help="of the comments: zh_CN or en")] = "en",
) -> None:
    """Prints the manifest that creates the Slack app, to be pasted at api.slack.com/apps."""
    from bot.manifest import BadAddress
    from bot.manifest import manifest as text
    from core.i18n import say

    try:
        sys.stdout.write(text(url, locale, by_socket=socket))
    except BadAddress:
        fail(say("manifest.no_address", locale))


def doctor(
    split: Annotated[
        bool,
        typer.Option("--split", help="web, bot, worker and scheduler are processes of their own"),
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="for programs")] = False,
    locale: Annotated[str, typer.Option(help="zh_CN or en; by default LANG's")] = "",
) -> None:
    """Tells what is missing or wrong, each with its fix; exit code 1 where something is wrong."""
    from bot.doctor import examine
    from core.console.findings import as_json, tell
    from core.i18n import say, spoken

    locale = locale or spoken(os.environ)
    with err.status(say("doctor.looking", locale)):
        report = examine(split=split)
    if json:
        sys.stdout.write(as_json(report, locale) + "\n")
    else:
        tell(report, locale, out)
    raise typer.Exit(0 if report.well else 1)
