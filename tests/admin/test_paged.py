"""Pages on the dispute's page in the panel: who was called, why, and what they said (K5)."""

from core.desk import page_clock, paging
from core.desk.answers import Applied
from core.desk.page_people import Whom
from tests.factories import VAULT
from tests.panel import Panel


def test_record_tells_who_was_paged_and_what_they_answered(panel: Panel) -> None:
    desk = panel.desk
    dispute = desk.at_stage("adjudication")
    visit, tom, asked = desk.visit(dispute), desk.who("Tom"), paging.Asked("safety")
    for name in ("Eva", "Vera"):
        whom = Whom(person=desk.people[name])
        answer = desk.db.transact(paging.page, visit, whom, asked, tom, VAULT)
        assert isinstance(answer, Applied)
        if name == "Eva":
            page_id = answer.params["page"]
            desk.db.transact(paging.answer, page_id, paging.ON_IT, desk.who("Eva"))
    for _ in range(2):
        desk.pass_time(minutes=15)
        desk.db.transact(page_clock.attend)
    number = desk.at(dispute).row.number
    english = panel.visitor("Olga").get(f"/disputes/{number}/")
    for told in (
        "paged Eva: Somebody&#39;s safety is at stake",
        "was paged and is on it",
        "Reminded of a page: Vera",
        "Nobody answered the page: Vera",
    ):
        assert told in english.text, told
    assert (
        "呼叫 Eva：涉及人身或食品安全" in panel.visitor("Sun Wei").get(f"/disputes/{number}/").text
    )
