"""What is told of a page: the call, its redraws, the news for whoever paged, a line (K5)."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, bindparam, select

from core.desk import outbox
from core.tables import Outbox

_SENT = (
    select(Outbox.id, Outbox.data)
    .where(Outbox.dedupe.in_(bindparam("keys", expanding=True)))
    .where(Outbox.state.not_in(("superseded", "parked", "let_go")))
    .order_by(Outbox.id)
)


def call(
    page_id: int,
    person_id: int,
    dispute_id: int,
    visit_id: int,
    *,
    now: dt.datetime,
    reminds: bool = False,
) -> dict[str, Any]:
    """The message by which one person is called, or reminded."""
    return outbox.message(
        outbox.PAGE,
        outbox.direct_lane(person_id),
        _key(page_id, person_id, reminds=reminds),
        now=now,
        dispute_id=dispute_id,
        visit_id=visit_id,
        data={"page": page_id, "reminds": reminds},
    )


def redrawn(
    connection: Connection,
    found: Any,
    called: Iterable[int],
    event_id: int,
    *,
    now: dt.datetime,
    reply_to: bytes | None = None,
) -> list[dict[str, Any]]:
    """A redraw for each message by which a page called or reminded these people."""
    keys = [_key(found.id, one, reminds=again) for one in called for again in (False, True)]
    rows = connection.execute(_SENT, {"keys": keys}).all()
    return [
        outbox.message(
            outbox.REPAGE,
            outbox.UPDATE_LANE,
            f"repage:{row.id}:{event_id}",
            now=now,
            dispute_id=found.dispute_id,
            visit_id=found.visit_id,
            data={"message": row.id, **row.data},
            reply_to=reply_to,
        )
        for row in rows
    ]


def _key(page_id: int, person_id: int, *, reminds: bool) -> str:
    return f"page:{page_id}:{person_id}" + (":again" if reminds else "")


def news(found: Any, event_id: int, *, now: dt.datetime) -> dict[str, Any]:
    """What whoever paged is told of an answer, or of silence."""
    return outbox.message(
        outbox.PAGE_NEWS,
        outbox.direct_lane(found.by_id),
        f"page_news:{event_id}",
        now=now,
        dispute_id=found.dispute_id,
        visit_id=found.visit_id,
        data={"page": found.id, "event": event_id},
    )


def thread(row: Any, event_id: int, *, now: dt.datetime) -> list[dict[str, Any]]:
    """The line in the thread of the open card; none where the dispute has none."""
    if not row.channel:
        return []
    return [outbox.line(row.visit_id, row.channel, row.dispute_id, event_id, now=now)]
