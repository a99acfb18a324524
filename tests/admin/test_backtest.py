"""The back-test's page: what a supervisor reads before publishing."""

import html
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update

from core.desk import backtest, documents, draft, draft_load
from core.tables import DraftOption, DraftStage
from core.workflow.model import Condition
from tests.core.desk.choosing import chosen_by, rule
from tests.panel import Panel, Visitor

USUAL = {"days": "90", "most": "1000"}


def tried(visitor: Visitor, **typed: str) -> str:
    """The page after a back-test."""
    answer = visitor.post("/backtest/", USUAL | typed)
    assert answer.status_code == 200
    return answer.text


def words(page: str) -> str:
    """A page without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def chunks(visitor: Visitor) -> Iterator[str]:
    """The page piece by piece, as it is sent."""
    answer = visitor.post("/backtest/", USUAL, buffered=False)
    return (bytes(piece).decode() for piece in answer.iter_encoded())


def retire(panel: Panel, option: str) -> None:
    """An option of the draft is retired."""
    panel.desk.write(update(DraftOption).where(DraftOption.key == option).values(retired=True))


def test_unchanged_draft_leaves_every_past_dispute_as_it_was(
    panel: Panel, visitor: Visitor
) -> None:
    for _ in range(3):
        panel.desk.at_stage("finished")
    panel.desk.at_stage("verification")
    text = words(tried(visitor))
    assert "The draft says what is published already." in text
    assert "Past disputes played again 3 Unchanged to their end 3" in text
    assert "Still open, left out 1" in text
    assert "Nothing: every decision would have been possible" in text
    assert "Nothing new or changed could be chosen." in text


def test_retired_option_is_named_with_the_disputes_that_used_it(
    panel: Panel, visitor: Visitor
) -> None:
    used, other = panel.desk.at_stage("finished"), panel.desk.at_stage("verification")
    panel.desk.party(other, "buyer", "withdraw")
    retire(panel, "full")
    page = tried(visitor)
    told = "what was chosen in Refund share is retired: Full, freight included."
    assert told in words(page)
    assert "Would go another way by this draft 1" in words(page)
    number = panel.desk.at(used).row.number
    assert page.count(f'href="/panel/disputes/{number}') == 1
    assert panel.desk.at(other).row.number not in page
    assert visitor.get(f"/disputes/{number}/").status_code == 200


def test_page_speaks_the_reader_s_language(panel: Panel) -> None:
    panel.desk.at_stage("finished")
    retire(panel, "full")
    text = words(tried(panel.visitor("Sun Wei")))
    assert "核实赔付：退款比例中所选的选项已停用：全额（含运费）。" in text


def test_days_without_past_disputes_say_so(panel: Panel, visitor: Visitor) -> None:
    panel.desk.at_stage("triage")
    text = words(tried(visitor))
    assert "No dispute that was opened in these days has ended." in text
    assert "Still open and left out: 1." in text


@pytest.mark.parametrize(
    "typed", [{"days": "0"}, {"days": "1e9"}, {"days": "９"}, {"most": "5001"}, {"most": ""}]
)
def test_wrong_number_is_told_beside_its_field_and_kept(
    visitor: Visitor, typed: dict[str, str]
) -> None:
    answer = visitor.post("/backtest/", USUAL | typed)
    assert answer.status_code == 422
    ((name, value),) = typed.items()
    assert f'id="{name}-error"' in answer.text
    assert answer.text.count('class="error"') == 1
    assert f'value="{value}"' in answer.text


def test_draft_with_problems_is_not_played_but_sent_to_its_problems(
    panel: Panel, visitor: Visitor
) -> None:
    panel.desk.at_stage("finished")
    panel.desk.write(update(DraftStage).where(DraftStage.key == "adjudication").values(label_en=""))
    for answer in (visitor.get("/backtest/"), visitor.post("/backtest/", USUAL)):
        assert "The draft has problems" in answer.text
        assert 'href="/panel/problems/"' in answer.text
        assert "Past disputes played again" not in answer.text


def test_page_tells_how_far_it_has_come_before_it_tells_the_result(
    panel: Panel, visitor: Visitor
) -> None:
    panel.desk.at_stage("finished")
    head, going, result, tail = chunks(visitor)
    assert "<h1>Back-test</h1>" in head
    assert "</html>" not in head
    assert "<progress" in going
    assert "1 disputes played again" in words(going)
    assert "What past disputes say" in result
    assert "</html>" in tail


def test_one_back_test_runs_at_a_time(
    panel: Panel, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel.desk.at_stage("finished")
    reading, go_on, read = threading.Event(), threading.Event(), backtest.read

    def slowly(*args: Any, **more: Any) -> backtest.Slice:
        reading.set()
        assert go_on.wait(60)
        return read(*args, **more)

    monkeypatch.setattr(backtest, "read", slowly)
    other, pages = panel.visitor("Sun Wei"), []
    first = threading.Thread(target=lambda: pages.append(tried(other)))
    first.start()
    assert reading.wait(60)
    assert "Another back-test is running here." in tried(visitor)
    go_on.set()
    first.join()
    assert "重走的纠纷单" in pages[0]
    assert "What past disputes say" in tried(visitor)


def test_back_test_whose_reader_went_away_makes_room_for_the_next(
    panel: Panel, visitor: Visitor
) -> None:
    panel.desk.at_stage("finished")
    answer = visitor.post("/backtest/", USUAL, buffered=False)
    pieces = answer.iter_encoded()
    assert "<progress" in [bytes(next(pieces)).decode() for _ in range(2)][1]
    answer.close()
    assert "What past disputes say" in tried(visitor)


def test_broken_back_test_says_so_on_a_whole_page(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("a row that nobody expected")

    monkeypatch.setattr(backtest, "read", broken)
    page = tried(visitor)
    assert "The back-test broke off." in page
    assert "a row that nobody expected" not in page
    assert page.rstrip().endswith("</html>")
    monkeypatch.undo()
    assert "No dispute that was opened" in tried(visitor)


def test_draft_that_is_changed_meanwhile_is_told(panel: Panel, visitor: Visitor) -> None:
    panel.desk.at_stage("finished")
    pieces = chunks(visitor)
    next(pieces)
    panel.desk.db.transact(draft.touch)
    assert "The draft was changed meanwhile" in "".join(pieces)


def test_publish_page_leads_to_the_back_test(panel: Panel, visitor: Visitor) -> None:
    retire(panel, "full")
    assert 'href="/panel/backtest/"' in visitor.get("/publish/").text.partition("<main")[2]


def test_dispute_that_would_follow_another_workflow_is_told_by_its_name(
    panel: Panel, visitor: Visitor
) -> None:
    digital = Condition("category", "in", ("digital",))
    chosen_by(panel.desk, rule("rest", "dispute"))
    dispute = panel.desk.open(facts={"category": "digital"})
    panel.desk.party(dispute, "buyer", "withdraw")
    active = panel.desk.db.read(lambda c, now: documents.active(c))
    rules = (rule("phones", "repair", digital), rule("rest", "dispute"))
    panel.desk.db.transact(draft_load.load, replace(active, workflow_rules=rules))
    told = words(tried(visitor))
    label = active.workflow_by_key["dispute"].label.en
    assert f"A new dispute would follow the workflow “Repair” instead of “{label}”." in told
