"""What must hold once faults are healed and everything has come to rest (invariants by number)."""

import datetime as dt
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

from sqlalchemy import Connection, case, select

from bot.cards.card import card
from core import tables as t
from core.desk import views
from tests.factories import VAULT
from tests.simulation.slack import Posted, Slack

OPEN_STATES = ("waiting", "leased", "unknown")
STAND_IN = "escalation"  # where the standard workflow's alerts appear
SHOWN = ("intake", "work")


def nothing_left(connection: Connection, now: dt.datetime) -> bool:
    """Whether no message is open and no deadline due."""
    message = select(t.Outbox.id).where(t.Outbox.finished_at.is_(None)).limit(1)
    due = (
        select(t.Deadline.id)
        .where((t.Deadline.next_at <= now) | (t.Deadline.attend_at <= now))
        .limit(1)
    )
    return connection.scalar(message) is None and connection.scalar(due) is None


def at_rest(connection: Connection, slack: Slack, now: dt.datetime) -> list[str]:
    """Everything that is broken."""
    states = Counter(connection.execute(select(t.Outbox.state)).scalars())
    found = [f"9: {states[s]} messages are still {s}" for s in OPEN_STATES if states[s]]
    found += _fired(connection, now)
    found += _copies(connection, slack)
    found += _shown(connection, slack)
    found += _drawn(connection, slack)
    return found


def overdue(connection: Connection, now: dt.datetime) -> list[str]:
    """7: what a sweep that nothing disturbed has left undone, recounted without `next_at`."""
    fired, steps = _levels(connection), _steps(connection)
    return [
        f"7: deadline {row.id} was due {now - row.due_at} ago and nothing was done"
        for row in _running(connection)
        if row.due_at <= now and _end(row, steps) not in fired[_chain(row)] and row.kind != "wait"
    ] + [
        f"7: the wait of deadline {row.id} ran out {now - row.due_at} ago and goes on"
        for row in _running(connection)
        if row.due_at <= now and row.kind == "wait"
    ]


def _fired(connection: Connection, now: dt.datetime) -> Iterator[str]:
    """6 and 7: each level fired once, going back and forth included, and none is owed."""
    fired, steps = _levels(connection), _steps(connection)
    for chain, levels in fired.items():
        for level, number in levels.items():
            if number > 1:
                yield f"6: level {level} {number} times for {chain}"
    yield from overdue(connection, now)
    for row in _running(connection):
        for level, minutes in enumerate(steps[row.document_id, row.service_level]):
            moment = row.started_at + dt.timedelta(minutes=minutes)
            if row.acknowledged_until is not None and level != _end(row, steps):
                moment = max(moment, row.acknowledged_until)  # it rested (K6)
                moment = min(moment, row.due_at) if level < _end(row, steps) else moment
            later = [one for one in fired[_chain(row)] if one >= level]
            if moment <= now and row.kind != "wait" and not later:
                yield f"7: deadline {row.id} owes its level {level} since {moment}"


def _levels(connection: Connection) -> dict[Any, Counter[int]]:
    """How often each level fired, by the running it belongs to, whatever visits it went through."""
    chains = {row.id: _chain(row) for row in connection.execute(select(t.Deadline))}
    found: dict[Any, Counter[int]] = defaultdict(Counter)
    for row in connection.execute(
        select(t.Event.data).where(t.Event.kind.in_(("warned", "escalated")))
    ):
        found[chains[row.data["deadline"]]].update(row.data["levels"])
    return found


def _chain(row: Any) -> tuple[int, str, dt.datetime]:
    return row.dispute_id, row.service_level, row.started_at


def _running(connection: Connection) -> list[Any]:
    """The deadlines that run and never stood still; of a wait's own its kind, else none."""
    rows = connection.execute(
        select(t.Deadline, case((t.Deadline.with_visit, t.Visit.kind), else_="").label("kind"))
        .join(t.Visit, t.Visit.dispute_id == t.Deadline.dispute_id)
        .where(t.Visit.left_at.is_(None), t.Deadline.stopped_at.is_(None))
    )
    return [row for row in rows if not row.pauses]


def _steps(connection: Connection) -> dict[tuple[int, str], list[float]]:
    """After how many minutes each service level does what, read from the documents' own text."""
    found = {}
    for row in connection.execute(select(t.Document.id, t.Document.body)):
        body = json.loads(row.body)
        for flow in body["workflows"]:
            for level in flow.get("service_levels", ()):
                found[row.id, level["key"]] = steps_of(body, level)
    return found


def steps_of(body: dict[str, Any], level: dict[str, Any]) -> list[float]:
    """After how many minutes a service level's ladder does what, its own end among it, in order."""
    length = level["minutes"]
    after = [float(length)]
    ladders = {ladder["key"]: ladder["levels"] for ladder in body.get("ladders", ())}
    for rung in ladders.get(level.get("ladder", ""), ()):
        at, point = rung.get("at", 0), rung.get("point", "after")
        after.append(
            length * at / 100 if point == "percent" else length + (at if point == "after" else -at)
        )
    return sorted(after)


def _end(row: Any, steps: dict[tuple[int, str], list[float]]) -> int:
    """The place of the promise's own end."""
    minutes = (row.due_at - row.started_at).total_seconds() / 60
    return steps[row.document_id, row.service_level].index(minutes)


def _copies(connection: Connection, slack: Slack) -> list[str]:
    """10: nothing stands twice; what nobody could look for and nobody can press is no card."""
    cards = set(_posts(connection))
    copies = Counter(message.outbox for message in slack.messages.values())
    return [
        f"10: message {i} stands {n} times in Slack"
        for i, n in copies.items()
        if n > 1 and (i in cards or i not in slack.unseen)
    ]


def _posts(connection: Connection) -> dict[int, int]:
    """The visit of each stored posting of a card."""
    posts = select(t.Outbox.id, t.Outbox.visit_id).where(t.Outbox.kind == "card")
    return {row.id: row.visit_id for row in connection.execute(posts)}


def _shown(connection: Connection, slack: Slack) -> Iterator[str]:
    """10: of the open visits with a channel the most that fit have one card each, others none."""
    posts = _posts(connection)
    shown: dict[int, list[Posted]] = defaultdict(list)
    for message in slack.messages.values():
        if message.outbox in posts:
            shown[posts[message.outbox]].append(message)
    missed = {posts[outbox] for outbox in slack.deleted}  # found out with the next redraw
    channels = {row.key: row for row in connection.execute(select(t.Channel))}
    unshown: Counter[str] = Counter()
    stand: Counter[str] = Counter()
    for visit in connection.execute(select(t.Visit).where(t.Visit.left_at.is_(None))):
        if visit.id in missed:
            stand[visit.channel] += 1
            continue
        cards = shown[visit.id]
        if len(cards) > 1 or (cards and visit.kind not in SHOWN):
            yield f"10: {visit.kind} visit {visit.id} has {len(cards)} cards"
        elif cards:
            stand[visit.channel] += 1
            places = {channels[visit.channel].slack_id, channels[STAND_IN].slack_id}
            if cards[0].channel not in places:
                yield f"10: the card of visit {visit.id} stands in the wrong channel"
        elif visit.kind in SHOWN:
            unshown[visit.channel] += 1
    for key, waiting in unshown.items():
        if stand[key] < channels[key].most_cards:
            yield f"10: {waiting} visits of {key} have no card, and {stand[key]} have"


def _drawn(connection: Connection, slack: Slack) -> Iterator[str]:
    """11: every card shows its visit's rows, drawn at the moment when it was drawn.

    Who holds it is left out where a choice in a select took hold: a redraw would wipe the choice.
    """
    for row in connection.execute(
        select(t.Card, t.Visit.left_at).join(t.Visit, t.Visit.id == t.Card.visit_id)
    ):
        message = slack.messages.get((row.channel, row.ts))
        if message is None:
            continue
        if row.left_at is not None:
            if len(message.body["blocks"]) != 1:
                yield f"11: the card of visit {row.visit_id}, which was left, is no single line"
            continue
        locale = connection.scalar(
            select(t.Channel.locale).where(t.Channel.slack_id == row.channel)
        )
        drawn_at = dt.datetime.fromtimestamp(message.drawn_at, dt.UTC)
        view = views.card_view(connection, row.visit_id, VAULT, now=drawn_at)
        assert view is not None
        wanted = [card(one, locale or "en") for one in _left_alone(connection, view)]
        if (message.body["text"], message.body["blocks"]) not in wanted:
            yield f"11: the card of visit {row.visit_id} does not show what is"


def _left_alone(connection: Connection, view: Any) -> Iterator[Any]:
    """The view, and as it may stay while somebody works on the card.

    What they chose in its selects would be wiped by a redraw: so neither that they hold it since
    then is drawn, nor evidence that comes in meanwhile, nor another grade, which the thread tells.
    """
    yield view
    held = set(
        connection.execute(
            select(t.Person.name)
            .join(t.Event, t.Event.person_id == t.Person.id)
            .where(t.Event.visit_id == view.visit_id, t.Event.kind == "held")
        ).scalars()
    )
    taken = connection.scalar(select(t.Visit.holder_id).where(t.Visit.id == view.visit_id))
    late = connection.execute(
        select(t.Evidence.party, t.Evidence.kind)
        .where(t.Evidence.visit_id == view.visit_id)
        .order_by(t.Evidence.id.desc())
    ).all()
    counts = Counter({(party, kind): n for party, kind, n in view.evidence})
    seen = [view.evidence]
    for row in late if held or taken is not None else ():
        counts[row.party, row.kind] -= 1
        kept = ((party, kind, counts[party, kind]) for party, kind, _ in view.evidence)
        seen.append(tuple(one for one in kept if one[2]))
    holders = sorted({view.holder, "", *held})
    grades = _grades(connection, view) if held or taken is not None else [view.facts]
    for holder, evidence, facts in product(holders, seen, grades):
        yield replace(view, holder=holder, evidence=evidence, facts=facts)


def _grades(connection: Connection, view: Any) -> list[Any]:
    """What is known of the dispute, and the same with each grade that it had at this visit."""
    regraded = select(t.Event.data).where(
        t.Event.visit_id == view.visit_id, t.Event.kind == "regraded"
    )
    before = [data["from"] for data in connection.execute(regraded).scalars()]
    return [view.facts, *({**view.facts, "grade": grade} for grade in before)]


def orphans(connection: Connection, slack: Slack) -> list[Posted]:
    """The cards in Slack that the desk does not know as its own: somebody will press them."""
    places = {(row.channel, row.ts) for row in connection.execute(select(t.Card))}
    posts = _posts(connection)
    return [
        message
        for key, message in slack.messages.items()
        if message.outbox in posts and key not in places and _pressable(message)
    ]


def _pressable(message: Posted) -> bool:
    return any(block["type"] == "actions" for block in message.body["blocks"])
