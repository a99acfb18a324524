"""Grades in the panel: the table that gives them, the tester, lists and pages (G2)."""

from sqlalchemy import select

from core.desk import draft
from core.tables import DraftGradeRule, Event
from tests.panel import Panel, Visitor

RULE = {"label_zh": "葡语", "label_en": "Portuguese", "grade": "C"}


def test_grade_rule_is_added_with_a_condition_out_of_the_pickers(
    panel: Panel, visitor: Visitor
) -> None:
    visitor.post("/grade_rules/new/", RULE | {"key": "portuguese"})
    (rule,) = panel.desk.rows(select(DraftGradeRule).where(DraftGradeRule.key == "portuguese"))
    where = f"/conditions/new/?grade_rule={rule.id}"
    asked = visitor.get(where).text
    for label in ("Paid for the order", "Merchant&#39;s standing", "Hour when it came in"):
        assert label in asked
    assert "fact=grade" not in asked  # nothing is graded by its grade
    visitor.post(where + "&fact=language", {"operator": "in", "typed": "pt"})
    text = visitor.get("/grade_rules/").text
    assert "→ C: suggestion" in text
    assert "language is Portuguese" in text
    assert "row 5 has taken already" in text  # it stands below the one for every dispute
    (found,) = [r for r in panel.desk.db.read(draft.document).grade_rules if r.key == "portuguese"]
    assert (found.grade, found.when[0].values) == ("C", ("pt",))


def test_tester_says_which_row_grades_a_dispute_and_why(panel: Panel, visitor: Visitor) -> None:
    number = panel.desk.at(panel.desk.open(facts={"reason": "unsafe"})).row.number
    text = visitor.get(f"/tester/?table=grade_rules&dispute={number}").text
    assert "Allergy or safety → A: urgent" in text
    assert text.index('<li class="hit">') < text.index('<li class="missed">')


def test_lists_are_narrowed_by_grade_and_pages_show_it(panel: Panel, visitor: Visitor) -> None:
    urgent = panel.desk.at(panel.desk.open(facts={"reason": "unsafe"})).row.number
    usual = panel.desk.at(panel.desk.open()).row.number
    text = visitor.get("/disputes/?grade=A").text
    assert urgent[:3] in text
    assert f"/disputes/{usual}/" not in text
    assert f"/disputes/{urgent}/" in text
    assert "A: urgent" in visitor.get(f"/disputes/{urgent}/").text


def test_contact_is_noted_on_the_dispute_s_page(panel: Panel) -> None:
    visitor, desk = panel.visitor("Tom"), panel.desk
    dispute = desk.at_stage("triage", facts={"reason": "unsafe"})
    number = desk.at(dispute).row.number
    page = visitor.get(f"/disputes/{number}/").text
    assert "No answer" in page
    visitor.post(
        f"/disputes/{number}/contact",
        {"visit": desk.visit(dispute), "result": "no_answer", "click": "once"},
    )
    told = select(Event.data).where(Event.kind == "contacted")
    assert [row.data["result"] for row in desk.rows(told)] == ["no_answer"]
    assert "Contact: No answer" in visitor.get(f"/disputes/{number}/").text
