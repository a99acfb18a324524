"""The events of the workspace itself: people, user groups, files and tokens."""

from sandbox.api.shapes import person_shape
from sandbox.state.model import Change, Json, Workspace

Shaped = list[tuple[str, Json]]


def events_of(workspace: Workspace, change: Change) -> Shaped:
    """Every event a change outside channels means."""
    body = change.body
    if change.kind == "person":
        return _person(workspace, body)
    if change.kind.startswith("subteam_"):
        return [(change.kind, {"type": change.kind, "subteam": body["subteam"]})]
    if change.kind == "file_deleted":
        return [("file_deleted", {"type": "file_deleted", "file_id": body["file"]})]
    if change.kind == "tokens_revoked":
        return [("tokens_revoked", {"type": "tokens_revoked", "tokens": body["tokens"]})]
    if change.kind == "app_uninstalled":
        return [("app_uninstalled", {"type": "app_uninstalled"})]
    return []


def _person(workspace: Workspace, body: Json) -> Shaped:
    person = workspace.people.get(body["person"])
    if person is None:
        return []
    shape = person_shape(workspace, person, with_email=False)
    if body.get("joined"):
        return [("team_join", {"type": "team_join", "user": shape})]
    return [("user_change", {"type": "user_change", "user": shape})]
