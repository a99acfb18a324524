"""Lists as files: the same rows in the same order, harmless, in the reader's words and time."""

import datetime as dt
import logging
import re
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select, update

from core.db import Database
from core.desk import disputes, looks, outages
from core.desk.disputes import BATCH
from core.desk.narrowing import Wanted
from core.desk.numbers import shown
from core.desk.outages import TOKEN
from core.tables import Change, Dispute, DraftWorkflow, Look, Person
from tests.admin.exported import as_book, as_csv, many
from tests.admin.trouble import park_each, set_aside
from tests.core.desk.staff import passes
from tests.factories import Desk
from tests.panel import Panel, Visitor

OPENED = "sort=4"  # the list's order by age, oldest first

DUE = "sort=3"


def listed(visitor: Visitor, query: str) -> list[str]:
    """The numbers that the list shows on all its pages, in order."""
    found: list[str] = []
    for page in range(99):
        text = visitor.get(f"/disputes/?page={page}&{query}").text
        rows = re.findall(r'class="number" href="[^"]*">([\w-]+)</a>', text)
        if not rows:
            return found
        found += rows
    raise AssertionError("the list has no end")


@pytest.mark.parametrize(
    "query",
    [
        "",
        OPENED,
        f"{OPENED}&desc=1",
        DUE,
        f"{DUE}&desc=1",
        f"{DUE}&state=open",
        "state=open",
        "state=finished",
        "stage=triage",
        "state=odd",
        "search=A-1",
        f"search=shop-7&{OPENED}&state=open",
        "search=nothing",
        "search=%00",
    ],
)
def test_file_holds_what_all_pages_of_the_list_hold_in_its_order(
    panel: Panel, visitor: Visitor, query: str
) -> None:
    desk = panel.desk
    many(desk, 45)
    desk.open(order_number="A-1", merchant="shop-7")
    desk.open(order_number="A-2", merchant="shop-7")
    desk.at_stage("triage")
    desk.at_stage("finished")
    wanted = listed(visitor, query)
    rows = as_csv(visitor.get(f"/disputes/export.csv?page=1&page_size=3&{query}"))[1:]
    assert [row[0] for row in rows] == wanted
    book = as_book(visitor, f"/disputes/export.xlsx?page=1&{query}")
    assert [row[0] for row in book[1:]] == wanted


def test_more_rows_than_one_batch_are_all_there_once(any_desk: Desk) -> None:
    many(any_desk, 2 * BATCH)
    panel = Panel(any_desk)
    rows = as_csv(panel.visitor("Tom").get(f"/disputes/export.csv?{OPENED}"))[1:]
    numbers = any_desk.rows(select(Dispute.number).order_by(Dispute.id))
    assert [row[0] for row in rows] == [shown(number) for (number,) in numbers]


def test_both_files_tell_the_same_in_the_readers_words_and_time(
    panel: Panel, visitor: Visitor
) -> None:
    desk = panel.desk
    zone = "Asia/Shanghai"
    desk.write(update(Person).where(Person.name == "Sun Wei").values(zone=zone))
    dispute = desk.at_stage("adjudication", order_number="A-9", merchant="店铺九")
    desk.assign(dispute, "Ada")
    visitor.post("/language", {"locale": "zh_CN"})
    plain = as_csv(visitor.get("/disputes/export.csv"))
    book = as_book(visitor, "/disputes/export.xlsx")
    heads = ["编号", "阶段", "处理人", "截止时间（Asia/Shanghai）"]
    assert plain[0][:3] == book[0][:3] == heads[:3]
    assert plain[0][3] == book[0][3]
    assert zone in plain[0][3]
    opened = desk.at(dispute).row.opened_at
    row = desk.rows(select(Dispute.number, Dispute.opened_at).where(Dispute.id == dispute))[0]
    there = row.opened_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None, microsecond=0)
    assert opened is not None
    assert plain[1][:3] == [shown(row.number), "判责", "Ada"]
    assert plain[1][4:] == [str(there), "A-9", "店铺九", "B"]
    assert book[1][4:] == [there, "A-9", "店铺九", "B"]
    assert [str(cell) for cell in book[1]] == plain[1]


def test_file_is_named_after_the_list_and_the_day(panel: Panel, visitor: Visitor) -> None:
    day = f"{panel.desk.now().astimezone(ZoneInfo('Asia/Shanghai')):%Y-%m-%d}"  # she works there
    for form in ("csv", "xlsx"):
        with visitor.get(f"/disputes/export.{form}") as answer:
            named = answer.headers["Content-Disposition"]
            assert named.startswith("attachment")
            assert f"disputes-{day}.{form}" in named
            assert answer.headers["Cache-Control"] == "no-store"


def test_what_is_opened_while_rows_are_written_does_not_prolong_them(
    database: Database,
) -> None:
    desk = Desk(database)
    first = [desk.open() for _ in range(3)]
    who, wanted, told = desk.who("Tom"), Wanted(oldest_first=True), []
    last = database.read(disputes.newest, who)
    after = 0
    while rows := database.read(disputes.following, who, wanted, after, last):
        told += [row.id for row in rows]
        after = rows[-1].id
        desk.open()
        assert len(told) <= len(first)
    assert told == first


def test_whoever_leaves_meanwhile_gets_no_further(panel: Panel) -> None:
    many(panel.desk, 3 * BATCH)
    answer = panel.visitor("Tom").get("/disputes/export.csv", buffered=False)
    pieces = answer.iter_encoded()
    next(pieces)
    panel.switch_off("Tom")
    with pytest.raises(Exception, match="403"):
        list(pieces)


def test_every_list_of_the_panel_can_be_had(any_desk: Desk) -> None:
    desk, panel = any_desk, Panel(any_desk)
    for _ in range(3):
        desk.open()
    park_each(desk)
    set_aside(desk)
    reader = {"messages": "Olga", "deadlines": "Olga"}
    found = {}
    for name in ("people", "channels", "documents", "messages", "deadlines"):
        visitor = panel.visitor(reader.get(name, "Sun Wei"))
        visitor.post("/language", {"locale": "en"})
        assert f"/{name}/export.csv" in visitor.get(f"/{name}/").text
        plain = as_csv(visitor.get(f"/{name}/export.csv"))
        book = as_book(visitor, f"/{name}/export.xlsx")
        assert [len(row) for row in plain] == [len(plain[0])] * len(plain)
        assert len(book) == len(plain)
        found[name] = plain
    assert next(r for r in found["people"] if "Sun Wei" in r)[:2] == ["Sun Wei", "Supervisor"]
    assert len(found["messages"]) == 1 + 3
    assert {row[5] for row in found["deadlines"][1:]} == {"KeyError"}
    assert len(found["deadlines"]) == 1 + 3


def test_export_is_logged_without_what_was_searched_for(
    panel: Panel, visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    panel.desk.open(order_number="A-5")
    with caplog.at_level(logging.INFO, "redress.exports"):
        visitor.get("/disputes/export.csv?search=A-5&state=open")
    [told] = [record.getMessage() for record in caplog.records]
    who = panel.desk.people["Sun Wei"]
    assert told == (
        "a list was exported: list=disputes form=csv"
        f" person={who} narrowed=state,search rows=1 whole=True"
    )


def test_links_carry_what_narrows_the_list_and_nothing_else(panel: Panel, visitor: Visitor) -> None:
    panel.desk.open()
    text = visitor.get("/disputes/?state=open&sort=4&page=0&_scheme=javascript&_external=1").text
    assert 'href="/panel/disputes/export.csv?state=open&amp;sort=4"' in text


def test_changes_leave_whole_as_they_are_narrowed(panel: Panel, visitor: Visitor) -> None:
    row = panel.desk.rows(select(Person.id).where(Person.name == "Sun Wei"))[0].id
    like = {"person_id": row, "what": "added", "kind": "person", "before": None, "after": None}
    many_changes = [{**like, "at": panel.desk.now(), "place": f"=P{n}"} for n in range(120)]
    panel.desk.write(insert(Change).values(many_changes))
    panel.desk.write(insert(Change).values([{**many_changes[0], "kind": "channel"}]))
    rows = as_csv(visitor.get("/changes/export.csv?kind=person"))
    assert len(rows) == 1 + 120
    assert rows[1][1:3] == ["Sun Wei", "Person “=P119” was added"]
    assert len(as_book(visitor, "/changes/export.xlsx")) == 1 + 121


def test_looks_leave_with_their_reasons_and_the_export_is_a_look_itself(
    panel: Panel, visitor: Visitor
) -> None:
    number = panel.desk.at(panel.desk.open()).row.number
    panel.desk.db.transact(looks.look, panel.desk.who("Tom"), number, "reach")
    told = as_csv(visitor.get(f"/looks/export.csv?number={shown(number)}"))
    assert [(row[1], row[3]) for row in told[1:]] == [("Tom", shown(number))]
    kinds = [row.kind for row in panel.desk.rows(select(Look.kind).order_by(Look.id))]
    assert kinds == ["dispute", "looks"]


def test_exams_leave_as_the_page_shows_them(panel: Panel, visitor: Visitor) -> None:
    passes(panel.desk, "Vera")
    heads, row = as_csv(visitor.get("/exams/export.csv"))
    assert (row[0], row[2], heads[0]) == ("Vera", "Refund rules", "Who")
    assert "/panel/exams/export.xlsx" in visitor.get("/exams/").text


def test_problems_absences_and_outages_leave_as_their_pages_tell_them(
    panel: Panel, visitor: Visitor
) -> None:
    desk = panel.desk
    taken = desk.open()
    desk.take(taken, "Ada")
    begins = desk.now() - dt.timedelta(hours=1)
    desk.write(update(Person).where(Person.name == "Ada").values(absent_from=begins))
    desk.db.transact_wall(outages.begin, TOKEN, "token_revoked")
    desk.write(update(DraftWorkflow).values(escalation=""))
    visitor.post("/language", {"locale": "en"})
    for name in ("problems", "absences", "outages"):
        assert f"/{name}/export.csv" in visitor.get(f"/{name}/").text
    [_, [place, problem]] = as_csv(visitor.get("/problems/export.csv"))
    assert (place, "channel" in problem) == ("Four-stage dispute", True)
    [_, away] = as_csv(visitor.get("/absences/export.csv"))
    (number,) = desk.rows(select(Dispute.number))[0]
    assert (away[0], away[3], away[4]) == ("Ada", "", shown(number))
    [_, lost] = as_csv(visitor.get("/outages/export.csv"))
    assert lost[0] == "Slack refuses the bot token"
    assert (lost[1], lost[3]) == ("token_revoked", "")
