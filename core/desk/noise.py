"""'This was noise': an alert that need not have been, with a preset reason and a rate (row K24)."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update

from core.desk import clicks, documents, events, outbox, people
from core.desk.acknowledging import for_them, redrawn
from core.desk.actor import Actor, Right
from core.desk.answers import Answer, Applied, Refused
from core.desk.ladders import rungs
from core.tables import Deadline, Dispute, Escalation
from core.workflow.model import LadderLevel, ServiceLevel, Workflow
from core.workflow.terms import Hears, Meaning

NOISE = "noise"
PERIODS = (7, 30, 90)  # days

_SAY = (
    update(Escalation)
    .where(
        Escalation.deadline_id == bindparam("deadline"),
        Escalation.level == bindparam("place"),
        Escalation.noise.is_(None),
    )
    .values(noise=bindparam("why"), noise_by_id=bindparam("person"), noise_at=bindparam("now"))
)
_SAID = select(Escalation.noise, Escalation.noise_by_id).where(
    Escalation.deadline_id == bindparam("deadline"), Escalation.level == bindparam("place")
)
_FIRED = (
    select(
        Dispute.workflow,
        Deadline.document_id,
        Deadline.service_level,
        Escalation.level,
        Escalation.noise,
        func.count().label("times"),
    )
    .join(Deadline, Deadline.id == Escalation.deadline_id)
    .join(Dispute, Dispute.id == Deadline.dispute_id)
    .where(Escalation.fired_at >= bindparam("since"))
    .group_by(
        Dispute.workflow,
        Deadline.document_id,
        Deadline.service_level,
        Escalation.level,
        Escalation.noise,
    )
)


@dataclass(frozen=True, slots=True)
class Rate:
    """How often a level of a ladder fired for a service level, and how often that was noise."""

    workflow: Workflow
    service_level: ServiceLevel
    level: LadderLevel
    fired: int
    reasons: Mapping[str, int]  # by the key of the preset reason

    @property
    def noise(self) -> int:
        """How many alerts somebody called noise."""
        return sum(self.reasons.values())

    @property
    def share(self) -> float:
        """The share of them, between 0 and 1."""
        return self.noise / self.fired


def say_noise(
    connection: Connection,
    deadline_id: int,
    place: int,
    reason: str,
    actor: Actor,
    *,
    now: dt.datetime,
    click: str | None = None,
    reply_to: bytes | None = None,
) -> Answer:
    """Somebody says that an alert need not have been; the first word counts (K24).

    `place` is that of the level among what the deadline does, `reason` an option's key.
    """
    return clicks.once(
        connection,
        actor,
        Right.DECIDE,
        click,
        lambda actor: _say(
            connection, deadline_id, place, reason, actor, now=now, reply_to=reply_to
        ),
        now=now,
    )


def _say(
    connection: Connection,
    deadline_id: int,
    place: int,
    reason: str,
    actor: Actor,
    *,
    now: dt.datetime,
    reply_to: bytes | None,
) -> Answer:
    found = for_them(connection, deadline_id, actor)
    if isinstance(found, Refused):
        return found
    at, row = found
    if reason not in at.document.choices_of(Meaning.NOISE):
        return at.refused("unknown_preset")
    names = {"deadline": deadline_id, "place": place}
    values = {**names, "why": reason, "person": actor.person_id, "now": now}
    if connection.execute(_SAY, values).rowcount != 1:
        said = connection.execute(_SAID, names).first()
        if said is None:
            return at.refused("unknown_preset")
        return at.refused("noise_said", who=people.name(connection, said.noise_by_id))
    data = {"deadline": deadline_id, "level": place, "reason": reason}
    event_id = events.record(
        connection, row.dispute_id, at.row.visit_id, NOISE, actor, data, now=now
    )
    outbox.put(connection, redrawn(connection, row, event_id, now=now, reply_to=reply_to))
    return Applied(NOISE, row.dispute_id, at.row.number, at.row.visit_id, stage=str(at.row.stage))


def rates(
    connection: Connection, actor: Actor, days: int, *, now: dt.datetime
) -> list[Rate] | Refused:
    """How often each level that tells somebody fired in these days, the noisiest first.

    For whoever edits the draft.
    """
    refused = people.refusal(connection, actor, Right.SHAPE)
    if refused is not None:
        return refused
    since = now - dt.timedelta(days=days)
    fired: Counter[tuple[str, str, str]] = Counter()
    reasons: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    known: dict[tuple[str, str, str], tuple[Workflow, ServiceLevel, LadderLevel]] = {}
    for row in connection.execute(_FIRED, {"since": since}):
        found = _level(connection, row)
        if found is None:
            continue
        key = (row.workflow, row.service_level, found[2].key)
        known[key] = found
        fired[key] += row.times
        if row.noise is not None:
            reasons[key][row.noise] += row.times
    told = [Rate(*known[key], times, reasons[key]) for key, times in fired.items()]
    return sorted(told, key=lambda one: (-one.share, -one.fired, one.service_level.key))


def _level(connection: Connection, row: Any) -> tuple[Workflow, ServiceLevel, LadderLevel] | None:
    """The level that fired, as the deadline's own document has it; None for what alerts nobody."""
    document = documents.load(connection, row.document_id)
    workflow = document.workflow_by_key[row.workflow]
    service_level = workflow.level_by_key[row.service_level]
    level = rungs(document, service_level)[row.level].level
    if level is None or level.hears in ("", Hears.THREAD):
        return None
    return workflow, service_level, level
