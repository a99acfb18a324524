"""Reading a scene: TOML, YAML or JSON, checked with the place of each mistake.

A scene has a name, steps, and questions with their right answers::

    name = "A cracked phone"
    about = "The photos show a cracked corner; the merchant's packing list says foam."

    [[steps]]                    # a person does something (the acts of the control API)
    as = "U1"
    do = "post"
    channel = "#general"
    text = "My phone arrived broken"
    save = "complaint"           # later steps write {complaint} for this message

    [[steps]]                    # wait for a message, by what stands in it
    find = "Waiting for somebody"
    channel = "#intake"
    save = "card"

    [[steps]]                    # time goes by on the workspace's clock, at once
    pass = 3600

    [[steps]]                    # something breaks (the fields of a fault)
    fault = {kind = "ratelimited", method = "chat.update"}

    [[questions]]                # what the trainee should choose, and why
    ask = "Who is liable?"
    action_id = "liability"
    right = ["merchant"]
    why = "The carton shows no damage: the phone was broken when it was packed."
"""

import json
import tomllib
from dataclasses import dataclass, field
from typing import Any

import yaml

from sandbox.manifest.reading import StrictLoader
from sandbox.people.acts import ACTS
from sandbox.state.model import Json

LONGEST = 500_000
MOST_STEPS = 1_000


class BadSceneError(ValueError):
    """A scene that cannot be played; the message names the place."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a trainee should choose: in the element `action_id`, all of `right`, and why."""

    ask: str
    action_id: str
    right: tuple[str, ...]
    why: str = ""


@dataclass(frozen=True, slots=True)
class SceneFile:
    """A scene as it was written."""

    name: str
    about: str = ""
    steps: list[Json] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)


def read_scene(given: Any) -> SceneFile:
    """A scene from text (TOML, YAML or JSON) or from the object; raises BadSceneError."""
    data = _parsed(given) if isinstance(given, str) else given
    if not isinstance(data, dict):
        raise BadSceneError("a scene is a table with a name, steps and questions")
    unknown = sorted(str(k) for k in set(data) - {"name", "about", "steps", "questions"})
    if unknown:
        raise BadSceneError(f"unknown: {', '.join(unknown)}")
    steps = [_step(step, f"steps[{at}]") for at, step in enumerate(_list(data, "steps"))]
    if len(steps) > MOST_STEPS:
        raise BadSceneError(f"steps: {MOST_STEPS} at most")
    questions = [
        _question(found, f"questions[{at}]") for at, found in enumerate(_list(data, "questions"))
    ]
    return SceneFile(_text(data, "name", ""), str(data.get("about", "")), steps, questions)


def _parsed(text: str) -> Any:
    if len(text) > LONGEST:
        raise BadSceneError(f"longer than {LONGEST} characters")
    try:
        if text.lstrip().startswith("{"):
            return json.loads(text)
        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError as as_toml:
            found = yaml.load(text, Loader=StrictLoader)  # noqa: S506 - a safe loader, but stricter
            if not isinstance(found, dict):
                raise BadSceneError(f"unreadable: {as_toml}") from as_toml
            return found
    except (ValueError, RecursionError, yaml.YAMLError) as error:
        raise BadSceneError(f"unreadable: {error}") from error


def _list(data: Json, name: str) -> list[Any]:
    value = data.get(name, [])
    if not isinstance(value, list):
        raise BadSceneError(f"{name}: a list is wanted")
    return value


def _text(data: Json, name: str, place: str) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not value:
        raise BadSceneError(f"{place}{'.' if place else ''}{name}: a text is wanted")
    return value


def _step(step: Any, place: str) -> Json:
    kinds = [
        kind for kind in ("do", "find", "pass", "fault") if isinstance(step, dict) and kind in step
    ]
    if len(kinds) != 1:
        raise BadSceneError(f"{place}: one of do, find, pass or fault")
    if kinds[0] == "do":
        _text(step, "as", place)
        if step["do"] not in ACTS:
            raise BadSceneError(f"{place}.do: one of {', '.join(ACTS)}")
    elif kinds[0] == "find":
        _text(step, "find", place)
        _text(step, "channel", place)
    elif kinds[0] == "pass" and not (
        isinstance(step["pass"], int | float) and 0 <= step["pass"] <= 1e9
    ):
        raise BadSceneError(f"{place}.pass: seconds are wanted")
    elif kinds[0] == "fault" and not isinstance(step["fault"], dict):
        raise BadSceneError(f"{place}.fault: the fields of a fault are wanted")
    found: Json = step
    return found


def _question(found: Any, place: str) -> Question:
    if not isinstance(found, dict):
        raise BadSceneError(f"{place}: a table is wanted")
    right = found.get("right")
    listed = right if isinstance(right, list) else [right]
    values = [value for value in listed if isinstance(value, str) and value]
    if not values or len(values) != len(listed):
        raise BadSceneError(f"{place}.right: the value, or the values, of the right choice")
    return Question(
        _text(found, "ask", place),
        _text(found, "action_id", place),
        tuple(values),
        str(found.get("why", "")),
    )
