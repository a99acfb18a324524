"""Playing a scene: its steps one after another, beside everything else."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from sandbox import clock, faults
from sandbox.api.errors import RefusedError
from sandbox.faults import BadFaultError
from sandbox.people import places
from sandbox.people.acts import ACTS
from sandbox.people.errors import CannotActError
from sandbox.running import Running
from sandbox.scenes.reading import SceneFile
from sandbox.state.model import Json, Person

PATIENCE = 30.0  # seconds for a message to come


@dataclass(slots=True)
class Scene:
    """A scene under way: how many steps are done, what went wrong, what was saved.

    `began` is the number of the last exchange in the log before it.
    """

    file: SceneFile
    began: int
    done: int = 0
    error: str = ""
    saved: dict[str, str] = field(default_factory=dict)

    @property
    def over(self) -> bool:
        """Whether no step is left, or one failed."""
        return bool(self.error) or self.done == len(self.file.steps)


async def play(running: Running, scene: Scene) -> None:
    """Do the steps; the first that cannot be done ends the scene with its reason."""
    for at, step in enumerate(scene.file.steps):
        try:
            await _do(running, scene, _filled(step, scene.saved))
        except (CannotActError, RefusedError, BadFaultError, KeyError) as error:
            scene.error = f"steps[{at}]: {error}"
            return
        scene.done = at + 1


def _filled(value: Any, saved: dict[str, str]) -> Any:
    """The step with ``{name}`` replaced by what was saved under that name."""
    if isinstance(value, dict):
        return {key: _filled(item, saved) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, saved) for item in value]
    if isinstance(value, str) and value.startswith("{") and value.endswith("}"):
        return saved.get(value[1:-1], value)
    return value


async def _do(running: Running, scene: Scene, step: Json) -> None:
    if "fault" in step:
        running.bench.faults.append(faults.scripted(step["fault"]))
    elif "pass" in step:
        clock.move(running.workspace.clock, float(step["pass"]))
        running.background.clock_moved()
    elif "find" in step:
        found = await _find(running, step)
        if step.get("save"):
            scene.saved[str(step["save"])] = found
    else:
        outcome = await _act(running, step)
        if step.get("save") and outcome.get("ts"):
            scene.saved[str(step["save"])] = outcome["ts"]


async def _act(running: Running, step: Json) -> Json:
    act = {key: value for key, value in step.items() if key not in {"as", "do", "save"}}
    channel = act.get("channel")
    person = _person(running, step["as"])
    if isinstance(channel, str):
        act["channel"] = places.find_channel(running.workspace, person, channel).id
    return await ACTS[step["do"]](running, person, act)


def _person(running: Running, who: str) -> Person:
    people = running.workspace.people
    found = people.get(who) or next((p for p in people.values() if p.name == who), None)
    if found is None or found.app_id is not None:
        raise CannotActError("no_such_person", f"nobody here is {who!r}")
    return found


async def _find(running: Running, step: Json) -> str:
    """The newest message of a channel with this text in it, waited for."""
    ends = asyncio.get_running_loop().time() + PATIENCE
    wanted = step["channel"].removeprefix("#")
    while True:
        for channel in running.workspace.channels.values():
            if wanted in {channel.id, channel.name}:
                for ts in sorted(channel.log.by_ts, reverse=True):
                    if step["find"] in channel.log.by_ts[ts].get("text", ""):
                        return ts
        if asyncio.get_running_loop().time() > ends:
            raise CannotActError("no_such_message", f"no message says {step['find']!r}")
        await asyncio.sleep(0.1)
