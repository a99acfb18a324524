"""Conversations: channels, direct messages and who is in them."""

from sandbox import clock
from sandbox.ids import new_id
from sandbox.state.feed import tell
from sandbox.state.model import Channel, Json, Person, Workspace


def by_name(workspace: Workspace, name: str) -> Channel | None:
    """The public or private channel of this name, without the ``#``."""
    for channel in workspace.channels.values():
        if channel.name == name and channel.kind in {"public", "private"}:
            return channel
    return None


def direct(workspace: Workspace, people: list[str]) -> Channel:
    """The direct conversation between these people (two, or up to nine), opened where needed."""
    wanted = frozenset(people)
    known = workspace.directs.get(wanted)
    if known is not None:
        return workspace.channels[known]
    kind, prefix = ("im", "D") if len(wanted) <= 2 else ("mpim", "G")
    channel = Channel(
        id=new_id(prefix),
        name="mpdm-" + "--".join(workspace.people[p].name for p in sorted(wanted)) + "-1",
        kind=kind,
        creator=people[0],
        created=int(clock.now(workspace.clock)),
        members=dict.fromkeys(people),
        topic={"value": "", "creator": "", "last_set": 0},
        purpose={"value": "", "creator": "", "last_set": 0},
    )
    workspace.channels[channel.id] = channel
    workspace.directs[wanted] = channel.id
    tell(workspace, "channel", {"channel": channel.id}, channel.id)
    return channel


def join(workspace: Workspace, channel: Channel, person: Person, inviter: str | None) -> None:
    """Make somebody a member; `inviter` of None means that they came by themselves."""
    channel.members[person.id] = None
    body: Json = {"channel": channel.id, "user": person.id, "inviter": inviter}
    tell(workspace, "joined", body, channel.id)


def leave(workspace: Workspace, channel: Channel, person_id: str) -> None:
    """End a membership."""
    channel.members.pop(person_id, None)
    tell(workspace, "left", {"channel": channel.id, "user": person_id})


def open_channel(workspace: Workspace, channel: Channel, creator_id: str) -> None:
    """Put a new channel into the workspace."""
    workspace.channels[channel.id] = channel
    changed(workspace, channel, "created", creator_id)


def changed(
    workspace: Workspace, channel: Channel, what: str = "", actor_id: str | None = None
) -> None:
    """Say that a channel is another now.

    `what` is ``created``, ``renamed``, ``archived`` or ``unarchived`` where apps hear of it too.
    """
    body: Json = {"channel": channel.id}
    if what:
        body.update(what=what, user=actor_id)
    tell(workspace, "channel", body, channel.id)
