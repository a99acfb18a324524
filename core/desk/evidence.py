"""Evidence that parties give, and the end of a round (W9, rule 5)."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from core.desk import events, outbox, standing
from core.desk.actor import EVIDENCE, Actor
from core.desk.answers import Answer, Applied, Refused
from core.desk.choose import choose
from core.desk.standing import Standing
from core.secrets import Vault
from core.tables import Dispute, Evidence, EvidenceRequest, Party, PersonKey, Round, StoredFile
from core.workflow.terms import By, Kind, Meaning

NOTE_LIMIT = 4_000  # characters
PARTIES = (By.BUYER, By.MERCHANT, By.CARRIER)


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of evidence: its kind (an option of the party's evidence), a file, a note."""

    party: str
    kind: str
    external_id: str = ""
    file_digest: str | None = None
    note: str = ""


def store_file(
    connection: Connection, digest: str, size: int, media_type: str, *, now: dt.datetime
) -> None:
    """Makes a file known that lies under its hash on the disk already; the same one once."""
    known = connection.scalar(select(StoredFile.digest).where(StoredFile.digest == digest))
    if known is None:
        connection.execute(
            insert(StoredFile),
            {"digest": digest, "size": size, "media_type": media_type, "stored_at": now},
        )


def kinds_for(at: Standing, party: str) -> frozenset[str]:
    """The kinds of evidence that the dispute's document knows for a party."""
    meaning = {By.BUYER: Meaning.GIVEN_BUYER, By.MERCHANT: Meaning.GIVEN_MERCHANT}.get(By(party))
    return frozenset(
        option.key
        for stage in at.workflow.stages
        for field in stage.fields
        if field.meaning == meaning or meaning is None
        for option in at.document.set_by_key[field.options].leaves()
        if field.meaning.startswith("given.") and not option.exclusive
    )


def receive(
    connection: Connection, dispute_id: int, piece: Piece, vault: Vault, *, now: dt.datetime
) -> Answer:
    """Stores a piece of evidence with the visit that is open; reopens nothing (rule 5).

    The same piece (the party's own id) is stored once. The card is told that there is more.
    """
    at = standing.of_dispute(connection, dispute_id)
    if at is None:
        return Refused("unknown_dispute")
    row = at.row
    if piece.party not in PARTIES or piece.kind not in kinds_for(at, piece.party):
        return Refused("unknown_kind", {"kind": piece.kind, "party": piece.party})
    if len(piece.note) > NOTE_LIMIT:
        return Refused("note_too_long", {"limit": NOTE_LIMIT})
    if piece.external_id and _seen(connection, dispute_id, piece):
        return Applied("evidence", dispute_id, row.number, row.visit_id, None, row.stage)
    evidence_id = connection.execute(
        insert(Evidence).returning(Evidence.id),
        {
            "dispute_id": dispute_id,
            "visit_id": row.visit_id,
            "party": piece.party,
            "kind": piece.kind,
            "file_digest": piece.file_digest,
            "note": _sealed(connection, dispute_id, row.number, piece, vault),
            "external_id": piece.external_id or None,
            "received_at": now,
        },
    ).scalar_one()
    data = {"evidence": evidence_id, "party": piece.party, "evidence_kind": piece.kind}
    actor = Actor(piece.party)
    event_id = events.record(
        connection, dispute_id, row.visit_id, "evidence_received", actor, data, now=now
    )
    if row.channel and row.kind == Kind.WORK:
        outbox.put(
            connection, [outbox.line(row.visit_id, row.channel, dispute_id, event_id, now=now)]
        )
    return Applied(
        "evidence", dispute_id, row.number, row.visit_id, None, row.stage, {"evidence": evidence_id}
    )


def nothing_more(
    connection: Connection, dispute_id: int, party: str, *, now: dt.datetime
) -> Answer:
    """A party has given all it has; when all that were asked have, the wait ends (rule 5)."""
    at = standing.of_dispute(connection, dispute_id)
    if at is None:
        return Refused("unknown_dispute")
    row = at.row
    open_rounds = select(Round.id).where(Round.dispute_id == dispute_id, Round.closed_at.is_(None))
    answered = connection.execute(
        update(EvidenceRequest)
        .where(
            EvidenceRequest.round_id.in_(open_rounds),
            EvidenceRequest.party == party,
            EvidenceRequest.answered_at.is_(None),
        )
        .values(answered_at=now)
    )
    if not answered.rowcount:
        return Refused("nothing_asked", {"party": party}, dispute_id=dispute_id)
    events.record(
        connection, dispute_id, row.visit_id, "party_done", Actor(party), {"party": party}, now=now
    )
    waiting = connection.scalar(
        select(EvidenceRequest.id)
        .where(EvidenceRequest.round_id.in_(open_rounds), EvidenceRequest.answered_at.is_(None))
        .limit(1)
    )
    if waiting is not None:
        return Applied("party_done", dispute_id, row.number, row.visit_id, None, row.stage)
    return complete(connection, at, now=now)


def complete(connection: Connection, at: Standing, *, now: dt.datetime) -> Answer:
    """Leaves the wait by its evidence decision, through the same door as every click."""
    row = at.row
    decisions = at.workflow.decisions_by_stage[row.stage].values()
    key = next((d.key for d in decisions if d.by == By.EVIDENCE), None)
    if key is None:
        return Applied("party_done", row.dispute_id, row.number, row.visit_id, None, row.stage)
    return choose(connection, row.visit_id, key, {}, EVIDENCE, now=now)


def _seen(connection: Connection, dispute_id: int, piece: Piece) -> bool:
    found = connection.scalar(
        select(Evidence.id).where(
            Evidence.dispute_id == dispute_id,
            Evidence.party == piece.party,
            Evidence.external_id == piece.external_id,
        )
    )
    return found is not None


def _sealed(
    connection: Connection, dispute_id: int, number: str, piece: Piece, vault: Vault
) -> object:
    """The note, sealed with the buyer's key: whatever is said in a dispute is about the buyer."""
    if not piece.note:
        return None
    wrapped = connection.execute(
        select(PersonKey.wrapped)
        .join(Party, Party.key_id == PersonKey.id)
        .join(Dispute, Dispute.buyer_id == Party.id)
        .where(Dispute.id == dispute_id)
    ).scalar()
    return vault.seal(wrapped, piece.note, f"evidence.note:{number}") if wrapped else None
