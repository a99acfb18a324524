"""`python -m demo.marketplace --port N --desk-url URL --api-key KEY --seed S [--pace SECONDS]`."""

import argparse
import os

import uvicorn

from demo.marketplace.desk import Desk
from demo.marketplace.money import Odds
from demo.marketplace.players import Players
from demo.marketplace.program import Config, program
from demo.marketplace.store import Store


def main(argv: list[str] | None = None) -> None:
    """Runs the marketplace until it is told to stop."""
    options = _options().parse_args(argv)
    store = Store(options.data, options.seed)
    desk = Desk(options.desk_url, options.api_key or os.environ.get("MARKETPLACE_API_KEY", ""))
    players = Players(store, desk, pace=options.pace, every=options.every, first=options.first)
    token = options.token or os.environ.get("MARKETPLACE_TOKEN", "")
    config = Config(token, Odds(options.failing, options.mismatching))
    try:
        uvicorn.run(
            program(players, config), host="127.0.0.1", port=options.port, log_level="warning"
        )
    finally:
        desk.close()
        store.close()


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m demo.marketplace", description=__doc__)
    add = parser.add_argument
    add("--port", type=int, required=True)
    add("--desk-url", required=True, help="where Redress's API is mounted, such as .../api")
    add("--api-key", default="", help="its key (or MARKETPLACE_API_KEY)")
    add("--token", default="", help="the bearer token asked of Redress (or MARKETPLACE_TOKEN)")
    add("--seed", type=int, default=1)
    add("--pace", type=float, default=8.0, help="seconds in which a party usually reacts")
    add("--every", type=float, default=0.0, help="seconds between new disputes; 0: none")
    add("--first", type=int, default=1, help="the number of the first dispute that it opens")
    add("--failing", type=float, default=0.03, help="share of payments that fail")
    add("--mismatching", type=float, default=0.02, help="share that moves another amount")
    add("--data", default=":memory:", help="a SQLite file that outlives the program")
    return parser


if __name__ == "__main__":
    main()
