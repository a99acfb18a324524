"""A verifier's day: a remedy carried out, money seen to arrive, and who may not do it."""

import pytest

from tests.journeys.conftest import Floor

pytestmark = pytest.mark.browser


def test_a_refund_is_chosen_deducted_seen_to_arrive_and_the_dispute_finished(
    floor: Floor,
) -> None:
    dispute = floor.dispute("verification")
    vera = floor.seat("Vera")
    vera.go("verification")
    card = vera.card(dispute)
    card.shot("verify-1-card")
    card.press("Deduct and refund online | 在线扣款退款")
    vera.confirm("is deducted from the merchant’s | 扣款并退给用户", picture="verify-2-confirm")
    told = vera.told("First choose: Quality of the stage before | 请先选择：上一阶段质量")
    told.sees("Remedy, Refund share | 赔付方案、退款比例")
    card.shot("verify-3-refused-missing")
    card.tick("Sound | 合格")
    card.choose("Remedy | 赔付方案", "Refund only | 仅退款")
    card.select("Refund share | 退款比例").click()
    vera.shot("verify-4-amounts")
    vera.page.keyboard.press("Escape")
    card.choose(
        "Refund share | 退款比例",
        "CN¥95.00 · Half of the goods (whole order) | ¥95.00 · 货款的一半（整单）",
    )
    card.choose("Items (optional) | 涉及商品", "Kettle × 1 · CN¥95.00 | 电热水壶 × 1 · ¥95.00")
    card.shot("verify-5-chosen")
    card.press("Deduct and refund online | 在线扣款退款")
    vera.confirm("refunded to the buyer | 退给用户")
    vera.told("You can undo this until | 前可以撤销").sees("CN¥47.50 | ¥47.50")
    vera.here().shot("verify-6-deducted")
    assert floor.desk.stage(dispute) == "awaiting_payment"

    floor.desk.pay(dispute)
    card = vera.card(dispute)
    card.sees("CN¥47.50: arrived | ¥47.50：已到账")
    card.shot("verify-7-arrived")
    card.press("Money arrived: finish | 已到账，结案")
    vera.confirm("The money has arrived | 确认款项已到账")
    vera.told("“Money arrived: finish” | “已到账，结案”")
    vera.here().shot("verify-8-finished")
    assert floor.desk.stage(dispute) == "finished"


def test_whoever_decided_an_earlier_stage_is_refused_here(floor: Floor) -> None:
    dispute = floor.dispute("verification")
    tom = floor.seat("Tom")
    tom.go("verification")
    card = tom.card(dispute)
    card.tick("Sound | 合格")
    told = tom.told("You handled dispute | 你已在“现状判断”处理过纠纷单")
    told.sees("each stage needs a different person | 每个阶段须由不同的人处理")
    tom.here().shot("verify-9-refused-separation")
    card.menu("Details | 详情")
    tom.modal("Dispute | 纠纷单").shot("verify-10-details-of-another")


def test_goodwill_is_paid_where_the_buyer_bears_it(floor: Floor) -> None:
    dispute = floor.dispute("adjudication")
    floor.desk.must(dispute, "rule_buyer", {"quality": "sound"})
    vera = floor.seat("Vera")
    vera.go("verification")
    card = vera.card(dispute)
    card.tick("Sound | 合格")
    card.choose(
        "Goodwill | 客诉费安抚", "CN¥10.00 · 5 % of what was paid | ¥10.00 · 实付的百分之五"
    )
    card.shot("verify-11-goodwill")
    card.press("Pay goodwill | 发放客诉费")
    vera.confirm("from the complaint fund | 从客诉费中支付")
    vera.told("You can undo this until | 前可以撤销").shot("verify-12-goodwill-paid")
    assert floor.desk.stage(dispute) == "awaiting_payment"
