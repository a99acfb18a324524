"""How disputes move: each move once, the median stay, nothing that was undone (W18)."""

import datetime as dt

from core.desk import flow, undo
from core.desk.flow import Flow
from tests.factories import TRIAGED, Desk


def seen(desk: Desk) -> Flow:
    return desk.db.read(flow.flow, "dispute")


def test_each_move_counts_once(any_desk: Desk) -> None:
    any_desk.at_stage("verification")
    any_desk.at_stage("evidence_review")
    assert seen(any_desk).moves == {
        ("intake", "triage"): 2,
        ("triage", "adjudication"): 1,
        ("adjudication", "verification"): 1,
        ("triage", "awaiting_evidence"): 1,
        ("awaiting_evidence", "evidence_review"): 1,
    }
    assert seen(any_desk).came["triage"] == 2


def test_stay_at_a_stage_is_the_median_of_those_that_left(desk: Desk) -> None:
    for minutes in (10, 20, 120):
        dispute = desk.open()
        desk.pass_time(minutes=minutes)
        desk.take(dispute)
    stay = seen(desk).stays["intake"]
    assert dt.timedelta(minutes=20) <= stay < dt.timedelta(minutes=21)
    assert "triage" not in seen(desk).stays


def test_what_was_undone_never_happened(desk: Desk) -> None:
    dispute = desk.at_stage("triage")
    triage = desk.visit(dispute)
    desk.must(dispute, "no_evidence", TRIAGED)
    desk.db.transact(undo.undo, triage, desk.who("Tom"))
    assert seen(desk).moves == {("intake", "triage"): 1}


def test_what_is_older_than_thirty_days_is_left_out(desk: Desk) -> None:
    dispute = desk.at_stage("adjudication")
    desk.pass_time(days=31)
    desk.must(dispute, "rule_merchant", {"quality": "sound"})
    assert seen(desk).moves == {("adjudication", "verification"): 1}
