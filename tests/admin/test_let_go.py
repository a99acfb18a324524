"""Parked messages let go for good: with a reason, recorded, and taken back only by sending."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from core.db import Database
from core.desk import delivery, operating, outbox, parked
from core.desk.answers import Refused
from core.tables import Event, MessageAct, Outbox
from tests.admin.trouble import park, park_each
from tests.factories import Desk
from tests.panel import Panel, Visitor


@pytest.fixture
def visitor(panel: Panel) -> Visitor:
    """An operator at the panel."""
    return panel.visitor("Olga")


def state(desk: Desk, message: int) -> str:
    return str(desk.rows(select(Outbox.state).where(Outbox.id == message))[0].state)


def events(desk: Desk, dispute: int) -> list[Any]:
    """What was recorded of a dispute's messages."""
    kinds = Event.kind.startswith("message_")
    rows = select(Event.kind, Event.person_id, Event.data).where(Event.dispute_id == dispute, kinds)
    return desk.rows(rows.order_by(Event.id))


def acts(desk: Desk) -> list[Any]:
    columns = (MessageAct.message_id, MessageAct.act, MessageAct.why, MessageAct.person_id)
    return desk.rows(select(*columns).order_by(MessageAct.id))


def sendable(desk: Desk) -> set[int]:
    """The messages that delivery would take up now."""
    leases = desk.db.transact_wall(
        delivery.lease, ("post:",), lambda _lane: delivery.LEASE * 0, per_lane=50, most=50
    )
    return {lease.id for lease in leases}


def test_several_messages_are_let_go_at_once_with_one_reason(
    panel: Panel, visitor: Visitor
) -> None:
    desk, olga = panel.desk, panel.desk.people["Olga"]
    disputes = [desk.open() for _ in range(3)]
    first, second, third = park_each(desk)
    answer = visitor.post("/messages/let-go", {"id": [first, second], "why": "otherwise"})
    text = visitor.client.get(answer.location).text
    assert "Messages let go: 2." in text
    assert text.count("It was told or done another way</td>") == 2
    assert text.count("Olga<br>") == 2
    assert [state(desk, one) for one in (first, second, third)] == ["let_go", "let_go", "parked"]
    told = {"message": first, "message_kind": "card", "why": "otherwise"}
    assert events(desk, disputes[0]) == [("message_let_go", olga, told)]
    assert acts(desk) == [(one, "let_go", "otherwise", olga) for one in (first, second)]
    number = desk.at(disputes[0]).row.number
    assert "let go for good: It was told" in visitor.get(f"/disputes/{number}/").text
    assert desk.db.read(operating.trouble).parked == 1


def test_what_was_let_go_is_never_sent_until_somebody_sends_it_after_all(
    panel: Panel, visitor: Visitor
) -> None:
    desk, olga = panel.desk, panel.desk.people["Olga"]
    dispute = desk.open()
    message = park(desk)
    visitor.post("/messages/let-go", {"id": message, "why": "nobody"})
    assert message not in sendable(desk)
    visitor.post("/messages/again", {"id": message})
    assert message in sendable(desk)
    assert "Let go by" not in visitor.get("/messages/").text
    assert [event.kind for event in events(desk, dispute)] == ["message_let_go", "message_again"]
    assert acts(desk)[1:] == [(message, "again", "", olga)]


def test_message_let_go_twice_is_told_with_its_latest_reason(panel: Panel) -> None:
    desk, olga = panel.desk, panel.desk.who("Olga")
    desk.open()
    message = park(desk)
    for why in ("nobody", "arrived"):
        assert desk.db.transact(parked.let_go, olga, [message], why) == 1
        if why == "nobody":
            desk.db.transact(parked.send_again, olga, message)
            park(desk)
    assert [(row.id, row.why) for row in desk.db.read(parked.gone, olga)] == [(message, "arrived")]


@pytest.mark.parametrize("found", ["waiting", "leased", "sent", "superseded", "unknown", "let_go"])
def test_only_what_is_parked_is_let_go(panel: Panel, visitor: Visitor, found: str) -> None:
    desk = panel.desk
    desk.open()
    message = park(desk, found)
    answer = visitor.post("/messages/let-go", {"id": message, "why": "no_use"})
    assert "None of these messages is parked any more" in visitor.client.get(answer.location).text
    assert (state(desk, message), acts(desk)) == (found, [])


def test_those_that_are_not_parked_any_more_are_counted(panel: Panel, visitor: Visitor) -> None:
    desk = panel.desk
    desk.open()
    desk.open()
    first, second = park_each(desk)
    visitor.post("/messages/again", {"id": first})
    answer = visitor.post("/messages/let-go", {"id": [first, second], "why": "no_use"})
    text = visitor.client.get(answer.location).text
    assert "Messages let go: 1." in text
    assert "left as they are: 1." in text
    assert state(desk, first) == "waiting"


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"why": "no_use"}, "Tick the messages that you mean"),
        ({"id": 1, "why": ""}, "This choice cannot be made"),
        ({"id": 1, "why": "because I say so"}, "This choice cannot be made"),
    ],
)
def test_nothing_is_let_go_without_a_preset_reason_and_a_tick(
    panel: Panel, visitor: Visitor, form: dict[str, Any], told: str
) -> None:
    panel.desk.open()
    message = park(panel.desk)
    answer = visitor.post("/messages/let-go", form | ({"id": message} if "id" in form else {}))
    assert told in visitor.client.get(answer.location).text
    assert state(panel.desk, message) == "parked"


def test_instruction_to_pay_is_let_go_only_where_it_was_paid_all_the_same(any_desk: Desk) -> None:
    desk, olga = any_desk, any_desk.who("Olga")
    pay = outbox.message(outbox.PAY, outbox.MARKET_LANE, "pay:1", now=desk.now())
    desk.db.transact(lambda c, now: outbox.put(c, [pay]))
    (message,) = park_each(desk, kind=outbox.PAY)
    for why in ("no_use", "nobody"):
        refused = desk.db.transact(parked.let_go, olga, [message], why)
        assert isinstance(refused, Refused)
        assert refused.key == "pays_somebody"
    assert state(desk, message) == "parked"
    assert desk.db.transact(parked.let_go, olga, [message], "otherwise") == 1


@pytest.mark.postgres
def test_sending_again_and_letting_go_at_once_ends_with_it_waiting_and_each_act_recorded(
    postgresql: Database,
) -> None:
    desk = Desk(postgresql)
    olga = desk.who("Olga")
    desk.open()
    for _ in range(20):
        before = len(acts(desk))
        message = park(desk)
        got = at_once(
            partial(desk.db.transact, parked.let_go, olga, [message], "no_use"),
            partial(desk.db.transact, parked.send_again, olga, message),
        )
        # Sending takes letting go back; what waits again, nobody lets go.
        assert got[1] is None
        assert state(desk, message) == "waiting"
        assert len(acts(desk)) - before == (2 if got[0] == 1 else 1)


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """What each of these answers, done at the same moment."""
    start = Barrier(len(works))

    def work(one: Callable[[], Any]) -> Any:
        start.wait(10)
        return one()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(work, works))
