"""How visits were judged: contesting, settling, correcting, and the rates that follow (W6, D3).

A judgment is never overwritten: what was said first stays beside what holds now.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    String,
    case,
    cast,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import aliased

from core.desk import clicks, documents, events, outbox
from core.desk.actor import Actor, Right
from core.desk.answers import Answer, Applied, Refused
from core.tables import Dispute, Judgment, Visit
from core.workflow.model import Document
from core.workflow.terms import Meaning

_FOUND = (
    select(
        Judgment,
        Dispute.number,
        Dispute.workflow,
        Visit.stage,
        Visit.document_id,
    )
    .join(Dispute, Dispute.id == Judgment.dispute_id)
    .join(Visit, Visit.id == Judgment.visit_id)
)


def contest(
    connection: Connection,
    judgment_id: int,
    reason: str,
    actor: Actor,
    *,
    now: dt.datetime,
    click: str | None = None,
) -> Answer:
    """The judged agent disagrees, with a preset reason; a supervisor is asked (W6)."""
    return clicks.once(
        connection,
        actor,
        Right.DECIDE,
        click,
        lambda actor: _contest(connection, judgment_id, reason, actor, now=now),
        now=now,
    )


def _contest(
    connection: Connection, judgment_id: int, reason: str, actor: Actor, *, now: dt.datetime
) -> Answer:
    row = _locked(connection, judgment_id)
    if row is None or row.undone_at is not None:
        return Refused("unknown_judgment")
    if row.judged_id != actor.person_id:
        return Refused("not_your_judgment")
    if row.contested_at is not None or row.sound:
        return Refused("contested_already")
    document = documents.load(connection, row.document_id)
    if reason not in document.choices_of(Meaning.CONTEST):
        return Refused("unknown_preset")
    _set(connection, judgment_id, contested_at=now, contest=reason)
    data = {"judgment": judgment_id, "reason": reason}
    _record(connection, row, "contested", actor, data, now=now)
    channel = document.workflow_by_key[row.workflow].escalation
    lane = outbox.post_lane(channel)
    _tell(connection, row, outbox.CONTESTED, lane, now=now)
    return Applied("contest", row.dispute_id, row.number, row.visit_id, stage=row.stage)


def settle(
    connection: Connection,
    judgment_id: int,
    actor: Actor,
    *,
    upheld: bool,
    now: dt.datetime,
    click: str | None = None,
) -> Answer:
    """A supervisor upholds a contested judgment or withdraws it; neither side may (W6)."""
    return clicks.once(
        connection,
        actor,
        Right.ASSIGN,
        click,
        lambda actor: _settle(connection, judgment_id, actor, upheld=upheld, now=now),
        now=now,
    )


def _settle(
    connection: Connection, judgment_id: int, actor: Actor, *, upheld: bool, now: dt.datetime
) -> Answer:
    row = _locked(connection, judgment_id)
    if row is None or row.contested_at is None or row.undone_at is not None:
        return Refused("unknown_judgment")
    if row.settled_at is not None:
        return Refused("settled_already")
    if actor.person_id in (row.judge_id, row.judged_id):
        return Refused("not_impartial")
    _set(connection, judgment_id, settled_at=now, settled_by=actor.person_id, upheld=upheld)
    data = {"judgment": judgment_id, "upheld": upheld}
    _record(connection, row, "contest_settled", actor, data, now=now)
    _tell(connection, row, outbox.SETTLED, outbox.direct_lane(row.judged_id), now=now)
    what = "uphold" if upheld else "annul"
    return Applied(what, row.dispute_id, row.number, row.visit_id, stage=row.stage)


def correct(
    connection: Connection,
    judgment_id: int,
    option: str,
    reason: str,
    actor: Actor,
    *,
    now: dt.datetime,
) -> Answer:
    """A supervisor judges anew, with a preset reason; the old judgment stays beside it (D3)."""
    refused = clicks.enter(connection, actor, Right.ASSIGN, None).refused
    row = _locked(connection, judgment_id)
    if refused is not None or row is None or row.undone_at is not None or actor.person_id is None:
        return refused or Refused("unknown_judgment")
    newer = select(Judgment.id).where(Judgment.corrects_id == judgment_id)
    if connection.scalar(newer) is not None:
        return Refused("corrected_already")
    document = documents.load(connection, row.document_id)
    sound = _sound(document, option)
    if sound is None or reason not in document.choices_of(Meaning.CORRECTION):
        return Refused("unknown_preset")
    values = {
        "dispute_id": row.dispute_id,
        "visit_id": row.visit_id,
        "judged_by_visit_id": row.judged_by_visit_id,
        "judged_id": row.judged_id,
        "judge_id": actor.person_id,
        "sound": sound,
        "option": option,
        "judged_at": now,
        "corrects_id": judgment_id,
    }
    fresh = connection.execute(insert(Judgment).returning(Judgment.id), values).scalar_one()
    data = {"judgment": fresh, "corrects": judgment_id, "option": option, "reason": reason}
    _record(connection, row, "judgment_corrected", actor, {**data, "sound": sound}, now=now)
    return Applied("correct", row.dispute_id, row.number, row.visit_id, stage=row.stage)


def _sound(document: Document, key: str) -> bool | None:
    """Whether an option judges as sound; None where it judges nothing."""
    for option_set in document.option_sets:
        option = document.leaves_by_set[option_set.key].get(key)
        if option is not None and option.meaning in (
            Meaning.QUALITY_SOUND,
            Meaning.QUALITY_DEFECT,
        ):
            return option.meaning == Meaning.QUALITY_SOUND
    return None


def _locked(connection: Connection, judgment_id: int) -> Any | None:
    statement = _FOUND.where(Judgment.id == judgment_id)
    return connection.execute(statement.with_for_update(of=Judgment)).first()


def _set(connection: Connection, judgment_id: int, **values: Any) -> None:
    connection.execute(update(Judgment).where(Judgment.id == judgment_id).values(**values))


def _record(
    connection: Connection,
    row: Any,
    kind: str,
    actor: Actor,
    data: dict[str, Any],
    *,
    now: dt.datetime,
) -> None:
    events.record(connection, row.dispute_id, row.visit_id, kind, actor, data, now=now)


def _tell(connection: Connection, row: Any, kind: str, lane: str, *, now: dt.datetime) -> None:
    message = outbox.message(
        kind,
        lane,
        f"{kind}:{row.id}",
        now=now,
        dispute_id=row.dispute_id,
        visit_id=row.visit_id,
        data={"judgment": row.id},
    )
    outbox.put(connection, [message])


@dataclass(frozen=True, slots=True)
class Rate:
    """How many visits were judged, and how many of them had a defect."""

    what: str  # a person's id, `stage.decision`, or the option of the judgment
    judged: int
    defects: int

    @property
    def share(self) -> float:
        """Defects among the judged, between 0 and 1."""
        return self.defects / self.judged if self.judged else 0.0


def by_agent(connection: Connection, since: dt.datetime, **_: object) -> list[Rate]:
    """The defect rate of each judged agent, by person id (W6, M5)."""
    return _rates(connection, since, cast(Judgment.judged_id, String))


def by_decision(connection: Connection, since: dt.datetime, **_: object) -> list[Rate]:
    """The defect rate of each option that agents decided by, as `stage.decision` (W6, M3)."""
    return _rates(connection, since, Visit.stage + "." + func.coalesce(Visit.decision, ""))


def by_verdict(connection: Connection, since: dt.datetime, **_: object) -> list[Rate]:
    """How often each option of the judgment was given; merged ones count as their successors."""
    rates = _rates(connection, since, Judgment.option)
    return merged(documents.active(connection), rates)


def merged(document: Document, rates: Sequence[Rate]) -> list[Rate]:
    """Rates by option of the judgment, with what was merged counted as what it became (S1)."""
    sets = [
        s.key
        for s in document.option_sets
        if any(option.meaning.startswith(Meaning.QUALITY) for option in s.options)
    ]
    found: dict[str, Rate] = {}
    for rate in rates:
        key = next((k for s in sets if (k := document.read_as(s, rate.what)) != rate.what), "")
        what = key or rate.what
        before = found.get(what, Rate(what, 0, 0))
        found[what] = Rate(what, before.judged + rate.judged, before.defects + rate.defects)
    return sorted(found.values(), key=lambda rate: (-rate.defects, rate.what))


def holds() -> tuple[ColumnElement[bool], ...]:
    """What makes a judgment count: it was neither undone, nor withdrawn, nor corrected since."""
    newer = aliased(Judgment)
    return (
        Judgment.undone_at.is_(None),
        or_(Judgment.upheld.is_(None), Judgment.upheld.is_(True)),
        ~exists(select(1).where(newer.corrects_id == Judgment.id)),
    )


def _rates(connection: Connection, since: dt.datetime, what: Any) -> list[Rate]:
    """Rates over what holds."""
    defects = func.sum(case((Judgment.sound, 0), else_=1))
    rows = connection.execute(
        select(what.label("what"), func.count(), defects)
        .join(Visit, Visit.id == Judgment.visit_id)
        .where(Judgment.judged_at >= since, *holds())
        .group_by(what)
        .order_by(defects.desc(), what)
    )
    return [Rate(str(row[0]), row[1], int(row[2])) for row in rows]
