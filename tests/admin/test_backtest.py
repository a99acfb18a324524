"""The back-test's page: what a supervisor reads before publishing."""

import html
import re

from sqlalchemy import update

from core.tables import DraftOption
from tests.factories import Desk
from tests.panel import Panel, Visitor


def finished(desk: Desk) -> int:
    """A dispute that was refunded and ended."""
    return desk.at_stage("finished")


def result(visitor: Visitor, **typed: str) -> str:
    """What the page says, as people read it."""
    answer = visitor.post("/backtest/", {"days": "90", "most": "1000", **typed})
    assert answer.status_code == 200
    return words(answer.text)


def words(page: str) -> str:
    """A page without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_unchanged_draft_leaves_every_past_dispute_as_it_was(
    panel: Panel, visitor: Visitor
) -> None:
    for _ in range(3):
        finished(panel.desk)
    panel.desk.at_stage("verification")
    text = result(visitor)
    assert "Past disputes played again 3 Unchanged to their end 3" in text
    assert "Still open, left out 1" in text
    assert "Nothing: every decision would have been possible" in text
    assert "Nothing new or changed could be chosen." in text


def test_retired_option_is_named_with_the_disputes_that_used_it(
    panel: Panel, visitor: Visitor
) -> None:
    used, other = finished(panel.desk), panel.desk.at_stage("verification")
    panel.desk.party(other, "buyer", "withdraw")
    panel.desk.write(update(DraftOption).where(DraftOption.key == "full").values(retired=True))
    text = result(visitor)
    assert "Would go another way by this draft 1" in text
    assert "what was chosen in Refund share is retired: Full, freight included." in text
    number = panel.desk.at(used).row.number
    page = visitor.post("/backtest/", {"days": "90", "most": "1000"}).text
    assert page.count(f'href="/panel/disputes/{number}') == 1
    assert panel.desk.at(other).row.number not in page
