"""Installing an app without asking anybody: for those who just want to begin."""

from sandbox.state import grants, tokens
from sandbox.state.model import App, Grant, Workspace


def install_whole(workspace: Workspace, app: App) -> None:
    """Let an app in with all it asks for: a bot token, an app token, and a person's token."""
    people = [p.id for p in workspace.people.values() if p.app_id is None and not p.deleted]
    person_id = people[0] if people else "USLACKBOT"
    wanted_of_users = app.wanted_of_users if people else []
    grants.install(workspace, app, Grant(app.id, person_id, "", app.wanted, wanted_of_users))
    if not tokens.of_app(workspace, app, "app"):
        whole = frozenset({"connections:write", "authorizations:read"})
        tokens.issue(workspace, "app", app, app.bot_user_id, whole)
