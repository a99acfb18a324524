"""Cards stay within Slack's limits, whatever they are fed, and let nothing of it take effect."""

from dataclasses import replace

import pytest

from blockkit.validator import validate_view
from bot.cards.alerts import alert, several
from bot.cards.card import card
from bot.cards.facts import status
from bot.cards.modals import decide, new, opened
from bot.cards.parts import quoted
from bot.cards.told import so_far
from core.desk import documents
from core.i18n import LOCALES
from tests.bot.drawn import alarming, longest, problems, shown
from tests.factories import Desk

STAGES = (
    "intake",
    "triage",
    "awaiting_evidence",
    "evidence_review",
    "adjudication",
    "verification",
    "awaiting_payment",
    "finished",
)
HOSTILE = (
    "<!channel> <@U0001> <https://bad.example|click> *bold* _it_ ~s~ `code` @here "
    "\u202egnirts\u202c 👩‍👩‍👧‍👦 &lt; " + "很长的故事" * 8_000
)[:40_000]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("stage", STAGES)
def test_card_of_every_stage_is_valid_in_both_languages(
    desk: Desk, stage: str, locale: str
) -> None:
    view = shown(desk, desk.at_stage(stage))
    assert problems(card(view, locale, "https://office.slack.com/archives/C1/p1")) == []
    left = replace(
        view,
        open=False,
        decision="no_evidence",
        decider="Tom",
        decided_by="agent",
        left_at=view.opened_at,
        next_stage="adjudication",
        offers=(),
        fields=(),
    )
    assert problems(card(left, locale, "https://office.slack.com/archives/C1/p1")) == []
    assert list(validate_view(opened(view, locale, "https://office.slack.com/x"))) == []
    for alarm in (alarming(view), alarming(view, late=False, reminds=True)):
        assert problems(alert(alarm, locale)) == []
        assert problems(several([alarm] * 10, 400, locale)) == []


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("stage", ["intake", "triage", "adjudication", "verification"])
def test_longest_labels_and_stories_stay_within_the_limits(
    desk: Desk, stage: str, locale: str
) -> None:
    view = shown(desk, desk.at_stage(stage, story=HOSTILE, order_number="*" * 200))
    document = longest(view.document)
    workflow = document.workflows[0]
    view = replace(
        view,
        document=document,
        stage=workflow.stage_by_key[stage],
        fields=workflow.stage_by_key[stage].fields,
        offers=tuple(
            replace(offer, decision=workflow.decisions_by_stage[stage][offer.decision.key])
            for offer in view.offers
        ),
        holder="Maximilian-Alexander " * 10,
    )
    assert problems(card(view, locale)) == []
    assert list(validate_view(opened(view, locale, None))) == []
    for offer in view.offers:
        if offer.decision.fields:
            assert list(validate_view(decide(view, offer.decision, {}, locale))) == []


def test_nothing_that_a_buyer_wrote_takes_effect(desk: Desk) -> None:
    view = shown(desk, desk.at_stage("triage", story=HOSTILE, order_number="<!here> *x*"))
    _, blocks = card(view, "en")
    formatted = [
        text["text"]
        for block in blocks
        for text in (block.get("text"), *block.get("fields", ()), *block.get("elements", ()))
        if isinstance(text, dict) and text.get("type") == "mrkdwn"
    ]
    assert not any("<!channel>" in text or "<!here>" in text or "<@" in text for text in formatted)
    stories = [b["text"] for b in blocks if b["type"] == "section" and "text" in b]
    assert any(t["type"] == "plain_text" and "<!channel>" in t["text"] for t in stories)
    assert quoted("*a* _b_ ~c~ `d`").count("\u200b") == 8


def test_contacts_of_a_buyer_are_masked(desk: Desk) -> None:
    story = "Call +86 138 0000 1111 or write to li.na@example.com, order 12."
    view = shown(desk, desk.open(story=story))
    assert view.story == "Call ••• or write to •••, order 12."


@pytest.mark.parametrize("locale", LOCALES)
def test_form_of_a_new_dispute_is_valid(desk: Desk, locale: str) -> None:
    document = desk.db.read(lambda c, now: documents.active(c))
    assert list(validate_view(new(document, locale))) == []


@pytest.mark.parametrize(
    ("entered", "locale", "said"),
    [
        ("unsettled", "en", "The parties did not settle"),
        ("unsettled", "zh_CN", "双方未协商一致"),
        ("buyer_timeout", "en", "The buyer let a deadline pass"),
        ("merchant_timeout", "en", "The merchant let a deadline pass"),
    ],
)
def test_card_says_why_the_dispute_came_to_the_desk(
    desk: Desk, entered: str, locale: str, said: str
) -> None:
    _, blocks = card(shown(desk, desk.open(entered=entered)), locale)
    assert said in str(blocks)


def test_wait_and_end_are_not_called_work_that_nobody_does(desk: Desk) -> None:
    waiting = shown(desk, desk.at_stage("awaiting_evidence"))
    assert status(waiting, "en").startswith("Waiting for somebody outside the desk · due")
    ended = shown(desk, desk.at_stage("finished"))
    assert "waits outside" not in str(opened(ended, "en", None))
    assert status(ended, "zh_CN") == "无需再处理"


def test_details_of_a_left_visit_name_the_next_stage_by_its_label(desk: Desk) -> None:
    view = shown(desk, desk.at_stage("triage"))
    left = replace(
        view,
        open=False,
        decision="take",
        decider="Tom",
        left_at=view.opened_at,
        next_stage="triage",
    )
    assert "→ 现状判断" in str(opened(left, "zh_CN", None))


def test_what_happened_by_itself_is_told_once(desk: Desk) -> None:
    view = shown(desk, desk.at_stage("evidence_review"))
    line = so_far(view, "en")
    assert "“Evidence complete”" in line or "“Time ran out”" in line
    assert "complete” (" not in line


def test_voucher_among_the_evidence_goes_by_its_label(desk: Desk) -> None:
    view = replace(shown(desk, desk.open()), evidence=(("merchant", "voucher", 1),))
    assert "打款凭证" in str(card(view, "zh_CN"))
