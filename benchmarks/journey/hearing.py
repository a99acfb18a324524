"""Whether everybody whom a ladder names was told of each warning and escalation, once."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks.journey.levels import TOLD, comes_after
from benchmarks.journey.rows import CARDED, Rows

LINE, ALERT = "line", "alert"
THREAD, CHANNEL, NOBODY = "thread", "channel", ""


def wrong(rows: Rows) -> Iterator[str]:
    """Events of which somebody heard too often, or did not hear."""
    told: dict[str, Counter[int]] = {LINE: Counter(), ALERT: Counter()}
    for row in rows["outbox"]:
        if row.kind in told and "event" in row.data:
            told[row.kind][row.data["event"]] += 1
    deadlines = {row.id: row for row in rows["deadlines"]}
    kinds = {row.id: row.kind for row in rows["visits"]}
    for event in rows["events"]:
        if event.kind not in TOLD:
            continue
        deadline = deadlines[event.data["deadline"]]
        hears = _hearers(rows.documents[deadline.document_id], deadline.service_level)
        who = {hears[place] for place in event.data["levels"]}
        shown = kinds[event.visit_id] in CARDED or not deadline.with_visit
        lines, alerts = int(THREAD in who and shown), int(CHANNEL in who)
        name = f"event {event.id} ({event.kind}, {deadline.service_level})"
        if told[LINE][event.id] != lines:
            yield f"{name} is told {told[LINE][event.id]} times in the thread, not {lines}"
        people = bool(who - {THREAD, CHANNEL, NOBODY})  # how many they are nobody here knows
        heard = told[ALERT][event.id]
        if heard < alerts + people or (heard > alerts and not people):
            yield f"{name} is told by {heard} alerts, not {alerts}"


def _hearers(document: Mapping[str, Any], key: str) -> list[str]:
    """Who hears of each place of a service level: its end, and the levels of its ladder."""
    ladders = {ladder["key"]: ladder["levels"] for ladder in document.get("ladders", ())}
    levels = (level for flow in document["workflows"] for level in flow["service_levels"])
    level = next(level for level in levels if level["key"] == key)
    minutes, rungs = level["minutes"], ladders.get(level.get("ladder", ""), ())
    told = [(comes_after(minutes, rung), rung.get("hears", NOBODY)) for rung in rungs]
    places = [(float(minutes), THREAD), *told]  # the end stands before what falls on it
    return [hears for _, hears in sorted(places, key=lambda place: place[0])]
