"""Cards and modals stay within Slack's limits, whatever labels, texts and numbers they are fed."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blockkit.rendered import rendered_length
from blockkit.validator import validate_message, validate_view
from bot.cards.alerts import alert, several
from bot.cards.card import card
from bot.cards.modals import decide, opened
from bot.cards.parts import FALLBACK_BYTES
from core.desk.background import Background
from core.desk.intake import TAGS
from core.desk.views import Asked, CardView, Past
from core.i18n import LOCALES
from tests.bot.drawn import alarming, longest, shown
from tests.factories import Desk

BUDGET = 10_000
WORK = ("intake", "triage", "evidence_review", "adjudication", "verification")
NASTY = (
    "<!channel> <@U0001> <https://bad.example|click> ",
    "*bold* _it_ ~s~ `code` ",
    "\u202egnirts\u202c \u2067rtl\u2069 שלום عربى ",
    "👩‍👩‍👧‍👦🏳️‍🌈",
    "\x00\x00",
    "&amp; &lt; & < >",
    "很长的故事",
    "Donaudampfschifffahrtsgesellschaft",
    " \n\t",
)
texts = st.builds(
    lambda parts, times: ("".join(parts) * times)[:40_000],
    st.lists(st.sampled_from(NASTY), max_size=4),
    st.sampled_from([1, 3, 4_000]),
)
counts = st.integers(0, 100)
lengths = st.timedeltas(dt.timedelta(0), dt.timedelta(days=4_000))


@st.composite
def feeds(draw: st.DrawFn) -> dict[str, Any]:
    """What a view may hold that neither the document nor the order decides."""
    past = [
        Past(draw(texts), draw(texts), draw(texts), "agent") for _ in range(draw(st.integers(0, 9)))
    ]
    now = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
    return {
        "story": draw(texts)[:280],
        "order_number": draw(texts)[:200],
        "holder": draw(texts)[:200],
        "held_until": draw(st.sampled_from([None, now])),
        "past": tuple(past),
        "others_on_order": tuple("0123456789" for _ in range(draw(st.integers(0, 5)))),
        "evidence": tuple(
            (party, draw(texts)[:60], draw(counts))
            for party in ("buyer", "carrier", "merchant")
            for _ in range(draw(st.integers(0, 9)))
        ),
        "asked": tuple(
            Asked(party, draw(st.booleans()), draw(st.booleans()), now)
            for party in ("buyer", "merchant")
        ),
        "background": Background(
            tuple(TAGS), draw(counts), draw(counts), draw(st.booleans()), 1, draw(counts), 1
        ),
        "used": {user: draw(lengths) for user in ("platform", "buyer", "merchant", "others")},
    }


def stretched(view: CardView) -> CardView:
    """The view with every label of its document as long as anybody would write it."""
    document = longest(view.document)
    workflow = document.workflows[0]
    stage = workflow.stage_by_key[view.stage.key]
    decisions = workflow.decisions_by_stage[stage.key]
    asked = {field.key for field in view.fields}
    return replace(
        view,
        document=document,
        stage=stage,
        fields=tuple(field for field in stage.fields if field.key in asked),
        offers=tuple(replace(o, decision=decisions[o.decision.key]) for o in view.offers),
        titles=dict.fromkeys(view.titles, "Kettle " * 28),
    )


@pytest.mark.parametrize("long", [False, True], ids=["labels", "longest labels"])
@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("stage", WORK)
def test_card_holds_its_budget_whatever_it_is_fed(
    desk: Desk, stage: str, locale: str, long: bool
) -> None:
    plain = shown(desk, desk.at_stage(stage))
    view = stretched(plain) if long else plain

    @settings(max_examples=4)
    @given(feeds())
    def holds(feed: dict[str, Any]) -> None:
        fed = replace(view, **feed)
        left = replace(
            fed,
            open=False,
            decision=feed["holder"],
            decider=feed["holder"],
            decided_by="agent",
            left_at=view.opened_at,
            next_stage=feed["holder"],
            offers=(),
            fields=(),
        )
        for message in (
            card(fed, locale),
            card(left, locale, "https://office.slack.com/archives/C1/p1"),
            alert(alarming(fed, feed["holder"]), locale),
            several([alarming(fed, feed["holder"])] * 10, 400, locale),
        ):
            assert_holds(message)
        assert list(validate_view(opened(fed, locale, "https://office.slack.com/x"))) == []
        for offer in fed.offers:
            if offer.decision.fields:
                assert list(validate_view(decide(fed, offer.decision, {}, locale))) == []

    holds()


def assert_holds(message: tuple[str, list[dict[str, Any]]]) -> None:
    text, blocks = message
    assert text.strip()
    assert len(text.encode()) <= FALLBACK_BYTES
    assert list(validate_message({"text": text, "blocks": blocks})) == []
    assert rendered_length(blocks) <= BUDGET
    assert "\x00" not in str(blocks)
    assert "\u202e" not in str(blocks)
