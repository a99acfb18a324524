"""The page of option use leads to the draft, and is had as a file (M3, M7)."""

import csv
import io
import re

from tests.factories import TRIAGED
from tests.panel import Panel, Visitor


def test_where_nothing_fits_stands_the_way_to_the_option_set(
    panel: Panel, visitor: Visitor
) -> None:
    desk = panel.desk
    desk.must(desk.at_stage("triage"), "no_evidence", TRIAGED)
    desk.park(desk.at_stage("triage"), chosen={"category": "food"})
    page = visitor.get("/option_use/?days=7").text
    assert "“No option fits”: 1 times" in page
    links = set(re.findall(r'href="(/panel/option(?:s|_sets)/edit/[^"]*)"', page))
    assert len(links) > 10
    assert {visitor.client.get(link.replace("&amp;", "&")).status_code for link in links} == {200}


def test_file_holds_every_option_and_where_none_fitted(panel: Panel, visitor: Visitor) -> None:
    desk = panel.desk
    desk.must(desk.at_stage("triage"), "no_evidence", TRIAGED)
    desk.park(desk.at_stage("triage"), chosen={"category": "food"})
    text = visitor.get("/option_use/export.csv?days=7").get_data().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == ["Stage", "Field", "Option", "Times", "Per cent of answers", "Worth a look"]
    triage = {(row[1], row[2]): row[3] for row in rows if row[0] == "Triage"}
    assert triage["Decisions", "No evidence needed: adjudicate"] == "1"
    assert triage["Reason", "No option fits"] == "1"
    assert "0" in triage.values()


def test_decision_leads_to_the_draft_and_an_end_says_that_every_stage_has_it(
    panel: Panel, visitor: Visitor
) -> None:
    panel.desk.must(panel.desk.at_stage("triage"), "no_evidence", TRIAGED)
    page = visitor.get("/option_use/?days=7").text
    triage = page[page.index("<h2>Triage</h2>") :]
    links = re.findall(r'href="(/panel/decisions/edit/[^"]*)">([^<]*)<', triage)
    labels = [label for _, label in links]
    assert "No evidence needed: adjudicate" in labels
    assert any(label.endswith("(at every stage)") for label in labels)
    for link, label in links:
        assert label.removesuffix(" (at every stage)") in visitor.client.get(link).text
