"""A workspace in a SQLite file: messages row by row as they change, all else part by part.

What happened in the last second before a crash may be lost; an orderly end loses nothing.
"""

import asyncio
import json
import sqlite3
from pathlib import Path

from sandbox.keeping.plain import plain, revived
from sandbox.keeping.snapshot import NAMES, log_of, relink
from sandbox.state.model import Change, Json, Log, Workspace

EVERY = 0.5  # seconds
_PARTS = tuple(name for name in NAMES if name not in {"channels", "file_bytes"})
_TABLES = """
CREATE TABLE IF NOT EXISTS parts (name TEXT PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS messages
  (channel TEXT NOT NULL, ts TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (channel, ts))
  WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS files (id TEXT PRIMARY KEY, body BLOB NOT NULL);
"""


class Store:
    """The file at `path`, and what of the workspace it does not hold yet."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.executescript(_TABLES)
        self._written: dict[str, str] = {}
        self._changed: set[tuple[str, str]] = set()
        self._files: set[str] = set()
        self._all = True

    def load(self, workspace: Workspace) -> bool:
        """Fill the workspace from the file; False where nothing was kept yet."""
        kept = dict(self._db.execute("SELECT name, body FROM parts"))
        if not kept:
            return False
        for name in _PARTS:
            if name in kept:
                setattr(workspace, name, revived(json.loads(kept[name])))
        workspace.channels = revived(json.loads(kept["channels"]))
        rows: dict[str, list[Json]] = {}
        for channel, body in self._db.execute(
            "SELECT channel, body FROM messages ORDER BY channel, ts"
        ):
            rows.setdefault(channel, []).append(json.loads(body))
        for channel in workspace.channels.values():
            channel.log = log_of(rows.get(channel.id, []))
            relink(channel)
        workspace.file_bytes = dict(self._db.execute("SELECT id, body FROM files"))
        self._files = set(workspace.file_bytes)
        self._written = kept
        self._all = False
        return True

    def hear(self, change: Change) -> None:
        """The feed's listener: remember which messages are no longer as they were kept."""
        if change.kind == "reset":
            self._all = True
        message = change.body.get("message")
        if change.channel_id and change.person_id is None and isinstance(message, dict):
            self._changed.add((change.channel_id, message["ts"]))
        elif change.kind == "message_deleted" and change.channel_id:
            self._changed.add((change.channel_id, change.body["ts"]))

    def keep(self, workspace: Workspace) -> None:
        """Write what changed."""
        if self._all:
            self._db.execute("DELETE FROM messages")
            self._db.execute("DELETE FROM files")
            self._files.clear()
            self._all = False
            self._changed = {
                (channel.id, ts)
                for channel in workspace.channels.values()
                for ts in channel.log.by_ts
            }
        changed, self._changed = self._changed, set()
        for channel_id, ts in changed:
            self._keep_message(workspace, channel_id, ts)
        for file_id in workspace.file_bytes.keys() ^ self._files:
            self._keep_file(workspace, file_id)
        for name in _PARTS:
            self._keep_part(name, plain(getattr(workspace, name)))
        self._keep_part("channels", _without_logs(workspace))
        self._db.commit()

    def _keep_message(self, workspace: Workspace, channel_id: str, ts: str) -> None:
        channel = workspace.channels.get(channel_id)
        message = channel.log.by_ts.get(ts) if channel else None
        if message is None:
            self._db.execute("DELETE FROM messages WHERE channel = ? AND ts = ?", (channel_id, ts))
        else:
            row = (channel_id, ts, json.dumps(message))
            self._db.execute("INSERT OR REPLACE INTO messages VALUES (?, ?, ?)", row)

    def _keep_file(self, workspace: Workspace, file_id: str) -> None:
        data = workspace.file_bytes.get(file_id)
        if data is None:
            self._db.execute("DELETE FROM files WHERE id = ?", (file_id,))
            self._files.discard(file_id)
        else:
            self._db.execute("INSERT OR REPLACE INTO files VALUES (?, ?)", (file_id, data))
            self._files.add(file_id)

    def _keep_part(self, name: str, value: object) -> None:
        body = json.dumps(value)
        if self._written.get(name) != body:
            self._db.execute("INSERT OR REPLACE INTO parts VALUES (?, ?)", (name, body))
            self._written[name] = body

    def close(self, workspace: Workspace) -> None:
        """Write the rest and let go of the file."""
        self.keep(workspace)
        self._db.close()


def _without_logs(workspace: Workspace) -> dict[str, Json]:
    """The channels as `load` revives them, but for their messages."""
    found = {}
    for channel in workspace.channels.values():
        log, channel.log = channel.log, Log()
        found[channel.id] = plain(channel)
        channel.log = log
    return found


async def keep_on(store: Store, workspace: Workspace) -> None:
    """Write twice a second whatever changed."""
    while True:
        await asyncio.sleep(EVERY)
        store.keep(workspace)
