"""Remarks to the next stage, and notes that never leave the desk (D8, X5)."""

import ast
import json
from pathlib import Path

import pytest
from sqlalchemy import select, text

from core.desk import notes, views
from core.desk.answers import Answer, Applied, Refused
from core.desk.inward import Inward
from core.desk.party_view import party_view
from core.tables import Note
from tests.factories import SOUND, TRIAGED, VAULT, Desk

ROOT = Path(__file__).parents[3]
SECRET = "The merchant's brother phoned: 138 0013 8000"


def write(desk: Desk, dispute: int, said: str = SECRET, name: str = "Tom") -> Answer:
    """Somebody leaves a note."""
    return desk.db.transact(notes.write, desk.visit(dispute), said, desk.who(name), VAULT)


def card(desk: Desk, dispute: int) -> views.CardView:
    """The card of the dispute's open visit."""
    view = desk.db.read(views.card_view, desk.visit(dispute), VAULT)
    assert view is not None
    return view


def test_remark_reaches_the_next_card_and_no_other(any_desk: Desk) -> None:
    desk, dispute = any_desk, any_desk.at_stage("triage")
    desk.must(dispute, "no_evidence", {**TRIAGED, "remark": ["check_photos", "urgent_buyer"]})
    assert card(desk, dispute).remarks == ("check_photos", "urgent_buyer")
    desk.must(dispute, "rule_none", SOUND)
    assert card(desk, dispute).remarks == ()
    assert desk.differences() == []


def test_remark_survives_the_wait_for_evidence(desk: Desk) -> None:
    dispute = desk.at_stage("triage")
    desk.must(dispute, "request_buyer", {**TRIAGED, "remark": ["check_tracking"]})
    desk.done(dispute, "buyer")
    assert card(desk, dispute).remarks == ("check_tracking",)


def test_note_is_sealed_and_read_by_members_only(any_desk: Desk) -> None:
    desk, dispute = any_desk, any_desk.at_stage("triage")
    assert isinstance(write(desk, dispute), Applied)
    found = desk.db.read(notes.read, dispute, desk.who("Tim"), VAULT)
    assert [(n.who, n.text.for_members()) for n in found] == [("Tom", SECRET)]
    assert SECRET.encode() not in desk.rows(select(Note.text))[0].text.box
    told = desk.rows(text("SELECT data FROM events")) + desk.rows(text("SELECT data FROM outbox"))
    assert "brother" not in str(told)
    assert card(desk, dispute).notes == 1
    assert desk.differences() == []


def test_note_decides_nothing_and_reaches_no_party(desk: Desk) -> None:
    dispute = desk.at_stage("awaiting_evidence")
    before = desk.at(dispute).facts
    write(desk, dispute)
    assert desk.at(dispute).facts == before
    told = desk.db.read(party_view, dispute)
    assert "brother" not in repr(told)
    assert "remark" not in json.dumps(repr(told))


def test_note_may_be_written_beside_another_s_hold_but_not_by_lookers(desk: Desk) -> None:
    dispute = desk.at_stage("triage")
    assert isinstance(write(desk, dispute, name="Ada"), Applied)
    refused = write(desk, dispute, name="Tim")
    assert isinstance(refused, Refused)
    assert refused.key == "no_right"


@pytest.mark.parametrize("said", ["", "   ", "x" * 2001, "nul\x00"])
def test_unreadable_note_is_refused(desk: Desk, said: str) -> None:
    refused = write(desk, desk.at_stage("triage"), said)
    assert isinstance(refused, Refused)
    assert refused.key == "note_unreadable"


def test_inward_text_cannot_be_told_by_mistake() -> None:
    inward = Inward(SECRET)
    assert SECRET not in repr(inward)
    with pytest.raises(TypeError):
        str(inward)
    with pytest.raises(TypeError):
        f"{inward}"
    with pytest.raises(TypeError):
        json.dumps({"note": inward})


def test_nothing_that_speaks_to_the_outside_can_reach_notes() -> None:
    outward = [*(ROOT / "portal").rglob("*.py"), *(ROOT / "core/market").rglob("*.py")]
    outward += [ROOT / "core/desk" / name for name in ("party_view.py", "party_acts.py")]
    for path in outward:
        for node in ast.walk(ast.parse(path.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.ImportFrom) else []
            assert not {"notes", "Note", "Inward", "inward"} & set(names), path
