"""Two who assign at once on PostgreSQL: nobody gets more than they can hold, turns go round."""

import multiprocessing
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from core.db import Database
from core.desk import assign_several, distributing, opening, standing
from core.desk.actor import Actor
from core.desk.answers import Applied
from core.desk.assignment import Hands
from core.desk.intake import Intake
from core.tables import Visit
from tests.core.desk.meanwhile import before_commit
from tests.core.desk.ruled import LEAST_LOADED, change, holder, publish, rule
from tests.factories import VAULT, Desk

pytestmark = pytest.mark.postgres


@pytest.fixture
def desk(postgresql: Database) -> Desk:
    return Desk(postgresql)


def opener(url: str, start: Any, intakes: list[Intake]) -> None:
    """One of two processes: opens its disputes one by one, each at the same moment as the other."""
    database = Database(url)
    for intake in intakes:
        start.wait(60)
        database.transact(opening.open_disputes, [intake], Actor("import"), VAULT)
    database.close()


def ticker(url: str, start: Any, rounds: int) -> None:
    """One of two schedulers that tick at the same moment."""
    database = Database(url)
    for _ in range(rounds):
        start.wait(60)
        database.transact(distributing.distribute)
    database.close()


def side_by_side(desk: Desk, target: Callable[..., None], sides: list[Any]) -> None:
    """Runs the target in two processes that wait for each other at every step."""
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(2)
    url = desk.db.url.render_as_string(hide_password=False)
    workers = [context.Process(target=target, args=(url, start, side)) for side in sides]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
        assert worker.exitcode == 0


def arrivals(desk: Desk, count: int) -> list[Intake]:
    return [desk.intake() for _ in range(count)]


def held(desk: Desk) -> Counter[str]:
    """How many disputes each person holds."""
    disputes = {row.dispute_id for row in desk.rows(select(Visit.dispute_id))}
    return Counter(holder(desk, dispute) for dispute in disputes)


@pytest.mark.parametrize("strategy", ["round_robin", LEAST_LOADED])
def test_two_intakes_at_once_never_exceed_what_somebody_can_hold(desk: Desk, strategy: str) -> None:
    change(desk, "Tom", capacity=7)
    change(desk, "Tang Li", capacity=12)
    publish(desk, rule("intake", strategy))
    side_by_side(desk, opener, [arrivals(desk, 20), arrivals(desk, 20)])
    assert held(desk) == {"Tom": 7, "Tang Li": 12, "": 21}


def test_round_robin_is_fair_across_processes(desk: Desk) -> None:
    publish(desk, rule("intake"))
    side_by_side(desk, opener, [arrivals(desk, 25), arrivals(desk, 25)])
    assert held(desk) == {"Tom": 25, "Tang Li": 25}


def test_two_schedulers_at_once_give_out_every_dispute_once(desk: Desk) -> None:
    change(desk, "Tom", capacity=0)
    change(desk, "Tang Li", capacity=0)
    publish(desk, rule("intake"))
    desk.db.transact(opening.open_disputes, arrivals(desk, 60), Actor("import"), VAULT)
    change(desk, "Tom", capacity=11)
    change(desk, "Tang Li", capacity=30)
    side_by_side(desk, ticker, [6, 6])
    assert held(desk) == {"Tom": 11, "Tang Li": 30, "": 19}
    assert desk.differences() == []


def test_preview_of_several_outlasts_a_press_that_waits_for_it(desk: Desk) -> None:
    one, other = (desk.at_stage("adjudication") for _ in range(2))
    visits = [desk.visit(one), desk.visit(other)]

    def preview() -> Any:
        return desk.db.rehearse(
            assign_several.preview, visits, desk.people["Ada"], desk.who("Sun Wei")
        )

    _, foreseen = before_commit(
        desk,  # a press that makes rules look for a holder, where the preview comes from the others
        lambda connection, **_: standing.of_dispute(connection, other),
        preview,
        then=lambda connection: Hands(connection, now=desk.now()),
    )
    assert all(isinstance(answer, Applied) for answer in foreseen)
    assert [holder(desk, dispute) for dispute in (one, other)] == ["", ""]
