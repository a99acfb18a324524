"""What is typed in a shell about the Slack app."""

import sys
from typing import Annotated

import typer

from core.console.shell import fail


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
