"""Opening a dispute by hand: a member of the desk fills in a form for somebody who called (I1)."""

import datetime as dt

from sqlalchemy import Connection

from core.desk import clicks, opening, standing
from core.desk.actor import Actor, Right
from core.desk.answers import Answer, Applied, Refused
from core.desk.intake import BadIntake, Intake
from core.secrets import Vault

NEW = "new"


def open_one(
    connection: Connection,
    intake: Intake,
    actor: Actor,
    vault: Vault,
    *,
    now: dt.datetime,
    click: str | None = None,
) -> Answer:
    """Opens a dispute for whoever may; the same click opens one only.

    A form that lacks something is refused with the place and may come again, mended: nothing is
    kept of it.
    """
    try:
        return clicks.once(
            connection,
            actor,
            Right.OPEN,
            click,
            lambda actor: _open_one(connection, intake, actor, vault, now=now),
            now=now,
        )
    except BadIntake as bad:  # raised before anything is written
        return Refused("bad_intake", {"place": bad.place, "problem": bad.key})


def _open_one(
    connection: Connection, intake: Intake, actor: Actor, vault: Vault, *, now: dt.datetime
) -> Answer:
    opened = opening.open_disputes(connection, [intake], actor, vault, now=now)[0]
    at = standing.of_dispute(connection, opened.dispute_id)
    label = at.workflow.stage_by_key[at.row.stage].label if at else None
    return Applied(
        NEW,
        opened.dispute_id,
        opened.number,
        at.row.visit_id if at else 0,
        params={"stage_label": [label.en, label.zh_CN] if label else ["", ""]},
    )
