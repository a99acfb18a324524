"""A dispute's page tells the whole story, in labels, masked."""

import re

import pytest

from tests.factories import REFUND
from tests.panel import Panel, Visitor, number

STORY = "Write to anna.b@example.org or +86 139 1234 5678. <!channel> <script>alert(1)</script>"


@pytest.mark.parametrize("locale", ["en", "zh_CN"])
def test_story_tells_everything_in_labels(panel: Panel, visitor: Visitor, locale: str) -> None:
    desk = panel.desk
    dispute = desk.at_stage("evidence_review", story=STORY)
    desk.give(dispute, "buyer", "video")
    desk.must(dispute, "again_buyer", {"quality": "sound"})
    desk.pass_time(days=2)
    desk.sweep()
    desk.must(dispute, "enough", {"quality": "sound"})
    desk.must(dispute, "rule_merchant", {"quality": "wrong_facts"})
    desk.funds(dispute)
    desk.must(dispute, "deduct_online", REFUND)
    desk.pay(dispute, 7)
    visitor.post("/language", {"locale": locale})
    text = visitor.get(f"/disputes/{number(desk, dispute)}/").text
    wanted = {
        "en": (
            "Remedy verification",
            "Ask the buyer again",
            "Damaged in transit",
            "Unboxing video",
            "the buyer: silent",
            "Another amount arrived",
            "Defect: category, reason or state wrong",
            "Late",
            "Tom",
            "Eva",
            "Ada",
            "Kettle × 2",
            "<b>Tom</b> took it: Intake → Triage",
            "<span>“Evidence complete”: Awaiting evidence → Evidence review",
            "Remedy: Refund only; Refund share",
        ),
        "zh_CN": ("核实赔付", "请用户再举证", "运输破损", "开箱视频", "用户：未回应", "金额不符"),
    }
    for words in wanted[locale]:
        assert words in text, words
    main = text[text.index("<main") :]
    assert not re.search(r">\s*(evidence_review|again_buyer|rule_merchant|panel\.)", main)


def test_story_masks_personal_text_and_escapes_it(panel: Panel, visitor: Visitor) -> None:
    dispute = panel.desk.open(story=STORY)
    text = visitor.get(f"/disputes/{number(panel.desk, dispute)}/").text
    assert "anna.b@example.org" not in text
    assert "1234 5678" not in text
    assert "•••" in text
    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;" in text


def test_story_of_every_stage_can_be_told(panel: Panel, visitor: Visitor) -> None:
    stages = ("intake", "triage", "awaiting_evidence", "adjudication", "awaiting_payment")
    for stage in (*stages, "verification", "finished"):
        dispute = panel.desk.at_stage(stage)
        assert visitor.get(f"/disputes/{number(panel.desk, dispute)}/").status_code == 200


@pytest.mark.parametrize("which", ["AAAAAAAAA", "x", "1", "%00", "../people", "A" * 500])
def test_number_that_is_none_is_not_found(visitor: Visitor, which: str) -> None:
    assert visitor.get(f"/disputes/{which}/").status_code == 404
