"""The clock of pages: reminds once, then says that nobody answered (K5).

What is due is a row, so a restart loses nothing; whichever scheduler holds a row acts on it, and
the others pass it over.
"""

import datetime as dt
from typing import Any

from sqlalchemy import Connection, and_, bindparam, or_, select, update

from core.desk import events, outbox, page_messages, paging
from core.desk.actor import TIMEOUT
from core.tables import Dispute, Page, Paged, Visit
from core.workflow.terms import Kind

REMINDED, UNANSWERED, OVER = "page_reminded", "page_unanswered", "page_over"
MOST = 200  # that one sweep looks after
_KNOWN = 1_000  # open pages of which it asks how their disputes stand

# Asked first, and of an index that holds open pages only: mostly there are none, however many
# disputes there are.
_OPEN = (
    select(Page.id)
    .where(Page.attend_at.is_not(None))
    .order_by(Page.attend_at, Page.id)
    .limit(_KNOWN)
)
_DUE = (
    select(
        *(Page.id, Page.dispute_id, Page.visit_id, Page.by_id),
        *(Page.paged_at, Page.attend_at, Page.reminded_at),
        Visit.id.label("here"),
        Visit.kind,
        Visit.channel,
    )
    .join(Dispute, Dispute.id == Page.dispute_id)
    .join(Visit, and_(Visit.dispute_id == Page.dispute_id, Visit.left_at.is_(None)))
    .where(
        Page.id.in_(bindparam("open", expanding=True)),
        Page.attend_at.is_not(None),
        or_(Page.attend_at <= bindparam("now"), Visit.kind == str(Kind.FINAL)),
    )
    .order_by(Page.attend_at, Page.id)
    .limit(bindparam("most"))
    .with_for_update(of=(Page.__table__, Dispute.__table__), skip_locked=True)
)
_SILENT = (
    select(Paged.person_id)
    .where(Paged.page_id == bindparam("page"), Paged.answer == "")
    .order_by(Paged.person_id)
)
_REMIND = (
    update(Page)
    .where(Page.id == bindparam("page"))
    .values(reminded_at=bindparam("now"), attend_at=bindparam("again"))
)
_ENDED = (
    select(Page)
    .where(Page.dispute_id == bindparam("dispute"), Page.outcome == paging.OVER)
    .order_by(Page.id)
    .with_for_update()
)
_GO_ON = (
    update(Page)
    .where(Page.id == bindparam("page"))
    .values(attend_at=bindparam("again"), closed_at=None, outcome="")
)


def attend(connection: Connection, *, now: dt.datetime, most: int = MOST) -> int:
    """Reminds of what was not answered in time, then tells whoever paged; returns how many.

    A page whose dispute has finished meanwhile is closed. After a long sleep somebody is reminded
    first all the same: they may never have been called until now.
    """
    known = list(connection.execute(_OPEN).scalars())
    if not known:
        return 0
    due = connection.execute(_DUE, {"open": known, "now": now, "most": most}).all()
    for row in due:
        silent = list(connection.execute(_SILENT, {"page": row.id}).scalars())
        if row.kind == Kind.FINAL:
            paging.close(connection, row.id, paging.OVER, now=now)
            event_id = _record(connection, row, OVER, silent, now=now)
            outbox.put(
                connection, page_messages.redrawn(connection, row, silent, event_id, now=now)
            )
        elif row.reminded_at is None:
            again = now + (row.attend_at - row.paged_at)
            connection.execute(_REMIND, {"page": row.id, "now": now, "again": again})
            _record(connection, row, REMINDED, silent, now=now)
            calls = [
                page_messages.call(row.id, one, row.dispute_id, row.here, now=now, reminds=True)
                for one in silent
            ]
            outbox.put(connection, calls)
        else:
            paging.close(connection, row.id, paging.UNANSWERED, now=now)
            event_id = _record(connection, row, UNANSWERED, silent, now=now)
            messages = [page_messages.news(row, event_id, now=now)]
            if row.channel:
                line = outbox.line(row.here, row.channel, row.dispute_id, event_id, now=now)
                messages.append(line)
            outbox.put(connection, messages)
    return len(due)


def go_on(
    connection: Connection, dispute_id: int, event_id: int, *, now: dt.datetime
) -> list[dict[str, Any]]:
    """Pages that had ended with a dispute run again as if they had not: its end was undone (D3).

    Returns the redraws by which whoever has not answered can do so again. The dispute is locked;
    `event_id` is of the undoing.
    """
    messages = []
    for row in connection.execute(_ENDED, {"dispute": dispute_id}).all():
        pause = paging.ON_DUTY if row.rota else paging.OTHERS
        again = (row.reminded_at or row.paged_at) + pause
        connection.execute(_GO_ON, {"page": row.id, "again": again})
        silent = connection.execute(_SILENT, {"page": row.id}).scalars().all()
        messages += page_messages.redrawn(connection, row, silent, event_id, now=now)
    return messages


def _record(
    connection: Connection, row: Any, kind: str, silent: list[int], *, now: dt.datetime
) -> int:
    data = {"page": row.id, "people": silent}
    return events.record(connection, row.dispute_id, row.here, kind, TIMEOUT, data, now=now)
