"""For whom a visit that a route opens is kept at first: a preference that lapses."""

import datetime as dt

from sqlalchemy import Connection

from core.desk import assignment, people, stages
from core.desk.actor import Actor, Right, agent
from core.desk.standing import Standing
from core.workflow.terms import Assignee


def held(
    connection: Connection,
    standing: Standing,
    assignee: str,
    target: str,
    actor: Actor,
    *,
    now: dt.datetime,
) -> tuple[int | None, dt.datetime | None]:
    """Who holds the visit that a route opens, and until when: it is a preference that lapses.

    An earlier holder who may not decide any more, or is absent, is not waited for.
    """
    until = now + dt.timedelta(minutes=standing.workflow.preferred_minutes)
    if assignee == Assignee.SAME and actor.person_id is not None:
        return actor.person_id, until
    if assignee == Assignee.EARLIER:
        earlier = standing.earlier_decider(target)
        if (
            earlier is not None
            and people.refusal(connection, agent(earlier), Right.DECIDE) is None
            and target in (stages.limits(connection, agent(earlier)) or (target,))
            and assignment.present(connection, earlier, now=now)
        ):
            return earlier, until
    return None, None
