"""Reactions and pins on messages."""

from sandbox.state.feed import tell
from sandbox.state.model import Channel, Json, Workspace


def react(workspace: Workspace, channel: Channel, message: Json, name: str, person_id: str) -> bool:
    """Add a reaction; False when this person has given it already."""
    reactions = message.setdefault("reactions", [])
    for reaction in reactions:
        if reaction["name"] == name:
            if person_id in reaction["users"]:
                return False
            reaction["users"].append(person_id)
            reaction["count"] += 1
            break
    else:
        reactions.append({"name": name, "users": [person_id], "count": 1})
    _told(workspace, channel, message, "reaction_added", name, person_id)
    return True


def unreact(
    workspace: Workspace, channel: Channel, message: Json, name: str, person_id: str
) -> bool:
    """Take a reaction back; False when there was none."""
    for reaction in message.get("reactions", ()):
        if reaction["name"] == name and person_id in reaction["users"]:
            reaction["users"].remove(person_id)
            reaction["count"] -= 1
            message["reactions"] = [r for r in message["reactions"] if r["count"]]
            if not message["reactions"]:
                del message["reactions"]
            _told(workspace, channel, message, "reaction_removed", name, person_id)
            return True
    return False


def pin(
    workspace: Workspace, channel: Channel, message: Json, person_id: str, created: int
) -> bool:
    """Pin a message, newest first; False when it is pinned already."""
    if any(entry["message"]["ts"] == message["ts"] for entry in channel.pins):
        return False
    entry: Json = {"type": "message", "created": created, "created_by": person_id}
    channel.pins.insert(0, {**entry, "channel": channel.id, "message": message})
    body = {"channel": channel.id, "message": message, "user": person_id}
    tell(workspace, "pin_added", body, channel.id)
    return True


def unpin(workspace: Workspace, channel: Channel, message: Json, person_id: str) -> bool:
    """Take a pin away; False when there was none."""
    kept = [entry for entry in channel.pins if entry["message"]["ts"] != message["ts"]]
    if len(kept) == len(channel.pins):
        return False
    channel.pins = kept
    body = {"channel": channel.id, "message": message, "user": person_id}
    tell(workspace, "pin_removed", body, channel.id)
    return True


def _told(
    workspace: Workspace, channel: Channel, message: Json, kind: str, name: str, person_id: str
) -> None:
    body = {"channel": channel.id, "message": message, "reaction": name, "user": person_id}
    tell(workspace, kind, body, channel.id)
