"""The courier: questions answered, payments instructed once, each told what it owes."""

from sqlalchemy import select

from core.desk import payments
from core.market.http import HttpMarket
from core.tables import Event, Order
from core.tables import Payment as PaymentRow
from tests.factories import REFUND, SOUND, TRIAGED, Desk
from tests.market.carried import all_of, market_rows
from tests.market.stub import ORDER, Shop


def test_order_is_asked_for_and_shown(any_desk: Desk, market: HttpMarket, stub: Shop) -> None:
    desk = any_desk
    dispute = desk.open(order=None, order_number="o-9")
    stub.orders["o-9"] = ORDER
    assert all_of(desk, market) == 1
    assert desk.rows(select(Order.paid, Order.currency)) == [(20_000, "CNY")]
    assert [r.state for r in market_rows(desk)] == ["sent"]
    kinds = [r.kind for r in desk.rows(select(Event.kind).where(Event.dispute_id == dispute))]
    assert kinds == ["opened", "order_known"]


def test_payment_is_instructed_and_its_notice_tells_no_agent(
    any_desk: Desk, market: HttpMarket, stub: Shop
) -> None:
    desk = any_desk
    dispute = desk.at_stage("awaiting_payment", order_number="o-1")
    stub.funds["o-1"] = {"held": 20_000}
    assert all_of(desk, market) == 3  # funds, payment, notice
    reference, body = stub.payments[0]
    assert body == {
        "order_number": "o-1",
        "amount": 20_000,
        "currency": "CNY",
        "sources": ["held", "balance"],
    }
    assert desk.rows(select(PaymentRow.reference)) == [(reference,)]
    notice = stub.notices[0]
    assert (notice["stage"], notice["finished"]) == ("awaiting_payment", False)
    assert notice["number"] == desk.at(dispute).row.number
    assert notice["due_at"]
    told = str(notice)
    assert not [name for name in desk.people if name in told]
    assert "kettle came broken" not in told


def test_notice_asks_each_party_for_what_it_owes(
    desk: Desk, market: HttpMarket, stub: Shop
) -> None:
    dispute = desk.at_stage("awaiting_evidence")
    desk.done(dispute, "merchant")
    all_of(desk, market)
    notice = stub.notices[0]
    asked = {one["party"]: one for one in notice["asked"]}
    assert set(asked["buyer"]["kinds"]) == {"photos", "chat", "receipt", "video", "lab_report"}
    assert "merchant" not in asked  # it has given all it has
    assert notice["otherwise"]["en"].startswith("Time ran out")


def test_notice_of_a_wait_that_is_over_is_superseded(
    desk: Desk, market: HttpMarket, stub: Shop
) -> None:
    desk.at_stage("evidence_review")
    all_of(desk, market)
    assert stub.notices == []
    assert [(r.state, r.reason) for r in market_rows(desk)] == [
        ("superseded", "the dispute has moved on")
    ]


def test_return_notice_names_the_act_its_input_and_where_the_goods_go(
    desk: Desk, market: HttpMarket, stub: Shop
) -> None:
    dispute = desk.at_stage("verification")
    desk.must(dispute, "return_first", {**REFUND, "remedy": "return_refund"})
    all_of(desk, market)
    notice = stub.notices[-1]
    assert notice["goods_to"] == "merchant"
    acts = {act["decision"]: act for act in notice["asked"][0]["acts"]}
    assert [one["kind"] for one in acts["shipped"]["inputs"]] == ["typed"]
    assert not acts["shipped"]["end"]
    assert acts["withdraw"]["end"]
    assert notice["owed"]["amount"] == 20_000


def test_money_owed_offline_is_told_with_its_reference(
    desk: Desk, market: HttpMarket, stub: Shop
) -> None:
    dispute = desk.open(order_number="o-1")
    desk.take(dispute)
    desk.must(dispute, "no_evidence", TRIAGED)
    desk.must(dispute, "rule_merchant", SOUND)
    stub.funds["o-1"] = {"held": 100, "balance": 50}
    all_of(desk, market)
    desk.must(dispute, "pay_offline", REFUND)
    all_of(desk, market)
    notice = stub.notices[-1]
    owed = desk.db.read(lambda c, now: payments.under_way(c, dispute))
    assert owed is not None
    assert notice["owed"] == {
        "reference": owed.reference,
        "amount": 20_000,
        "currency": "CNY",
    }
    acts = {a["decision"]: a for one in notice["asked"] for a in one["acts"]}
    assert [one["kind"] for one in acts["refund_voucher"]["inputs"]] == ["file"]
