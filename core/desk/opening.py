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
    beginnings,
    documents,
    given,
    intake_parties,
    pilots,
    repeated,
)
from core.desk.actor import Actor
from core.desk.assignment import Ruling
from core.desk.batches import found, insert_all
from core.desk.intake import Intake, Opened, arriving, checked, currency_of
from core.desk.numbers import new_number
from core.desk.pilots import Side
from core.secrets import Vault
from core.tables import Dispute, Visit
from core.workflow.arrival import chosen_workflow
from core.workflow.facts import ENTERED, GRADE, HOUR
from core.workflow.model import Document, Facts, Value, Workflow

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
        facts_of = [known[i] for i in first_of.values()]
        opened = _open(connection, fresh, facts_of, document_id, actor, vault, now=now, side=side)
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
    buyers, keys, merchants, orders, said = intake_parties.ensure(
        connection, intakes, vault, now=now
    )
    numbers = [new_number() for _ in intakes]
    if side is not None:
        sides = [side] * len(intakes)
    else:
        sides, known = pilots.draw(connection, intakes, known, numbers, document_id, now=now)
    hour = given.hour(connection, now)
    workflows, stored, ruled = [], [], []
    for intake, facts_known, of in zip(intakes, known, sides, strict=True):
        buyer = said[buyers[intake.source, intake.buyer]]
        merchant = merchants.get((intake.source, intake.merchant))
        heard = given.said(buyer, "".join(said[merchant]) if merchant is not None else "")
        document = documents.load(connection, of.document_id)
        arrived = arriving(document, intake, {**heard, HOUR: str(hour)})
        workflows.append(_followed(document, intake, arrived))
        grade = {GRADE: arrived[GRADE]} if GRADE in arrived else {}
        stored.append({**facts_known, ENTERED: intake.entered, **heard, **grade})
        ruled.append({**arrived, **facts_known})
    currencies = [currency_of(intake) for intake in intakes]
    rulings = assignment.on_arrival(connection, workflows, ruled, currencies, now=now)
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
            "hour": hour,
            "grade": kept.get(GRADE, ""),
        }
        for intake, number, workflow, kept in zip(intakes, numbers, workflows, stored, strict=True)
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
    beginnings.record(
        connection, dispute_ids, visit_rows, visit_ids, stored, told, intakes, actor, now=now
    )
    owed = beginnings.time(connection, visit_rows, visit_ids, workflows, ruled, currencies, now=now)
    beginnings.tell(connection, dispute_ids, visit_rows, visit_ids, intakes, owed, now=now)
    return [Opened(i, n, True) for i, n in zip(dispute_ids, numbers, strict=True)]


def _followed(document: Document, intake: Intake, arrived: Facts) -> Workflow:
    """The workflow that the intake names, or that the rules choose by what is known of it."""
    if intake.workflow:
        return document.workflow_by_key[intake.workflow]
    return chosen_workflow(document, arrived, currency_of(intake))


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
