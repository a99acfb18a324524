"""The feed of changes: what pages, robots and event subscriptions hear of."""

from sandbox.state.model import Change, Channel, Json, Workspace


def tell(
    workspace: Workspace,
    kind: str,
    body: Json,
    channel_id: str | None = None,
    person_id: str | None = None,
) -> Change:
    """Number a change, remember it and hand it to every listener.

    `kind` is a word such as ``message`` or ``modal``; `body` is JSON for whoever may see it.
    """
    feed = workspace.feed
    feed.n += 1
    change = Change(feed.n, kind, body, channel_id, person_id)
    feed.recent.append(change)
    for listener in feed.listeners:
        listener(change)
    return change


def sees(workspace: Workspace, person_id: str, change: Change) -> bool:
    """Whether this change may be shown to this person."""
    if change.person_id is not None:
        return change.person_id == person_id
    if change.channel_id is None:
        return True
    channel = workspace.channels.get(change.channel_id)
    return channel is not None and may_read(channel, person_id)


def may_read(channel: Channel, person_id: str) -> bool:
    """Public channels are open to every person; all others to their members."""
    return channel.kind == "public" or person_id in channel.members


def since(workspace: Workspace, person_id: str, n: int) -> list[Change]:
    """The kept changes after number `n` that this person may see, oldest first."""
    found: list[Change] = []
    for change in reversed(workspace.feed.recent):
        if change.n <= n:
            break
        if sees(workspace, person_id, change):
            found.append(change)
    found.reverse()
    return found
