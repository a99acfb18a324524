"""Which stages somebody may act at; whoever is limited to none may at all (X2)."""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, select

from core.desk.actor import Actor
from core.desk.answers import Refused
from core.desk.standing import Standing
from core.tables import Person
from core.workflow.terms import By, Kind

_STAGES = select(Person.stages).where(Person.id == bindparam("person"))


def limits(connection: Connection, actor: Actor) -> Sequence[str]:
    """The only stages at which this actor may act; none where nothing limits them.

    A press has brought them along with the person's rights; only who acts for others is asked for.
    """
    if actor.badge is not None:
        return actor.badge.stages
    if actor.person_id is None or actor.by != By.AGENT:
        return ()
    return connection.scalar(_STAGES, {"person": actor.person_id}) or ()


def acting_at(at: Standing) -> str:
    """The stage at which somebody acts who acts now: taking at intake is acting at triage (W2)."""
    return at.workflow.first if at.row.kind == Kind.INTAKE else str(at.row.stage)


def barred(connection: Connection, at: Standing, actor: Actor) -> Refused | None:
    """Why this actor may not act where the dispute stands; names the stages at which they may."""
    allowed = limits(connection, actor)
    if not allowed or acting_at(at) in allowed:
        return None
    return at.refused("not_your_stage", stages=list(allowed))


def barred_other(connection: Connection, at: Standing, person_id: int, who: str) -> Refused | None:
    """Why somebody else cannot be given the dispute where it stands."""
    allowed = limits(connection, Actor(By.AGENT, person_id))
    if not allowed or acting_at(at) in allowed:
        return None
    return at.refused("not_their_stage", who=who, stages=list(allowed))
