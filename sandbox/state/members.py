"""Apps as members of the workspace: the bot user that comes with an installation."""

import time

from sandbox.state.feed import tell
from sandbox.state.model import App, Person, Workspace


def join_workspace(workspace: Workspace, app: App) -> None:
    """Make the app's bot user a member of the workspace."""
    workspace.people[app.bot_user_id] = Person(
        id=app.bot_user_id,
        name=app.name.lower().replace(" ", "_"),
        real_name=app.name,
        app_id=app.id,
    )
    app.profile = {
        "id": app.bot_id,
        "app_id": app.id,
        "user_id": app.bot_user_id,
        "name": app.name,
        "icons": {},
        "deleted": False,
        "updated": int(time.time()),
        "team_id": workspace.team["id"],
    }
    app.installed = True
    tell(workspace, "person", {"person": app.bot_user_id})
