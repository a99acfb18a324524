"""What Flask-Admin leaves open by itself, and is closed here."""

import re
from urllib.parse import quote

import pytest
from sqlalchemy import select

from core.desk import disputes
from core.desk.narrowing import Wanted
from core.tables import DraftOption, Exam, Person, Role
from tests.factories import Desk
from tests.panel import Panel

PARTS = ("options", "reasons", "conditions", "people", "roles", "channels", "disputes")


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(
    "address",
    [
        "export/csv/",
        "export/xlsx/",
        "ajax/lookup/?name=x&query=y",
        "ajax/update/",
        "action/",
        "details/?id=1",
    ],
)
def test_what_no_page_uses_has_no_address(panel: Panel, part: str, address: str) -> None:
    visitor = panel.visitor("Sun Wei")
    expected = {404, 405} if part == "disputes" else {404}  # where it reads as a number
    assert visitor.get(f"/{part}/{address}").status_code in expected
    assert visitor.post(f"/{part}/{address}", {"list_form_pk": "1"}).status_code in (404, 405)


def test_column_cannot_be_written_from_a_list(panel: Panel) -> None:
    visitor = panel.visitor("Sun Wei")
    before = panel.desk.rows(select(DraftOption.label_en).order_by(DraftOption.id))
    visitor.post("/options/ajax/update/", {"list_form_pk": "1", "label_en": "hacked"})
    assert panel.desk.rows(select(DraftOption.label_en).order_by(DraftOption.id)) == before


def test_many_rows_cannot_be_removed_at_once(panel: Panel) -> None:
    visitor = panel.visitor("Sun Wei")
    for part in ("people", "reasons"):
        visitor.post(f"/{part}/action/", {"action": "delete", "rowid": ["1", "2"]})
        visitor.post(f"/{part}/delete/", {"id": "1"})
    assert len(panel.desk.rows(select(Person.id))) == 8


def test_people_and_channels_cannot_be_removed(panel: Panel) -> None:
    rules = {rule.endpoint for rule in panel.app.url_map.iter_rules()}
    assert not {"people.delete_view", "channels.delete_view"} & rules
    assert not {e for e in rules if e.startswith("disputes.") and e.endswith("edit_view")}


def test_stock_pages_and_scripts_are_not_served(panel: Panel) -> None:
    visitor = panel.visitor("Sun Wei")
    for path in (
        "/static/admin/css/bootstrap4/admin.css",
        "/static/vendor/jquery.min.js",
        "/static/bootstrap/bootstrap4/css/bootstrap.min.css",
        "/admin/static/vendor/jquery.min.js",
    ):
        assert visitor.get(path).status_code == 404
    assert "bootstrap" not in visitor.get("/option_sets/edit/?id=1").text


def test_page_size_is_not_the_reader_s_to_choose(panel: Panel) -> None:
    for _ in range(25):
        panel.desk.open()
    text = panel.visitor("Tim").get("/disputes/?page_size=100000").text
    assert text.count("<tr") == 20 + 1


def test_count_stops_at_its_cap(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        panel.desk.open()
    monkeypatch.setattr(disputes, "COUNTED", 4)
    found = panel.desk.db.read(disputes.search, panel.desk.who("Tim"), Wanted())
    assert found.count == 4  # type: ignore[union-attr]
    visitor = panel.visitor("Tim")
    visitor.post("/language", {"locale": "en"})
    assert "More than 3" in visitor.get("/disputes/").text


def test_what_no_database_stores_breaks_no_page(any_desk: Desk) -> None:
    panel = Panel(any_desk)
    visitor = panel.visitor("Sun Wei")
    number = any_desk.at(any_desk.at_stage("adjudication")).row.number
    person = str(any_desk.people["Ada"])
    for odd in ("a\x00b", "\ud800", "\u202e", "x" * 5_000, "'; DROP TABLE people; --", "%s%(x)s"):
        word = quote(odd, errors="surrogatepass")
        for path in (
            f"/disputes/?search={word}",
            f"/disputes/?stage={word}&state={word}",
            f"/disputes/{word}/",
            f"/options/edit/?id={word}",
            f"/conditions/new/?decision=1&fact={word}&group={word}",
            f"/channels/edit/?id={word}",
            f"/sign-in/{word}",
        ):
            assert visitor.get(path).status_code in (200, 404, 410), path
        plain = odd.encode(errors="replace").decode()
        for path, form in (
            ("/publish/", {"version": plain, "note": plain}),
            (f"/disputes/{number}/assign", {"visit": "1", "person": person, "click": plain}),
            ("/reasons/new/", {"label_zh": plain, "label_en": plain, "key": plain}),
            ("/reasons/move/", {"id": "1", "direction": plain}),
            ("/people/new/", {"name": plain, "slack_id": plain, "team": plain, "roles": plain}),
            ("/channels/new/", {"key": plain, "name": plain, "slack_id": plain}),
            ("/language", {"locale": plain, "back": plain}),
        ):
            # 422 is how a form answers that it refuses.
            assert visitor.post(path, form).status_code in (200, 302, 303, 404, 422), path


ELSEWHERE = ("https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)")


@pytest.mark.parametrize("url", ELSEWHERE)
def test_no_page_leads_out_of_the_house(panel: Panel, url: str) -> None:
    visitor = panel.visitor("Sun Wei")
    tim = f"/people/edit/?id={panel.desk.people['Tim']}"
    asked = quote(url, safe="")
    for path, form in (
        (f"{tim}&url={asked}", visitor.form(tim)),
        (f"/roles/edit/?id=lead&url={asked}", visitor.form("/roles/edit/?id=lead")),
        ("/language", {"locale": "en", "back": url}),
        ("/sessions/end", {"url": url, "back": url}),
    ):
        answer = visitor.post(path, {**form, "url": url, "next": url})
        assert answer.status_code in (302, 303), path
        assert "evil" not in (answer.location or ""), path
        assert (answer.location or "").startswith("/panel/"), path
    for path in (tim, "/roles/new/"):
        text = visitor.get(f"{path}{'&' if '?' in path else '?'}url={asked}").text
        links = re.findall(r'(?:href|action)="([^"]*)"', text)
        assert not [link for link in links if "evil" in link or "alert" in link]


def test_only_named_fields_of_a_role_or_an_exam_are_saved(panel: Panel) -> None:
    visitor = panel.visitor("Sun Wei")
    path = "/roles/edit/?id=lead"
    form = visitor.form(path)
    visitor.post(path, {**form, "key": "supervisor", "version": "99", "label_en": "Captain"})
    assert panel.desk.rows(select(Role.key, Role.version).where(Role.label_en == "Captain")) == [
        ("lead", 2)
    ]
    who, vera = panel.desk.people["Sun Wei"], panel.desk.people["Vera"]
    exam = {"person": str(vera), "action": "refund", "name": "Refund rules"}
    forged = {"recorded_by_id": "1", "person_id": str(who), "withdrawn_at": "2001-01-01T00:00"}
    visitor.post("/exams/", {**exam, **forged})
    columns = (Exam.person_id, Exam.recorded_by_id, Exam.withdrawn_at)
    assert panel.desk.rows(select(*columns)) == [(vera, who, None)]


@pytest.mark.parametrize(
    "path",
    [
        "/people/edit/?id=999",
        "/people/edit/?id=1%20OR%201=1",
        "/roles/edit/?id=nobody",
        "/roles/edit/?id=%00",
        "/people/999/end-sessions",
        "/disputes/nowhere/look",
        "/disputes/nowhere/evidence/1",
    ],
)
def test_ids_that_lead_nowhere_are_not_found(panel: Panel, path: str) -> None:
    visitor = panel.visitor("Sun Wei")
    answers = {visitor.get(path).status_code, visitor.post(path, {"reason": "law"}).status_code}
    assert answers <= {404, 405}
    assert 404 in answers


def test_names_that_look_like_formulas_leave_as_text(panel: Panel) -> None:
    visitor = panel.visitor("Sun Wei")
    role = {"key": "odd", "label_zh": "=1+1", "label_en": "@SUM(A1)", "rights": ["see"]}
    assert visitor.post("/roles/new/", role).status_code == 302
    for locale, text in (("zh_CN", "=1+1"), ("en", "@SUM(A1)")):
        visitor.post("/language", {"locale": locale})
        assert f"'{text}" in visitor.get("/roles/export.csv").text


def test_script_in_a_label_is_text_on_every_page_that_shows_it(panel: Panel) -> None:
    visitor = panel.visitor("Sun Wei")
    label = "<script>alert(1)</script>"
    role = {"key": "odd", "label_zh": label, "label_en": label, "rights": ["see"]}
    visitor.post("/roles/new/", role)
    visitor.post(
        "/exams/", {"person": str(panel.desk.people["Tom"]), "action": "refund", "name": label}
    )
    for path in ("/roles/", "/roles/edit/?id=odd", "/people/new/", "/changes/", "/exams/"):
        text = visitor.get(path).text
        assert label not in text, path
    assert "&lt;script&gt;" in visitor.get("/exams/").text
