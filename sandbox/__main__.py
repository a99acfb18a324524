"""``python -m sandbox``: a workspace on a port."""

import argparse
import sys
from pathlib import Path

from sandbox.api.rates import MODES
from sandbox.serve import run
from sandbox.workspace import BadWorkspaceError


def main(arguments: list[str] | None = None, name: str = "sandbox") -> int:
    """Run the sandbox until interrupted; the exit code is 2 for a workspace that cannot be."""
    parser = argparse.ArgumentParser(prog=name, description="A Slack workspace on this machine.")
    parser.add_argument(
        "--workspace", help="the workspace file (JSON); left out: two people and one app"
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001, help="0 takes a free one")
    parser.add_argument("--app-url", help="where requests go for apps that name no address")
    parser.add_argument("--rates", choices=MODES, default="all", help="which limits count")
    parser.add_argument(
        "--manifest", type=Path, action="append", default=[],
        help="an app's manifest (YAML or JSON): the app is there and installed; again for more",
    )  # fmt: skip
    parser.add_argument("--state", type=Path, help="keep everything in this SQLite file")
    parser.add_argument(
        "--scene", type=Path, action="append", default=[], help="a scene to play; again for more"
    )
    given = parser.parse_args(arguments)
    try:
        run(
            given.workspace, given.host, given.port, app_url=given.app_url, rates=given.rates,
            manifests=given.manifest, state=given.state, scenes=given.scene,
        )  # fmt: skip
    except (BadWorkspaceError, OSError) as error:
        sys.stderr.write(f"sandbox: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
