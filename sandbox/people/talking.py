"""Posting, slash commands, shortcuts, reactions and opening an app's Home."""

from uuid import uuid4

from sandbox.apps import events, payloads
from sandbox.apps.deliver import deliver
from sandbox.apps.outgoing import COMMANDS, INTERACTIVE, Answer, Outgoing
from sandbox.apps.replies import respond
from sandbox.people import places
from sandbox.people.errors import CannotActError
from sandbox.people.outcome import outcome
from sandbox.people.words import say
from sandbox.running import Running
from sandbox.state import conversations, marks, messages, triggers, views
from sandbox.state.model import App, Channel, Command, Json, Person


async def post(running: Running, person: Person, act: Json) -> Json:
    """Say something: ``channel``, ``text`` and, in a thread, ``thread_ts``.

    A reply with ``broadcast`` is shown in the channel too.
    """
    workspace = running.workspace
    began = workspace.feed.n
    channel = places.find_channel(workspace, person, act.get("channel"))
    text = str(act.get("text") or "").strip()
    if not text:
        raise CannotActError("no_text", "there is nothing to post")
    if person.id not in channel.members:
        raise CannotActError("not_in_channel", f"{person.name} is not in {channel.name}")
    if channel.archived:
        raise CannotActError("is_archived", f"{channel.name} is archived")
    message: Json = {
        "user": person.id,
        "type": "message",
        "ts": "",
        "client_msg_id": str(uuid4()),
        "text": text,
        "team": workspace.team["id"],
    }
    if act.get("thread_ts"):
        _, parent = places.find_message(workspace, person, channel.id, act["thread_ts"])
        message["thread_ts"] = parent.get("thread_ts") or parent["ts"]
    broadcast = bool(act.get("broadcast")) and "thread_ts" in message
    messages.post(workspace, channel, message, broadcast=broadcast)
    return outcome(workspace, person, began, ts=message["ts"])


async def run_command(running: Running, person: Person, act: Json) -> Json:
    """Type a slash command: ``channel`` and ``text`` such as ``/dispute new``."""
    workspace = running.workspace
    began = workspace.feed.n
    channel = places.find_channel(workspace, person, act.get("channel"))
    name, _, rest = str(act.get("text") or "").strip().partition(" ")
    found = _find_command(running, name)
    if found is None:
        _whisper(running, person, channel, say(person, "command_unknown", name=name))
        return {**outcome(workspace, person, began), "ok": False, "failure": "unknown_command"}
    app, command = found
    trigger_id = triggers.issue_trigger(workspace, app, person.id)
    url = triggers.issue_reply(workspace, app, person.id, channel.id)
    form = payloads.command(workspace, app, person, channel, name, rest.strip(), trigger_id, url)
    answer = await deliver(running, app, Outgoing(name, COMMANDS, form, command.url))
    if not answer.ok:
        failure = (
            "operation_timeout" if answer.failure == "operation_timeout" else "dispatch_failed"
        )
        note = say(person, "command_failed", name=name, failure=failure)
        _whisper(running, person, channel, note)
        return outcome(workspace, person, began, answer, note)
    _answer_command(running, person, app, channel, answer)
    return outcome(workspace, person, began, answer)


def _find_command(running: Running, name: str) -> tuple[App, Command] | None:
    for app in running.workspace.apps.values():
        if app.installed and name in app.commands:
            return app, app.commands[name]
    return None


def _answer_command(
    running: Running, person: Person, app: App, channel: Channel, answer: Answer
) -> None:
    """A command may be answered at once: plain text, or a message as JSON."""
    text = answer.body.decode("utf-8", "replace").strip()
    if not text:
        return
    given = answer.json()
    content = {"text": text} if given is None else given
    respond(running.workspace, app, person.id, channel, content)


def _whisper(running: Running, person: Person, channel: Channel, text: str) -> None:
    """What Slackbot tells one person."""
    message: Json = {"type": "message", "user": "USLACKBOT", "text": text, "ts": ""}
    messages.post_ephemeral(running.workspace, channel, person.id, message)


async def use_shortcut(running: Running, person: Person, act: Json) -> Json:
    """Use a shortcut: ``callback_id``, and for one on a message its ``channel`` and ``ts``."""
    workspace = running.workspace
    began = workspace.feed.n
    callback_id = str(act.get("callback_id"))
    app = next(
        (a for a in workspace.apps.values() if a.installed and callback_id in a.shortcuts), None
    )
    if app is None:
        raise CannotActError("no_such_shortcut", f"no app has the shortcut {callback_id!r}")
    trigger_id = triggers.issue_trigger(workspace, app, person.id)
    if app.shortcuts[callback_id].kind == "message":
        channel, message = places.find_message(workspace, person, act.get("channel"), act.get("ts"))
        url = triggers.issue_reply(
            workspace, app, person.id, channel.id, None, places.thread_of(message)
        )
        payload = payloads.message_action(
            workspace, app, person, callback_id, trigger_id, channel, message, url
        )
    else:
        payload = payloads.shortcut(workspace, app, person, callback_id, trigger_id)
    out = Outgoing(payload["type"], INTERACTIVE, payload, app.interactivity_url, may_answer=False)
    answer = await deliver(running, app, out)
    return outcome(workspace, person, began, answer)


async def open_home(running: Running, person: Person, act: Json) -> Json:
    """Open an app's Home (``app``); the app hears of it and usually publishes its view."""
    workspace = running.workspace
    began = workspace.feed.n
    app = workspace.apps.get(str(act.get("app") or next(iter(workspace.apps), "")))
    if app is None or not app.installed:
        raise CannotActError("no_such_app", f"no app has the id {act.get('app')!r}")
    channel = conversations.direct(workspace, [app.bot_user_id, person.id])
    view = views.home_of(workspace, app.id, person.id)
    answer = await events.home_opened(running, app, person, channel, view)
    shown = views.home_of(workspace, app.id, person.id)
    return outcome(workspace, person, began, answer, view=shown, channel=channel.id)


async def react(running: Running, person: Person, act: Json) -> Json:
    """Give a reaction to a message, or take it back: ``channel``, ``ts``, ``name``."""
    workspace = running.workspace
    began = workspace.feed.n
    channel, message = places.find_message(workspace, person, act.get("channel"), act.get("ts"))
    name = str(act.get("name") or "").strip(":")
    if not marks.react(workspace, channel, message, name, person.id):
        marks.unreact(workspace, channel, message, name, person.id)
    return outcome(workspace, person, began)


async def mark_read(running: Running, person: Person, act: Json) -> Json:
    """Mark a channel as read up to ``ts`` (its last message where left out)."""
    workspace = running.workspace
    channel = places.find_channel(workspace, person, act.get("channel"))
    order = channel.log.order
    ts = str(act.get("ts") or (order[-1] if order else "0"))
    messages.mark_read(workspace, channel, person.id, ts)
    return outcome(workspace, person, workspace.feed.n)


async def join(running: Running, person: Person, act: Json) -> Json:
    """Join a public channel: ``channel``."""
    workspace = running.workspace
    began = workspace.feed.n
    channel = places.find_channel(workspace, person, act.get("channel"))
    if person.id not in channel.members:
        conversations.join(workspace, channel, person, inviter=None)
    return outcome(workspace, person, began)


async def open_direct(running: Running, person: Person, act: Json) -> Json:
    """Open the direct conversation with others: ``people``, a list of ids, at most eight."""
    workspace = running.workspace
    began = workspace.feed.n
    wanted = act.get("people")
    if not isinstance(wanted, list) or not 1 <= len(wanted) <= 8:
        raise CannotActError("no_such_person", "people: a list of one to eight ids is wanted")
    unknown = [one for one in wanted if str(one) not in workspace.people]
    if unknown:
        raise CannotActError("no_such_person", f"nobody here is {unknown[0]!r}")
    channel = conversations.direct(workspace, [person.id, *map(str, wanted)])
    return outcome(workspace, person, began, channel=channel.id)
