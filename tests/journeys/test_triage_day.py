"""A triage agent's morning in the sandbox's page, in English and in Chinese."""

import pytest

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
    tom.here().shot("triage-7-undone")
    know_the_state(again)
    again.press("No evidence needed: adjudicate | 无需举证，去判责")
    assert floor.desk.stage(dispute) == "adjudication"
    tom.here().shot("triage-8-done")


def know_the_state(card: Surface) -> None:
    """What triage chooses before it decides."""
    card.choose("Product category | 商品品类", "Home appliances | 家用电器")
    card.choose("Reason | 纠纷原因", "Damaged in transit | 运输破损")
    photos = "Photos with flaw and security code | 瑕疵及防伪码照片"
    card.choose("Buyer has given | 用户已给凭证", photos)
    card.choose("Merchant has given | 商家已给凭证", "None | 无")
