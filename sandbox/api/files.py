"""files.*: upload in three steps (a URL, the bytes, completing), reading and deleting."""

from collections.abc import Callable

from sandbox.api import arguments, sharing
from sandbox.api.call import Call
from sandbox.api.errors import RefusedError, invalid_arguments
from sandbox.ids import short_id
from sandbox.state import files
from sandbox.state.files import new_file, shape, store
from sandbox.state.model import Json

LONGEST_ALT_TEXT = 1000
_TYPES: dict[str, Callable[[Json], bool]] = {
    "all": lambda entry: True,
    "images": lambda entry: str(entry["mimetype"]).startswith("image/"),
    "pdfs": lambda entry: bool(entry["mimetype"] == "application/pdf"),
    "snippets": lambda entry: bool(entry["mode"] == "snippet"),
    "zips": lambda entry: bool(entry["mimetype"] == "application/zip"),
    "gdocs": lambda entry: False,
    "spaces": lambda entry: False,
}


def get_upload_url(call: Call) -> Json:
    """files.getUploadURLExternal: where to POST the bytes."""
    name = arguments.required(call.args, "filename")
    length = arguments.number(call.args, "length", 0)
    if length <= 0:
        raise RefusedError("missing_argument")
    if length > files.LARGEST:
        raise RefusedError("file_upload_size_restricted")
    alt = arguments.text(call.args, "alt_txt") or ""
    if len(alt) > LONGEST_ALT_TEXT:
        raise RefusedError("alt_txt_too_large")
    entry = new_file(call.workspace, name, call.actor_id, length)
    if alt:
        entry["alt_txt"] = alt
    key = entry["upload_key"] = short_id(32)
    return {"upload_url": f"{call.workspace.public_url}/upload/v1/{key}", "file_id": entry["id"]}


def complete_upload(call: Call) -> Json:
    """files.completeUploadExternal: the files exist now, and are shared where that was asked."""
    entries = []
    listed = arguments.structure(call.args, "files", "invalid_arguments")
    if not isinstance(listed, list) or not all(isinstance(given, dict) for given in listed):
        raise invalid_arguments("must provide an array of objects [json-pointer:/files]")
    for given in listed:
        entry = call.workspace.files.get(str(given.get("id")))
        if entry is None or entry["id"] not in call.workspace.file_bytes:
            raise RefusedError("file_not_found")
        entry["title"] = str(given.get("title") or entry["title"])
        entries.append(entry)
    if not entries:
        raise RefusedError("file_not_found")
    # slack_sdk joins the letters of a channels argument given as text; Slack passes over such ids.
    others = [c for c in arguments.names(call.args, "channels") if c in call.workspace.channels]
    for target in arguments.names(call.args, "channel_id") or others:
        sharing.share(call, target, entries)
    for entry in entries:
        entry.pop("upload_key", None)
    return {"files": [shape(entry) for entry in entries]}


def upload(call: Call) -> Json:
    """files.upload, which Slack retired: works where the team still has it."""
    if not call.workspace.team.get("legacy_files_upload"):
        raise RefusedError("method_deprecated")
    name, data = call.uploads.get("file", ("", b""))
    content = arguments.text(call.args, "content")
    if content is not None:
        data = content.encode("utf-8", "replace")
    elif "content" in call.uploads:
        data = call.uploads["content"][1]
    elif "file" not in call.uploads:
        raise RefusedError("no_file_data")
    name = arguments.text(call.args, "filename") or name or "-"
    entry = new_file(call.workspace, name, call.actor_id, len(data))
    entry["title"] = arguments.text(call.args, "title") or name
    store(call.workspace, entry, data)
    for target in arguments.names(call.args, "channels"):
        sharing.share(call, target, [entry])
    return {"file": shape(entry)}


def info(call: Call) -> Json:
    """files.info."""
    entry = _find(call)
    data = call.workspace.file_bytes.get(entry["id"], b"")
    answer: Json = {
        "file": shape(entry),
        "comments": [],
        "response_metadata": {"next_cursor": ""},
    }
    if entry["mimetype"].startswith("text/"):
        answer["content"] = data[:60_000].decode("utf-8", "replace")
    return answer


def list_all(call: Call) -> Json:
    """files.list: what the caller can see, newest first, by pages."""
    wanted = arguments.names(call.args, "types") or ["all"]
    if not set(wanted) <= set(_TYPES):
        raise RefusedError("unknown_type")
    owner = arguments.text(call.args, "user")
    if owner is not None and owner not in call.workspace.people:
        raise RefusedError("user_not_found")
    channel = arguments.text(call.args, "channel")
    since = arguments.number(call.args, "ts_from", 0)
    until = arguments.number(call.args, "ts_to", 2**62)
    found = [
        entry
        for entry in reversed(call.workspace.files.values())
        if "upload_key" not in entry
        and sharing.visible(call, entry)
        and owner in {None, entry["user"]}
        and (channel is None or channel in sharing.places(entry))
        and since <= entry["created"] <= until
        and any(_TYPES[kind](entry) for kind in wanted)
    ]
    count = min(max(1, arguments.number(call.args, "count", 100)), 1000)
    page = max(1, arguments.number(call.args, "page", 1))
    shown = found[(page - 1) * count : page * count]
    pages = -(-len(found) // count)
    paging = {"count": count, "total": len(found), "page": page, "pages": pages}
    return {"files": [shape(entry) for entry in shown], "paging": paging}


def delete(call: Call) -> Json:
    """files.delete: one's own."""
    entry = _find(call)
    if entry["user"] != call.actor_id:
        raise RefusedError("cant_delete_file")
    files.delete(call.workspace, entry)
    return {}


def _find(call: Call) -> Json:
    entry = call.workspace.files.get(arguments.required(call.args, "file"))
    if entry is None or not sharing.visible(call, entry):
        raise RefusedError("file_not_found")
    return entry


HANDLERS = {
    "files.getUploadURLExternal": get_upload_url,
    "files.completeUploadExternal": complete_upload,
    "files.upload": upload,
    "files.info": info,
    "files.list": list_all,
    "files.delete": delete,
}
