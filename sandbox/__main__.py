"""``python -m sandbox``: a workspace on a port."""

import argparse
import sys

from sandbox.api.rates import MODES
from sandbox.serve import run
from sandbox.workspace import BadWorkspaceError


def main(arguments: list[str] | None = None) -> int:
    """Run the sandbox until interrupted; the exit code is 2 for a workspace that cannot be."""
    parser = argparse.ArgumentParser(prog="sandbox", description=__doc__)
    parser.add_argument("--workspace", required=True, help="the workspace file (JSON)")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001, help="0 takes a free one")
    parser.add_argument("--app-url", help="where requests go for apps that name no address")
    parser.add_argument("--rates", choices=MODES, default="all", help="which limits count")
    chosen = parser.parse_args(arguments)
    try:
        run(
            chosen.workspace,
            chosen.host,
            chosen.port,
            app_url=chosen.app_url,
            rates=chosen.rates,
        )
    except (BadWorkspaceError, OSError) as error:
        sys.stderr.write(f"sandbox: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
