"""What parties decide at a wait: goods shipped, accepted, contested, a voucher, a withdrawal."""

import datetime as dt

from sqlalchemy import Connection, select

from core.desk import family, standing
from core.desk.actor import Actor
from core.desk.answers import Answer, Refused
from core.desk.choose import Chosen, choose
from core.desk.evidence import PARTIES
from core.tables import Evidence
from core.workflow.terms import FieldKind


def act(
    connection: Connection,
    dispute_id: int,
    party: str,
    decision: str,
    chosen: Chosen,
    *,
    now: dt.datetime,
    click: str | None = None,
) -> Answer:
    """Makes a party's decision at whatever visit is open, through the same door as every click.

    Serves the waits of rule 7 and withdrawal (D2). `click` makes a repeated call harmless.
    """
    if party not in PARTIES:
        return Refused("not_yours")
    at = standing.of_dispute(connection, dispute_id)
    if at is None:
        return Refused("unknown_dispute")
    into = family.merged_into(connection, dispute_id)
    if into is not None:  # a decision of theirs is about the other, and theirs to make there
        return at.refused("merged", other=into.number)
    wanted = at.workflow.decisions_by_stage[at.row.stage].get(decision)
    strange = [
        field.key
        for field in (wanted.fields if wanted else ())
        if field.kind == FieldKind.FILE
        and field.key in chosen
        and not _theirs(connection, dispute_id, party, chosen[field.key])
    ]
    if strange:
        number, document_id = at.row.number, at.row.document_id
        return Refused(
            "unknown_evidence", {"number": number}, fields=tuple(strange), document_id=document_id
        )
    return choose(connection, at.row.visit_id, decision, chosen, Actor(party), now=now, click=click)


def _theirs(connection: Connection, dispute_id: int, party: str, evidence: object) -> bool:
    """Whether this is the number of a file that the party gave in this very dispute."""
    if not isinstance(evidence, int):
        return False
    found = connection.scalar(
        select(Evidence.id).where(
            Evidence.id == evidence,
            Evidence.dispute_id == dispute_id,
            Evidence.party == party,
            Evidence.file_digest.is_not(None),
        )
    )
    return found is not None


def options(connection: Connection, dispute_id: int, party: str) -> tuple[str, ...]:
    """The decisions that a party knows at the visit that is open."""
    at = standing.of_dispute(connection, dispute_id, lock=False)
    if at is None:
        return ()
    decisions = at.workflow.decisions_by_stage[at.row.stage].values()
    return tuple(decision.key for decision in decisions if decision.by == party)
