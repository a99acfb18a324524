"""What operators watch: parked messages sent again, deadlines tried again, both recorded."""

from typing import Any

import pytest
from sqlalchemy import Select, func, insert, select

from core.desk import operating, overdue, parked
from core.desk.answers import Refused
from core.tables import Deadline, Event, Outbox
from tests.admin.trouble import park, set_aside
from tests.factories import Desk
from tests.panel import Panel, Visitor


@pytest.fixture
def visitor(panel: Panel) -> Visitor:
    """An operator at the panel."""
    return panel.visitor("Olga")


def test_parked_message_waits_again_and_who_wanted_it_is_recorded(
    panel: Panel, visitor: Visitor
) -> None:
    desk = panel.desk
    dispute = desk.open()
    message = park(desk)
    text = visitor.get("/messages/").text
    assert "channel_not_found" in text
    answer = visitor.post("/messages/again", {"id": str(message)})
    assert "waits to be sent once more" in visitor.client.get(answer.location).text
    row = desk.rows(select(Outbox).where(Outbox.id == message))[0]
    assert (row.state, row.finished_at, row.not_before) == ("waiting", None, None)
    events = select(Event.kind, Event.person_id, Event.data).where(Event.dispute_id == dispute)
    assert desk.rows(events.order_by(Event.id.desc()).limit(1)) == [
        ("message_again", desk.people["Olga"], {"message": message, "message_kind": "card"})
    ]


def test_second_press_changes_nothing_and_says_so(panel: Panel, visitor: Visitor) -> None:
    panel.desk.open()
    message = park(panel.desk)
    for told in ("waits to be sent once more", "not parked any more"):
        answer = visitor.post("/messages/again", {"id": str(message)})
        assert told in visitor.client.get(answer.location).text
    assert len(panel.desk.rows(select(Event).where(Event.kind == "message_again"))) == 1


@pytest.mark.parametrize("state", ["sent", "superseded", "unknown", "leased"])
def test_only_what_is_parked_is_sent_again(panel: Panel, visitor: Visitor, state: str) -> None:
    panel.desk.open()
    message = park(panel.desk, state)
    visitor.post("/messages/again", {"id": str(message)})
    assert panel.desk.rows(select(Outbox.state).where(Outbox.id == message)) == [(state,)]
    if state == "unknown":  # the desk looks for it first; a person could only double it
        assert "is being looked for" in visitor.get("/messages/").text


def test_deadline_that_was_set_aside_is_tried_again(panel: Panel, visitor: Visitor) -> None:
    desk = panel.desk
    desk.open()
    desk.pass_time(hours=2)
    deadline = set_aside(desk)
    assert "KeyError" in visitor.get("/deadlines/").text
    assert desk.sweep() == overdue.Swept()
    visitor.post("/deadlines/again", {"id": str(deadline)})
    assert desk.sweep().escalated == 1
    assert "No deadline is set aside" in visitor.get("/deadlines/").text
    answer = visitor.post("/deadlines/again", {"id": str(deadline)})
    assert "not set aside any more" in visitor.client.get(answer.location).text


def test_home_shows_an_operator_how_much_is_in_trouble(panel: Panel, visitor: Visitor) -> None:
    panel.desk.open()
    assert visitor.get("/").text.count('class="tile bad"') == 0
    park(panel.desk)
    set_aside(panel.desk)
    assert visitor.get("/").text.count('class="tile bad"') == 2


@pytest.mark.parametrize("name", ["Sun Wei", "Tom", "Tim"])
def test_rights_to_operate_are_checked_in_the_desk(panel: Panel, name: str) -> None:
    desk, who = panel.desk, panel.desk.who(name)
    desk.open()
    message, deadline = park(desk), set_aside(desk)
    for answer in (
        desk.db.transact(parked.send_again, who, message),
        desk.db.transact(operating.act_again, who, deadline),
        desk.db.transact(parked.let_go, who, [message], "no_use"),
        desk.db.read(parked.messages, who),
        desk.db.read(parked.gone, who),
        desk.db.read(operating.deadlines, who),
    ):
        assert isinstance(answer, Refused)
        assert answer.key == "no_right"


def test_operating_works_on_each_kind_of_database(any_desk: Desk) -> None:
    desk, olga = any_desk, any_desk.who("Olga")
    desk.open()
    message, deadline = park(desk), set_aside(desk)
    assert desk.db.read(operating.trouble) == operating.Trouble(1, 0, 1)
    assert desk.db.transact(parked.send_again, olga, message) is None
    assert desk.db.transact(operating.act_again, olga, deadline) is None
    assert desk.db.read(operating.trouble).parked == 0


def read_of(desk: Desk, statement: Select[Any]) -> str:
    """How SQLite would find what is asked for."""
    sql = str(statement.compile(compile_kwargs={"literal_binds": True}))
    with desk.db.engine.connect() as connection:
        return str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}").all())


def test_trouble_is_found_through_its_indexes(desk: Desk) -> None:
    messages = select(Outbox.id).where(operating.IN_TROUBLE).order_by(Outbox.id)
    assert "ix_outbox_trouble" in read_of(desk, messages)
    aside = select(func.count(Deadline.id)).where(operating.ASIDE)
    assert "ix_deadlines_set_aside" in read_of(desk, aside)


def test_deadline_of_a_dispute_that_went_on_is_no_trouble_any_more(desk: Desk) -> None:
    dispute = desk.open()
    set_aside(desk)
    desk.must(dispute, "decline", {"not_accepted_reason": "duplicate"}, "Tom")
    assert desk.db.read(operating.trouble).set_aside == 0


def test_file_of_messages_holds_more_than_the_page_shows(panel: Panel, visitor: Visitor) -> None:
    panel.desk.open()
    first = park(panel.desk)
    (row,) = panel.desk.rows(select(Outbox.__table__).where(Outbox.id == first))
    kept = {name: value for name, value in row._mapping.items() if name != "id"}
    more = [kept | {"dedupe": f"more:{n}"} for n in range(operating.SHOWN + 50)]
    panel.desk.db.transact(lambda c, now: c.execute(insert(Outbox), more))
    lines = visitor.get("/messages/export.csv").text.splitlines()
    assert len(lines) == 1 + len(more) + 1
