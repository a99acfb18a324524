"""Looking at the draft from a test, in few words."""

from typing import Any

from sqlalchemy import select

from core.desk import draft
from core.tables import (
    DraftDecision,
    DraftOptionSet,
    DraftStage,
)
from core.workflow.model import Document
from tests.panel import Panel

NEW_OPTION = {
    "label_zh": "换货",
    "label_en": "Exchange",
    "parent": "",
    "meaning": "",
    "share_kind": "",
    "of": "goods",
}


def document(panel: Panel) -> Document:
    """The draft as a document."""
    return panel.desk.db.read(draft.document)


def version(panel: Panel) -> int:
    """The draft's version."""
    return panel.desk.db.read(draft.version)


def one(panel: Panel, table: Any, *where: Any) -> Any:
    """The row that fits."""
    return panel.desk.rows(select(table).where(*where))[0]


def set_id(panel: Panel, key: str) -> int:
    """An option set's id."""
    return int(one(panel, DraftOptionSet, DraftOptionSet.key == key).id)


def stage_id(panel: Panel, key: str) -> int:
    """A stage's id."""
    return int(one(panel, DraftStage, DraftStage.key == key).id)


def decision_id(panel: Panel, key: str) -> int:
    """A decision's id."""
    return int(one(panel, DraftDecision, DraftDecision.key == key).id)


def decision_of(panel: Panel, stage: str, key: str) -> Any:
    """A decision as the draft says it."""
    return document(panel).workflows[0].decisions_by_stage[stage][key]
