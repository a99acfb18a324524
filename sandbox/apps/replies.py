"""What an app sends to a response_url, or answers to a slash command at once."""

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from sandbox import clock
from sandbox.api.arguments import flag
from sandbox.api.chat import authored, updated_fields
from sandbox.api.content import read_message
from sandbox.api.errors import RefusedError
from sandbox.state import messages
from sandbox.state.model import App, Channel, Json, Reply, Workspace


def respond(
    workspace: Workspace,
    app: App,
    person_id: str,
    channel: Channel,
    content: Json,
    thread_ts: str | None = None,
) -> None:
    """Post an app's answer: to the person alone, or ``in_channel`` where it says so.

    Refuses as chat.postMessage does when the content is not in order.
    """
    author = workspace.people[app.bot_user_id]
    message = authored(app, author, workspace.team["id"], read_message(content))
    wanted = content.get("thread_ts") or thread_ts
    if wanted in channel.log.by_ts:
        message["thread_ts"] = channel.log.by_ts[wanted].get("thread_ts") or wanted
    if content.get("response_type") == "in_channel":
        messages.post(workspace, channel, message)
    else:
        messages.post_ephemeral(workspace, channel, person_id, message)


async def serve_reply(workspace: Workspace, request: Request) -> Response:
    """The response_url itself: new message, replacement or deletion; five uses, thirty minutes."""
    reply = workspace.replies.get(request.path_params["key"])
    if reply is None or clock.now(workspace.clock) > reply.expires_at:
        return JSONResponse({"ok": False, "error": "expired_url"}, 404)
    if reply.uses_left <= 0:
        return JSONResponse({"ok": False, "error": "used_url"}, 404)
    try:
        content = await request.json()
    except ValueError:
        return PlainTextResponse("invalid_payload", 400)
    if not isinstance(content, dict):
        return PlainTextResponse("invalid_payload", 400)
    reply.uses_left -= 1
    try:
        _do(workspace, reply, content)
    except RefusedError as refused:
        return JSONResponse({"ok": False, "error": refused.code, **refused.extra}, 400)
    return PlainTextResponse("ok")


def _do(workspace: Workspace, reply: Reply, content: Json) -> None:
    app, channel = workspace.apps[reply.app_id], workspace.channels[reply.channel_id]
    if flag(content, "delete_original"):
        _change(workspace, reply, channel, None)
    elif flag(content, "replace_original") and reply.message_ts is not None:
        _change(workspace, reply, channel, updated_fields(read_message(content)))
    else:
        respond(workspace, app, reply.person_id, channel, content, reply.thread_ts)


def _change(workspace: Workspace, reply: Reply, channel: Channel, fields: Json | None) -> None:
    """Replace or delete the message that was acted on, an ephemeral one too."""
    ts = reply.message_ts
    message = channel.log.by_ts.get(ts or "")
    if message is None:
        messages.edit_ephemeral(workspace, reply.person_id, ts or "", fields)
    elif fields is None:
        messages.delete(workspace, channel, message)
    else:
        editor = workspace.apps[reply.app_id].bot_user_id
        messages.edit(workspace, channel, message, fields, editor)
