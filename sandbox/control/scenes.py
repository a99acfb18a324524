"""Scenes and snapshots from the bench."""

from starlette.requests import Request
from starlette.routing import Route

from sandbox.control.wire import BadRequestError, body_of, endpoint
from sandbox.ids import new_id
from sandbox.keeping import snapshot
from sandbox.people.errors import CannotActError
from sandbox.running import Running
from sandbox.scenes.playing import Scene, play
from sandbox.scenes.reading import SceneFile, read_scene
from sandbox.scenes.scoring import score
from sandbox.state.model import Json


def start(running: Running, file: SceneFile) -> str:
    """Let a scene begin; returns its id."""
    kept = running.bench.traffic.exchanges
    scene = Scene(file, began=kept[-1].n if kept else 0)
    scene_id = new_id("Sc")
    running.scenes[scene_id] = scene
    running.background.start(play(running, scene))
    return scene_id


async def add_scene(running: Running, request: Request) -> Json:
    """``POST /sandbox/scenes``: ``scene`` as TOML, YAML or JSON, text or object; it begins."""
    scene_id = start(running, read_scene((await body_of(request)).get("scene")))
    return {"ok": True, "id": scene_id}


async def read_scenes(running: Running, _request: Request) -> Json:
    """``GET /sandbox/scenes``: those that were begun, and how far they are."""
    return {"scenes": [_row(scene_id, scene) for scene_id, scene in running.scenes.items()]}


def _row(scene_id: str, scene: Scene) -> Json:
    return {
        "id": scene_id,
        "name": scene.file.name,
        "about": scene.file.about,
        "steps": len(scene.file.steps),
        "done": scene.done,
        "over": scene.over,
        "error": scene.error,
        "saved": scene.saved,
        "questions": [question.ask for question in scene.file.questions],
    }


async def read_score(running: Running, request: Request) -> Json:
    """``GET /sandbox/scenes/ID/score?person=``: what somebody chose, and whether it was right."""
    scene = running.scenes.get(request.path_params["scene"])
    if scene is None:
        raise CannotActError("no_such_scene", request.path_params["scene"])
    person = request.query_params.get("person", "")
    if person not in running.workspace.people:
        raise BadRequestError("person: whose choices?")
    return score(scene, running.bench.traffic, person)


async def take_snapshot(running: Running, _request: Request) -> Json:
    """``GET /sandbox/snapshot``: everything there is, as one document."""
    return snapshot.take(running.workspace)


async def put_back(running: Running, request: Request) -> Json:
    """``POST /sandbox/snapshot``: such a document; the workspace is what it was then."""
    snapshot.put_back(running.workspace, await body_of(request))
    running.background.clock_moved()
    return {"ok": True}


def routes(running: Running) -> list[Route]:
    """The routes of this file."""
    table = [
        ("GET", "scenes", read_scenes),
        ("POST", "scenes", add_scene),
        ("GET", "scenes/{scene}/score", read_score),
        ("GET", "snapshot", take_snapshot),
        ("POST", "snapshot", put_back),
    ]
    return [
        Route(f"/sandbox/{path}", endpoint(running, serve), methods=[method])
        for method, path, serve in table
    ]
