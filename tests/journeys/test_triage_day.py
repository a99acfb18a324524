"""A triage agent's morning in the sandbox's page, in English and in Chinese."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Floor
from tests.journeys.seat import Surface

pytestmark = pytest.mark.browser


def test_a_dispute_is_taken_looked_at_refused_decided_undone_and_decided_again(
    floor: Floor,
) -> None:
    dispute = floor.dispute()
    tom = floor.seat("Tom")
    tom.go("intake")
    card = tom.card(dispute)
    card.sees("Waiting for somebody to take it | 等待客服接手", "¥200.00", "order-1")
    card.shot("triage-1-intake-card")
    card.press("Take | 接手")
    tom.here().shot("triage-2-taken")

    tom.go("triage")
    card = tom.card(dispute)
    card.sees("Tom is working on it | Tom")
    card.shot("triage-3-card")
    card.press("Ask both | 请双方举证")
    tom.told("First choose: Product category, Reason | 请先选择：商品品类、纠纷原因").shot(
        "triage-4-refused-missing"
    )
    assert floor.desk.stage(dispute) == "triage"

    know_the_state(card)
    card.choose(
        "Remark to the next stage | 给下一阶段的备注", "Look closely at the photos | 请细看照片"
    )
    card.shot("triage-5-chosen")
    card.press("Ask both | 请双方举证")
    offer = tom.told("You can undo this until | 前可以撤销")
    offer.sees("“Ask both” | “请双方举证”", "Awaiting evidence | 待补充凭证")
    tom.here().shot("triage-6-decided")
    assert floor.desk.stage(dispute) == "awaiting_evidence"

    offer.press("Undo | 撤销")
    tom.told("undone. It is with you again on a fresh card. | 已撤销，已回到你手中")
    again = tom.card(dispute)
    for field, chosen in (
        ("Product category | 商品品类", "Home appliances | 家用电器"),
        ("Reason | 纠纷原因", "Damaged in transit | 运输破损"),
    ):  # what was chosen is still chosen
        expect(again.select(field)).to_contain_text(tom.word(chosen))
    tom.here().shot("triage-7-undone")
    again.press("No evidence needed: adjudicate | 无需举证，去判责")
    assert floor.desk.stage(dispute) == "adjudication"
    tom.here().shot("triage-8-done")


def test_whoever_was_second_is_told_who_was_first(floor: Floor) -> None:
    dispute = floor.dispute()
    tom = floor.seat("Tom")
    tom.go("intake")
    card = tom.card(dispute)
    card.offers("Take | 接手")
    floor.desk.take(dispute, "Tang Li")  # and Tom's page does not know of it yet
    card.press("Take | 接手")
    told = tom.told("Tang Li was first: “taken” | Tang Li 已先处理：“接手”")
    told.sees("Nothing was changed by your click | 你的点击没有改变任何内容")
    tom.here().shot("triage-9-refused-second")


def test_what_cannot_be_done_now_is_put_off_handed_over_or_asked(floor: Floor) -> None:
    put_off, given_away, odd = (floor.dispute("triage") for _ in range(3))
    tom = floor.seat("Tom")
    tom.go("triage")
    tom.card(put_off).menu("Snooze… | 稍后处理…")
    form = tom.modal("Snooze | 稍后处理")
    form.sees("comes back by itself | 到时自动回来")
    form.shot("triage-10-snooze")
    form.press("Snooze | 确定")
    form.shot("triage-11-snooze-missing")
    form.choose("For how long | 多久以后", "2 hours | 2 小时")
    form.choose("Reason | 原因", "A call back is agreed | 约定回电")
    form.press("Snooze | 确定")
    tom.no_modal()
    tom.card(put_off).sees("A call back is agreed | 约定回电")

    tom.card(given_away).menu("Hand over… | 转交…")
    form = tom.modal("Hand over | 转交")
    form.choose("To whom | 转交给", "Tang Li")
    form.choose("Reason | 原因", "My shift ends | 下班交接")
    form.shot("triage-12-hand-over")
    form.press("Hand over | 转交")
    tom.no_modal()
    tom.card(given_away).sees("Tang Li is working on it | Tang Li 处理中")

    tom.card(odd).press("No option fits | 没有合适的选项")
    tom.card(odd).sees("with a supervisor since | 起等待主管")
    tom.here().shot("triage-13-put-aside")

    sun = floor.seat("Sun Wei")
    sun.go("escalation")
    asked = sun.message("Tom found nothing to choose for | Tom 认为以下内容没有合适的选项")
    asked.shot("triage-14-asked")
    asked.choose_button(
        "Hand back with a hint | 给出提示并退回", "Choose the closest option | 选最接近的选项"
    )
    sun.message("handed back with a hint by Sun Wei | Sun Wei 已给出提示并退回")
    sun.here().shot("triage-15-answered")
    tom.card(odd).sees("Sun Wei says: Choose the closest option | Sun Wei 提示：选最接近的选项")


def know_the_state(card: Surface) -> None:
    """What triage chooses before it decides."""
    card.choose("Product category | 商品品类", "Home appliances | 家用电器")
    card.choose("Reason | 纠纷原因", "Damaged in transit | 运输破损")
    photos = "Photos with flaw and security code | 瑕疵及防伪码照片"
    card.choose("Buyer has given | 用户已给凭证", photos)
    card.choose("Merchant has given | 商家已给凭证", "None | 无")
