"""The door of every act: the same click gets the same answer, and rights are read as it enters.

One statement asks both (faults 1, 18 and 38, invariants 3 and 16).
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import Connection, bindparam, insert, select

from core.desk import outbox
from core.desk.actor import Actor, Badge, Right
from core.desk.answers import Answer, Refused, from_data, to_data
from core.desk.held import RIGHTS
from core.tables import Click, Person

ANSWER = select(Click.answer).where(Click.key == bindparam("key"))
_ENTRY = select(
    RIGHTS, Person.stages, Person.active, ANSWER.scalar_subquery().label("answer")
).where(Person.id == bindparam("person"))
_KEEP = insert(Click)


@dataclass(frozen=True, slots=True)
class Entry:
    """What the door says: the answer that this click got before, or why the actor may not act."""

    known: Answer | None = None
    refused: Refused | None = None
    actor: Actor | None = None  # who may act, with their badge


def once(
    connection: Connection,
    actor: Actor,
    right: Right,
    key: str | None,
    act: Callable[[Actor], Answer],
    *,
    now: dt.datetime,
    reply_to: bytes | None = None,
) -> Answer:
    """What became of a click: what it was told before, else a refusal, else what `act` answers.

    `act` gets the actor with what was read of them here, so that it need not ask again.
    The answer is kept under the click's key in the same transaction, refused or not; where `act`
    raises, nothing is. Whoever pressed a card that others have left behind gets it redrawn by
    `reply_to`, the press's sealed response_url.
    """
    entry = enter(connection, actor, right, key)
    if entry.known is not None:
        return entry.known
    answer = entry.refused or act(entry.actor or actor)
    if isinstance(answer, Refused):
        outbox.put(connection, outbox.stale(answer, key, now=now, reply_to=reply_to))
    _keep(connection, key, actor, answer, now=now)
    return answer


def enter(connection: Connection, actor: Actor, right: Right, key: str | None) -> Entry:
    """Looks up the click, and whether the actor holds the right at this moment.

    Parties and the desk itself hold no rights; their doors have checked who they are.
    """
    if actor.person_id is None:
        data = connection.execute(ANSWER, {"key": key}).scalar() if key else None
        return Entry(from_data(data) if data else None)
    badge = actor.badge or _badge(connection, actor.person_id, key)
    if badge is None:
        return Entry(refused=Refused("inactive"))
    if badge.answer is not None:
        return Entry(from_data(badge.answer))
    if not badge.active:
        return Entry(refused=Refused("inactive"))
    if right not in badge.rights:
        return Entry(refused=Refused("no_right", {"right": str(right)}))
    return Entry(actor=replace(actor, badge=badge))


def _badge(connection: Connection, person_id: int, key: str | None) -> Badge | None:
    row = connection.execute(_ENTRY, {"key": key or "", "person": person_id}).first()
    return None if row is None else Badge(row.rights, row.stages, row.active, row.answer)


def _keep(
    connection: Connection, key: str | None, actor: Actor, answer: Answer, *, now: dt.datetime
) -> None:
    if key is not None:  # acts without a click have none
        connection.execute(
            _KEEP,
            {"key": key, "at": now, "person_id": actor.person_id, "answer": to_data(answer)},
        )


def same_content(connection: Connection, key: str, content: str, *, now: dt.datetime) -> bool:
    """Whether a click's key stands for this content, and for no other that came before.

    For callers who make their own keys: a key used twice for different acts is their mistake.
    """
    row = f"{key}#content"
    known = connection.scalar(select(Click.answer).where(Click.key == row))
    if known is None:
        answer = {"content": content}
        connection.execute(_KEEP, {"key": row, "at": now, "person_id": None, "answer": answer})
        return True
    return bool(known["content"] == content)
