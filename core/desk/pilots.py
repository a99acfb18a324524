"""A pilot: the draft is tried on a share of the disputes that come in, beside the rest (S5).

Each dispute is drawn as it comes in, by its number, which is random, and keeps to its side while
the pilot runs. A pilot ends by itself; what it drew then goes on by the active document.
"""

import contextlib
import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update
from sqlalchemy.orm import aliased

from core.desk import changes, documents, draft, people, second
from core.desk.actor import TIMEOUT, Actor, Right
from core.desk.answers import Refused
from core.desk.documents import NotPublishable
from core.desk.intake import BadIntake, Intake, checked
from core.tables import ActiveDocument, Dispute, Person, Pilot
from core.workflow.model import Document, Value
from core.workflow.problems import Problem

SHARES = (5, 10, 20, 30, 50)  # per cent
DAYS = (7, 14, 28)
OVER, STOPPED = "over", "stopped"
ENDS = (OVER, STOPPED, "published", "replaced")  # how a pilot may end
RECENT = 10
_ASKER = aliased(Person)
_POINTER = select(ActiveDocument.document_id, ActiveDocument.pilot_id).where(ActiveDocument.id == 1)
_RUNNING = select(Pilot).join(ActiveDocument, ActiveDocument.pilot_id == Pilot.id)
_TOLD: Any = (
    select(
        Pilot,
        func.coalesce(Person.name, "").label("starter"),
        func.coalesce(_ASKER.name, "").label("asked_by"),
    )
    .outerjoin(Person, Person.id == Pilot.started_by_id)
    .outerjoin(_ASKER, _ASKER.id == Pilot.asked_by_id)
)
_TOLD_NOW = _TOLD.where(
    Pilot.id == select(ActiveDocument.pilot_id).where(ActiveDocument.id == 1).scalar_subquery()
)


@dataclass(frozen=True, slots=True)
class Side:
    """By which document a dispute begins, and for which pilot it was drawn, if it was."""

    document_id: int
    pilot_id: int | None = None

    @property
    def told(self) -> dict[str, int]:
        """What the dispute's first event says of the draw, where there was one for it."""
        return {} if self.pilot_id is None else {"pilot": self.pilot_id}


def start(
    connection: Connection,
    actor: Actor,
    read_version: int,
    share: int,
    days: int,
    *,
    now: dt.datetime,
    note: str = "",
) -> int | Refused:
    """Tries the draft as it was read on `share` per cent of new disputes, for `days` days.

    Returns the pilot's id, or why it does not start. What touches routing or money needs a second
    person, like publishing (S7). Raises Stale where the draft changed since, NotPublishable where
    it has problems, or stages that the active document does not know: agents find no queue there.
    """
    active_id, running = connection.execute(_POINTER.with_for_update()).one()
    if running is not None:
        return Refused("pilot_runs")
    if share not in SHARES or days not in DAYS:
        return Refused("unknown_preset")
    active, sketch = documents.load(connection, active_id), draft.document(connection)
    if active == sketch:
        return Refused("pilot_same")
    if found := unserved(active, sketch):
        raise NotPublishable(found)
    given = draft.release(connection, actor, read_version, note)
    if isinstance(given, Refused):
        return given
    document_id, asked_by_id = given
    row = {
        "document_id": document_id,
        "beside_id": active_id,
        "share": share,
        "note": note,
        "started_at": now,
        "started_by_id": actor.person_id,
        "asked_by_id": asked_by_id,
        "ends_at": now + dt.timedelta(days=days),
    }
    pilot_id = int(connection.execute(insert(Pilot).returning(Pilot.id), row).scalar_one())
    connection.execute(update(ActiveDocument).values(pilot_id=pilot_id))
    after = {"document": document_id, "part": share, "note": note}
    changes.record(connection, actor, changes.TRIED, changes.DRAFT, (), now=now, after=after)
    return pilot_id


def unserved(active: Document, sketch: Document) -> list[Problem]:
    """Stages and workflows of the draft that a pilot cannot try: nobody serves them yet."""
    found = []
    for workflow in sketch.workflows:
        beside = active.workflow_by_key.get(workflow.key)
        known = beside.stage_by_key if beside is not None else {}
        found += [
            Problem("pilot_stage", (workflow.key, stage.key), {"name": stage.key})
            for stage in workflow.stages
            if stage.key not in known
        ]
    return found


def stop(
    connection: Connection, actor: Actor, pilot_id: int, *, now: dt.datetime
) -> Refused | None:
    """Ends the pilot that runs, if it is still this one: all go on by the active document."""
    refused = people.refusal(connection, actor, Right.SHAPE)
    if refused is not None:
        return refused
    if connection.execute(_POINTER.with_for_update()).one().pilot_id != pilot_id:
        return Refused("pilot_over")
    _end(connection, pilot_id, STOPPED, now=now)
    given_up = select(Pilot.document_id, Pilot.asked_by_id).where(Pilot.id == pilot_id)
    second.give_back(connection, *connection.execute(given_up).one())
    changes.record(connection, actor, changes.STOPPED, changes.DRAFT, (), now=now)
    return None


def adopt(
    connection: Connection, actor: Actor, pilot_id: int, *, now: dt.datetime
) -> int | Refused:
    """Publishes what the pilot tried; returns the document's id, or why not.

    Whoever asked for the pilot as the first of two persons has a second one already. Raises
    NotPublishable where open disputes would lose their stage by now.
    """
    refused = people.refusal(connection, actor, Right.SHAPE)
    if refused is not None:
        return refused
    if connection.execute(_POINTER.with_for_update()).one().pilot_id != pilot_id:
        return Refused("pilot_over")
    pilot = connection.execute(_TOLD.where(Pilot.id == pilot_id)).one()
    if found := documents.obstacles(connection, documents.load(connection, pilot.document_id)):
        raise NotPublishable(found)
    documents.activate(
        connection,
        pilot.document_id,
        now=now,
        publisher_id=actor.person_id,
        note=pilot.note,
        asked_by_id=pilot.asked_by_id,
    )
    after = {"document": pilot.document_id, "note": pilot.note}
    changes.record(connection, actor, changes.PUBLISHED, changes.DRAFT, (), now=now, after=after)
    return int(pilot.document_id)


def expire(connection: Connection, *, now: dt.datetime) -> bool:
    """Ends the pilot whose time is over; True where there was one."""
    due = connection.execute(
        _RUNNING.where(Pilot.ends_at <= now).with_for_update(
            of=ActiveDocument.__table__, skip_locked=True
        )
    ).first()
    if due is None:
        return False
    _end(connection, due.id, OVER, now=now)
    changes.record(connection, TIMEOUT, changes.STOPPED, changes.DRAFT, (), now=now)
    return True


def draw(
    connection: Connection,
    intakes: Sequence[Intake],
    known: Sequence[dict[str, Value]],
    numbers: Sequence[str],
    document_id: int,
    *,
    now: dt.datetime,
) -> tuple[list[Side], list[dict[str, Value]]]:
    """By which document each new dispute begins, by its number, and what that one knows of it.

    `known` is what the active document, `document_id`, knows of each. What the document on trial
    cannot take is not tried: nobody is turned away for a pilot.
    """
    rest = Side(document_id)
    sides, found = [rest] * len(numbers), list(known)
    pilot = connection.execute(_RUNNING).first()
    if pilot is None or pilot.ends_at <= now or pilot.beside_id != document_id:
        return sides, found
    document = documents.load(connection, pilot.document_id)
    for place, (intake, number) in enumerate(zip(intakes, numbers, strict=True)):
        if drawn(pilot.id, number, pilot.share):
            with contextlib.suppress(BadIntake):
                found[place] = checked(document, intake)
                sides[place] = Side(pilot.document_id, pilot.id)
    return sides, found


def side_of(connection: Connection, dispute_id: int) -> Side:
    """The side on which a dispute stands: what comes out of it begins there, too."""
    of_it = _RUNNING.join(Dispute, Dispute.pilot_id == Pilot.id).where(Dispute.id == dispute_id)
    pilot = connection.execute(of_it).first()
    if pilot is None:
        return Side(documents.active_id(connection))
    return Side(pilot.document_id, pilot.id)


def drawn(pilot_id: int, number: str, share: int) -> bool:
    """Whether the dispute with this number is tried: `share` per cent are, evenly."""
    ticket = hashlib.sha256(f"{pilot_id}:{number}".encode()).digest()
    return int.from_bytes(ticket[:8], "big") % 100 < share


def running(connection: Connection) -> Row[Any] | None:
    """The pilot that runs, with who started it."""
    return connection.execute(_TOLD_NOW).first()


def recent(connection: Connection) -> list[Row[Any]]:
    """The latest pilots that have ended, with how."""
    ended = _TOLD.where(Pilot.ended_at.is_not(None)).order_by(Pilot.id.desc()).limit(RECENT)
    return list(connection.execute(ended))


def _end(connection: Connection, pilot_id: int, how: str, *, now: dt.datetime) -> None:
    connection.execute(update(Pilot).where(Pilot.id == pilot_id).values(ended_at=now, ended=how))
    connection.execute(update(ActiveDocument).values(pilot_id=None))
