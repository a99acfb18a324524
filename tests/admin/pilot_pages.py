"""A pilot at the panel: started, and what stands beside it while it runs."""

from sqlalchemy import select

from core.tables import DraftOption, Pilot
from tests.admin.drafts import one
from tests.panel import Panel, Visitor


def reworded(panel: Panel, visitor: Visitor) -> None:
    """The share that is called half is called something else."""
    path = f"/options/edit/?id={one(panel, DraftOption, DraftOption.key == 'half').id}"
    answer = visitor.post(path, visitor.form(path) | {"label_en": "One half"})
    assert answer.status_code == 302, answer.text


def started(panel: Panel, visitor: Visitor, **more: str) -> str:
    """The page after a pilot was started."""
    reworded(panel, visitor)
    form = visitor.form("/pilot/") | {"part": "50", "days": "7", "note": "clearer"} | more
    answer = visitor.post("/pilot/", form)
    assert answer.status_code == 302, answer.text
    return visitor.get("/pilot/").text


def shown(panel: Panel) -> dict[str, str]:
    """What the buttons beside the pilot that runs send."""
    (row,) = panel.desk.rows(select(Pilot.id))
    return {"pilot": str(row.id)}
