"""Opening disputes: one or thousands at a time, each exactly once (I4).

Everything is written in batches: a single dispute is a batch of one.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select

from core.desk import (
    assignment,
    deadlines,
    documents,
    facts,
    intake_parties,
    ladders,
    outbox,
    pilots,
    repeated,
)
from core.desk.actor import Actor
from core.desk.assignment import Ruling
from core.desk.batches import found, insert_all, insert_rows
from core.desk.intake import Intake, Opened, checked, workflow_of
from core.desk.numbers import new_number
from core.desk.pilots import Side
from core.secrets import Vault
from core.tables import Deadline, Dispute, Event, Fact, Outbox, Visit
from core.workflow.facts import ENTERED
from core.workflow.model import Mark, Value, Workflow
from core.workflow.terms import Happening

_THERE = select(Dispute.source, Dispute.external_id, Dispute.id, Dispute.number)


def open_disputes(
    connection: Connection,
    intakes: Sequence[Intake],
    actor: Actor,
    vault: Vault,
    *,
    now: dt.datetime,
) -> list[Opened]:
    """Opens the disputes that are new and finds those that are not, in the order given.

    The same source and external id always give the same dispute; what a repetition says
    differently is recorded and overwrites nothing (I4). Raises BadIntake before writing anything.
    """
    document_id = documents.active_id(connection)
    document = documents.load(connection, document_id)
    known = [checked(document, intake) for intake in intakes]
    return open_checked(connection, document_id, intakes, known, actor, vault, now=now)


def open_checked(
    connection: Connection,
    document_id: int,
    intakes: Sequence[Intake],
    known: Sequence[dict[str, Value]],
    actor: Actor,
    vault: Vault,
    *,
    now: dt.datetime,
    side: Side | None = None,
) -> list[Opened]:
    """Like `open_disputes`, for intakes that were checked against this document already.

    `known` holds the facts that `checked` gave for each. With a `side`, by whose document they were
    checked, they begin there; else they may be drawn for a pilot.
    """
    there = existing(connection, intakes)
    first_of: dict[tuple[str, str], int] = {}
    for position, intake in enumerate(intakes):
        key = (intake.source, intake.external_id)
        if key not in there:
            first_of.setdefault(key, position)
    if first_of:
        fresh = [intakes[i] for i in first_of.values()]
        given = [known[i] for i in first_of.values()]
        opened = _open(connection, fresh, given, document_id, actor, vault, now=now, side=side)
        there |= {(i.source, i.external_id): o for i, o in zip(fresh, opened, strict=True)}
    answers = []
    again = []
    for position, intake in enumerate(intakes):
        key = (intake.source, intake.external_id)
        created = first_of.get(key) == position
        if not created:
            again.append((intake, there[key].dispute_id))
        answers.append(replace(there[key], created=created))
    repeated.record(connection, again, actor, vault, now=now)
    return answers


def existing(connection: Connection, intakes: Sequence[Intake]) -> dict[tuple[str, str], Opened]:
    """The disputes among these that exist already."""
    keys = {(intake.source, intake.external_id) for intake in intakes}
    rows = found(connection, _THERE, Dispute.source, Dispute.external_id, keys)
    return {(row.source, row.external_id): Opened(row.id, row.number, False) for row in rows}


def _open(
    connection: Connection,
    intakes: list[Intake],
    known: list[dict[str, Value]],
    document_id: int,
    actor: Actor,
    vault: Vault,
    *,
    now: dt.datetime,
    side: Side | None,
) -> list[Opened]:
    buyers, keys, merchants, orders = intake_parties.ensure(connection, intakes, vault, now=now)
    numbers = [new_number() for _ in intakes]
    if side is not None:
        sides = [side] * len(intakes)
    else:
        sides, known = pilots.draw(connection, intakes, known, numbers, document_id, now=now)
    workflows = [
        workflow_of(documents.load(connection, side.document_id), intake)
        for side, intake in zip(sides, intakes, strict=True)
    ]
    given = [{**k, ENTERED: i.entered} for k, i in zip(known, intakes, strict=True)]
    currencies = [intake.order.currency if intake.order else "" for intake in intakes]
    rulings = assignment.on_arrival(connection, workflows, given, currencies, now=now)
    dispute_rows = [
        {
            "number": number,
            "workflow": workflow.key,
            "source": intake.source,
            "external_id": intake.external_id,
            "channel": intake.channel,
            "order_id": orders[intake.source, intake.order_number],
            "buyer_id": buyers[intake.source, intake.buyer],
            "merchant_id": merchants.get((intake.source, intake.merchant)),
            "locale": intake.locale,
            "entered": intake.entered,
            "appeared": intake.appeared,
            "story": vault.seal(
                keys[intake.source, intake.buyer], intake.story, f"disputes.story:{number}"
            ),
            "opened_at": now,
        }
        for intake, number, workflow in zip(intakes, numbers, workflows, strict=True)
    ]
    if any(of.pilot_id for of in sides):  # else an import has fewer columns
        for row, of in zip(dispute_rows, sides, strict=True):
            row["pilot_id"] = of.pilot_id
    dispute_ids = insert_all(connection, Dispute, dispute_rows)
    visit_rows = [
        _first_visit(dispute_id, workflow, ruling, side, now=now)
        for dispute_id, workflow, ruling, side in zip(
            dispute_ids, workflows, rulings, sides, strict=True
        )
    ]
    if any(workflow.assignments for workflow in workflows):  # likewise
        columns = [ruling.columns(now) for ruling in rulings]
        visit_rows = [row | more for row, more in zip(visit_rows, columns, strict=True)]
    visit_ids = insert_all(connection, Visit, visit_rows)
    told = [ruling.told | side.told for ruling, side in zip(rulings, sides, strict=True)]
    _record(connection, dispute_ids, visit_rows, visit_ids, given, told, intakes, actor, now=now)
    _time(connection, visit_rows, visit_ids, workflows, given, currencies, now=now)
    _tell(connection, dispute_ids, visit_rows, visit_ids, intakes, now=now)
    return [Opened(i, n, True) for i, n in zip(dispute_ids, numbers, strict=True)]


def _first_visit(
    dispute_id: int, workflow: Workflow, ruling: Ruling, side: Side, *, now: dt.datetime
) -> dict[str, Any]:
    """The visit at intake; where a rule chose somebody, at the stage after it (rule 1)."""
    stage = workflow.stage_by_key[workflow.start if ruling.holder_id is None else workflow.first]
    return {
        "dispute_id": dispute_id,
        "stage": stage.key,
        "kind": str(stage.kind),
        "channel": stage.channel,
        "document_id": side.document_id,
        "opened_at": now,
    }


def _record(
    connection: Connection,
    dispute_ids: list[int],
    visit_rows: list[dict[str, Any]],
    visit_ids: list[int],
    given: list[dict[str, Value]],
    told: list[dict[str, Any]],
    intakes: list[Intake],
    actor: Actor,
    *,
    now: dt.datetime,
) -> None:
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
            dispute_ids, visit_rows, visit_ids, given, told, intakes, strict=True
        )
    ]
    event_ids = insert_all(connection, Event, event_rows)
    rows = [
        row
        for dispute_id, visit_id, event_id, known in zip(
            dispute_ids, visit_ids, event_ids, given, strict=True
        )
        for row in facts.rows_of(dispute_id, visit_id, event_id, known)
    ]
    insert_rows(connection, Fact, rows)


def _time(
    connection: Connection,
    visit_rows: list[dict[str, Any]],
    visit_ids: list[int],
    workflows: list[Workflow],
    given: list[dict[str, Value]],
    currencies: list[str],
    *,
    now: dt.datetime,
) -> None:
    """What starts with a dispute that comes in."""
    plans = ladders.Plans(connection)
    rows = [
        row | {"dispute_id": visit["dispute_id"]}
        for visit, visit_id, workflow, known, currency in zip(
            visit_rows, visit_ids, workflows, given, currencies, strict=True
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


def _tell(
    connection: Connection,
    dispute_ids: list[int],
    visit_rows: list[dict[str, Any]],
    visit_ids: list[int],
    intakes: list[Intake],
    *,
    now: dt.datetime,
) -> None:
    """The card in the intake channel, and a question to the order system where it knows more."""
    rows = []
    for dispute_id, visit, visit_id, intake in zip(
        dispute_ids, visit_rows, visit_ids, intakes, strict=True
    ):
        rows.append(outbox.card(visit_id, visit["channel"], dispute_id, now=now))
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
