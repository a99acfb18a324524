"""The staffing page says what was reckoned, or that there is too little (W16)."""

from tests.factories import SOUND
from tests.panel import Panel, Visitor


def test_page_says_too_little_until_there_is_enough(panel: Panel, visitor: Visitor) -> None:
    page = visitor.get("/staffing/?days=7").text
    assert page.count("Too little data") == 4
    desk = panel.desk
    for _ in range(30):
        dispute = desk.at_stage("adjudication")
        desk.pass_time(minutes=2)
        desk.hold(dispute, "Ada")
        desk.pass_time(minutes=7)
        desk.must(dispute, "rule_merchant", SOUND)
    page = visitor.get("/staffing/?days=7").text
    assert "With 2 people instead of 1" in page
    assert "Checked: played through with today’s people" in page.replace("&#39;", "’")


def test_periods_and_workflows_that_there_are_not_fall_back(visitor: Visitor) -> None:
    for query in ("days=x", "days=100000", "workflow=none", "workflow=%00"):
        assert visitor.get(f"/staffing/?{query}").status_code == 200
