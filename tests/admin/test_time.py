"""Time truth in the panel: the bar, why then, who hears what when, apply to open disputes."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

from sqlalchemy import select

import scheduler
from core.clocks.calendar import Shift
from core.desk import calendars, documents, draft
from core.desk.numbers import shown
from core.migrate import standard
from core.tables import Deadline
from core.workflow import model as m
from tests.admin.said import texts
from tests.core.desk import on_rota
from tests.core.desk.promised import promising
from tests.core.workflow.edits import add, put
from tests.factories import TRIAGED
from tests.panel import Panel, Visitor


def part(page: str, anchor: str) -> str:
    """The section of a page with this id."""
    return page[page.index(f'<section id="{anchor}"') :].partition("</section>")[0]


def test_bar_has_a_table_behind_it_that_says_the_same(panel: Panel, visitor: Visitor) -> None:
    desk = panel.desk
    dispute = desk.at_stage("triage")
    desk.pass_time(hours=1)
    desk.must(dispute, "request_buyer", TRIAGED)
    desk.pass_time(hours=3)
    page = part(visitor.get(f"/disputes/{desk.at(dispute).row.number}/").text, "used")
    bars = re.findall(r'<rect class="by-(\w+)" x="(\d+)" width="(\d+)" height="24"', page)
    assert [who for who, _, _ in bars] == ["platform", "buyer"]
    assert sum(int(width) for _, _, width in bars) == 1000
    assert "style=" not in page
    assert "Platform 1 hr 25 % Buyer 3 hr 75 % Together 4 hr 100 %" in texts(page)


def test_every_promise_of_a_dispute_says_why_it_is_due_then(panel: Panel, visitor: Visitor) -> None:
    desk = panel.desk
    dispute = desk.at_stage("triage")
    page = part(visitor.get(f"/disputes/{desk.at(dispute).row.number}/").text, "deadlines")
    assert page.count('<tr class="why">') == 2
    told = texts(page)
    assert "Why then? Started" in told
    assert "when the dispute came to “Triage”. It lasts 2 hr, counted round the clock." in told
    assert "Kept: it ended" in told
    visitor.post("/language", {"locale": "zh_CN"})
    chinese = texts(
        part(visitor.get(f"/disputes/{desk.at(dispute).row.number}/").text, "deadlines")
    )
    assert "为何此时到期？" in chinese
    assert "全天候计时" in chinese


def test_what_is_to_come_is_listed_until_the_dispute_would_move_on(
    panel: Panel, visitor: Visitor
) -> None:
    desk = panel.desk
    desk.db.transact(documents.publish, promising(6000))
    dispute = desk.at_stage("triage")
    number = desk.at(dispute).row.number
    told = texts(part(visitor.get(f"/disputes/{number}/").text, "deadlines"))
    assert told.count("the time is over; told to the dispute’s thread, #escalation") == 2
    desk.must(dispute, "request_both", TRIAGED)
    told = texts(part(visitor.get(f"/disputes/{number}/").text, "deadlines"))
    assert "the time is over and “Time ran out: go on with the record” is decided" in told
    assert "What comes after that hangs on the stage that then begins." in told
    assert "the time is over; told to" not in told


def test_draft_s_ladder_is_foretold_from_a_friday_evening(panel: Panel, visitor: Visitor) -> None:
    desk = panel.desk
    actor = desk.who("Sun Wei")
    hours = calendars.CalendarInfo(
        "工作日", "Office", "Asia/Shanghai", ((Shift(540, 1080),),) * 5 + ((),) * 2
    )
    desk.db.transact(calendars.add, actor, "office", hours)
    level = m.ServiceLevel(
        "plan",
        m.Label("方案", "Give a plan"),
        120,
        starts=(m.Mark("opened"),),
        calendar="office",
        ladder="desk",
        when=(m.Condition("category", "in", ("food",)),),
    )
    levels = (*standard().workflows[0].service_levels, level)
    document = put(standard(), "workflows/dispute", service_levels=levels)
    desk.db.transact(draft.replace, actor, desk.db.read(draft.version), document)
    page = visitor.get("/foretold/?level=dispute/plan&start=2026-11-20T17:30").text
    told = texts(page)
    assert "Only where: Product category" in told
    assert "Not counted on the way: 15 hr outside the day’s hours, 2 days on days off" in told
    assert "So it is due 11/23/26, 10:30" in told
    rows = re.findall(r"<tr>\s*<td data-label=\"When\">.*?</tr>", page, re.DOTALL)
    assert len(rows) == 3
    assert "the time is over; told to the dispute’s thread, #escalation" in texts(rows[-1])
    number = desk.at(desk.open(facts={"category": "books"})).row.number
    asked = f"/foretold/?level=dispute/plan&start=2026-11-20T17:30&dispute={number}"
    assert "Not meant for this dispute" in texts(visitor.get(asked).text)
    whole = texts(visitor.get("/foretold/?ladder=desk").text)
    assert "All that follow the ladder “Ordinary escalation”" in whole
    assert "Decide triage" in whole
    assert "Say a moment" in texts(visitor.get("/foretold/?ladder=desk&start=1066-10-14").text)


def test_draft_foretells_the_grade_a_level_raises_to_and_who_comes_on_next(
    panel: Panel, visitor: Visitor
) -> None:
    desk = panel.desk
    begins = desk.now().date() - dt.timedelta(days=1)  # today Eva, tomorrow Tom
    on_rota.add(desk, on_rota.info(desk, "Tom", "Eva", begins=begins))
    gives = m.LadderLevel("gives", act="reassign", shift="nights")
    ladder = m.Ladder("up", m.Label("阶", "Up"), (gives, m.LadderLevel("up", at=5, act="raise")))
    document = add(standard(), "ladders", ladder)
    document = put(document, "workflows/dispute/service_levels/feedback", ladder="up")
    opened = (m.Mark("opened"),)
    plan = m.ServiceLevel("plan", m.Label("方案", "Plan"), 60, starts=opened, ladder="up")
    document = add(document, "workflows/dispute/service_levels", plan)
    desk.db.transact(draft.replace, desk.who("Sun Wei"), desk.db.read(draft.version), document)
    midnight = desk.now().replace(hour=0, minute=0, second=0, microsecond=0)
    start = midnight.astimezone(ZoneInfo("Asia/Shanghai")).isoformat()[:16]
    of_b = texts(visitor.get(f"/foretold/?level=dispute/feedback&start={start}").text)
    assert (
        "the grade is raised to A: urgent (no longer promised: Feedback to the buyer (B))" in of_b
    )
    asked = f"/foretold/?level=dispute/plan&start={start}"
    of_any = texts(visitor.get(asked).text)
    assert "it is given to Tom, who comes on duty next at Nights" in of_any
    assert "the grade is raised by one" in of_any
    number = desk.at(desk.open(facts={"claim": "excessive"})).row.number
    of_one = f"{asked}&dispute={number}"
    assert "the grade is raised to B: normal" in texts(visitor.get(of_one).text)
    visitor.post("/language", {"locale": "zh_CN"})
    assert "等级升为 B 级（一般）" in texts(visitor.get(of_one).text)


def test_forms_of_ladders_and_service_levels_lead_to_the_preview(visitor: Visitor) -> None:
    ladder = re.search(r'href="(/panel/ladders/edit/[^"#]*)"', visitor.get("/ladders/").text)
    assert ladder is not None
    page = visitor.get(ladder[1].removeprefix("/panel")).text
    assert "/panel/foretold/?ladder=desk" in page


def test_supervisor_looks_gives_a_reason_and_applies(panel: Panel, visitor: Visitor) -> None:
    desk = panel.desk
    desk.db.transact(documents.publish, promising(600))
    number = desk.at(desk.open()).row.number
    desk.db.transact(documents.publish, promising(300))
    page = visitor.get("/applying/").text
    told = texts(page)
    assert "1 open disputes looked at, 1 of them would change" in told
    assert "Due earlier: 1" in told
    document = re.search(r'name="document" value="(\d+)"', page)
    assert document is not None
    sent = {"document": document[1], "reason": ""}
    refused = visitor.post("/applying/", sent)
    assert refused.status_code == 422
    assert "Say why" in texts(refused.text)
    answer = visitor.post("/applying/", {**sent, "reason": "Customers wait"})
    assert answer.status_code == 302
    assert "An application is under way" in texts(visitor.get("/applying/").text)
    scheduler.apply(desk.db)
    done = texts(visitor.get("/applying/").text)
    assert "Every open dispute follows the published time limits already." in done
    assert "Customers wait done 1 time limits of 1 disputes" in done
    story = texts(visitor.get(f"/disputes/{number}/").text)
    assert "Promised no longer" in story
    assert "The published time limits were applied to it while it was open" in story
    assert len(desk.rows(select(Deadline).where(Deadline.service_level == "promise"))) == 2
    assert "Published time limits were applied" in texts(visitor.get("/changes/").text)


def test_promises_are_tallied_listed_and_exported(panel: Panel, visitor: Visitor) -> None:
    desk = panel.desk
    dispute = desk.open()
    desk.pass_time(hours=3)
    desk.take(dispute)
    number = shown(desk.at(dispute).row.number)
    told = texts(visitor.get("/promises/").text)
    assert "Take the dispute 0 %" in told
    assert f"{number} Take the dispute Not kept" in told
    assert "2 hr too much" in told
    narrowed = texts(visitor.get("/promises/?state=running").text)
    assert "Not kept 11/" not in narrowed
    assert "2 hr left" in narrowed or "1 hr 59 min left" in narrowed
    lines = visitor.get("/promises/export.csv?state=broken").text.splitlines()
    assert len(lines) == 2
    assert lines[1].endswith("-120")
    assert "There are none like this." in texts(visitor.get("/promises/?since=2031-01-01").text)
