"""Who must hear of what a promise leads to, from the documents alone (invariants 6 and 8)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from core import tables as t
from core.workflow import model as m
from tests.core.workflow.edits import put

Documents = Mapping[Any, dict[str, Any]]


def raising(document: m.Document) -> m.Document:
    """The document with levels that raise the grade on its ordinary ladder (invariant 6)."""
    early = m.LadderLevel("raised_early", "percent", 50, act="raise")
    later = m.LadderLevel("raised_later", "after", 30, act="raise")
    levels = (early, *document.ladder_by_key["desk"].levels, later)
    return put(document, "ladders/desk", levels=levels)


def told(documents: Documents, event: Any, line: str, visit: Any) -> list[str]:
    """The messages that something on a ladder makes necessary, those to single people aside.

    While the dispute is hidden the thread of its last card hears of what runs on all the same.
    """
    data = event.data
    if event.kind == "acknowledgement_ending":
        return [f"alert:{data['deadline']}:ending:{event.id}"]
    if event.kind == "acknowledged":
        return [line]
    shown = visit is not None and visit.kind in ("work", "intake")
    stage, hears = _level(documents, data["service_level"])
    last = {hears[place]: place for place in data["levels"]}  # of several that hear, the last
    messages = [line] if "thread" in last and (shown or not stage) else []
    if "channel" in last:
        messages.append(f"alert:{data['deadline']}:{last['channel']}")
    return messages


def moves_due(connection: Connection, event: Any) -> bool:
    """Whether the dispute is next due at another moment by what stopped with this event."""
    found = select(t.Deadline.due_at, t.Deadline.stopped_at).where(
        t.Deadline.dispute_id == event.dispute_id, t.Deadline.started_at <= event.at
    )
    rows = [row for row in connection.execute(found) if row.due_at is not None]
    going = [row.due_at for row in rows if row.stopped_at is None or row.stopped_at > event.at]
    stopped = [row.due_at for row in rows if row.stopped_at == event.at]
    return bool(stopped) and (not going or min(stopped) < min(going))


def alone(documents: Documents, event: Any) -> list[str]:
    """How messages begin that single people may get: who that is, is read as a level fires."""
    if event.kind not in ("warned", "escalated"):
        return []
    data = event.data
    _, hears = _level(documents, data["service_level"])
    people = [place for place in data["levels"] if hears[place] not in ("thread", "channel")]
    return [f"alert:{data['deadline']}:{place}" for place in people]


def _level(documents: Documents, key: str) -> tuple[str, list[str]]:
    """A service level's stage, and who hears of each of its places as they come.

    The latest document was published before anything began.
    """
    for _, document in sorted(documents.items(), reverse=True):
        ladders = {ladder["key"]: ladder for ladder in document.get("ladders", ())}
        for flow in document["workflows"]:
            for level in flow["service_levels"]:
                if level["key"] == key:
                    ladder = ladders.get(level.get("ladder", ""), {})
                    return level.get("stage", ""), _hearers(level["minutes"], ladder)
    raise LookupError(key)


def _hearers(minutes: int, ladder: dict[str, Any]) -> list[str]:
    places = [(float(minutes), "thread")]  # its own end, before what falls on it
    for one in ladder.get("levels", ()):
        at = one.get("at", 0)
        moments = {"percent": minutes * at / 100, "before": minutes - at, "after": minutes + at}
        places.append((max(moments[one.get("point", "after")], 0), one.get("hears", "")))
    return [hears for _, hears in sorted(places, key=lambda place: place[0])]
