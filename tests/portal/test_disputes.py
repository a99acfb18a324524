"""Disputes over the API: opened once, read by their own source, telling nothing internal."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from core.desk.numbers import shown
from core.tables import Dispute, Event, Fact, Order, Outbox, Party
from tests.factories import SOUND
from tests.portal.conftest import Api, body


def test_same_external_id_is_the_same_dispute(api: Api) -> None:
    client = api.client()
    first = client.post("/disputes", json=body())
    again = client.post("/disputes", json=body())
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.headers["Location"] == f"/api/v1/disputes/{first.json()['number']}"
    assert api.desk.rows(select(func.count(Dispute.id))) == [(1,)]


def test_twenty_at_once_open_one_dispute(api: Api) -> None:
    client = api.client()
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: client.post("/disputes", json=body()), range(20)))
    assert sorted(a.status_code for a in answers) == [200] * 19 + [201]
    assert len({a.json()["number"] for a in answers}) == 1


def test_differences_of_a_repetition_are_recorded_and_change_nothing(api: Api) -> None:
    client = api.client()
    client.post("/disputes", json=body())
    changed = body(story="换了一个说法。", entered="merchant_timeout", order_number="other")
    answer = client.post("/disputes", json=changed)
    assert answer.json()["order_number"] == "order-1"
    told = api.desk.rows(select(Event.data).where(Event.kind == "intake_repeated"))
    assert [set(row.data["different"]) for row in told] == [{"story", "entered", "order_number"}]
    assert api.desk.rows(select(Dispute.entered)) == [("unsettled",)]


def test_order_that_is_not_told_is_asked_for(api: Api) -> None:
    client = api.client()
    client.post("/disputes", json=body(order=None))
    client.post("/disputes", json=body(2))
    asked = select(Outbox.kind).where(Outbox.lane == "market", Outbox.kind != "receipt")
    assert api.desk.rows(asked) == [("ask_order",)]
    assert api.desk.rows(select(Order.paid).order_by(Order.id)) == [(0,), (20_000,)]


def test_key_of_another_source_sees_nothing(api: Api) -> None:
    number = api.client().post("/disputes", json=body()).json()["number"]
    stranger = api.client("elsewhere")
    assert stranger.get(f"/disputes/{number}").status_code == 404
    own = stranger.post("/disputes", json=body())
    assert own.status_code == 201
    assert own.json()["number"] != number


def test_number_is_read_however_it_is_typed(api: Api) -> None:
    client = api.client()
    number = client.post("/disputes", json=body()).json()["number"]
    for typed in (number, shown(number), shown(number).lower(), f" {number} "):
        assert client.get(f"/disputes/{typed}").json()["number"] == number
    wrong = ("A" if number[0] != "A" else "B") + number[1:]
    for typed in (wrong, "x", "%00", "1" * 40, "1" * 400):
        assert client.get(f"/disputes/{typed}").status_code in (404, 422)


def test_wait_shows_what_is_asked_of_whom_by_when(small_api: Api) -> None:
    client = small_api.client()
    desk = small_api.desk
    dispute = desk.at_stage("awaiting_evidence")
    desk.done(dispute, "buyer")
    told = client.get(f"/disputes/{desk.at(dispute).row.number}").json()
    assert told["stage"]["label"] == {"zh_CN": "待补充凭证", "en": "Awaiting evidence"}
    assert told["hidden"]
    assert not told["finished"]
    assert [(r["party"], r["open"]) for r in told["requests"]] == [
        ("buyer", False),
        ("merchant", True),
    ]
    assert told["requests"][1]["due_at"] == told["stage"]["due_at"]
    assert {k["key"] for k in told["requests"][0]["kinds"]} >= {"photos", "video"}


def test_nothing_internal_is_told(small_api: Api) -> None:
    client = small_api.client()
    desk = small_api.desk
    dispute = desk.at_stage("finished", buyer_name="Wang Fang", buyer_contact="13800000000")
    answer = client.get(f"/disputes/{desk.at(dispute).row.number}")
    told = answer.json()
    assert (told["finished"], told["liability"]) == (True, "merchant")
    assert [p["state"] for p in told["payments"]] == ["confirmed"]
    secrets = [*desk.people, "Wang Fang", "13800000000", "kettle came broken", "sound", "quality"]
    assert [word for word in secrets if word in answer.text] == []


def test_ruling_is_told_only_once_the_dispute_is_finished(small_api: Api) -> None:
    client = small_api.client()
    desk = small_api.desk
    dispute = desk.at_stage("adjudication")
    desk.must(dispute, "rule_buyer", SOUND)
    number = desk.at(dispute).row.number
    assert client.get(f"/disputes/{number}").json()["liability"] == ""
    desk.must(dispute, "nothing_due", SOUND)
    assert client.get(f"/disputes/{number}").json()["liability"] == "buyer"


def test_what_is_known_already_is_prefilled(small_api: Api) -> None:
    client = small_api.client()
    facts = {"category": "food", "reason": "spoiled", "given_buyer": ["photos", "chat"]}
    answer = client.post("/disputes", json=body(facts=facts, entered="buyer_timeout"))
    assert answer.status_code == 201
    dispute = small_api.desk.rows(select(Dispute.id))[0].id
    known = small_api.desk.at(dispute).facts
    assert (known["category"], known["given_buyer"]) == ("food", ("photos", "chat"))
    assert known["entered"] == "buyer_timeout"


def test_buyer_s_tags_come_in_and_unknown_ones_are_pointed_out(api: Api) -> None:
    client = api.client()
    buyer = {"id": "buyer-77", "tags": ["high_value"]}
    assert client.post("/disputes", json=body(buyer=buyer)).status_code == 201
    tagged = select(Party.tags).where(Party.reference == "buyer-77")
    assert api.desk.rows(tagged) == [(["high_value"],)]
    wrong = client.post("/disputes", json=body(2, buyer={**buyer, "tags": ["rude"]}))
    assert wrong.status_code in (400, 422)
    assert "buyer" in wrong.text


def test_merchant_s_standing_comes_in_and_the_grade_is_told(api: Api) -> None:
    client = api.client()
    urgent = body(merchant_standing="poor", facts={"reason": "unsafe"})
    told = client.post("/disputes", json=urgent).json()
    assert told["grade"] == "A"
    assert client.get(f"/disputes/{told['number']}").json()["grade"] == "A"
    known = select(Fact.text).where(Fact.key == "standing")
    assert api.desk.rows(known) == [("poor",)]
    wrong = client.post("/disputes", json=body(2, merchant_standing="splendid"))
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["pointer"] == "/merchant_standing"
