"""``python -m sandbox``: a workspace on a port."""

import argparse
import json
import sys
from importlib.resources import files

from sandbox.api.rates import MODES
from sandbox.serve import run
from sandbox.state.model import Json
from sandbox.workspace import BadWorkspaceError


def main(arguments: list[str] | None = None) -> int:
    """Run the sandbox until interrupted; the exit code is 2 for a workspace that cannot be."""
    parser = argparse.ArgumentParser(prog="sandbox", description=__doc__)
    parser.add_argument(
        "--workspace", help="the workspace file (JSON); left out: two people and one app"
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001, help="0 takes a free one")
    parser.add_argument("--app-url", help="where requests go for apps that name no address")
    parser.add_argument("--rates", choices=MODES, default="all", help="which limits count")
    chosen = parser.parse_args(arguments)
    workspace = chosen.workspace or _example()
    try:
        run(workspace, chosen.host, chosen.port, app_url=chosen.app_url, rates=chosen.rates)
    except (BadWorkspaceError, OSError) as error:
        sys.stderr.write(f"sandbox: {error}\n")
        return 2
    return 0


def _example() -> Json:
    """The workspace that comes along; says what an app needs to reach it."""
    text = files("sandbox").joinpath("example.json").read_text(encoding="utf-8")
    workspace: Json = json.loads(text)
    for app in workspace["apps"]:
        sys.stdout.write(f"{app['name']}: bot token {app['bot_token']}, ")
        sys.stdout.write(f"signing secret {app['signing_secret']}\n")
    return workspace


if __name__ == "__main__":
    sys.exit(main())
