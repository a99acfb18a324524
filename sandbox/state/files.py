"""Files: what is known of each, and its bytes."""

import mimetypes
from pathlib import PurePath

from sandbox import clock
from sandbox.ids import new_id
from sandbox.state.feed import tell
from sandbox.state.model import Json, Workspace

LARGEST = 100_000_000
PREVIEWED = 5  # lines


def new_file(workspace: Workspace, name: str, owner: str, size: int) -> Json:
    """A file's entry, in Slack's shape, before its bytes have come."""
    file_id = new_id("F")
    kind = PurePath(name).suffix.lstrip(".") or "binary"
    moment = int(clock.now(workspace.clock))
    own = f"{workspace.public_url}/files-pri/{workspace.team['id']}-{file_id}"
    entry: Json = {
        "id": file_id,
        "created": moment,
        "timestamp": moment,
        "name": name,
        "title": name,
        "mimetype": mimetypes.guess_type(name)[0] or "application/octet-stream",
        "filetype": kind,
        "pretty_type": kind.upper(),
        "user": owner,
        "user_team": workspace.team["id"],
        "editable": False,
        "size": size,
        "mode": "hosted",
        "is_external": False,
        "external_type": "",
        "is_public": False,
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": f"{own}/{name}",
        "url_private_download": f"{own}/download/{name}",
        "permalink": f"{workspace.public_url}/files/{owner}/{file_id}/{name}",
        "channels": [],
        "groups": [],
        "ims": [],
        "has_rich_preview": False,
        "file_access": "visible",
    }
    workspace.files[file_id] = entry
    return entry


def store(workspace: Workspace, entry: Json, data: bytes) -> None:
    """Keep a file's bytes; its size is theirs."""
    workspace.file_bytes[entry["id"]] = data
    entry["size"] = len(data)
    if entry["mimetype"].startswith("text/") and b"\x00" not in data:
        _preview(entry, data)


def _preview(entry: Json, data: bytes) -> None:
    """What Slack shows of a text without opening it."""
    text = data.decode("utf-8", "replace")
    lines = text.splitlines()
    shown = "\n".join(lines[:PREVIEWED])
    entry.update(
        mode="snippet",
        editable=True,
        edit_link=f"{entry['permalink']}/edit",
        preview=shown,
        lines=len(lines),
        lines_more=max(0, len(lines) - PREVIEWED),
        preview_is_truncated=len(lines) > PREVIEWED,
        has_rich_preview=False,
    )


def shape(entry: Json) -> Json:
    """A file as apps see it, without the secret of its upload."""
    return {name: value for name, value in entry.items() if name != "upload_key"}


def delete(workspace: Workspace, entry: Json) -> None:
    """Remove a file everywhere; the messages it was in show a tombstone."""
    del workspace.files[entry["id"]]
    workspace.file_bytes.pop(entry["id"], None)
    for channel_id in (*entry["channels"], *entry["groups"], *entry["ims"]):
        channel = workspace.channels.get(channel_id)
        for message in channel.log.by_ts.values() if channel else ():
            files = message.get("files", ())
            if any(file["id"] == entry["id"] for file in files):
                message["files"] = [
                    {"id": file["id"], "mode": "tombstone"} if file["id"] == entry["id"] else file
                    for file in files
                ]
    tell(workspace, "file_deleted", {"file": entry["id"], "user": entry["user"]}, person_id="")
