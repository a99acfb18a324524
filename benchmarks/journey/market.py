"""The marketplace of the journey: the demo's, with the complaints' orders and a fund of its own.

`python -m benchmarks.journey.market --port N --desk-url URL --orders FILE --data FILE --seed S`.
Some payments it forgets to report, so that waiting for one runs out too.
"""

import argparse
import json
import os
from pathlib import Path

import uvicorn

from demo.marketplace.desk import Desk
from demo.marketplace.money import Odds
from demo.marketplace.players import Players
from demo.marketplace.program import Config, program
from demo.marketplace.store import Store
from demo.marketplace.world import draw, is_short

FUND = 100_000_000
PURSE = (150_000, 400_000)  # a merchant's balance and security deposit, in minor units
FORGOTTEN = 0.08  # share of payments whose first report never comes
ODDS = Odds(failing=0.08, mismatching=0.06)


class Forgetful(Players):
    """Players who leave some payments unreported until they are asked again."""

    def step(self, now: float | None = None) -> int:
        """Forgets, then does what is due."""
        for row in self.store.rows(
            "SELECT reference FROM payments WHERE report_at IS NOT NULL AND reported = 0"
            " AND tries = 0"
        ):
            self._forget(row["reference"])
        return super().step(now)

    def _forget(self, reference: str) -> None:
        """Once, by seed: `tries` remembers that it was considered."""
        forgotten = draw(self.store.seed, "forgotten", reference).random() < FORGOTTEN
        with self.store.transaction() as connection:
            connection.execute(
                "UPDATE payments SET tries = 1, report_at = CASE WHEN ? THEN NULL ELSE report_at"
                " END WHERE reference = ? AND tries = 0",
                (forgotten, reference),
            )


def furnish(store: Store, orders: Path) -> None:
    """The complaints' orders, their merchants' purses and the complaint fund."""
    with orders.open(encoding="utf-8") as file:
        for line in file:
            told = json.loads(line)
            number, merchant = told.pop("number"), told.pop("merchant")
            short = is_short(store.seed, merchant)
            held = 0 if short else told["paid"]
            store.teach(number, merchant, held, "en", {**told, "refunded": 0})
            balance, deposit = (0, PURSE[1]) if short else PURSE
            with store.transaction() as connection:
                connection.execute(
                    "INSERT OR IGNORE INTO fund VALUES (?, ?)", (told["currency"], FUND)
                )
                connection.execute(
                    "UPDATE purses SET balance = ?, deposit = ? WHERE merchant = ?",
                    (balance, deposit, merchant),
                )


def main() -> None:
    """Runs the marketplace until it is told to stop."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.journey.market")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--desk-url", required=True)
    parser.add_argument("--orders", type=Path, required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--pace", type=float, default=1.0)
    options = parser.parse_args()
    store = Store(options.data, options.seed)
    furnish(store, options.orders)
    desk = Desk(options.desk_url, os.environ["MARKETPLACE_API_KEY"])
    players = Forgetful(store, desk, pace=options.pace)
    config = Config(os.environ["MARKETPLACE_TOKEN"], ODDS)
    try:
        uvicorn.run(
            program(players, config), host="127.0.0.1", port=options.port, log_level="warning"
        )
    finally:
        desk.close()
        store.close()


if __name__ == "__main__":
    main()
