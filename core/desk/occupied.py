"""At which stages anything stands, without touching a single one of the disputes that ended."""

from sqlalchemy import Connection, func, select

from core.tables import Visit
from core.workflow.model import Document
from core.workflow.terms import Kind


def occupied(connection: Connection, document: Document) -> list[str]:
    """The stages at which visits are open, ends left out, those of older documents with them.

    The index is asked for one stage after another, never for the visits that stand there.
    """
    open_ = Visit.left_at.is_(None)
    found = (
        select(func.min(Visit.stage).label("stage")).where(open_).cte("occupied", recursive=True)
    )
    later = select(func.min(Visit.stage)).where(open_, Visit.stage > found.c.stage)
    found = found.union_all(select(later.scalar_subquery()).where(found.c.stage.is_not(None)))
    keys = connection.scalars(select(found.c.stage).where(found.c.stage.is_not(None))).all()
    kinds: dict[str, set[str]] = {}
    for workflow in document.workflows:
        for stage in workflow.stages:
            kinds.setdefault(stage.key, set()).add(stage.kind)
    return [key for key in keys if kinds.get(key) != {Kind.FINAL}]
