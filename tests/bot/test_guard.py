"""Forged, old, huge, deep or unknown requests go no further, and nothing of them is logged."""

import json
import logging
import time
from urllib.parse import urlencode

import pytest

from tests.bot.office import Office

JSON = "application/json"


def test_forged_signature_is_refused_before_parsing(at_work: Office) -> None:
    body = "payload=" + "[" * 100_000
    assert at_work.send(body, signature="v0=" + "0" * 64).status_code == 401
    assert at_work.send(body, signature="v0=ключ".encode().decode("latin-1")).status_code == 401


def test_old_future_or_unreadable_timestamps_are_refused(at_work: Office) -> None:
    body = at_work.payload("take", "1")
    for stamp in (str(int(time.time()) - 301), str(int(time.time()) + 400), "soon", "-1", "1e9"):
        assert at_work.send(body, stamp=stamp).status_code == 401


def test_unsigned_request_is_refused(at_work: Office) -> None:
    import httpx

    assert httpx.post(at_work.url, content=b"x", trust_env=False).status_code == 401
    assert httpx.get(at_work.url, trust_env=False).status_code == 405


def test_huge_body_is_refused_unread(at_work: Office) -> None:
    assert at_work.send("payload=" + "x" * 1_100_000).status_code == 413


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("", "application/x-www-form-urlencoded"),
        ("payload=", "application/x-www-form-urlencoded"),
        ("payload={", "application/x-www-form-urlencoded"),
        (urlencode({"payload": "[" * 50_000 + "]" * 50_000}), "application/x-www-form-urlencoded"),
        (urlencode({"payload": json.dumps({"type": 5})}), "application/x-www-form-urlencoded"),
        (urlencode({"payload": json.dumps(["x"])}), "application/x-www-form-urlencoded"),
        (urlencode({"command": "/dispute"}), "application/x-www-form-urlencoded"),
        ("&".join(f"a{i}=1" for i in range(500)), "application/x-www-form-urlencoded"),
        ("[" * 100_000, JSON),
        ("{}", JSON),
        ("nonsense", "text/plain"),
        (b"\xff\xfe", JSON),
    ],
)
def test_genuine_but_shapeless_body_is_a_400(at_work: Office, body: str, kind: str) -> None:
    assert at_work.send(body, content_type=kind).status_code == 400


@pytest.mark.parametrize(
    ("action", "value"),
    [
        ("take", ""),
        ("take", "x"),
        ("take", "-1"),
        ("take", "9" * 40),
        ("take", "1:"),
        ("decide.", "1"),
        ("decide.no_such", "1"),
        ("decide.no evidence", "1"),
        ("more", "1"),
        ("more", "1:<script>"),
        ("field.nothing", "1"),
        ("elsewhere", "1"),
        ("take", "1" + "\0"),
    ],
)
def test_buttons_that_are_none_of_ours_do_nothing(at_work: Office, action: str, value: str) -> None:
    dispute = at_work.desk.open()
    assert at_work.send(at_work.payload(action, value)).status_code == 200
    assert at_work.desk.stage(dispute) == "intake"


def test_unknown_kinds_of_request_are_acknowledged(at_work: Office) -> None:
    user = {"id": "U0001"}
    for payload in (
        {"type": "shortcut", "callback_id": "x", "user": user, "team": {"id": "T"}},
        {"type": "message_action", "callback_id": "x", "user": user, "team": {"id": "T"}},
        {
            "type": "view_closed",
            "view": {"type": "modal", "callback_id": "x"},
            "user": user,
            "team": {"id": "T"},
        },
        {
            "type": "view_submission",
            "user": user,
            "team": {"id": "T"},
            "view": {
                "type": "modal",
                "callback_id": "decide",
                "id": "V1",
                "private_metadata": "[[",
                "state": {},
            },
        },
    ):
        assert at_work.send(urlencode({"payload": json.dumps(payload)})).status_code == 200
    for event in ({"type": "message", "subtype": "bot_message"}, {"type": "team_join"}):
        body = json.dumps({"type": "event_callback", "team_id": "T", "event": event})
        assert at_work.send(body, content_type=JSON).status_code == 200


def test_signed_payload_without_slack_s_shape_is_a_400(at_work: Office) -> None:
    payload = {"type": "view_submission", "user": {"id": "U0001"}, "view": {"id": "V1"}}
    assert at_work.send(urlencode({"payload": json.dumps(payload)})).status_code == 400


def test_address_is_verified_by_echo(at_work: Office) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "echo me"})
    answer = at_work.send(body, content_type=JSON)
    assert (answer.status_code, "echo me" in answer.text) == (200, True)


def test_nothing_of_a_body_is_logged(at_work: Office, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        at_work.send("payload=SECRET-WORDS", signature="v0=" + "0" * 64)
        at_work.send(at_work.payload("elsewhere", "SECRET-WORDS"))
        at_work.send(
            json.dumps({"type": "event_callback", "event": {"type": "SECRET-WORDS"}}),
            content_type=JSON,
        )
    assert "SECRET-WORDS" not in caplog.text
