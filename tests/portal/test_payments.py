"""The payment system's reports: matched, mismatched, failed, repeated, somebody else's."""

from sqlalchemy import select

from core.tables import Order, Payment
from tests.factories import Desk
from tests.portal.conftest import Api


def reference_of(desk: Desk) -> str:
    return str(desk.rows(select(Payment.reference).order_by(Payment.id.desc()))[0].reference)


def test_confirmed_payment_returns_the_dispute_to_its_agent(api: Api) -> None:
    desk, client = api.desk, api.client()
    dispute = desk.at_stage("awaiting_payment")
    reference = reference_of(desk)
    report = {"outcome": "paid", "amount": 20_000, "currency": "CNY"}
    answer = client.post(f"/payments/{reference}", json=report)
    assert answer.status_code == 200
    assert answer.json()["payments"][0]["state"] == "confirmed"
    assert desk.stage(dispute) == "verification"  # W14: an agent's click closes it
    again = client.post(f"/payments/{reference}", json=report)
    assert again.status_code == 200
    assert desk.rows(select(Order.refunded)) == [(20_000,)]


def test_other_amount_is_a_mismatch_and_a_failure_is_a_failure(small_api: Api) -> None:
    desk, client = small_api.desk, small_api.client()
    first = desk.at_stage("awaiting_payment")
    report = {"outcome": "paid", "amount": 19_999, "currency": "CNY"}
    client.post(f"/payments/{reference_of(desk)}", json=report)
    second = desk.at_stage("awaiting_payment")
    client.post(f"/payments/{reference_of(desk)}", json={"outcome": "failed"})
    facts = [desk.at(dispute).facts["payment"] for dispute in (first, second)]
    assert facts == ["mismatched", "failed"]
    assert {desk.stage(first), desk.stage(second)} == {"verification"}


def test_payment_of_another_source_is_unknown(small_api: Api) -> None:
    desk = small_api.desk
    dispute = desk.at_stage("awaiting_payment")
    answer = small_api.client("elsewhere").post(
        f"/payments/{reference_of(desk)}", json={"outcome": "failed"}
    )
    assert (answer.status_code, answer.json()["key"]) == (404, "unknown_payment")
    assert desk.stage(dispute) == "awaiting_payment"


def test_paid_without_an_amount_is_pointed_out(small_api: Api) -> None:
    client = small_api.client()
    answer = client.post("/payments/x", json={"outcome": "paid"})
    assert answer.status_code == 422
    assert [e["pointer"] for e in answer.json()["errors"]] == ["/amount", "/currency"]
