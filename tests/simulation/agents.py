"""Agents at their cards: they press what Slack shows them, twice, late, at once, or by mistake."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from slack_bolt import App, BoltRequest

from tests.simulation.slack import IDENTITY, Posted, Slack

Json = dict[str, Any]
SELECTS = ("static_select", "multi_static_select")
FIELD = "field."
OPENING = ("open", "ask.")  # presses that ask or show: they have no answer of their own
TEAM = IDENTITY["team_id"]


@dataclass(frozen=True)
class Press:
    """A press or a submission that was sent, and how the bot answered it."""

    key: str  # under which the desk must know it, empty where it asks for no answer
    status: int
    body: Json
    told: str  # what only the presser was told
    may_ask: bool  # whether it may only have asked for more, or held, which leave no answer


class Agents:
    """Whoever may press, and what each of them does next."""

    def __init__(self, chance: Random, slack: Slack, people: list[str]) -> None:
        self.chance, self.slack, self.people = chance, slack, people
        self._earlier: list[Json] = []  # bodies that may come again
        self._count = 0

    def act(
        self, app: Callable[[], App], heard: Callable[[Press], None], wanted: Posted | None = None
    ) -> str:
        """Somebody presses something; `heard` gets each answer. Returns what it was, in short.

        `wanted` is the message they press, where it is not theirs to choose.
        """
        shown = self._shown() if wanted is None else [wanted]
        if self._earlier and wanted is None and self.chance.random() < 0.1:
            body = self.chance.choice(self._earlier)
            heard(self._send(app(), body))
            return "again"
        if not shown:
            return "nothing to press"
        # The latest cards are looked at most; an old one may be pressed all the same.
        number = min(int(self.chance.expovariate(0.25)), len(shown) - 1)
        body = self._pressed(shown[-1 - number])
        if body is None:
            return "nothing to press"
        self._earlier = [*self._earlier[-20:], body]
        heard(self._send(app(), body))
        if self.chance.random() < 0.05:  # the same interaction, delivered twice
            heard(self._send(app(), body))
        view = self.slack.views.pop(body["trigger_id"], None)
        if view is not None and "submit" in view:
            submitted = self._submitted(view, body["user"])
            self._earlier.append(submitted)
            heard(self._send(app(), submitted))
        return str(body["actions"][0]["action_id"])

    def _shown(self) -> list[Posted]:
        """Everything that carries something to press, the latest last."""
        return [m for m in self.slack.messages.values() if _elements(m.body["blocks"], "actions")]

    def _pressed(self, message: Posted) -> Json | None:
        blocks = message.body["blocks"]
        selects = _elements(blocks, "section")
        if selects and self.chance.random() < 0.1:
            block, element = self.chance.choice(selects)
        else:
            block, element = self._button(_elements(blocks, "actions"))
        self._count += 1
        user = {"id": self.chance.choice(self.people), "team_id": TEAM}
        return {
            "type": "block_actions",
            "team": {"id": TEAM},
            "user": user,
            "api_app_id": "A1",
            "container": {
                "type": "message",
                "message_ts": message.ts,
                "channel_id": message.channel,
            },
            "trigger_id": f"trigger-{self._count}",
            "channel": {"id": message.channel},
            "message": {"ts": message.ts, "blocks": blocks},
            "state": {"values": self._filled(selects)},
            "response_url": self.slack.reply_url(message.channel, message.ts),
            "actions": [self._action(block, element)],
        }

    def _button(self, pairs: list[tuple[Json, Json]]) -> tuple[Json, Json]:
        """Buttons mostly; the menu of ends rarely, so that disputes live to see more."""
        buttons = [p for p in pairs if p[1]["type"] == "button" and p[1]["action_id"] != "park"]
        return self.chance.choice(pairs if not buttons or self.chance.random() < 0.1 else buttons)

    def _action(self, block: Json, element: Json) -> Json:
        action = {
            "type": element["type"],
            "action_id": element["action_id"],
            "block_id": block.get("block_id", ""),
            "action_ts": f"{self._count}.0",
        }
        if element["type"] == "button":
            return {**action, "value": element["value"]}
        return {**action, "selected_option": self.chance.choice(_options(element))}

    def _filled(self, pairs: list[tuple[Json, Json]]) -> Json:
        """What stands in the selects: what was drawn there, or what the agent picked."""
        values: Json = {}
        for block, element in pairs:
            values[block["block_id"]] = {element["action_id"]: self._picked(element)}
        return values

    def _picked(self, element: Json) -> Json:
        kind = element["type"]
        if kind not in SELECTS:
            return {"type": kind, "value": element.get("initial_value") or "as agreed"}
        many = kind.startswith("multi_")
        given = element.get("initial_options" if many else "initial_option")
        if given is None or self.chance.random() < 0.3:
            picked = self.chance.choice(_options(element))
            given = [picked] if many else picked
            if self.chance.random() < 0.05:
                given = [] if many else None
        return {"type": kind, "selected_options" if many else "selected_option": given}

    def _submitted(self, view: Json, user: Json) -> Json:
        self._count += 1
        pairs = [(block, block["element"]) for block in view["blocks"] if block["type"] == "input"]
        return {
            "type": "view_submission",
            "team": {"id": TEAM},
            "user": user,
            "api_app_id": "A1",
            "view": {
                **view,
                "id": f"V{self._count}",
                "hash": f"{self._count}.h",
                "type": "modal",
                "state": {"values": self._filled(pairs)},
            },
        }

    def _send(self, app: App, body: Json) -> Press:
        url = body.get("response_url", "")
        self.slack.told.pop(url, None)
        answer = app.dispatch(BoltRequest(body=body, mode="socket_mode"))
        said = json.loads(answer.body) if answer.body else {}
        return Press(_key(body), answer.status, said, self.slack.told.get(url, ""), _may_ask(body))


def _key(body: Json) -> str:
    """The key under which the answer must be kept, by the house's rule."""
    user = body["user"]["id"]
    if body["type"] == "view_submission":
        return f"view:{TEAM}:{user}:{body['view']['id']}:{body['view']['hash']}"
    action, place = body["actions"][0], body["container"]
    if action["action_id"].startswith((*OPENING, FIELD)):
        return ""
    parts = (TEAM, user, place["channel_id"], place["message_ts"], action["action_id"])
    return ":".join(("press", *parts, action["block_id"], action["action_ts"]))


def _may_ask(body: Json) -> bool:
    action = body.get("actions", [{}])[0].get("action_id") or ""
    return action.startswith(("more", "take_over", "park"))


def _elements(blocks: list[Json], kind: str) -> list[tuple[Json, Json]]:
    """Each element of the blocks of a kind, with its block."""
    if kind == "section":
        return [(b, b["accessory"]) for b in blocks if b["type"] == kind and "accessory" in b]
    return [(b, e) for b in blocks if b["type"] == kind for e in b["elements"]]


def _options(element: Json) -> list[Json]:
    groups: list[Json] = element.get("option_groups") or [element]
    return [option for group in groups for option in group["options"]]
