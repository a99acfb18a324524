"""Personal data in the panel: masked, whole for whoever says why, and every look kept (X1)."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from core.desk import looks
from core.tables import Look
from tests.factories import VAULT, Desk
from tests.panel import Panel, Visitor
from tests.photos import give, photo

WORDS = "It never came. Call me: anna@example.org, 13800138000"
ANNA = {
    "story": WORDS,
    "buyer": "anna",
    "buyer_name": "Anna Großmann",
    "buyer_contact": "anna@example.org",
}


@pytest.fixture
def panel(desk: Desk, tmp_path: Path) -> Panel:
    """A panel whose files lie in a folder of this test."""
    return Panel(desk, files=tmp_path)


def opened(panel: Panel) -> tuple[int, str]:
    """A dispute of Anna's: its id and number."""
    dispute = panel.desk.open(**ANNA)
    return dispute, str(panel.desk.at(dispute).row.number)


def kept(panel: Panel) -> list[Any]:
    """The looks that were kept, oldest first."""
    return panel.desk.rows(
        select(Look.person_id, Look.kind, Look.dispute_id, Look.evidence_id, Look.reason).order_by(
            Look.id
        )
    )


def english(panel: Panel, name: str) -> Visitor:
    """Somebody at the panel, reading English."""
    visitor = panel.visitor(name)
    visitor.post("/language", {"locale": "en"})
    return visitor


def test_personal_data_is_masked_until_somebody_says_why(panel: Panel) -> None:
    dispute, number = opened(panel)
    tom = english(panel, "Tom")
    before = tom.get(f"/disputes/{number}/").text
    for secret in ("anna@example.org", "13800138000", "Anna Großmann"):
        assert secret not in before
    assert kept(panel) == []
    assert tom.post(f"/disputes/{number}/look", {"reason": "reach"}).status_code == 303
    after = tom.get(f"/disputes/{number}/").text
    for secret in ("anna@example.org", "13800138000", "Anna Großmann"):
        assert secret in after
    assert "A party must be reached" in after
    assert "&lt;" not in after
    assert kept(panel) == [(panel.desk.people["Tom"], "dispute", dispute, None, "reach")]


def test_look_is_its_own_and_ends(panel: Panel) -> None:
    _, number = opened(panel)
    tom, eva = english(panel, "Tom"), english(panel, "Eva")
    tom.post(f"/disputes/{number}/look", {"reason": "reach"})
    assert "13800138000" not in eva.get(f"/disputes/{number}/").text
    panel.desk.pass_time(minutes=11)
    assert "13800138000" not in tom.get(f"/disputes/{number}/").text


def test_look_at_one_dispute_shows_no_other(panel: Panel) -> None:
    (_, one), (_, other) = opened(panel), opened(panel)
    tom = english(panel, "Tom")
    tom.post(f"/disputes/{one}/look", {"reason": "reach"})
    assert "13800138000" not in tom.get(f"/disputes/{other}/").text


@pytest.mark.parametrize("reason", ["", "curious", "reach\x00"])
def test_without_a_preset_reason_nothing_is_shown(panel: Panel, reason: str) -> None:
    _, number = opened(panel)
    tom = english(panel, "Tom")
    tom.post(f"/disputes/{number}/look", {"reason": reason})
    assert "Choose why you look" in tom.get(f"/disputes/{number}/").text
    assert kept(panel) == []


@pytest.mark.parametrize("name", ["Tim", "Olga"])
def test_who_needs_no_personal_data_gets_none(panel: Panel, name: str) -> None:
    dispute, number = opened(panel)
    evidence = give(panel.desk, panel.settings.files, dispute, photo())
    visitor = english(panel, name)
    assert "Show it whole" not in visitor.get(f"/disputes/{number}/").text
    assert visitor.post(f"/disputes/{number}/look", {"reason": "reach"}).status_code == 403
    assert visitor.get(f"/disputes/{number}/evidence/{evidence}").status_code == 403
    assert kept(panel) == []


def test_file_asks_why_and_then_opens_and_each_opening_is_kept(panel: Panel) -> None:
    dispute, number = opened(panel)
    evidence = give(panel.desk, panel.settings.files, dispute, photo())
    path, tom = f"/disputes/{number}/evidence/{evidence}", english(panel, "Tom")
    asked = tom.get(path)
    assert asked.data != photo()
    assert "Why do you look?" in asked.text
    answer = tom.post(f"/disputes/{number}/look", {"reason": "decide", "evidence": str(evidence)})
    assert answer.location == f"/panel{path}"
    for _ in range(2):
        with tom.get(path) as file:
            assert file.data == photo()
    who = panel.desk.people["Tom"]
    assert kept(panel) == [
        (who, "dispute", dispute, None, "decide"),
        (who, "file", dispute, evidence, "decide"),
        (who, "file", dispute, evidence, "decide"),
    ]


def test_look_is_committed_before_anything_leaves(
    panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    dispute, number = opened(panel)
    evidence = give(panel.desk, panel.settings.files, dispute, photo())
    tom = english(panel, "Tom")
    tom.post(f"/disputes/{number}/look", {"reason": "decide"})

    def broken(*_: Any, **__: Any) -> None:
        raise OSError("the line broke")

    monkeypatch.setattr("admin.looking.send_file", broken)
    assert tom.get(f"/disputes/{number}/evidence/{evidence}").status_code == 500
    assert [row.kind for row in kept(panel)] == ["dispute", "file"]


def test_contact_that_leads_somewhere_is_a_look_and_so_is_the_file_of_what_it_led_to(
    panel: Panel,
) -> None:
    dispute, _ = opened(panel)
    tom = english(panel, "Tom")
    tom.post("/search/", {"text": "nobody@example.org"})
    assert kept(panel) == []
    tom.post("/search/", {"text": "anna@example.org"})
    contact = VAULT.blind("anna@example.org").hex()
    text = tom.get(f"/disputes/export.csv?contact={contact}").text
    assert "anna@example.org" not in text
    tom.get("/disputes/export.csv").close()
    who = panel.desk.people["Tom"]
    assert kept(panel) == [
        (who, "contact", dispute, None, "asked"),
        (who, "export", None, None, "asked"),
    ]


def test_export_of_the_looks_is_noted_as_what_it_is(panel: Panel) -> None:
    visitor = english(panel, "Sun Wei")
    visitor.get("/looks/export.csv").close()
    assert kept(panel) == [(panel.desk.people["Sun Wei"], "looks", None, None, "")]
    page = visitor.get("/looks/").text
    row = page.partition("<tbody>")[2]
    assert "Export of the looks" in row
    assert "A party got in touch" not in row
    assert "Export of the looks" in visitor.get("/looks/export.csv").text
    assert visitor.get("/looks/?kind=looks").text.count("Sun Wei</td>") == 2


def test_no_export_of_the_panel_holds_personal_data(panel: Panel) -> None:
    _, number = opened(panel)
    visitor = english(panel, "Sun Wei")
    visitor.post(f"/disputes/{number}/look", {"reason": "check"})
    for rule in panel.app.url_map.iter_rules():
        if rule.rule.endswith("/export.csv"):
            text = visitor.get(rule.rule).text
            for secret in ("anna@example.org", "13800138000", "Anna Großmann"):
                assert secret not in text, rule.rule


def test_looks_are_found_by_person_dispute_kind_and_day(panel: Panel) -> None:
    (_, one), (_, other) = opened(panel), opened(panel)
    english(panel, "Tom").post(f"/disputes/{one}/look", {"reason": "reach"})
    english(panel, "Eva").post(f"/disputes/{other}/look", {"reason": "law"})
    visitor, tom = english(panel, "Sun Wei"), panel.desk.people["Tom"]
    today = panel.desk.now().date()
    for query, found in (
        ("", {"Tom", "Eva"}),
        (f"person={tom}", {"Tom"}),
        (f"number={other}", {"Eva"}),
        ("number=nonsense", set()),
        ("kind=dispute", {"Tom", "Eva"}),
        ("kind=file", set()),
        (
            f"since={today - dt.timedelta(days=1)}&until={today + dt.timedelta(days=1)}",
            {"Tom", "Eva"},
        ),
        (f"since={today + dt.timedelta(days=2)}", set()),
        (f"until={today - dt.timedelta(days=2)}", set()),
        ("since=9999-99-99&until=x", {"Tom", "Eva"}),
    ):
        text = visitor.get(f"/looks/?{query}").text.partition("<h1>")[2].partition("<table")[2]
        assert {name for name in ("Tom", "Eva") if f">{name}</td>" in text} == found, query


def test_dispute_s_own_page_tells_who_looked(panel: Panel) -> None:
    _, number = opened(panel)
    english(panel, "Tom").post(f"/disputes/{number}/look", {"reason": "reach"})
    text = english(panel, "Tim").get(f"/disputes/{number}/").text
    told = text.partition("Who looked at personal data")[2]
    assert ">Tom</td>" in told
    assert "A party must be reached" in told


def test_nothing_personal_is_kept_of_a_look(any_desk: Desk) -> None:
    panel = Panel(any_desk)
    _, number = opened(panel)
    tom = english(panel, "Tom")
    tom.post(f"/disputes/{number}/look", {"reason": "reach"})
    assert "13800138000" in tom.get(f"/disputes/{number}/").text
    tom.post("/search/", {"text": "anna@example.org"})
    row = str(any_desk.rows(select(*Look.__table__.columns)))
    for secret in ("anna", "Anna", "138001"):
        assert secret not in row
    texts = {c.name for c in Look.__table__.columns if c.type.python_type is str}
    assert texts == {"kind", "reason"}
    assert set(looks.KINDS) >= {"dispute", "contact"}
