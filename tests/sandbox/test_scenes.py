"""Scenes that anyone can write: they play by themselves, and know the right answer."""

from typing import Any

import pytest
from slack_sdk import WebClient

from sandbox.client import CannotActError, Sandbox
from tests.sandbox.apps import StubApp
from tests.waiting import eventually

SCENE = """
name = "A cracked phone"
about = "The carton shows no damage."

[[steps]]
as = "U2ANN"
do = "post"
channel = "#desk"
text = "My phone arrived broken"
save = "complaint"

[[steps]]
find = "Who is liable"
channel = "#desk"
save = "card"

[[steps]]
as = "ann"
do = "react"
channel = "#desk"
ts = "{card}"
name = "eyes"

[[steps]]
pass = 3600

[[steps]]
fault = {kind = "revoked_token", method = "users.list"}

[[questions]]
ask = "Who is liable?"
action_id = "liability"
right = "merchant"
why = "It was broken when it was packed."
"""


def option(value: str) -> dict[str, Any]:
    return {"text": {"type": "plain_text", "text": value}, "value": value}


BLOCKS = [
    {
        "type": "actions",
        "elements": [
            {
                "type": "static_select",
                "action_id": "liability",
                "options": [option("merchant"), option("buyer")],
            }
        ],
    }
]


def wait_over(control: Sandbox) -> dict[str, Any]:
    def over() -> dict[str, Any] | None:
        scene: dict[str, Any] = control.get("scenes")["scenes"][-1]
        return scene if scene["over"] else None

    return eventually(over)


def test_a_scene_plays_and_scores_what_the_trainee_chose(
    stub: StubApp, slack: WebClient, control: Sandbox
) -> None:
    before = control.clock()
    scene_id = control.play(SCENE)
    ts = slack.chat_postMessage(channel="C1DESK", text="Who is liable?", blocks=BLOCKS)["ts"]
    scene = wait_over(control)
    assert (scene["error"], scene["done"], scene["saved"]["card"]) == ("", 5, ts)
    assert control.clock() > before + 3600
    assert control.messages("C1DESK")[-1]["reactions"][0]["users"] == ["U2ANN"]
    assert control.faults()[0]["error"] == "token_revoked"
    li = control.act_as("U1LI")
    assert control.score(scene_id, "U1LI")["answers"][0]["state"] == "open"
    li.click("C1DESK", ts, "liability", "buyer")
    answer = control.score(scene_id, "U1LI")["answers"][0]
    assert (answer["state"], answer["why"]) == ("wrong", "It was broken when it was packed.")
    li.click("C1DESK", ts, "liability", "merchant")
    assert control.score(scene_id, "U1LI")["right"] == 1
    assert control.score(scene_id, "U2ANN")["right"] == 0
    assert stub.received


def test_a_step_that_cannot_be_done_ends_the_scene_with_its_place(control: Sandbox) -> None:
    control.play({"name": "x", "steps": [{"as": "nobody", "do": "post", "text": "x"}]})
    assert wait_over(control)["error"].startswith("steps[0]: ")


@pytest.mark.parametrize(
    ("scene", "place"),
    [
        ("", "name"),
        ("name = 'x'\nsteps = [{}]", "steps[0]"),
        ("name: x\nsteps: [{as: U1LI, do: dance}]", "steps[0].do"),
        ("name = 'x'\nquestions = [{ask = 'a', action_id = 'b'}]", "questions[0].right"),
        ("name = 'x'\nextra = 1", "extra"),
        ("{", "unreadable"),
        ("[[[[", "unreadable"),
        ("name = 'x'\nsteps = [{pass = -1}]", "steps[0].pass"),
    ],
)
def test_a_mistake_in_a_scene_is_named_with_its_place(
    control: Sandbox, scene: str, place: str
) -> None:
    with pytest.raises(CannotActError, match="bad_request") as caught:
        control.play(scene)
    assert place in str(caught.value)
