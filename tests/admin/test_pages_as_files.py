"""Pages that reckon, compare or watch leave as files, too: line by line what the page tells."""

import pytest
from sqlalchemy import select, update

from core.pulse import Pulse
from core.tables import DraftOption, Person
from core.tables import Pilot as PilotRow
from tests.admin.browsers import EDGE, signed_in
from tests.admin.drafts import one
from tests.admin.exported import as_book, as_csv
from tests.admin.pilot_pages import shown, started
from tests.core.desk.ruled import open_many
from tests.factories import SOUND
from tests.panel import Panel, Visitor


def both(visitor: Visitor, path: str, query: str = "") -> list[list[str]]:
    """The rows of a page's CSV, which its workbook tells as well and its page leads to."""
    plain = as_csv(visitor.get(f"{path}export.csv{query}"))
    book = as_book(visitor, f"{path}export.xlsx{query}")
    assert len(book) == len(plain)
    assert book[0] == plain[0]
    assert [len(row) for row in plain] == [len(plain[0])] * len(plain)
    return plain


def test_staffing_leaves_with_its_period_and_nothing_that_was_not_foreseen(
    panel: Panel, visitor: Visitor
) -> None:
    desk = panel.desk
    assert "/staffing/export.csv?days=7" in visitor.get("/staffing/?days=7").text
    for _ in range(30):
        dispute = desk.at_stage("adjudication")
        desk.pass_time(minutes=2)
        desk.hold(dispute, "Ada")
        desk.pass_time(minutes=7)
        desk.must(dispute, "rule_merchant", SOUND)
    told = both(visitor, "/staffing/", "?days=7")
    assert [row[1] for row in told[1:]] == [
        "Triage",
        "Evidence review",
        "Adjudication",
        "Remedy verification",
    ]
    adjudication = dict(zip(told[0], told[3], strict=True))
    assert adjudication["Agents who decided here"] == "1"
    assert adjudication["Worked at, middle (minutes)"] == "7.0"
    assert adjudication["Waited, mean (minutes)"] == "2.0"
    assert adjudication["With one more person, mean (minutes)"] != ""
    review = dict(zip(told[0], told[2], strict=True))
    assert review["With one more person, mean (minutes)"] == ""
    assert review["Worked at, middle (minutes)"] == ""


def test_sessions_leave_to_whose_they_are_alone(panel: Panel) -> None:
    tom = signed_in(panel, "Tom")
    signed_in(panel, "Tom", EDGE)
    signed_in(panel, "Eva", EDGE)
    assert "/sessions/export.xlsx" in tom.get("/sessions/").text
    told = both(tom, "/sessions/")
    assert sorted(row[0] for row in told[1:]) == ["Edge on Windows", "Firefox on Linux"]
    assert [row[0] for row in told[1:] if row[3]] == ["Firefox on Linux"]


def test_comparison_of_a_pilot_leaves_while_it_runs_and_when_it_has_ended(
    panel: Panel, visitor: Visitor
) -> None:
    assert visitor.get("/pilot/export.csv").status_code == 404
    assert visitor.get("/pilot/export.xlsx?pilot=9").status_code == 404
    started(panel, visitor)
    open_many(panel.desk, 20)
    page = visitor.get("/pilot/").text
    assert 'href="/panel/pilot/export.csv"' in page
    told = both(visitor, "/pilot/")
    assert told[1][0] == "Disputes compared"
    assert f"{told[1][1]} disputes by the draft, {told[1][3]} beside them" in page
    assert {row[5] for row in told[2:]} == {"too little data"}
    visitor.post("/pilot/stop", shown(panel))
    (row,) = panel.desk.rows(select(PilotRow.id))
    page = visitor.get(f"/pilot/past/{row.id}").text
    assert f'href="/panel/pilot/export.csv?pilot={row.id}"' in page
    assert both(visitor, "/pilot/", f"?pilot={row.id}") == told
    assert visitor.get("/pilot/export.csv").status_code == 404


def test_state_of_the_desk_leaves_line_by_line(panel: Panel) -> None:
    pulse = Pulse(panel.desk.db)
    pulse.take()
    panel.desk.open()
    panel.desk.pass_time(hours=3)
    operator = panel.visitor("Olga")
    assert "/pulse/export.csv" in operator.get("/pulse/").text
    told = both(operator, "/pulse/")
    lines = {row[1]: row for row in told[1:]}
    assert lines["Deadlines that are due and were not acted on: 1."][3] == "1"
    assert lines[pulse.key][2] == "sweeps"
    assert int(lines["Latest deadline is late by"][4]) > 0
    assert lines["Outside monitor heard last"][2] == "none is set (REDRESS_HEARTBEAT_URL)"
    assert lines["Audited last"][5] != ""


def test_board_leaves_with_people_only_for_whom_they_are(panel: Panel) -> None:
    desk = panel.desk
    desk.write(update(Person).where(Person.name == "Tom").values(name="=1+1", team="north"))
    dispute = desk.open()
    desk.take(dispute, "Tom")
    supervisor, agent = panel.visitor("Sun Wei"), panel.visitor("Eva")
    for visitor in (supervisor, agent):
        visitor.post("/language", {"locale": "en"})
        assert "/board/export.csv" in visitor.get("/board/").text
    told = both(supervisor, "/board/")
    assert ["Four-stage dispute", "Triage", "1", "1", "0", "", ""] in told
    assert ["By grade", "1", "1", "0"] in [[row[0], *row[2:5]] for row in told]
    assert ["By team", "north", "", "1", "0", "0", "0"] in told
    assert ["By agent", "'=1+1", "", "1", "0", "0", "0"] in told
    assert not any(row[0] == "By agent" for row in both(agent, "/board/"))


def test_rows_of_the_draft_leave_with_what_they_belong_to(panel: Panel, visitor: Visitor) -> None:
    option = one(panel, DraftOption, DraftOption.key == "half")
    panel.desk.write(
        update(DraftOption).where(DraftOption.id == option.id).values(label_en="=1+1", retired=True)
    )
    owner = f"?option_set={option.set_id}"
    assert (
        f"/options/export.csv{owner}" in visitor.get(f"/option_sets/edit/?id={option.set_id}").text
    )
    told = both(visitor, "/options/", owner)
    [row] = [row for row in told[1:] if row[0] == "'=1+1"]
    assert row[3] == "retired"
    reason = one(panel, DraftOption, DraftOption.key == "damaged")
    trunk = one(
        panel,
        DraftOption,
        (DraftOption.key == reason.parent) & (DraftOption.set_id == reason.set_id),
    )
    told = both(visitor, "/options/", f"?option_set={reason.set_id}")
    [leaf] = [row for row in told if row[0] == reason.label_en]
    assert leaf[1] == trunk.label_en
    assert '"/panel/workflows/export.csv"' in visitor.get("/workflows/").text
    assert [row[0] for row in both(visitor, "/workflows/")[1:]] == ["Four-stage dispute"]


@pytest.mark.parametrize(
    "path", ["/options/export.csv", "/options/export.csv?option_set=9999", "/stages/export.xlsx"]
)
def test_rows_of_nothing_that_there_is_do_not_leave(visitor: Visitor, path: str) -> None:
    assert visitor.get(path).status_code == 404


def test_special_days_of_a_year_leave_with_their_hours(panel: Panel, visitor: Visitor) -> None:
    year = panel.desk.now().year
    page = f"/calendar_days/?id=service_days&year={year}"
    assert f"/calendar_days/export.csv?id=service_days&amp;year={year}" in visitor.get(page).text
    told = both(visitor, "/calendar_days/", f"?id=service_days&year={year}")
    lines = {row[0]: row for row in told[1:]}
    assert lines[f"{year}-01-01"][1:] == ["New Year's Day", "closed"]
    assert {row[0][:4] for row in told[1:]} == {str(year)}
    assert visitor.get("/calendar_days/export.csv?id=none").status_code == 404
