"""Who is behind a dispute, and who used the time: derived, as it stood when the visit opened."""

import datetime as dt

import pytest

from core.desk import views
from core.desk.answers import Applied
from core.desk.intake import BadIntake
from tests.core.desk.joined import merge
from tests.factories import SOUND, TRIAGED, VAULT, Desk

HOUR = dt.timedelta(hours=1)
START = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)


def view(desk: Desk, dispute: int) -> views.CardView:
    """The view of the dispute's open visit."""
    found = desk.db.read(views.card_view, desk.visit(dispute), VAULT)
    assert found is not None
    return found


def test_buyer_s_tags_come_in_with_the_dispute_and_the_latest_word_counts(any_desk: Desk) -> None:
    first = any_desk.open(buyer="wang", buyer_tags=("high_value", "after_sales_sensitive"))
    assert view(any_desk, first).background.tags == ("after_sales_sensitive", "high_value")
    any_desk.open(buyer="wang")  # says nothing of the buyer
    assert len(view(any_desk, first).background.tags) == 2
    any_desk.open(buyer="wang", buyer_tags=("high_value",))
    assert view(any_desk, first).background.tags == ("high_value",)


def test_unknown_tag_of_a_buyer_is_refused(desk: Desk) -> None:
    with pytest.raises(BadIntake, match="buyer_tags"):
        desk.open(buyer_tags=("rude",))


def test_past_of_buyer_and_merchant_is_counted_as_it_stood_when_the_visit_opened(
    any_desk: Desk,
) -> None:
    any_desk.at_stage("finished", buyer="wang")  # ruled against merchant-1
    any_desk.at_stage("adjudication", buyer="li")
    any_desk.pass_time(minutes=1)
    dispute = any_desk.open(buyer="wang")
    known = view(any_desk, dispute).background
    assert (known.buyer_open, known.buyer_past) == (0, 1)
    assert (known.merchant_open, known.merchant_ruled, known.merchant_liable) == (1, 1, 1)
    any_desk.pass_time(minutes=1)
    any_desk.open(buyer="wang")
    any_desk.must(2, "rule_buyer", SOUND)
    assert view(any_desk, dispute).background == known
    any_desk.pass_time(minutes=1)
    later = view(any_desk, any_desk.open(buyer="wang")).background
    assert (later.buyer_open, later.buyer_past) == (2, 1)
    assert (later.merchant_ruled, later.merchant_liable) == (2, 1)


def test_ruling_that_was_sent_back_counts_by_its_last_word_only(desk: Desk) -> None:
    first = desk.at_stage("verification")
    desk.must(first, "ruling_back", {**SOUND, "ruling_back_reason": "facts_changed"})
    desk.must(first, "rule_none")
    known = view(desk, desk.open()).background
    assert (known.merchant_ruled, known.merchant_liable) == (1, 0)


def test_merged_dispute_counts_for_nothing_beside_the_one_that_tells_its_story(
    any_desk: Desk,
) -> None:
    """Neither as another dispute nor by its ruling; before it was merged it counted as any."""
    told_again = any_desk.at_stage("verification", buyer="wang")  # ruled against merchant-1
    kept = any_desk.at_stage("verification", buyer="wang")
    any_desk.pass_time(minutes=1)
    before = any_desk.open(buyer="wang")
    known = view(any_desk, before).background
    assert (known.buyer_open, known.buyer_past) == (2, 0)
    assert (known.merchant_open, known.merchant_ruled, known.merchant_liable) == (2, 2, 2)
    any_desk.pass_time(minutes=1)
    assert isinstance(merge(any_desk, told_again, kept), Applied)
    any_desk.pass_time(minutes=1)
    since = view(any_desk, any_desk.open(buyer="wang")).background
    assert (since.buyer_open, since.buyer_past) == (2, 0)  # the kept one, and the one before
    assert (since.merchant_open, since.merchant_ruled, since.merchant_liable) == (2, 1, 1)
    assert view(any_desk, before).background == known


def test_time_used_is_the_platform_s_and_the_waited_for_parties(any_desk: Desk) -> None:
    dispute = any_desk.open()
    any_desk.pass_time(hours=1)
    any_desk.take(dispute)
    any_desk.pass_time(hours=1)
    any_desk.must(dispute, "request_both", TRIAGED)
    any_desk.pass_time(hours=2)
    any_desk.done(dispute, "merchant")  # both had two hours: one each
    any_desk.pass_time(hours=3)
    any_desk.done(dispute, "buyer")
    hours = {who: round(length / HOUR) for who, length in view(any_desk, dispute).used.items()}
    assert hours == {"platform": 2, "buyer": 4, "merchant": 1}
