"""Bad input gets its place and its reason, in the reader's language, and never a 500."""

import json
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from core.tables import Dispute
from tests.portal.conftest import Api, body

JSON = {"Content-Type": "application/json"}
HALF = "\ud800"


def errors(answer: httpx.Response) -> dict[str, str]:
    """What is wrong, by place."""
    assert answer.headers["Content-Type"] == "application/problem+json"
    return {e["pointer"]: e["key"] for e in answer.json().get("errors", [])}


@pytest.mark.parametrize(
    ("change", "place", "key"),
    [
        ({"external_id": 7}, "/external_id", "text"),
        ({"external_id": ""}, "/external_id", "too_short"),
        ({"external_id": "   "}, "/external_id", "intake_needed_short"),
        ({"external_id": "x" * 201}, "/external_id", "too_long"),
        ({"external_id": "a\x00b"}, "/external_id", "unreadable"),
        ({"external_id": "a\nb"}, "/external_id", "unreadable"),
        ({"buyer": "Wang"}, "/buyer", "object"),
        ({"buyer": {}}, "/buyer/id", "missing"),
        ({"story": "x" * 40_001}, "/story", "too_long"),
        ({"story": f"a{HALF}b"}, "/story", "unreadable"),
        ({"story": " \n "}, "/story", "intake_needed"),
        ({"storey": "typo"}, "/storey", "unknown"),
        ({"entered": "angry"}, "/entered", "choice"),
        ({"channel": 4}, "/channel", "choice"),
        ({"facts": []}, "/facts", "object"),
        ({"facts": {"category": "moon"}}, "/facts/category", "intake_unknown_option"),
        ({"facts": {"a/b~c": "x"}}, "/facts/a~1b~0c", "intake_unknown_field"),
        ({"facts": {"category": {"x": 1}}}, "/facts/category", "value"),
        ({"facts": {"given_buyer": ["none", "chat"]}}, "/facts/given_buyer", "intake_exclusive"),
        ({"order": {"currency": "CNY", "paid": -1}}, "/order/paid", "too_small"),
        ({"order": {"currency": "CNY", "paid": 1.5}}, "/order/paid", "whole"),
        ({"order": {"currency": "CNY", "paid": True}}, "/order/paid", "whole"),
        ({"order": {"currency": "CNY", "paid": 10**20}}, "/order/paid", "too_large"),
        ({"order": {"currency": "ZZZ", "paid": 1}}, "/order/currency", "currency"),
        (
            {"order": {"currency": "CNY", "paid": 1, "purchased_at": "2026-02-30T00:00:00Z"}},
            "/order/purchased_at",
            "moment",
        ),
        (
            {"order": {"currency": "CNY", "paid": 1, "purchased_at": "2026-02-03T00:00:00"}},
            "/order/purchased_at",
            "zone",
        ),
        ({"workflow": "nowhere"}, "/workflow", "intake_unknown_option"),
        ({"locale": "../../etc"}, "/locale", "unreadable"),
    ],
)
def test_each_mistake_is_named_with_its_place(
    small_api: Api, change: dict[str, Any], place: str, key: str
) -> None:
    client = small_api.client()
    answer = client.post("/disputes", content=json.dumps(body(**change)), headers=JSON)
    assert answer.status_code == 422
    assert errors(answer) == {place: key}
    assert small_api.desk.rows(select(func.count(Dispute.id))) == [(0,)]


@pytest.mark.parametrize(
    ("content", "status", "key"),
    [
        (b"", 400, "broken_json"),
        (b"{", 400, "broken_json"),
        (b"\xff\xfe\xff", 400, "broken_json"),
        (b'{"a": NaN}', 400, "broken_json"),
        (b'{"a": ' + b"9" * 5_000 + b"}", 400, "broken_json"),
        (b'{"a":' * 20_000, 400, "too_deep"),
        (b'{"a":' * 20 + b"1" + b"}" * 20, 400, "too_deep"),
        (b"[" * 100_000 + b"]" * 100_000, 400, "too_deep"),
        (b"[1]", 422, "invalid"),
        (b'"a text"', 422, "invalid"),
        (b"x" * 1_000_001, 413, "http_413"),
    ],
)
def test_body_that_is_no_object_is_refused(
    small_api: Api, content: bytes, status: int, key: str
) -> None:
    client = small_api.client()
    answer = client.post("/disputes", content=content, headers=JSON)
    assert (answer.status_code, answer.json()["key"]) == (status, key)


def test_other_types_methods_and_addresses_are_problems_too(small_api: Api) -> None:
    client = small_api.client()
    assert client.post("/disputes", content=b"{}").status_code == 415
    assert client.delete("/disputes").status_code == 405
    assert client.get("/nothing").status_code == 404
    for answer in (client.post("/disputes", content=b"{}"), client.delete("/disputes")):
        assert answer.headers["Content-Type"] == "application/problem+json"


def test_without_a_key_nothing_is_told(small_api: Api) -> None:
    for header in ("", "Bearer", "Bearer nonsense", "Basic eDp5", "Bearer é"):
        answer = small_api.bare().get(
            "/disputes/7K3M9QXTB", headers={"Authorization": header.encode("latin-1")}
        )
        assert (answer.status_code, answer.json()["key"]) == (401, "no_key")
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_longest_story_in_any_writing_is_taken(api: Api) -> None:
    client = api.client()
    story = "🧨\u202eعربي\n" + "纠" * 39_990
    assert client.post("/disputes", json=body(story=story)).status_code == 201


def test_words_come_in_the_readers_language(small_api: Api) -> None:
    client = small_api.client()
    for wanted, title in (
        ("zh-CN,zh;q=0.9", "内容无效"),
        ("zh-TW", "内容无效"),
        ("en-GB", "The content is not valid"),
        ("fr, zh;q=0.5", "内容无效"),
        ("fr", "The content is not valid"),
        ("*", "The content is not valid"),
    ):
        answer = client.post("/disputes", json={}, headers={"Accept-Language": wanted})
        assert answer.json()["title"] == title


def test_bug_is_told_by_kind_alone_and_logged_without_what_was_sent(
    small_api: Api, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.desk import opening

    def broken(_connection: object, intakes: list[Any], *_: object, **__: object) -> None:
        raise LookupError(intakes[0].story)

    monkeypatch.setattr(opening, "open_disputes", broken)
    answer = small_api.client().post("/disputes", json=body(story="geheim"))
    assert (answer.status_code, answer.json()["key"]) == (500, "bug")
    assert "geheim" not in answer.text + caplog.text
    assert "LookupError" in caplog.text


def test_database_that_is_away_is_told_as_busy(
    small_api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy.exc import OperationalError

    client = small_api.client()

    def away(*_: object, **__: object) -> None:
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    monkeypatch.setattr(small_api.desk.db, "transact", away)
    answer = client.post("/disputes", json=body())
    assert (answer.status_code, answer.json()["key"]) == (503, "busy")
    assert answer.headers["Retry-After"] == "1"
