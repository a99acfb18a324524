"""What a sandbox starts with from the command line: a workspace, apps of manifests, scenes."""

import json
from importlib.resources import files
from pathlib import Path

from sandbox.manifest.installing import install_whole
from sandbox.manifest.making import app_from
from sandbox.manifest.reading import BadManifestError
from sandbox.reading import BadWorkspaceError
from sandbox.scenes.reading import BadSceneError, SceneFile, read_scene
from sandbox.state import conversations, tokens
from sandbox.state.model import App, Json, Workspace


def example(*, apps: bool = True) -> Json:
    """The workspace that comes along: two people, two channels and, unless left out, one app."""
    text = files("sandbox").joinpath("example.json").read_text(encoding="utf-8")
    workspace: Json = json.loads(text)
    if not apps:
        workspace["apps"] = []
        for channel in workspace["channels"]:
            channel["members"] = [
                who for who in channel["members"] if who.startswith("U") and who != "UBOT"
            ]
    return workspace


def add_manifest(workspace: Workspace, path: Path, app_url: str | None) -> App:
    """An app out of a manifest's file, installed with all it asks for, in every public channel.

    Raises BadWorkspaceError with the file's name and each mistake's place.
    """
    try:
        app = app_from(path.read_text(encoding="utf-8"), app_url=app_url)
    except (BadManifestError, OSError, UnicodeDecodeError) as error:
        raise BadWorkspaceError(f"{path}: {error}") from error
    workspace.apps[app.id] = app
    install_whole(workspace, app)
    for channel in workspace.channels.values():
        if channel.kind == "public" and not channel.archived and app.installed:
            bot = workspace.people.get(app.bot_user_id)
            if bot is not None:
                conversations.join(workspace, channel, bot, inviter=None)
    return app


def read_scene_file(path: Path) -> SceneFile:
    """A scene's file. Raises BadWorkspaceError with its name and the mistake's place."""
    try:
        return read_scene(path.read_text(encoding="utf-8"))
    except (BadSceneError, OSError, UnicodeDecodeError) as error:
        raise BadWorkspaceError(f"{path}: {error}") from error


def credentials(workspace: Workspace, app: App) -> list[str]:
    """What an app's own settings need, line by line."""
    lines = [f"{app.name}"]
    for kind, name in (("bot", "SLACK_BOT_TOKEN"), ("app", "SLACK_APP_TOKEN")):
        lines += [f"  {name}={token.value}" for token in tokens.of_app(workspace, app, kind)[:1]]
    lines.append(f"  SLACK_SIGNING_SECRET={app.signing_secret}")
    if app.redirect_urls:
        lines.append(f"  SLACK_CLIENT_ID={app.client_id}")
        lines.append(f"  SLACK_CLIENT_SECRET={app.client_secret}")
    return lines
