"""Opening disputes: one or thousands at a time, each exactly once (I4).

Everything is written in batches: a single dispute is a batch of one.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, insert, select, tuple_

from core.desk import deadlines, documents, facts, intake_parties, outbox
from core.desk.actor import Actor
from core.desk.intake import Intake, Opened, checked, workflow_of
from core.desk.numbers import new_number
from core.secrets import Vault
from core.tables import Deadline, Dispute, Event, Fact, Outbox, Party, PersonKey, Visit
from core.workflow.facts import ENTERED
from core.workflow.model import Document, Value, Workflow


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
    there = _there(connection, intakes)
    first_of: dict[tuple[str, str], int] = {}
    for position, intake in enumerate(intakes):
        key = (intake.source, intake.external_id)
        if key not in there:
            first_of.setdefault(key, position)
    fresh = [intakes[i] for i in first_of.values()]
    if fresh:
        opened = _open(
            connection,
            fresh,
            [known[i] for i in first_of.values()],
            document_id,
            document,
            actor,
            vault,
            now=now,
        )
        there |= {(i.source, i.external_id): o for i, o in zip(fresh, opened, strict=True)}
    answers = []
    for position, intake in enumerate(intakes):
        key = (intake.source, intake.external_id)
        created = first_of.get(key) == position
        opened_dispute = there[key]
        if not created:
            _compare(connection, intake, opened_dispute.dispute_id, actor, vault, now=now)
        answers.append(Opened(opened_dispute.dispute_id, opened_dispute.number, created))
    return answers


def _there(connection: Connection, intakes: Sequence[Intake]) -> dict[tuple[str, str], Opened]:
    """The disputes among these that exist already."""
    wanted = list({(intake.source, intake.external_id) for intake in intakes})
    rows = connection.execute(
        select(Dispute.source, Dispute.external_id, Dispute.id, Dispute.number).where(
            tuple_(Dispute.source, Dispute.external_id).in_(wanted)
        )
    )
    return {(row.source, row.external_id): Opened(row.id, row.number, False) for row in rows}


def _open(
    connection: Connection,
    intakes: list[Intake],
    known: list[dict[str, Value]],
    document_id: int,
    document: Document,
    actor: Actor,
    vault: Vault,
    *,
    now: dt.datetime,
) -> list[Opened]:
    buyers, keys, merchants, orders = intake_parties.ensure(connection, intakes, vault, now=now)
    numbers = [new_number() for _ in intakes]
    workflows = [workflow_of(document, intake) for intake in intakes]
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
    dispute_ids = _returning(connection, Dispute, dispute_rows)
    visit_rows = [
        {
            "dispute_id": dispute_id,
            "stage": workflow.start,
            "kind": str(workflow.stage_by_key[workflow.start].kind),
            "channel": workflow.stage_by_key[workflow.start].channel,
            "document_id": document_id,
            "opened_at": now,
        }
        for dispute_id, workflow in zip(dispute_ids, workflows, strict=True)
    ]
    visit_ids = _returning(connection, Visit, visit_rows)
    given = [{**k, ENTERED: i.entered} for k, i in zip(known, intakes, strict=True)]
    _record(connection, dispute_ids, visit_rows, visit_ids, given, intakes, actor, now=now)
    _time(connection, dispute_ids, visit_ids, workflows, document_id, now=now)
    _tell(connection, dispute_ids, visit_rows, visit_ids, intakes, now=now)
    return [Opened(i, n, True) for i, n in zip(dispute_ids, numbers, strict=True)]


def _returning(connection: Connection, table: Any, rows: list[dict[str, Any]]) -> list[int]:
    """Inserts the rows and gives back their ids in the same order."""
    statement = insert(table).returning(table.id, sort_by_parameter_order=True)
    return [int(i) for i in connection.execute(statement, rows).scalars()]


def _record(
    connection: Connection,
    dispute_ids: list[int],
    visit_rows: list[dict[str, Any]],
    visit_ids: list[int],
    given: list[dict[str, Value]],
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
                "facts": {k: list(v) if isinstance(v, tuple) else v for k, v in known.items()},
            },
        }
        for dispute_id, visit, visit_id, known, intake in zip(
            dispute_ids, visit_rows, visit_ids, given, intakes, strict=True
        )
    ]
    event_ids = _returning(connection, Event, event_rows)
    rows = [
        row
        for dispute_id, visit_id, event_id, known in zip(
            dispute_ids, visit_ids, event_ids, given, strict=True
        )
        for row in facts.rows_of(dispute_id, visit_id, event_id, known)
    ]
    connection.execute(insert(Fact), rows)


def _time(
    connection: Connection,
    dispute_ids: list[int],
    visit_ids: list[int],
    workflows: list[Workflow],
    document_id: int,
    *,
    now: dt.datetime,
) -> None:
    rows = [
        deadlines.row_of(level, dispute_id, visit_id, document_id, now=now)
        for dispute_id, visit_id, workflow in zip(dispute_ids, visit_ids, workflows, strict=True)
        if (level := workflow.level_by_stage.get(workflow.start)) is not None
    ]
    if rows:
        connection.execute(insert(Deadline), rows)


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
    connection.execute(insert(Outbox), rows)


def _compare(
    connection: Connection,
    intake: Intake,
    dispute_id: int,
    actor: Actor,
    vault: Vault,
    *,
    now: dt.datetime,
) -> None:
    """Records by name what a repeated intake says differently; nothing is overwritten."""
    row = connection.execute(
        select(
            Dispute.number,
            Dispute.entered,
            Dispute.appeared,
            Dispute.channel,
            Dispute.story,
            PersonKey.wrapped,
        )
        .join(Party, Party.id == Dispute.buyer_id)
        .join(PersonKey, PersonKey.id == Party.key_id)
        .where(Dispute.id == dispute_id)
    ).one()
    story = vault.open(row.wrapped, row.story, f"disputes.story:{row.number}")
    said = {
        "entered": intake.entered != row.entered,
        "appeared": intake.appeared != row.appeared,
        "channel": intake.channel != row.channel,
        "story": story is not None and intake.story != story,
    }
    different = [name for name, differs in said.items() if differs]
    if different:
        connection.execute(
            insert(Event),
            {
                "dispute_id": dispute_id,
                "visit_id": None,
                "kind": "intake_repeated",
                "at": now,
                "by": actor.by,
                "person_id": actor.person_id,
                "data": {"different": different},
            },
        )
