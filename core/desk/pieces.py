"""Pieces of evidence as a card shows them: a blurred picture's address, and the file's own page.

The address of a picture is unguessable, signed and expires; Slack fetches it without a session, so
there is nothing behind it but the blurred picture. The file itself opens in the panel only.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from core.desk import family, people
from core.desk.actor import Actor, Right
from core.desk.answers import Refused
from core.desk.family import Member
from core.secrets import Vault
from core.tables import Dispute, Evidence, Preview, StoredFile

LOOKED_AT = 100  # files of one dispute that are counted
SHOWN_FOR = dt.timedelta(days=30)  # how long a picture's address works
_LATEST = (
    select(
        Evidence.id,
        Evidence.party,
        Evidence.kind,
        Evidence.received_at,
        StoredFile.media_type,
        Preview.token,
        Preview.made_at,
        Evidence.dispute_id,
    )
    .join(StoredFile, StoredFile.digest == Evidence.file_digest)
    .outerjoin(Preview, Preview.digest == StoredFile.digest)
    .order_by(Evidence.id.desc())
    .limit(LOOKED_AT)
)


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where pictures and files are reached.

    `picture` ends before the picture's name and is empty where Slack could not fetch it; `file` has
    places for `number` and `evidence`.
    """

    picture: str = ""
    file: str = ""


NOWHERE = Addresses()


@dataclass(frozen=True, slots=True)
class Piece:
    """A file that a party gave: `picture` and `page` are addresses, empty where there is none."""

    party: str
    kind: str
    media_type: str
    received_at: dt.datetime
    picture: str
    page: str


def latest(
    connection: Connection,
    members: Sequence[Member],
    vault: Vault,
    addresses: Addresses,
    *,
    now: dt.datetime,
) -> tuple[Piece, ...]:
    """The files that parties gave to a dispute and its family, latest first."""
    here = family.within(members, Evidence.dispute_id, Evidence.received_at)
    numbers = {member.id: member.number for member in members}
    rows = connection.execute(_LATEST.where(here))
    return tuple(
        Piece(
            row.party,
            row.kind,
            row.media_type,
            row.received_at,
            _picture(row.token, row.made_at, vault, addresses, now=now),
            addresses.file.format(number=numbers[row.dispute_id], evidence=row.id),
        )
        for row in rows
    )


def small(
    connection: Connection, actor: Actor, number: str, evidence_id: int, **_: object
) -> bytes | Refused | None:
    """The blurred picture of a dispute's piece; None where there is none, or not yet."""
    refused = people.refusal(connection, actor, Right.SEE)
    if refused is not None:
        return refused
    row = connection.execute(
        select(Preview.picture)
        .select_from(Evidence)
        .join(Dispute, Dispute.id == Evidence.dispute_id)
        .outerjoin(Preview, Preview.digest == Evidence.file_digest)
        .where(Evidence.id == evidence_id, Dispute.number == number)
    ).first()
    return Refused("unknown_dispute") if row is None else row.picture


def _picture(
    token: str | None,
    made_at: dt.datetime | None,
    vault: Vault,
    addresses: Addresses,
    *,
    now: dt.datetime,
) -> str:
    if not addresses.picture or token is None or made_at is None:
        return ""
    expires = made_at + SHOWN_FOR  # the same in every drawing: a card is not redrawn for its sake
    return addresses.picture + name_of(token, expires, vault) if now < expires else ""


def name_of(token: str, expires: dt.datetime, vault: Vault) -> str:
    """A picture's name in its address: its token, until when it works (Unix), the signature."""
    said = f"{token}.{int(expires.timestamp())}"
    return f"{said}.{vault.sign(said)}"


def picture(connection: Connection, name: str, vault: Vault, *, now: dt.datetime) -> bytes | None:
    """The blurred picture of this name; None where it is forged, expired or gone."""
    said, _, signature = name.rpartition(".")
    token, _, until = said.rpartition(".")
    if not vault.signed(said, signature) or int(until) <= now.timestamp():
        return None
    return connection.scalar(select(Preview.picture).where(Preview.token == token))
