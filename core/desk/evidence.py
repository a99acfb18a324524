"""Evidence that parties give, and the end of a round (W9, rule 5)."""

import datetime as dt
from dataclasses import dataclass, replace

from sqlalchemy import Connection, and_, insert, or_, select, update

from core.desk import clicks, events, family, linking, merging, outbox
from core.desk.actor import EVIDENCE, Actor, Right
from core.desk.answers import Answer, Applied, Refused
from core.desk.choose import choose
from core.desk.standing import Standing
from core.files import PICTURES
from core.secrets import Vault
from core.tables import Dispute, Evidence, EvidenceRequest, Party, PersonKey, Round, StoredFile
from core.workflow.model import Field, Label
from core.workflow.terms import By, FieldKind, Kind, Meaning

NOTE_LIMIT = 4_000  # characters
PARTIES = (By.BUYER, By.MERCHANT, By.CARRIER)
_GIVEN: dict[str, tuple[str, ...]] = {
    By.BUYER: (Meaning.GIVEN_BUYER,),
    By.MERCHANT: (Meaning.GIVEN_MERCHANT,),
    By.CARRIER: (Meaning.GIVEN_BUYER, Meaning.GIVEN_MERCHANT),  # a carrier's may serve either side
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of evidence: its kind (an option of the party's evidence), a file, a note.

    `file_digest` names a file that is known, or that lies on the disk and becomes known by its
    size in bytes and its type.
    """

    party: str
    kind: str
    external_id: str = ""
    file_digest: str | None = None
    note: str = ""
    size: int = 0
    media_type: str = ""


def store_file(
    connection: Connection, digest: str, size: int, media_type: str, *, now: dt.datetime
) -> None:
    """Makes a file known that lies under its hash on the disk already; the same one once."""
    known = connection.scalar(select(StoredFile.digest).where(StoredFile.digest == digest))
    if known is None:
        connection.execute(
            insert(StoredFile),
            {
                "digest": digest,
                "size": size,
                "media_type": media_type,
                "stored_at": now,
                "pending": media_type in PICTURES,
            },
        )


def kinds_for(at: Standing, party: str) -> frozenset[str]:
    """Every kind of evidence that a party may give: what is asked for, and what it decides with."""
    files = {field.key for field in file_fields(at, party)}
    return frozenset(kind_labels(at, party)) | files


def kind_labels(at: Standing, party: str) -> dict[str, Label]:
    """The kinds of evidence that the dispute's document lets a party be asked for, with labels."""
    meanings = _GIVEN.get(party, ())
    return {
        option.key: option.label
        for stage in at.workflow.stages
        for field in stage.fields
        if field.meaning in meanings
        for option in at.document.set_by_key[field.options].leaves()
        if not option.exclusive
    }


def file_fields(at: Standing, party: str) -> list[Field]:
    """The fields of a party's decisions that take a file, such as a voucher; each is a kind too."""
    return [
        field
        for decisions in at.workflow.decisions_by_stage.values()
        for decision in decisions.values()
        if decision.by == party
        for field in decision.fields
        if field.kind == FieldKind.FILE
    ]


def receive(
    connection: Connection, dispute_id: int, piece: Piece, vault: Vault, *, now: dt.datetime
) -> Answer:
    """Stores a piece of evidence with the visit that is open; reopens nothing (rule 5).

    The same piece (the party's own id) is stored once; `created` of the answer says which it was,
    `evidence` is the piece's id. The card is told that there is more. What comes to a dispute that
    was merged goes to the one in which its story goes on (K2).
    """
    at, into = linking.going_on(connection, dispute_id)
    if at is None:
        return Refused("unknown_dispute")
    seen = _seen(connection, at, piece)
    if into is not None and seen is None:
        answer = receive(connection, into.id, _as_of(at, piece), vault, now=now)
        if isinstance(answer, Applied) and answer.params["created"]:
            given = {"party": piece.party, "evidence_kind": piece.kind}
            merging.passed_on(connection, dispute_id, into, given, Actor(piece.party), now=now)
        return answer
    row = at.row
    if piece.party not in PARTIES or piece.kind not in kinds_for(at, piece.party):
        return Refused("unknown_kind", {"kind": piece.kind, "party": piece.party})
    if len(piece.note) > NOTE_LIMIT:
        return Refused("note_too_long", {"limit": NOTE_LIMIT})
    if seen is not None:
        return _received(at, seen, created=False)
    if piece.file_digest and piece.media_type:
        store_file(connection, piece.file_digest, piece.size, piece.media_type, now=now)
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
    if row.channel:
        because, gently = str(event_id), {outbox.GENTLY: True}
        told = [outbox.redraw(row.visit_id, dispute_id, because, now=now, data=gently)]
        if row.kind == Kind.WORK:
            told.append(outbox.line(row.visit_id, row.channel, dispute_id, event_id, now=now))
        outbox.put(connection, told)
    return _received(at, evidence_id, created=True)


def nothing_more(
    connection: Connection,
    dispute_id: int,
    party: str,
    *,
    now: dt.datetime,
    click: str | None = None,
) -> Answer:
    """A party has given all it has; when all that were asked have, the wait ends (rule 5).

    Said of a merged dispute, it is said of the one in which its story goes on. `click` makes a
    repeated call harmless: it gets the same answer.
    """
    actor = Actor(party)
    return clicks.once(
        connection,
        actor,
        Right.DECIDE,
        click,
        lambda actor: _nothing_more(connection, dispute_id, actor, now=now),
        now=now,
    )


def _nothing_more(
    connection: Connection, dispute_id: int, actor: Actor, *, now: dt.datetime
) -> Answer:
    party = actor.by
    at, into = linking.going_on(connection, dispute_id)
    if at is None:
        return Refused("unknown_dispute")
    if into is not None:
        answer = _nothing_more(connection, into.id, actor, now=now)
        if isinstance(answer, Applied):
            merging.passed_on(connection, dispute_id, into, {"party": party}, actor, now=now)
        return answer
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
        connection, dispute_id, row.visit_id, "party_done", actor, {"party": party}, now=now
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


def _received(at: Standing, evidence_id: int, *, created: bool) -> Applied:
    row = at.row
    params = {"evidence": evidence_id, "created": created}
    return Applied("evidence", row.dispute_id, row.number, row.visit_id, None, row.stage, params)


def _as_of(at: Standing, piece: Piece) -> Piece:
    """The piece as it goes on to another dispute, whose own pieces may bear the same id."""
    if not piece.external_id:
        return piece
    return replace(piece, external_id=f"{at.row.number}:{piece.external_id}")


def _seen(connection: Connection, at: Standing, piece: Piece) -> int | None:
    """The id under which the party's piece was stored before, here or wherever the story went."""
    if not piece.external_id:
        return None
    dispute_id = at.row.dispute_id
    after = [one.id for one in family.goes_on(connection, dispute_id)]
    gone_on = and_(
        Evidence.dispute_id.in_(after), Evidence.external_id == _as_of(at, piece).external_id
    )
    here = and_(Evidence.dispute_id == dispute_id, Evidence.external_id == piece.external_id)
    return connection.scalar(
        select(Evidence.id).where(Evidence.party == piece.party, or_(here, gone_on)).limit(1)
    )


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
