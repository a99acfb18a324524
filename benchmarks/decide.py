"""`decide/sqlite`, `decide/postgres`: choose, against the bare driver writing the same rows.

SQLite means one serving process, so its workers are threads; PostgreSQL's are processes.
"""

import argparse
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import URL, make_url

from benchmarks.figures import against_floor, note
from benchmarks.replay_log import Log, Statement, bare_postgres, bare_sqlite, with_ids
from benchmarks.workers import Workers, processes, threads
from benchmarks.world import TRIAGE, agent_ids, copies, fill
from core.db import Database
from core.desk.actor import agent
from core.desk.answers import Applied
from core.desk.choose import choose
from core.tables import Event

DECISION = "request_both"
ROUNDS = 7


def main(argv: Sequence[str]) -> None:
    """One worker and eight, on both databases."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks decide")
    parser.add_argument("--disputes", type=int, default=400, help="decisions per round and side")
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    options = parser.parse_args(argv)
    for kind in ("sqlite", "postgres"):
        if options.database in (kind, "both"):
            for count in (1, 8):
                pool = threads if kind == "sqlite" else processes
                with pool(count) as workers:
                    measure(kind, count, workers, options.disputes)


def measure(kind: str, count: int, workers: Workers, per_round: int) -> None:
    """Prints `decide/<kind>` for so many workers."""
    with copies(kind) as made:
        base = Database(made.base)
        # The first part of the visits warms both sides up and is not measured.
        visits = fill(base, per_round * (ROUNDS + 1))
        person_id = base.read(agent_ids)["triage"]
        base.close()
        log = _log(Database(made.copy()), visits, person_id)
        if count == 1:
            note("\n".join(f"  {'many ' if many else ''}{text[:60]}" for text, _, many in log[0]))
        ours, floor = _address(made.copy()), _address(made.copy())
        bare = bare_sqlite if kind == "sqlite" else bare_postgres

        def turn(run: Callable[..., None], url: str, items: Sequence[Any], *more: Any) -> Any:
            def one(number: int) -> int:
                part = items[number * per_round : (number + 1) * per_round]
                workers(run, [(url, part[i::count], *more) for i in range(count)])
                return per_round

            one(ROUNDS)
            return one

        against_floor(
            f"decide/{kind}" + ("" if count == 1 else f"/{count}"),
            turn(decide, ours, visits, person_id),
            turn(bare, floor, log),
            rounds=ROUNDS,
        )


@cache
def _database(url: str) -> Database:
    return Database(url)


def _address(url: URL) -> str:
    return make_url(url).render_as_string(hide_password=False)


def decide(url: str, visits: Sequence[int], person_id: int) -> None:
    """Our side: a worker's clicks."""
    database, who = _database(url), agent(person_id)
    for visit in visits:
        answer = database.transact(choose, visit, DECISION, TRIAGE, who, click=f"click-{visit}")
        if not isinstance(answer, Applied):
            raise TypeError(str(answer))


def _log(database: Database, visits: Sequence[int], person_id: int) -> list[list[Statement]]:
    """What choose writes for each visit, taken down on a copy of its own."""
    log = Log(database.engine)
    who = agent(person_id)
    answers = [
        database.transact(choose, visit, DECISION, TRIAGE, who, click=f"click-{visit}")
        for visit in visits
    ]
    transactions = log.transactions
    with database.engine.connect() as connection:
        rows = connection.execute(select(Event.visit_id, Event.id).where(Event.kind == "moved"))
        event_of = {row.visit_id: row.id for row in rows}
    database.close()
    return [
        with_ids(statements, [answer.next_visit_id, event_of[visit], number])
        for number, (statements, visit, answer) in enumerate(
            zip(transactions, visits, answers, strict=True), start=1
        )
    ]
