"""Scoring a trainee: what they chose, read from the requests that went to the app."""

import json
from typing import Any
from urllib.parse import parse_qs

from sandbox.scenes.playing import Scene
from sandbox.scenes.reading import Question
from sandbox.state.model import Json
from sandbox.traffic import Exchange, Traffic


def score(scene: Scene, traffic: Traffic, person_id: str) -> Json:
    """Every question with what the person last chose: ``right``, ``wrong`` or ``open``.

    The reason is told once the question is answered.
    """
    payloads = _payloads(scene, traffic, person_id)
    answers = [_answered(question, payloads) for question in scene.file.questions]
    return {
        "person": person_id,
        "answers": answers,
        "right": sum(answer["state"] == "right" for answer in answers),
        "of": len(answers),
    }


def _answered(question: Question, payloads: list[Json]) -> Json:
    chosen: list[str] | None = None
    for payload in payloads:
        found = _chosen(payload, question.action_id)
        chosen = found if found is not None else chosen
    answer: Json = {"ask": question.ask, "action_id": question.action_id, "chosen": chosen}
    if not chosen:
        return {**answer, "state": "open"}
    right = sorted(chosen) == sorted(question.right)
    told = {"why": question.why, "right_answer": list(question.right)}
    return {**answer, "state": "right" if right else "wrong", **told}


def _payloads(scene: Scene, traffic: Traffic, person_id: str) -> list[Json]:
    found = []
    for exchange in traffic.exchanges:
        if exchange.n > scene.began and exchange.direction == "out":
            payload = _payload(exchange)
            user = payload.get("user")
            if isinstance(user, dict) and user.get("id") == person_id:
                found.append(payload)
    return found


def _payload(exchange: Exchange) -> Json:
    try:
        text = parse_qs(exchange.request.decode())["payload"][0]
        found = json.loads(text)
    except (ValueError, KeyError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _chosen(payload: Json, action_id: str) -> list[str] | None:
    """What this payload says was chosen in an element; None where it says nothing of it."""
    for action in payload.get("actions", ()):
        if action.get("action_id") == action_id:
            return _values(action)
    state = payload.get("state") or (payload.get("view") or {}).get("state") or {}
    for by_action in (state.get("values") or {}).values():
        if action_id in by_action:
            return _values(by_action[action_id])
    return None


def _values(state: Json) -> list[str]:
    for name, value in state.items():
        if name.startswith("selected_") and value:
            listed: list[Any] = value if isinstance(value, list) else [value]
            return [str(v["value"] if isinstance(v, dict) else v) for v in listed]
    return [str(state["value"])] if state.get("value") else []
