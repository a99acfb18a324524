"""A desk whose draft was edited: new words, or another amount that weighs (S3, S5, S7)."""

from typing import Any

from sqlalchemy import update

from core.desk import draft
from core.tables import DraftOption
from tests.factories import Desk

HALF = update(DraftOption).where(DraftOption.key == "half")
REWORDED = HALF.values(label_en="One half")
DEARER = HALF.values(share={"percent": 60, "of": "paid"})


def version(desk: Desk) -> int:
    """The draft's version."""
    return desk.db.read(draft.version)


def edit(desk: Desk, *statements: Any) -> None:
    """Something is changed in the draft, and counted, as every edit is."""
    desk.write(*statements)
    desk.db.transact(draft.touch)
