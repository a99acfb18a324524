"""chat.unfurl: what an app shows beneath its links."""

from typing import Any
from urllib.parse import urlsplit

from sandbox.api import arguments
from sandbox.api.call import Call
from sandbox.api.channels import find_channel
from sandbox.api.content import read_message
from sandbox.api.errors import RefusedError
from sandbox.state import messages
from sandbox.state.model import App, Channel, Json


def unfurl(call: Call) -> Json:
    """chat.unfurl: by channel and ts, or by the unfurl_id of link_shared."""
    channel, message = _message(call)
    given = arguments.structure(call.args, "unfurls", "invalid_unfurls_format")
    if given is None:
        asks = {"user_auth_message", "user_auth_required", "user_auth_url", "user_auth_blocks"}
        if asks & {name for name, value in call.args.items() if value}:
            return {}
        raise RefusedError("missing_unfurls")
    if not isinstance(given, dict) or not all(isinstance(v, dict) for v in given.values()):
        raise RefusedError("invalid_unfurls_format")
    shown = [_attachment(call.app, url, content) for url, content in given.items()]
    others = [a for a in message.get("attachments", ()) if a.get("from_url") not in given]
    fields = {"attachments": [*others, *shown]}
    messages.edit(call.workspace, channel, message, fields, editor=None)
    return {}


def _message(call: Call) -> tuple[Channel, Json]:
    unfurl_id = arguments.text(call.args, "unfurl_id")
    if unfurl_id is not None:
        source = arguments.text(call.args, "source")
        if source is None:
            raise RefusedError("missing_source")
        if source not in {"composer", "conversations_history"}:
            raise RefusedError("invalid_source")
        channel_id, _, ts = unfurl_id.partition("-")
        missing = "invalid_unfurl_id"
    else:
        channel_id, ts = (arguments.text(call.args, name) or "" for name in ("channel", "ts"))
        if not channel_id:
            raise RefusedError("missing_channel")
        if not ts:
            raise RefusedError("missing_ts")
        missing = "cannot_find_message"
    channel = find_channel(call, channel_id)
    message = channel.log.by_ts.get(ts)
    if message is None:
        raise RefusedError(missing)
    return channel, message


def _attachment(app: App, url: str, content: Json) -> Json:
    host = urlsplit(url).hostname or ""
    if not any(host == d or host.endswith(f".{d}") for d in app.unfurl_domains):
        raise RefusedError("cannot_unfurl_url")
    try:
        attachment: Any = read_message({"attachments": [content], "text": "x"})["attachments"][0]
    except RefusedError as error:
        raise RefusedError("cannot_parse_attachment") from error
    attachment.update(from_url=url, is_app_unfurl=True, app_unfurl_url=url, bot_id=app.bot_id)
    shown: Json = attachment
    return shown


HANDLERS = {"chat.unfurl": unfurl}
