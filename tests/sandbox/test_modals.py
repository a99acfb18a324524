"""Modals and Home: triggers, the stack, hashes, what was typed, and the app's answers."""

from typing import Any

import pytest
from slack_sdk import WebClient

from sandbox.client import CannotActError, Sandbox
from tests.blockkit.samples import (
    INPUTS,
    actions,
    button,
    element,
    input_block,
    modal,
    plain,
    section,
)
from tests.sandbox.apps import StubApp
from tests.sandbox.errors import error_of
from tests.sandbox.posting import post

FORM = modal(input_block(element("plain_text_input"), block_id="note"), callback_id="form")


def trigger(stub: StubApp, slack: WebClient, control: Sandbox) -> str:
    """A fresh trigger_id, from a click of Li's."""
    ts = post(slack, actions(button("go")))
    control.act_as("U1LI").click("C1DESK", ts, "go")
    found: str = stub.received[-1].payload["trigger_id"]
    return found


@pytest.fixture
def opened(stub: StubApp, slack: WebClient, control: Sandbox) -> dict[str, Any]:
    """FORM, open in front of Li."""
    answer = slack.views_open(trigger_id=trigger(stub, slack, control), view=FORM)
    view: dict[str, Any] = answer["view"]
    return view


def test_a_trigger_opens_one_modal_within_three_seconds(
    stub: StubApp, slack: WebClient, control: Sandbox
) -> None:
    first = trigger(stub, slack, control)
    view = slack.views_open(trigger_id=first, view=FORM)["view"]
    assert view["id"].startswith("V")
    assert view["root_view_id"] == view["id"]
    assert control.act_as("U1LI").modals()[0]["callback_id"] == "form"
    assert error_of(slack.views_open, trigger_id=first, view=FORM) == "exchanged_trigger_id"
    second = trigger(stub, slack, control)
    control.clock(move=4)
    assert error_of(slack.views_open, trigger_id=second, view=FORM) == "expired_trigger_id"
    assert error_of(slack.views_open, trigger_id="1.2.3", view=FORM) == "invalid_trigger_id"


def test_a_view_that_is_refused_leaves_the_trigger_unused(
    stub: StubApp, slack: WebClient, control: Sandbox
) -> None:
    fresh = trigger(stub, slack, control)
    bad = {**FORM, "title": plain("x" * 25)}
    assert error_of(slack.views_open, trigger_id=fresh, view=bad) == "invalid_arguments"
    assert slack.views_open(trigger_id=fresh, view=FORM)["ok"]


def test_three_modals_at_most_lie_upon_each_other(
    stub: StubApp, slack: WebClient, control: Sandbox
) -> None:
    step = modal(actions(button("more")), submit=None)
    slack.views_open(trigger_id=trigger(stub, slack, control), view=step)
    li = control.act_as("U1LI")
    for _ in range(2):
        li.click_view("more")
        fresh = stub.received[-1].payload["trigger_id"]
        pushed = slack.views_push(trigger_id=fresh, view=step)["view"]
    stack = li.modals()
    assert len(stack) == 3
    assert pushed["previous_view_id"] == stack[1]["id"]
    assert pushed["root_view_id"] == stack[0]["id"]
    li.click_view("more")
    fresh = stub.received[-1].payload["trigger_id"]
    assert error_of(slack.views_push, trigger_id=fresh, view=step) == "push_limit_reached"
    li.close()
    assert len(li.modals()) == 2
    li.close(everything=True)
    assert li.modals() == []


def test_an_update_keeps_what_was_typed_where_ids_stay_and_minds_the_hash(
    opened: dict[str, Any], slack: WebClient, control: Sandbox, stub: StubApp
) -> None:
    li = control.act_as("U1LI")
    li.input({"act_plain_text_input": "typed"})
    again = modal(section(), *FORM["blocks"])
    updated = slack.views_update(view_id=opened["id"], hash=opened["hash"], view=again)["view"]
    assert updated["hash"] != opened["hash"]
    conflict = {"view_id": opened["id"], "hash": opened["hash"], "view": FORM}
    assert error_of(slack.views_update, **conflict) == "hash_conflict"
    li.submit()
    state = stub.received[-1].payload["view"]["state"]["values"]
    assert state["note"]["act_plain_text_input"]["value"] == "typed"


def test_a_view_is_found_by_its_external_id_which_is_taken_once(
    stub: StubApp, slack: WebClient, control: Sandbox
) -> None:
    named = {**FORM, "external_id": "dispute-7"}
    slack.views_open(trigger_id=trigger(stub, slack, control), view=named)
    assert slack.views_update(external_id="dispute-7", view=named)["ok"]
    assert error_of(slack.views_update, external_id="other", view=FORM) == "not_found"
    fresh = trigger(stub, slack, control)
    assert error_of(slack.views_open, trigger_id=fresh, view=named) == "duplicate_external_id"


def test_a_submission_carries_the_view_and_its_values(
    opened: dict[str, Any], control: Sandbox, stub: StubApp
) -> None:
    seen = control.act_as("U1LI").submit({"note": {"act_plain_text_input": "hello"}})
    assert seen["ok"]
    assert seen["modal"] is None
    payload = stub.received[-1].payload
    assert payload["type"] == "view_submission"
    assert payload["view"]["id"] == opened["id"]
    assert payload["view"]["callback_id"] == "form"
    assert payload["view"]["state"]["values"]["note"]["act_plain_text_input"] == {
        "type": "plain_text_input",
        "value": "hello",
    }
    assert payload["response_urls"] == []
    assert payload["trigger_id"]


ANSWERS: list[tuple[dict[str, Any], int, str | None]] = [
    ({}, 0, None),
    ({"response_action": "clear"}, 0, None),
    ({"response_action": "errors", "errors": {"note": "too vague"}}, 1, "form"),
    ({"response_action": "update", "view": {**FORM, "callback_id": "next"}}, 1, "next"),
    ({"response_action": "push", "view": {**FORM, "callback_id": "upon"}}, 2, "upon"),
]


@pytest.mark.parametrize(("answer", "left", "front"), ANSWERS, ids=["", "c", "e", "u", "p"])
@pytest.mark.usefixtures("opened")
def test_the_app_answers_a_submission(
    control: Sandbox, stub: StubApp, answer: dict[str, Any], left: int, front: str | None
) -> None:
    stub.answer = lambda _: (200, answer, 0.0)
    li = control.act_as("U1LI")
    seen = li.submit({"act_plain_text_input": "x"})
    assert len(li.modals()) == left
    assert (seen["modal"] or {}).get("callback_id") == front
    assert seen.get("errors") == answer.get("errors")


@pytest.mark.parametrize(
    "answer",
    [
        (200, {"response_action": "errors", "errors": {"nowhere": "x"}}, 0.0),
        (200, {"response_action": "update", "view": {"type": "modal"}}, 0.0),
        (200, {"response_action": "dance"}, 0.0),
        (200, b"not json", 0.0),
        (500, b"", 0.0),
    ],
)
@pytest.mark.usefixtures("opened")
def test_an_answer_that_cannot_be_done_leaves_the_modal_and_says_so(
    control: Sandbox, stub: StubApp, answer: Any
) -> None:
    stub.answer = lambda _: answer
    seen = control.act_as("U1LI").submit({"act_plain_text_input": "x"})
    assert not seen["ok"]
    assert seen["warning"] == "连接出现问题，请重试。"
    assert seen["modal"]["callback_id"] == "form"


def test_a_view_closed_is_told_where_it_was_asked(
    stub: StubApp, slack: WebClient, control: Sandbox
) -> None:
    li = control.act_as("U1LI")
    quiet = trigger(stub, slack, control)
    slack.views_open(trigger_id=quiet, view=FORM)
    before = len(stub.received)
    li.close()
    assert len(stub.received) == before
    loud = {**FORM, "notify_on_close": True}
    slack.views_open(trigger_id=trigger(stub, slack, control), view=loud)
    li.close()
    payload = stub.received[-1].payload
    assert (payload["type"], payload["is_cleared"]) == ("view_closed", False)


BAD_INPUTS: list[tuple[str, dict[str, Any], Any, str]] = [
    ("plain_text_input", {"min_length": 3}, "ab", "at least 3"),
    ("plain_text_input", {"max_length": 3}, "abcd", "3 characters at most"),
    ("email_text_input", {}, "nobody", "email"),
    ("url_text_input", {}, "javascript:alert(1)", "URL"),
    ("number_input", {}, "abc", "a number"),
    ("number_input", {"is_decimal_allowed": False}, "1.5", "whole"),
    ("number_input", {"max_value": "5"}, "6", "5 or less"),
    ("number_input", {"min_value": "5"}, "4", "5 or more"),
    ("number_input", {}, "NaN", "a number"),
]


@pytest.mark.parametrize(("kind", "fields", "value", "words"), BAD_INPUTS)
def test_what_is_malformed_never_reaches_the_app(
    stub: StubApp,
    slack: WebClient,
    control: Sandbox,
    kind: str,
    fields: Any,
    value: Any,
    words: str,
) -> None:
    ann = control.act_as("U2ANN")
    asked = {"type": kind, "action_id": "a", **INPUTS[kind], **fields}
    if kind == "plain_text_input":
        asked = {"type": kind, "action_id": "a", **fields}
    ts = post(slack, actions(button("go")))
    ann.click("C1DESK", ts, "go")
    fresh = stub.received[-1].payload["trigger_id"]
    slack.views_open(trigger_id=fresh, view=modal(input_block(asked, block_id="b")))
    seen = ann.submit({"a": value})
    assert words in seen["errors"]["b"]
    assert stub.received[-1].payload["type"] == "block_actions"


def test_an_optional_field_may_stay_empty(
    stub: StubApp, slack: WebClient, control: Sandbox
) -> None:
    view = modal(input_block(element("number_input"), optional=True))
    slack.views_open(trigger_id=trigger(stub, slack, control), view=view)
    assert control.act_as("U1LI").submit()["ok"]


def test_a_chosen_conversation_brings_its_response_url(
    stub: StubApp, slack: WebClient, control: Sandbox
) -> None:
    select = {"type": "conversations_select", "action_id": "a", "response_url_enabled": True}
    view = modal(input_block(select, block_id="b"))
    slack.views_open(trigger_id=trigger(stub, slack, control), view=view)
    control.act_as("U1LI").submit({"a": "C1DESK"})
    (entry,) = stub.received[-1].payload["response_urls"]
    assert (entry["channel_id"], entry["block_id"]) == ("C1DESK", "b")


def test_home_is_published_per_person_and_minds_the_hash(
    stub: StubApp, slack: WebClient, control: Sandbox
) -> None:
    home = {"type": "home", "blocks": [{**actions(button("next")), "block_id": "b"}]}
    first = slack.views_publish(user_id="U1LI", view=home)["view"]
    second = slack.views_publish(user_id="U1LI", view=home, hash=first["hash"])["view"]
    stale = {"user_id": "U1LI", "view": home, "hash": first["hash"]}
    assert error_of(slack.views_publish, **stale) == "hash_conflict"
    assert second["id"] == first["id"]
    li = control.act_as("U1LI")
    li.click_home("next", app="A1APP")
    payload = stub.received[-1].payload
    assert payload["container"] == {"type": "view", "view_id": first["id"]}
    assert payload["view"]["type"] == "home"
    assert "message" not in payload
    with pytest.raises(CannotActError):
        control.act_as("U2ANN").click_home("next", app="A1APP")
    assert error_of(slack.views_publish, user_id="U9", view=home) == "invalid_arguments"


def test_nobody_submits_a_modal_that_is_not_in_front(
    opened: dict[str, Any], control: Sandbox
) -> None:
    with pytest.raises(CannotActError, match="no_such_view"):
        control.act_as("U2ANN").submit(view_id=opened["id"])
    with pytest.raises(CannotActError, match="no_such_view"):
        control.act_as("U2ANN").close()
