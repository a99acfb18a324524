"""Faults 5 to 8: a process that dies at any point of a message's way loses and doubles nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import pytest

from bot import delivery as passes
from bot import sending
from core.db import Database
from tests.bot.faults.scene import (
    Wall,
    all_messages,
    pass_minutes,
    states,
)
from tests.bot.office import Office


class Died(Exception):
    """The process is no more: nothing that the product catches."""


def dead(*_: Any, **__: Any) -> None:
    raise Died


@contextmanager
def dying_at_transaction(number: int, *, committed: bool) -> Iterator[None]:
    """The process dies in its so-many-th transaction from now, before or after the commit."""
    whole, count = Database._try, iter(range(number + 1))

    def fragile(self: Database, work: Any, args: Any, kwargs: Any, clock: Any) -> Any:
        if next(count, None) != number:
            return whole(self, work, args, kwargs, clock)
        if committed:
            whole(self, work, args, kwargs, clock)
        raise Died

    with mock.patch.object(Database, "_try", fragile):
        yield


@contextmanager
def dying_after_slack_accepted() -> Iterator[None]:
    """The process dies as soon as Slack has the message."""
    call = sending.call

    def fragile(*args: Any) -> Any:
        call(*args)
        raise Died

    with mock.patch.object(sending, "call", fragile):
        yield


# The points at which a pass over one card dies: it leases in one transaction, settles in another.
POINTS: dict[str, Any] = {
    "before the lease is committed": lambda: dying_at_transaction(0, committed=False),
    "after the lease is committed": lambda: dying_at_transaction(0, committed=True),
    "before anything is sent": lambda: mock.patch.object(passes, "send", dead),
    "after Slack accepted": dying_after_slack_accepted,
    "before the outcome is committed": lambda: dying_at_transaction(1, committed=False),
    "after the outcome is committed": lambda: dying_at_transaction(1, committed=True),
}


@pytest.mark.parametrize("point", POINTS)
def test_process_killed_on_the_way_of_a_card_loses_and_doubles_nothing(
    virtual: Office, wall: Wall, point: str
) -> None:
    dispute = virtual.desk.open()
    with POINTS[point](), pytest.raises(Died):
        passes.deliver(virtual.bot, paced=False)
    pass_minutes(virtual, wall, 4)
    assert virtual.card(dispute)
    assert len(all_messages(virtual.sandbox)) == 1
    assert set(states(virtual)) == {"sent"}


@pytest.mark.parametrize("committed", [False, True])
def test_process_killed_while_a_press_is_decided_decides_it_once(
    virtual: Office, *, committed: bool
) -> None:
    desk, dispute = virtual.desk, virtual.desk.open()
    virtual.settle()
    body = virtual.payload("take", str(desk.visit(dispute)))
    with dying_at_transaction(0, committed=committed):
        assert virtual.send(body).status_code == 500  # so Slack's user presses again
    assert (desk.stage(dispute) == "triage") is committed
    assert virtual.send(body).status_code == 200
    assert desk.stage(dispute) == "triage"
    assert len(desk.visits(dispute)) == 2
