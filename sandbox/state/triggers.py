"""Triggers and response URLs: short leaves to do something in return for an interaction."""

from sandbox import clock
from sandbox.ids import short_id
from sandbox.state.model import App, Reply, Trigger, Workspace

TRIGGER_SECONDS = 3.0
REPLY_SECONDS = 30 * 60.0
_KEPT = 2_000


def issue_trigger(
    workspace: Workspace, app: App, person_id: str, view_id: str | None = None
) -> str:
    """A trigger_id for one modal; `view_id` is the modal it came from, where it may push."""
    moment = clock.now(workspace.clock)
    trigger_id = f"{int(moment * 1000)}.{len(workspace.triggers)}.{short_id(32)}"
    workspace.triggers[trigger_id] = Trigger(app.id, person_id, moment + TRIGGER_SECONDS, view_id)
    _forget(workspace.triggers)
    return trigger_id


def spend_trigger(workspace: Workspace, app: App, trigger_id: str | None) -> Trigger | str:
    """Use a trigger up. Returns it, or Slack's error code when it cannot be used (any more)."""
    trigger = workspace.triggers.get(trigger_id or "")
    if trigger is None or trigger.app_id != app.id:
        return "invalid_trigger_id"
    if trigger.used:
        return "exchanged_trigger_id"
    if clock.now(workspace.clock) > trigger.expires_at:
        return "expired_trigger_id"
    trigger.used = True
    return trigger


def issue_reply(
    workspace: Workspace,
    app: App,
    person_id: str,
    channel_id: str,
    message_ts: str | None = None,
    thread_ts: str | None = None,
) -> str:
    """A response_url; `message_ts` is the message it may replace or delete."""
    key = f"{app.id}/{short_id(24)}"
    expires_at = clock.now(workspace.clock) + REPLY_SECONDS
    workspace.replies[key] = Reply(app.id, person_id, channel_id, expires_at, message_ts, thread_ts)
    _forget(workspace.replies)
    return f"{workspace.public_url}/actions/{workspace.team['id']}/{key}"


def _forget(kept: dict[str, Trigger] | dict[str, Reply]) -> None:
    """Drop the oldest; each is long past by the time thousands came after it."""
    if len(kept) > 2 * _KEPT:
        for key in list(kept)[:_KEPT]:
            del kept[key]
