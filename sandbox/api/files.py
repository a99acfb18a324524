"""files.*: upload in three steps (a URL, the bytes, completing) and reading."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from sandbox.api import arguments
from sandbox.api.call import Call
from sandbox.api.channels import find_channel, find_message, needs_membership
from sandbox.api.chat import authored
from sandbox.api.errors import RefusedError, invalid_arguments
from sandbox.ids import short_id
from sandbox.state import messages
from sandbox.state.files import new_file, shape, store
from sandbox.state.model import Json, Workspace

FILE_LIMIT = 100_000_000


def get_upload_url(call: Call) -> Json:
    """files.getUploadURLExternal: where to POST the bytes."""
    name = arguments.required(call.args, "filename")
    length = arguments.number(call.args, "length", 0)
    if length <= 0:
        raise RefusedError("missing_argument")
    entry = new_file(call.workspace, name, call.app.bot_user_id, length)
    key = entry["upload_key"] = short_id(32)
    return {"upload_url": f"{call.workspace.public_url}/upload/v1/{key}", "file_id": entry["id"]}


async def receive_bytes(workspace: Workspace, request: Request) -> Response:
    """The upload URL itself: takes the bytes, raw or as the first file of a form."""
    key = request.path_params["key"]
    entry = next((f for f in workspace.files.values() if f.get("upload_key") == key), None)
    if entry is None:
        return PlainTextResponse("no such upload", 404)
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        async with request.form() as form:
            uploads = [value for value in form.values() if not isinstance(value, str)]
            data = await uploads[0].read() if uploads else b""
    else:
        data = await request.body()
    if len(data) > FILE_LIMIT:
        return PlainTextResponse("too large", 413)
    store(workspace, entry, data)
    return PlainTextResponse(f"OK - {len(data)}")


async def serve_bytes(workspace: Workspace, request: Request) -> Response:
    """A file's private URL: always an attachment or a picture, never a page that could run."""
    file_id = request.path_params["file"].rpartition("-")[2]
    entry = workspace.files.get(file_id)
    if entry is None or file_id not in workspace.file_bytes:
        return PlainTextResponse("not found", 404)
    picture = entry["mimetype"] in {"image/png", "image/jpeg", "image/gif", "image/webp"}
    return Response(
        workspace.file_bytes[file_id],
        media_type=entry["mimetype"] if picture else "application/octet-stream",
        headers={
            "content-disposition": "inline" if picture else "attachment",
            "x-content-type-options": "nosniff",
            "content-security-policy": "sandbox; default-src 'none'",
        },
    )


def complete_upload(call: Call) -> Json:
    """files.completeUploadExternal: the files exist now, and are shared where that was asked."""
    workspace = call.workspace
    entries = []
    listed = arguments.structure(call.args, "files", "invalid_arguments")
    if not isinstance(listed, list) or not all(isinstance(given, dict) for given in listed):
        raise invalid_arguments("must provide an array of objects [json-pointer:/files]")
    for given in listed:
        entry = workspace.files.get(str(given.get("id")))
        if entry is None or entry["id"] not in workspace.file_bytes:
            raise RefusedError("file_not_found")
        entry["title"] = str(given.get("title") or entry["title"])
        entries.append(entry)
    if not entries:
        raise RefusedError("file_not_found")
    # slack_sdk joins the letters of a channels argument given as text; Slack passes over such ids.
    others = [c for c in arguments.names(call.args, "channels") if c in workspace.channels]
    for target in arguments.names(call.args, "channel_id") or others:
        _share(call, target, entries)
    for entry in entries:
        entry.pop("upload_key", None)
    return {"files": [shape(entry) for entry in entries]}


def _share(call: Call, target: str, entries: list[Json]) -> None:
    channel = find_channel(call, target)
    needs_membership(call, channel)
    comment = arguments.text(call.args, "initial_comment") or ""
    content: Json = {"text": comment, "files": [shape(entry) for entry in entries]}
    message = authored(call.app, call.workspace.team["id"], content)
    message.update(subtype="file_share", upload=True)
    thread_ts = arguments.text(call.args, "thread_ts")
    if thread_ts:
        message["thread_ts"] = find_message(channel, thread_ts, "thread_not_found")["ts"]
    messages.post(call.workspace, channel, message)
    for entry in entries:
        kinds = {"public": "channels", "private": "groups"}
        entry[kinds.get(channel.kind, "ims")].append(channel.id)
        entry["is_public"] = entry["is_public"] or channel.kind == "public"


def info(call: Call) -> Json:
    """files.info."""
    entry = call.workspace.files.get(arguments.required(call.args, "file"))
    if entry is None:
        raise RefusedError("file_not_found")
    return {"file": shape(entry), "comments": [], "response_metadata": {"next_cursor": ""}}


HANDLERS = {
    "files.getUploadURLExternal": get_upload_url,
    "files.completeUploadExternal": complete_upload,
    "files.info": info,
}
