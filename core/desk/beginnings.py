"""What comes with disputes that open: the record, what is promised, what must be told."""

import datetime as dt
from typing import Any

from sqlalchemy import Connection

from core.desk import deadlines, facts, ladders, outbox, receipts
from core.desk.actor import Actor
from core.desk.batches import insert_all, insert_rows
from core.desk.intake import Intake
from core.tables import Deadline, Event, Fact, Outbox
from core.workflow.model import Mark, Value, Workflow
from core.workflow.terms import Happening


def record(
    connection: Connection,
    dispute_ids: list[int],
    visit_rows: list[dict[str, Any]],
    visit_ids: list[int],
    stored: list[dict[str, Value]],
    told: list[dict[str, Any]],
    intakes: list[Intake],
    actor: Actor,
    *,
    now: dt.datetime,
) -> None:
    """The event of each dispute that opens, and the facts by it."""
    event_rows = [
        {
            "dispute_id": dispute_id,
            "visit_id": visit_id,
            "kind": "opened",
            "at": now,
            "by": actor.by,
            "person_id": actor.person_id,
            "data": {
                "stage": visit["stage"],
                "kind": visit["kind"],
                "visit": visit_id,
                "document": visit["document_id"],
                "channel": intake.channel,
                "holder": visit.get("holder_id"),
                "facts": {k: list(v) if isinstance(v, tuple) else v for k, v in known.items()},
                **({"named": True} if intake.workflow else {}),  # its workflow, by the intake
                **assigned,
            },
        }
        for dispute_id, visit, visit_id, known, assigned, intake in zip(
            dispute_ids, visit_rows, visit_ids, stored, told, intakes, strict=True
        )
    ]
    event_ids = insert_all(connection, Event, event_rows)
    rows = [
        row
        for dispute_id, visit_id, event_id, known in zip(
            dispute_ids, visit_ids, event_ids, stored, strict=True
        )
        for row in facts.rows_of(dispute_id, visit_id, event_id, known)
    ]
    insert_rows(connection, Fact, rows)


def time(
    connection: Connection,
    visit_rows: list[dict[str, Any]],
    visit_ids: list[int],
    workflows: list[Workflow],
    ruled: list[dict[str, Value]],
    currencies: list[str],
    *,
    now: dt.datetime,
) -> set[int]:
    """What starts with a dispute that comes in; the disputes to whose buyers a receipt is owed."""
    plans = ladders.Plans(connection)
    rows = [
        row | {"dispute_id": visit["dispute_id"]}
        for visit, visit_id, workflow, known, currency in zip(
            visit_rows, visit_ids, workflows, ruled, currencies, strict=True
        )
        for row in deadlines.fresh(
            plans,
            deadlines.Turn(
                workflow.key,
                visit["stage"],
                visit_id,
                visit["document_id"],
                (Mark(Happening.OPENED), Mark(Happening.ENTERED, visit["stage"])),
                known,
                currency,
            ),
            now=now,
        )
    ]
    insert_rows(connection, Deadline, rows)
    started: dict[int, list[str]] = {}
    for row in rows:
        started.setdefault(row["dispute_id"], []).append(row["service_level"])
    return {
        dispute_id
        for visit, workflow in zip(visit_rows, workflows, strict=True)
        if receipts.asked(workflow, started.get(dispute_id := visit["dispute_id"], ()))
    }


def tell(
    connection: Connection,
    dispute_ids: list[int],
    visit_rows: list[dict[str, Any]],
    visit_ids: list[int],
    intakes: list[Intake],
    owed: set[int],
    *,
    now: dt.datetime,
) -> None:
    """The card in the intake channel, a receipt, a question to the order system where needed."""
    rows = []
    for dispute_id, visit, visit_id, intake in zip(
        dispute_ids, visit_rows, visit_ids, intakes, strict=True
    ):
        rows.append(outbox.card(visit_id, visit["channel"], dispute_id, now=now))
        if dispute_id in owed:
            rows.append(receipts.message(dispute_id, visit_id, now=now))
        if intake.order is None:
            rows.append(
                outbox.message(
                    outbox.ASK_ORDER,
                    outbox.MARKET_LANE,
                    f"ask_order:{dispute_id}",
                    now=now,
                    dispute_id=dispute_id,
                    visit_id=visit_id,
                )
            )
    insert_rows(connection, Outbox, rows)
