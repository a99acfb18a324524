"""Whether a decision may still be undone: by whom, until when, while nobody acted on it (D3)."""

import datetime as dt
from typing import Any

from sqlalchemy import Connection, select

from core.desk import people, stages
from core.desk.actor import Actor
from core.desk.answers import Refused
from core.desk.standing import Standing
from core.desk.transition import undo_until
from core.tables import Event
from core.workflow.terms import By

# What may happen meanwhile without anybody having acted on the decision.
_HARMLESS = (
    "order_known",
    "funds_known",
    "intake_repeated",
    "warned",
    "message_again",
    "message_let_go",
    "noted",
    "evidence_opened",
    "contested",
    "contest_settled",
    "assigned_by_rule",  # whoever was given it has not acted yet
    "linked",
    "unlinked",
    "receipt_accepted",
    "contacted",  # which changes nothing that was decided
    "regraded",  # told after the move that did it
    "merged",  # told after the move that did it
    "merged_in",
    "merge_undone",
    "paged",  # calling somebody, and what they say, decides nothing
    "page_answered",
    "page_reminded",
    "page_unanswered",
    "page_over",
)


def refusal(
    connection: Connection, undone: Standing, actor: Actor, *, now: dt.datetime
) -> Refused | None:
    """Why this decision is not this person's to undo at this moment."""
    row = undone.row
    by = Actor(row.by or "", row.decider_id)
    until = undo_until(undone, row.decision, by, now=row.left_at) if row.left_at else None
    if until is None or row.undone_at is not None:
        return undone.refused("nothing_to_undo")
    if row.decider_id != actor.person_id:
        return undone.refused("undo_not_yours", who=people.name(connection, row.decider_id))
    barred = stages.barred(connection, undone, actor)
    if barred is not None:  # limited since: the visit that opens anew would not be theirs
        return undone.refused("not_your_stage_undo", stages=barred.params["stages"])
    if now >= until:
        return undone.refused("undo_too_late")
    return None


def touched(connection: Connection, at: Standing, moved: Any) -> Refused | None:
    """Who has acted on the decision already, if anybody has."""
    row = at.row
    acted = connection.execute(
        select(Event.by, Event.person_id)
        .where(
            Event.dispute_id == row.dispute_id,
            Event.id > moved.id,
            Event.kind.not_in(_HARMLESS),
        )
        .order_by(Event.id)
        .limit(1)
    ).first()
    by, person_id = (acted.by, acted.person_id) if acted else (By.AGENT, row.holder_id)
    # Whom a visit was kept for is no event when they open it; their hold then ends otherwise.
    until = row.held_until.isoformat() if row.held_until else None
    if acted is None and row.visit_id == moved.data["visit"] and until == moved.data["held_until"]:
        return None
    who = people.name(connection, person_id)
    return at.refused("undo_touched" if who else "undo_moved_on", who=who, by=by)
