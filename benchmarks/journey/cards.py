"""The cards as Slack has them, against the visits as the rows have them."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from benchmarks.journey.people import CHANNELS, channel_id
from benchmarks.journey.rows import CARDED, Rows

POSTED = ("card", "line", "alert", "digest")
DIRECT = "dm:"
Json = dict[str, Any]


def wrong(rows: Rows, state: Json) -> Iterator[str]:
    """Cards that are missing, doubled, in a wrong place, or live for a visit that was left."""
    live = cards_of(state)
    for visit in rows.open():
        wanted = [channel_id(visit.channel)] if visit.kind in CARDED else []
        found = [channel for channel, _ in live.pop(visit.id, [])]
        if found != wanted:
            yield f"visit {visit.id} ({visit.stage}) has live cards in {found}, not in {wanted}"
    yield from (f"visit {visit} was left and has a live card" for visit in live)
    posted = {(card.channel, card.ts) for card in rows["cards"]}
    shown = {
        (channel["id"], message["ts"])
        for channel in _channels(state)
        for message in channel["messages"]
    }
    yield from (f"card {place} is not in Slack" for place in posted - shown)


def posted_twice(rows: Rows, state: Json) -> Iterator[str]:
    """Each message that was sent is in Slack once, and nothing else is; some go to one person."""
    found = Counter(
        message["metadata"]["event_payload"]["outbox"]
        for channel in state["channels"]
        for message in channel["messages"]
        if message.get("metadata")
    )
    cards = {card.visit_id for card in rows["cards"]}
    for row in rows["outbox"]:
        if row.kind == "guide" and row.state == "sent" and found[row.id] <= 1:
            continue  # later ones bring the first one up to date
        sent = row.state == "sent" and (row.kind in POSTED or row.lane.startswith(DIRECT))
        if found[row.id] > 1 or (found[row.id] and not sent):
            yield f"message {row.id} ({row.kind}, {row.state}) is {found[row.id]} times in Slack"
        elif sent and not found[row.id] and not (row.kind == "card" and row.visit_id in cards):
            yield f"message {row.id} ({row.kind}) was sent and is not in Slack"
    known = {row.id for row in rows["outbox"]}
    yield from (f"Slack has a message {key} that nobody stored" for key in found.keys() - known)


def cards_of(state: Json) -> dict[int, list[tuple[str, str]]]:
    """Where each visit's live cards are: messages with buttons, alerts left out."""
    live: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for channel in _channels(state):
        for message in channel["messages"]:
            for block in message.get("blocks") or ():
                if block["type"] == "actions" and block["block_id"] == "actions":
                    live[_visit(block)].append((channel["id"], message["ts"]))
    return live


def _channels(state: Json) -> list[Json]:
    ours = {channel_id(key) for key in CHANNELS}
    return [channel for channel in state["channels"] if channel["id"] in ours]


def _visit(block: Json) -> int:
    element = block["elements"][0]
    value = element.get("value") or element["options"][0]["value"]
    return int(value.partition(":")[0])
