"""Incoming webhooks: whoever knows the address posts into its channel."""

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from sandbox.api import media
from sandbox.api.chat import authored
from sandbox.api.content import read_message
from sandbox.api.errors import RefusedError
from sandbox.state import messages
from sandbox.state.model import Workspace

LONGEST = 1_000_000


async def serve_webhook(workspace: Workspace, request: Request) -> Response:
    """``POST /services/TEAM/BOT/SECRET`` with a message as JSON, or as JSON in ``payload``."""
    hook = workspace.webhooks.get(request.path_params["key"])
    if hook is None:
        return PlainTextResponse("no_service", 404)
    channel = workspace.channels.get(hook["channel"])
    if channel is None:
        return PlainTextResponse("channel_not_found", 404)
    if channel.archived:
        return PlainTextResponse("channel_is_archived", 410)
    content = await _content(request)
    if content is None:
        return PlainTextResponse("invalid_payload", 400)
    app = workspace.apps[hook["app"]]
    try:
        given = read_message(content)
    except RefusedError as refused:
        return PlainTextResponse(refused.code, 400)
    author = workspace.people[app.bot_user_id]
    message = authored(app, author, workspace.team["id"], given)
    message["subtype"] = "bot_message"
    thread_ts = content.get("thread_ts")
    if isinstance(thread_ts, str) and thread_ts in channel.log.by_ts:
        message["thread_ts"] = channel.log.by_ts[thread_ts].get("thread_ts") or thread_ts
    messages.post(workspace, channel, message)
    media.unfurl(workspace, channel, message, content)
    return PlainTextResponse("ok")


async def _content(request: Request) -> dict[str, Any] | None:
    body = await request.body()
    if len(body) > LONGEST:
        return None
    kind = request.headers.get("content-type", "")
    try:
        if kind.startswith("application/x-www-form-urlencoded"):
            body = str((await request.form()).get("payload", "")).encode("utf-8", "replace")
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
