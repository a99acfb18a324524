"""Sessions: one's own listed and ended, anybody's by those who look after people (K21)."""

import re
from typing import Any

import pytest
from sqlalchemy import select

from core.desk import access, sessions
from core.desk.answers import Refused
from core.tables import Change, Outbox, Person
from tests.admin.browsers import EDGE, FIREFOX, IPHONE, signed_in
from tests.factories import Desk
from tests.panel import Panel, Visitor


def handles(text: str) -> list[str]:
    """The sessions that a page offers to end."""
    return re.findall(r'name="session" value="(\w+)"', text)


def test_own_sessions_are_listed_with_their_browsers_and_this_one_marked(panel: Panel) -> None:
    tom = signed_in(panel, "Tom")
    signed_in(panel, "Tom", EDGE)
    signed_in(panel, "Tom", IPHONE)
    signed_in(panel, "Tom", "\x01<b>odd</b>" * 100)
    signed_in(panel, "Eva")
    text = tom.get("/sessions/").text
    for browser in ("Firefox on Linux", "Edge on Windows", "Safari on iOS", "Another browser"):
        assert browser in text
    assert len(handles(text)) == 4
    assert text.count("this one") == 1
    assert re.search(r"Firefox on Linux <span[^>]*>this one", text)


def test_ended_session_is_gone_at_its_next_request(panel: Panel) -> None:
    tom, elsewhere = signed_in(panel, "Tom"), signed_in(panel, "Tom", EDGE)
    assert elsewhere.get("/").status_code == 200
    text = tom.get("/sessions/").text
    [other] = [h for h in handles(text) if h not in handles(text.partition("this one")[2])[:1]]
    tom.post("/sessions/end", {"session": other})
    assert elsewhere.get("/").status_code == 401
    assert tom.get("/").status_code == 200


def test_all_others_end_and_this_one_stays(panel: Panel) -> None:
    tom, others = signed_in(panel, "Tom"), [signed_in(panel, "Tom", EDGE) for _ in range(2)]
    eva = signed_in(panel, "Eva")
    tom.post("/sessions/end", {})
    assert [other.get("/").status_code for other in others] == [401, 401]
    assert (tom.get("/").status_code, eva.get("/").status_code) == (200, 200)


def test_nobody_ends_another_s_session_by_its_name(panel: Panel) -> None:
    tom, eva = signed_in(panel, "Tom"), signed_in(panel, "Eva")
    [of_eva] = handles(eva.get("/sessions/").text)
    tom.post("/sessions/end", {"session": of_eva})
    assert eva.get("/").status_code == 200
    assert tom.post(f"/people/{panel.desk.people['Eva']}/end-sessions").status_code == 403
    answer = panel.desk.db.transact_wall(
        sessions.end, panel.desk.who("Tom"), panel.desk.people["Eva"]
    )
    assert isinstance(answer, Refused)


def test_who_looks_after_people_ends_anybody_s_and_it_is_recorded(panel: Panel) -> None:
    tom, olga = signed_in(panel, "Tom", EDGE), signed_in(panel, "Olga")
    page = f"/people/edit/?id={panel.desk.people['Tom']}"
    assert "Edge on Windows" in olga.get(page).text
    assert olga.post(f"/people/{panel.desk.people['Tom']}/end-sessions").status_code == 303
    assert tom.get("/").status_code == 401
    told = panel.desk.rows(select(Change.person_id, Change.what, Change.kind, Change.place))
    assert told == [(panel.desk.people["Olga"], "removed", "session", "Tom")]
    assert "Session “Tom” was removed" in olga.get("/changes/").text


def test_no_page_of_sessions_tells_a_secret_or_its_digest(panel: Panel) -> None:
    tom = signed_in(panel, "Tom")
    secret = tom.client.get_cookie("redress_panel_session")
    assert secret is not None
    text = tom.get("/sessions/").text
    assert secret.value not in text
    assert access.digest(secret.value) not in text


@pytest.fixture
def leaving(panel: Panel) -> tuple[Visitor, int, str, dict[str, Any]]:
    """Tom holds a dispute and is about to be switched off; the form without *Works here*."""
    visitor = signed_in(panel, "Sun Wei")
    dispute = panel.desk.at_stage("triage")
    path = f"/people/edit/?id={panel.desk.people['Tom']}"
    form = visitor.form(path)
    del form["active"]
    return visitor, dispute, path, form


def test_whoever_is_switched_off_is_signed_out_for_good(
    panel: Panel, leaving: tuple[Visitor, int, str, dict[str, Any]]
) -> None:
    visitor, _, path, form = leaving
    tom = signed_in(panel, "Tom")
    assert visitor.post(path, {**form, "sure": "y"}).status_code == 302
    assert tom.get("/").status_code == 401
    back = {**visitor.form(path), "active": "y"}
    assert visitor.post(path, back).status_code == 302
    assert panel.desk.rows(select(Person.active).where(Person.name == "Tom")) == [(True,)]
    assert tom.get("/").status_code == 401  # an old session does not come back with its person


def test_first_save_says_on_top_what_is_still_to_be_chosen(
    leaving: tuple[Visitor, int, str, dict[str, Any]],
) -> None:
    visitor, _, path, form = leaving
    visitor.post("/language", {"locale": "en"})
    asked = visitor.post(path, form).text
    top, _, rest = asked[asked.index("<main") :].partition("<form")
    assert "Not saved yet: Tom holds disputes (1)." in top
    assert '<a href="#leaving">Choose who goes on with them</a>' in top
    assert 'id="leaving"' in rest
    assert "Switch off and hand over what they hold (1)</button>" in rest


def test_what_they_held_goes_to_a_colleague_who_is_told(
    panel: Panel, leaving: tuple[Visitor, int, str, dict[str, Any]]
) -> None:
    visitor, dispute, path, form = leaving
    to = panel.desk.people["Tang Li"]
    visitor.post(path, {**form, "sure": "y", "hand_to": str(to)})
    assert panel.desk.at(dispute).row.holder_id == to
    kinds = panel.desk.rows(select(Outbox.kind).where(Outbox.dispute_id == dispute))
    assert {"direct", "card"} <= {row.kind for row in kinds}
    assert panel.desk.differences() == []


def test_what_the_colleague_may_not_have_goes_to_the_queue(
    panel: Panel, leaving: tuple[Visitor, int, str, dict[str, Any]]
) -> None:
    visitor, dispute, path, form = leaving
    visitor.post(path, {**form, "sure": "y", "hand_to": str(panel.desk.people["Tim"])})
    assert panel.desk.at(dispute).row.holder_id is None
    assert panel.desk.rows(select(Person.active).where(Person.name == "Tom")) == [(False,)]


def test_sessions_work_on_each_kind_of_database(any_desk: Desk) -> None:
    tom = any_desk.people["Tom"]
    first = any_desk.db.transact_wall(access.enter, tom, browser=FIREFOX)
    any_desk.db.transact_wall(access.enter, tom, browser=EDGE)
    listed = any_desk.db.read_wall(sessions.of_person, tom, first)
    assert {(one.browser, one.this) for one in listed} == {("Firefox", True), ("Edge", False)}
    assert any_desk.db.transact_wall(sessions.end, any_desk.who("Tom"), tom, None, first) == 1
    assert [one.this for one in any_desk.db.read_wall(sessions.of_person, tom, first)] == [True]
    assert any_desk.db.transact_wall(sessions.end, any_desk.who("Tom"), tom, "zz") == 0
