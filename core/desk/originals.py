"""The files of evidence as they were given, for whoever looks at the dispute with a reason (E3)."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, select

from core.desk import events, looks
from core.desk.actor import Actor
from core.desk.answers import Refused
from core.tables import Dispute, Evidence, StoredFile


@dataclass(frozen=True, slots=True)
class Original:
    """A file as it was given: its SHA-256 in hex, its type, the kind of evidence that it is."""

    digest: str
    media_type: str
    kind: str


def opened(
    connection: Connection, actor: Actor, number: str, evidence_id: int, *, now: dt.datetime
) -> Original | Refused:
    """A dispute's file, for somebody who looks at the dispute now; this look is kept too (X1).

    What is another dispute's is unknown here. Whoever has not said why they look is told to first.
    """
    refused = looks.refusal(connection, actor, now=now)
    if refused is not None:
        return refused
    row = connection.execute(
        select(
            StoredFile.digest,
            StoredFile.media_type,
            Evidence.kind,
            Evidence.party,
            Evidence.dispute_id,
        )
        .join(Evidence, Evidence.file_digest == StoredFile.digest)
        .join(Dispute, Dispute.id == Evidence.dispute_id)
        .where(Evidence.id == evidence_id, Dispute.number == number)
    ).first()
    if row is None:
        return Refused("unknown_dispute")
    looking = looks.lasting(connection, actor, row.dispute_id, now=now)
    if looking is None:
        return Refused("look_first", dispute_id=row.dispute_id)
    looks.keep(
        connection,
        actor,
        looks.FILE,
        looking.reason,
        dispute_id=row.dispute_id,
        evidence_id=evidence_id,
        now=now,
    )
    data = {"evidence": evidence_id, "party": row.party, "evidence_kind": row.kind}
    events.record(connection, row.dispute_id, None, "evidence_opened", actor, data, now=now)
    return Original(row.digest, row.media_type, row.kind)
