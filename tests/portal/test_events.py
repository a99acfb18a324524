"""The parties' acts over the API: the return in three waits, vouchers, withdrawal, repetition."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.factories import REFUND
from tests.files import PDF
from tests.portal.conftest import Api


def act(
    client: httpx.Client, number: str, party: str, decision: str, key: str = "", **fields: Any
) -> httpx.Response:
    """Reports an event."""
    headers = {"Idempotency-Key": key} if key else {}
    body = {"party": party, "decision": decision, "fields": fields}
    return client.post(f"/disputes/{number}/events", json=body, headers=headers)


def returning(api: Api) -> str:
    """The number of a dispute whose goods are to be returned."""
    dispute = api.desk.at_stage("verification")
    api.desk.must(dispute, "return_first", {**REFUND, "remedy": "return_refund"})
    return str(api.desk.at(dispute).row.number)


def stage(answer: httpx.Response) -> str:
    assert answer.status_code == 200, answer.text
    return str(answer.json()["stage"]["key"])


def test_return_goes_through_its_three_waits(api: Api) -> None:
    client, number = api.client(), returning(api)
    assert act(client, number, "buyer", "shipped").json()["key"] == "missing"
    assert stage(act(client, number, "buyer", "shipped", tracking_number="SF123")) == (
        "awaiting_inspection"
    )
    assert stage(act(client, number, "merchant", "goods_accepted")) == "awaiting_refund"
    voucher = client.post(
        f"/disputes/{number}/evidence",
        data={"party": "merchant", "kind": "voucher"},
        files={"file": ("v.pdf", PDF)},
    ).json()["id"]
    assert stage(act(client, number, "merchant", "refund_voucher", voucher=voucher)) == (
        "verification"
    )


def test_contested_goods_go_to_review_once(small_api: Api) -> None:
    client, number = small_api.client(), returning(small_api)
    act(client, number, "buyer", "shipped", tracking_number="SF123")
    assert stage(act(client, number, "merchant", "contest_goods")) == "evidence_review"


def test_round_ends_when_both_have_nothing_more(api: Api) -> None:
    client = api.client()
    number = api.desk.at(api.desk.at_stage("awaiting_evidence")).row.number
    assert stage(act(client, number, "buyer", "nothing_more")) == "awaiting_evidence"
    again = act(client, number, "buyer", "nothing_more")
    assert (again.status_code, again.json()["key"]) == (409, "nothing_asked")
    assert stage(act(client, number, "merchant", "nothing_more")) == "evidence_review"


def test_buyer_withdraws_at_any_stage_but_a_final_one(small_api: Api) -> None:
    client, desk = small_api.client(), small_api.desk
    for where in ("intake", "triage", "awaiting_evidence", "adjudication"):
        number = desk.at(desk.at_stage(where)).row.number
        answer = act(client, number, "buyer", "withdraw")
        assert stage(answer) == "withdrawn"
        assert answer.json()["finished"]
        again = act(client, number, "buyer", "withdraw")
        assert (again.status_code, again.json()["key"]) == (409, "finished")


def test_same_idempotency_key_acts_once(api: Api) -> None:
    client, number = api.client(), returning(api)
    first = act(client, number, "buyer", "shipped", key="k-1", tracking_number="SF123")
    again = act(client, number, "buyer", "shipped", key="k-1", tracking_number="SF123")
    assert (first.status_code, again.status_code) == (200, 200)
    without = act(client, number, "buyer", "shipped", tracking_number="SF123")
    assert (without.status_code, without.json()["key"]) == (409, "unknown_decision")


def test_key_used_for_another_event_is_refused(small_api: Api) -> None:
    client, number = small_api.client(), returning(small_api)
    act(client, number, "buyer", "shipped", key="k-1", tracking_number="SF123")
    other = act(client, number, "merchant", "goods_accepted", key="k-1")
    assert (other.status_code, other.json()["key"]) == (422, "key_reused")
    stranger = small_api.client("elsewhere")
    assert act(stranger, number, "buyer", "withdraw", key="k-1").status_code == 404


def test_twenty_at_once_ship_once(api: Api) -> None:
    client, number = api.client(), returning(api)

    def one(_: int) -> int:
        return act(client, number, "buyer", "shipped", tracking_number="SF123").status_code

    with ThreadPoolExecutor(20) as pool:
        assert sorted(pool.map(one, range(20))) == [200] + [409] * 19


@pytest.mark.parametrize(
    ("party", "decision", "fields", "status", "key"),
    [
        ("merchant", "shipped", {"tracking_number": "x"}, 403, "not_yours"),
        ("buyer", "money_arrived", {}, 409, "unknown_decision"),
        ("buyer", "return_timeout", {}, 403, "not_yours"),
        ("buyer", "shipped", {"tracking_number": 7}, 422, "unreadable"),
        ("buyer", "shipped", {"tracking_number": "x" * 200 + "\u202e"}, 422, "invalid"),
        ("buyer", "shipped", {"tracking_number": "a\u202eb"}, 422, "unreadable"),
        ("buyer", "shipped", {"weight": "1"}, 422, "unknown_field"),
        ("nobody", "shipped", {}, 422, "invalid"),
    ],
)
def test_refusals_come_as_problems(
    small_api: Api, party: str, decision: str, fields: dict[str, Any], status: int, key: str
) -> None:
    client, number = small_api.client(), returning(small_api)
    answer = act(client, number, party, decision, **fields)
    assert (answer.status_code, answer.json()["key"]) == (status, key)
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_refusal_speaks_chinese_with_the_documents_labels(small_api: Api) -> None:
    client = small_api.client(Accept_Language="zh-CN")
    answer = act(client, returning(small_api), "buyer", "shipped")
    assert answer.json()["detail"] == "请先选择：退货物流单号。尚未作出任何决定。"
    assert answer.json()["errors"][0]["pointer"] == "/fields/tracking_number"


def test_actions_say_what_each_party_may_do_and_why_not(small_api: Api) -> None:
    client, number = small_api.client(), returning(small_api)
    act(client, number, "buyer", "shipped", tracking_number="1")
    act(client, number, "merchant", "contest_goods")
    told = client.get(f"/disputes/{number}").json()
    assert [(a["party"], a["decision"]) for a in told["actions"]] == [("buyer", "withdraw")]
    desk = small_api.desk
    dispute = desk.at_stage("verification")
    desk.must(dispute, "return_first", {**REFUND, "remedy": "return_refund"})
    second = desk.at(dispute).row.number
    asked = client.get(f"/disputes/{second}").json()["actions"]
    assert [(a["decision"], a["allowed"]) for a in asked] == [("shipped", True), ("withdraw", True)]
    assert [i["key"] for i in asked[0]["inputs"]] == ["tracking_number"]
