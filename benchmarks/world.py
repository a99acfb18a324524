"""Databases to measure on: a desk with people, channels and disputes, on SQLite or PostgreSQL."""

import base64
import datetime as dt
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, insert, select
from sqlalchemy.engine import URL, make_url

from core.db import Database
from core.desk import holding, opening
from core.desk.actor import Actor, agent
from core.desk.intake import Intake, OrderInfo
from core.migrate import migrate
from core.secrets import Vault, vault_from
from core.tables import Channel, Person
from tests import postgres

VAULT: Vault = vault_from("bench:" + base64.b64encode(b"k" * 32).decode())
STAGES = ("triage", "evidence_review", "adjudication", "verification")
TRIAGE = {
    "category": "food",
    "reason": "damaged",
    "state": "unsettled",
    "given_buyer": ["photos", "chat"],
    "given_merchant": ["tracking"],
}


def people(connection: Connection, *, now: dt.datetime) -> None:
    """Four agents, one per stage, and the channels of the standard document."""
    del now
    connection.execute(
        insert(Person),
        [
            {
                "name": f"Agent {stage}",
                "slack_id": f"U{i}",
                "roles": ["agent"],
                "home_stage": stage,
                "locale": "en",
                "zone": "UTC",
                "team": "",
                "active": True,
                "version": 1,
            }
            for i, stage in enumerate(STAGES)
        ],
    )
    connection.execute(
        insert(Channel),
        [
            {"key": key, "slack_id": f"C{i}", "name": key, "locale": "en", "version": 1}
            for i, key in enumerate(("intake", *STAGES, "escalation"))
        ],
    )


def agent_ids(connection: Connection, *, now: dt.datetime) -> dict[str, int]:
    """The agents by home stage."""
    del now
    rows = connection.execute(select(Person.home_stage, Person.id))
    return {row.home_stage: row.id for row in rows}


def intakes(first: int, count: int) -> list[Intake]:
    """Virtual disputes, each with its own order and buyer."""
    line = {"key": "1", "title": "Kettle", "unit_price": 9500, "quantity": 1}
    return [
        Intake(
            "bench",
            f"e{i}",
            f"o{i}",
            f"b{i}",
            "It came broken and nobody answers me.",
            merchant=f"m{i % 50}",
            order=OrderInfo("CNY", 10_000, 500, lines=(line,)),
        )
        for i in range(first, first + count)
    ]


def fill(database: Database, count: int, *, taken: bool = True) -> list[int]:
    """Opens disputes, takes each to triage where asked; returns the ids of their open visits."""
    migrate(database)
    database.transact(people)
    takers = database.read(agent_ids)
    visits: list[int] = []
    for first in range(0, count, 500):
        batch = intakes(first, min(500, count - first))
        visits += database.transact(_open, batch, agent(takers["triage"]), taken)
    return visits


def _open(
    connection: Connection, batch: list[Intake], taker: Actor, taken: bool, *, now: dt.datetime
) -> list[int]:
    from core.desk import standing

    opened = opening.open_disputes(connection, batch, Actor("import"), VAULT, now=now)
    visits = []
    for dispute in opened:
        at = standing.of_dispute(connection, dispute.dispute_id)
        visit_id = at.row.visit_id if at else 0
        if taken:
            visit_id = holding.take(connection, visit_id, taker, now=now).next_visit_id or 0  # type: ignore[union-attr]
        visits.append(visit_id)
    return visits


class Copies:
    """Copies of one prepared database, so that both sides start from the same rows."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.folder = Path(tempfile.mkdtemp(prefix="redress-bench-"))
        self._made: list[URL] = []
        self.base = self._empty()

    def _empty(self) -> URL:
        if self.kind == "sqlite":
            return make_url(f"sqlite:///{self.folder}/base.db")
        url = postgres.clone()
        self._made.append(url)
        return url

    def copy(self) -> URL:
        """A copy of the base, to which nobody may be connected."""
        if self.kind == "sqlite":
            path = self.folder / f"copy{len(self._made)}.db"
            shutil.copy(self.folder / "base.db", path)
            url = make_url(f"sqlite:///{path}")
        else:
            url = postgres.clone(self.base.database)
        self._made.append(url)
        return url

    def close(self) -> None:
        """Removes every copy."""
        if self.kind == "postgres":
            for url in self._made:
                postgres.drop(url)
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def copies(kind: str) -> Iterator[Copies]:
    """Copies of a database of this kind, removed at the end."""
    made = Copies(kind)
    try:
        yield made
    finally:
        made.close()
