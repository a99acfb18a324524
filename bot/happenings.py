"""What happened, and what was promised, in the words of a line or an alert."""

import datetime as dt

from sqlalchemy import Connection, select

from bot.cards.lines import Happening
from core.desk import documents, people
from core.desk.page_clock import UNANSWERED
from core.desk.paging import PAGED
from core.tables import Deadline, Event


def happening(connection: Connection, event_id: int, locale: str) -> Happening:
    """What an event tells in a card's thread."""
    row = connection.execute(
        select(Event.kind, Event.by, Event.person_id, Event.data).where(Event.id == event_id)
    ).one()
    level, due_at = "", None
    if "deadline" in row.data:
        level, due_at = promise(connection, int(row.data["deadline"]), locale)
    who = people.name(connection, row.person_id)
    others: tuple[str, ...] = ()
    if row.kind in (PAGED, UNANSWERED):
        others = tuple(people.name(connection, one) for one in row.data["people"])
    return Happening(row.kind, row.by, who, row.data, level, due_at, others)


def promise(
    connection: Connection, deadline_id: int, locale: str
) -> tuple[str, dt.datetime | None]:
    """What was promised and by when: the service level's label, and the due moment.

    There is no such moment while a pause holds it.
    """
    row = connection.execute(
        select(Deadline.document_id, Deadline.service_level, Deadline.due_at).where(
            Deadline.id == deadline_id
        )
    ).one()
    for workflow in documents.load(connection, row.document_id).workflows:
        for level in workflow.service_levels:
            if level.key == row.service_level:
                return level.label.text(locale), row.due_at
    return row.service_level, row.due_at
