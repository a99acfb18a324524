"""Events: what an app subscribed to hears of, with Slack's retries.

An event goes out at once; without a 2xx in three seconds it is sent again at once, after one minute
and after five, with headers that count and say why.
"""

import json

from sandbox import clock
from sandbox.apps.deliver import JSON, Answer, deliver
from sandbox.apps.event_shapes import events_of
from sandbox.ids import new_id, short_id
from sandbox.running import Running
from sandbox.state.model import App, Change, Channel, Json, Person, Workspace

RETRY_AFTER = (0.0, 60.0, 300.0)
_REASONS = {"operation_timeout": "http_timeout", "connection_failed": "connection_failed"}


def hear(running: Running, change: Change) -> None:
    """The feed's listener: send each app what it subscribed to of this change."""
    workspace = running.workspace
    for app in workspace.apps.values():
        if app.subscribed and app.events_url:
            for event in events_of(workspace, app, change):
                running.background.start(_send(running, app, event))


def envelope(workspace: Workspace, app: App, event: Json) -> bytes:
    """The event_callback around an event."""
    moment = clock.now(workspace.clock)
    event.setdefault("event_ts", f"{moment:.6f}")
    team_id = workspace.team["id"]
    authorization = {
        "enterprise_id": None,
        "team_id": team_id,
        "user_id": app.bot_user_id,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    body = {
        "token": app.verification_token,
        "team_id": team_id,
        "context_team_id": team_id,
        "context_enterprise_id": None,
        "api_app_id": app.id,
        "event": event,
        "type": "event_callback",
        "event_id": new_id("Ev"),
        "event_time": int(moment),
        "authorizations": [authorization],
        "is_ext_shared_channel": False,
        "event_context": f"4-{new_id('', 20)}",
    }
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")


async def _send(running: Running, app: App, event: Json) -> Answer:
    """One event's first try; the others follow in the background where it fails."""
    body = envelope(running.workspace, app, event)
    answer = await _post(running, app, body, event["type"])
    if not answer.ok:
        running.background.start(_retry(running, app, body, event["type"], answer))
    return answer


async def _retry(running: Running, app: App, body: bytes, what: str, answer: Answer) -> None:
    for number, seconds in enumerate(RETRY_AFTER, 1):
        await running.background.sleep(running.workspace.clock, seconds)
        headers = {
            "x-slack-retry-num": str(number),
            "x-slack-retry-reason": _REASONS.get(answer.failure or "", "http_error"),
        }
        answer = await _post(running, app, body, what, headers)
        if answer.ok:
            return


async def _post(
    running: Running, app: App, body: bytes, what: str, headers: dict[str, str] | None = None
) -> Answer:
    return await deliver(
        running.http, running.bench, app, app.events_url, body, JSON, f"event {what}", headers
    )


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
    return await _send(running, app, event)


async def verify_url(running: Running, app: App) -> bool:
    """Send url_verification and say whether the challenge came back, as text or as JSON."""
    challenge = short_id(40)
    body = {"token": app.verification_token, "challenge": challenge, "type": "url_verification"}
    answer = await _post(running, app, json.dumps(body).encode(), "url_verification")
    echoed = (answer.json() or {}).get("challenge", answer.body.decode("utf-8", "replace").strip())
    return answer.ok and echoed == challenge
