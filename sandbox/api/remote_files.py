"""files.remote.*: files that lie elsewhere and are only named here."""

from sandbox.api import arguments, pages, sharing
from sandbox.api.call import Call
from sandbox.api.errors import RefusedError
from sandbox.state import files
from sandbox.state.files import new_file, shape
from sandbox.state.model import Json


def add(call: Call) -> Json:
    """files.remote.add: the same external_id again changes what is known of it."""
    external_id = arguments.required(call.args, "external_id")
    entry = _by_external_id(call, external_id)
    if entry is None:
        entry = new_file(call.workspace, external_id, call.actor_id, 0)
        entry.update(
            mode="external", is_external=True, external_type="app", external_id=external_id
        )
    _describe(call, entry)
    return {"file": shape(entry)}


def _describe(call: Call, entry: Json) -> None:
    title = arguments.text(call.args, "title")
    url = arguments.text(call.args, "external_url")
    if title is not None:
        entry.update(name=title, title=title)
    if url is not None:
        entry.update(external_url=url, url_private=url)
    if "preview_image" in call.uploads:
        entry["has_rich_preview"] = True


def info(call: Call) -> Json:
    """files.remote.info."""
    return {"file": shape(_find(call))}


def list_all(call: Call) -> Json:
    """files.remote.list."""
    found = [e for e in call.workspace.files.values() if e["is_external"]]
    part, cursor = pages.page(found, "file", call.args)
    return {"files": [shape(e) for e in part], "response_metadata": {"next_cursor": cursor}}


def share(call: Call) -> Json:
    """files.remote.share."""
    entry = _find(call)
    for target in arguments.names(call.args, "channels"):
        sharing.share(call, target, [entry])
    return {"file": shape(entry)}


def update(call: Call) -> Json:
    """files.remote.update."""
    entry = _find(call)
    _describe(call, entry)
    return {"file": shape(entry)}


def remove(call: Call) -> Json:
    """files.remote.remove."""
    files.delete(call.workspace, _find(call))
    return {}


def _find(call: Call) -> Json:
    file_id = arguments.text(call.args, "file")
    external_id = arguments.text(call.args, "external_id")
    if file_id is None and external_id is None:
        raise RefusedError("bad_request")
    entry = (
        call.workspace.files.get(file_id)
        if file_id is not None
        else _by_external_id(call, external_id or "")
    )
    if entry is None or not entry["is_external"]:
        raise RefusedError("file_not_found")
    return entry


def _by_external_id(call: Call, external_id: str) -> Json | None:
    found = (e for e in call.workspace.files.values() if e.get("external_id") == external_id)
    return next(found, None)


HANDLERS = {
    "files.remote.add": add,
    "files.remote.info": info,
    "files.remote.list": list_all,
    "files.remote.share": share,
    "files.remote.update": update,
    "files.remote.remove": remove,
}
