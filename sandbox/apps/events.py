"""Events: what an app subscribed to hears of, with Slack's retries.

An event goes out at once; without a 2xx in three seconds it is sent again at once, after one minute
and after five, with headers that count and say why.
"""

from collections.abc import Iterator

from sandbox import clock
from sandbox.apps.deliver import deliver, reachable
from sandbox.apps.event_shapes import events_of
from sandbox.apps.outgoing import EVENTS, Answer, Outgoing
from sandbox.ids import new_id, short_id
from sandbox.running import Running
from sandbox.state.grants import authorizations
from sandbox.state.model import App, Change, Channel, Json, Person, Workspace

RETRY_AFTER = (0.0, 60.0, 300.0)
_REASONS = {"operation_timeout": "http_timeout", "connection_failed": "connection_failed"}
# Events that reach an app about itself alone.
_OWN = ("tokens_revoked", "app_uninstalled")
_FOR_ALL = ("channel_created", "channel_rename", "channel_archive", "channel_unarchive")


def hear(running: Running, change: Change) -> None:
    """The feed's listener: send each app what it subscribed to of this change."""
    workspace = running.workspace
    listening = [
        app
        for app in workspace.apps.values()
        if (app.subscribed or app.subscribed_for_users) and reachable(running, app, app.events_url)
    ]
    if not listening:
        return
    for name, event in events_of(workspace, change):
        for app in listening:
            for_whom = next(_readers(workspace, app, change, name, event), None)
            if for_whom is not None:
                running.background.start(_send(running, app, event, for_whom))


def _readers(
    workspace: Workspace, app: App, change: Change, name: str, event: Json
) -> Iterator[Json]:
    """For whom this app sees the event: its bot, or people who let it in for themselves."""
    if name.startswith("app_mention "):
        if name != f"app_mention {app.bot_user_id}":
            return
        name = "app_mention"
    if name == "link_shared" and not _own_links(app, event):
        return
    if name in _OWN:
        if change.body["app"] == app.id and name in app.subscribed:
            yield _as_bot(workspace, app)
        return
    channel = workspace.channels.get(change.channel_id or str(change.body.get("channel", "")))
    for holder in [_as_bot(workspace, app), *_people(workspace, app)]:
        wanted = app.subscribed if holder["is_bot"] else app.subscribed_for_users
        everywhere = channel is None or (name in _FOR_ALL and channel.kind == "public")
        there = channel is not None and holder["user_id"] in channel.members
        if name in wanted and (everywhere or there or change.body.get("user") == holder["user_id"]):
            yield holder


def _own_links(app: App, event: Json) -> bool:
    return any(
        link["domain"] == domain or link["domain"].endswith(f".{domain}")
        for link in event["links"]
        for domain in app.unfurl_domains
    )


def _as_bot(workspace: Workspace, app: App) -> Json:
    return {
        "enterprise_id": None,
        "team_id": workspace.team["id"],
        "user_id": app.bot_user_id,
        "is_bot": True,
        "is_enterprise_install": False,
    }


def _people(workspace: Workspace, app: App) -> list[Json]:
    if not app.subscribed_for_users:
        return []
    return [found for found in authorizations(workspace, app) if not found["is_bot"]]


def envelope(workspace: Workspace, app: App, event: Json, for_whom: Json) -> Json:
    """The event_callback around an event."""
    moment = clock.now(workspace.clock)
    event = {"event_ts": f"{moment:.6f}", **event}
    team_id = workspace.team["id"]
    return {
        "token": app.verification_token,
        "team_id": team_id,
        "context_team_id": team_id,
        "context_enterprise_id": None,
        "api_app_id": app.id,
        "event": event,
        "type": "event_callback",
        "event_id": new_id("Ev"),
        "event_time": int(moment),
        "authorizations": [for_whom],
        "is_ext_shared_channel": False,
        "event_context": f"4-{new_id('', 20)}",
    }


async def _send(running: Running, app: App, event: Json, for_whom: Json) -> Answer:
    """One event's first try; the others follow in the background where it fails."""
    body = envelope(running.workspace, app, event, for_whom)
    out = Outgoing(f"event {event['type']}", EVENTS, body, app.events_url)
    answer = await deliver(running, app, out)
    if not answer.ok:
        running.background.start(_retry(running, app, out, answer))
    return answer


async def _retry(running: Running, app: App, out: Outgoing, answer: Answer) -> None:
    for number, seconds in enumerate(RETRY_AFTER, 1):
        await running.background.sleep(running.workspace.clock, seconds)
        reason = _REASONS.get(answer.failure or "", "http_error")
        answer = await deliver(running, app, out.again(number, reason))
        if answer.ok:
            return


async def home_opened(
    running: Running, app: App, person: Person, channel: Channel, view: Json | None
) -> Answer | None:
    """Tell an app that somebody opened its Home; None where it did not subscribe to that."""
    if "app_home_opened" not in app.subscribed:
        return None
    event: Json = {
        "type": "app_home_opened",
        "user": person.id,
        "channel": channel.id,
        "tab": "home",
    }
    if view is not None:
        event["view"] = view
    return await _send(running, app, event, _as_bot(running.workspace, app))


async def verify_url(running: Running, app: App) -> bool:
    """Send url_verification and say whether the challenge came back, as text or as JSON."""
    challenge = short_id(40)
    body = {"token": app.verification_token, "challenge": challenge, "type": "url_verification"}
    out = Outgoing("url_verification", EVENTS, body, app.events_url)
    answer = await deliver(running, app, out)
    echoed = (answer.json() or {}).get("challenge", answer.body.decode("utf-8", "replace").strip())
    return answer.ok and echoed == challenge
