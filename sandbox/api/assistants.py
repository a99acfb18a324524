"""assistant.threads.*: what an assistant says of itself beside the conversation."""

from sandbox.api import arguments
from sandbox.api.call import Call
from sandbox.api.channels import find_channel
from sandbox.api.errors import RefusedError
from sandbox.state.feed import tell
from sandbox.state.model import Json


def _told(call: Call, what: str, value: object) -> Json:
    channel = find_channel(call, arguments.required(call.args, "channel_id"))
    thread_ts = arguments.required(call.args, "thread_ts")
    if thread_ts not in channel.log.by_ts:
        raise RefusedError("invalid_thread_ts")
    body = {"channel": channel.id, "thread_ts": thread_ts, what: value}
    tell(call.workspace, "assistant", body, channel.id)
    return {}


def set_status(call: Call) -> Json:
    """assistant.threads.setStatus: what it is doing; an empty text takes it away."""
    return _told(call, "status", arguments.text(call.args, "status") or "")


def set_title(call: Call) -> Json:
    """assistant.threads.setTitle."""
    return _told(call, "title", arguments.required(call.args, "title"))


def set_prompts(call: Call) -> Json:
    """assistant.threads.setSuggestedPrompts: up to four."""
    prompts = arguments.structure(call.args, "prompts", "invalid_arguments")
    if not isinstance(prompts, list) or not 1 <= len(prompts) <= 4:
        raise RefusedError("invalid_arguments")
    return _told(call, "prompts", prompts)


HANDLERS = {
    "assistant.threads.setStatus": set_status,
    "assistant.threads.setTitle": set_title,
    "assistant.threads.setSuggestedPrompts": set_prompts,
}
