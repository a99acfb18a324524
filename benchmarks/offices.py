"""An office to measure: a desk on SQLite, the sandbox as its Slack, the bot between them."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from core.db import Clock, Database
from core.migrate import migrate
from tests.bot.office import Office, office
from tests.factories import Desk


@contextmanager
def measured(clock: Clock | None = None) -> Iterator[Office]:
    """The office at work; `clock` stands in for the database's, as a simulation needs it."""
    with tempfile.TemporaryDirectory(prefix="redress-office-") as folder:
        database = Database(f"sqlite:///{folder}/redress.db", clock=clock)
        migrate(database)
        try:
            with office(Desk(database)) as made:
                yield made
        finally:
            database.close()


class Traffic:
    """What went over the wire to the sandbox's API, read little by little: it keeps the last."""

    def __init__(self, office: Office) -> None:
        self._sandbox = office.sandbox
        self._seen = max((one["n"] for one in self._sandbox.traffic(limit=1)), default=0)

    def calls(self) -> list[tuple[str, int | None]]:
        """The apps' calls since the last look: each with its method and status."""
        exchanges = self._sandbox.traffic(since=self._seen, limit=2_000)
        self._seen = max((one["n"] for one in exchanges), default=self._seen)
        return [(one["what"], one["status"]) for one in exchanges if one["direction"] == "in"]
