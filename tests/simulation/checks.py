"""What must hold after every step, read from rows alone (invariants of trust.md by number)."""

import datetime as dt
import json
import re
from collections import Counter
from typing import Any

from sqlalchemy import Connection, func, select

from core import tables as t
from tests import agreement, fold
from tests.simulation import ladders
from tests.simulation.agents import Press
from tests.simulation.resting import steps_of

ENDED = ("sent", "superseded", "parked")
DELIVERY_S = re.compile(
    r"^(digest|copies|remove|outage|back):|:again$"
    r"|:(link|stale|digest|adopted|moved|back):|^card:\d+:\d+$"
)
LADDER = ("warned", "escalated", "acknowledged", "acknowledgement_ending")
REALERTED = ("acknowledged", "acknowledgement_lapsed", "noise")
HOLDER = ("taken", "released", "assigned")


class Watch:
    """Looks at what is new since it looked last, and remembers what must never change."""

    def __init__(self) -> None:
        self.last_event = 0
        self.last_message = 0
        self.finished: dict[int, Any] = {}
        self.tokens: dict[int, int] = {}
        self.documents: dict[int, Any] = {}
        self.answers: dict[str, Any] = {}

    def look(self, connection: Connection) -> list[str]:
        """Everything broken by the steps since the last look."""
        fresh = select(t.Document).where(t.Document.id.not_in(list(self.documents)))
        for row in connection.execute(fresh):
            self.documents[row.id] = json.loads(row.body)
        events = connection.execute(
            select(t.Event).where(t.Event.id > self.last_event).order_by(t.Event.id)
        ).all()
        self.last_event = max([self.last_event, *(event.id for event in events)])
        disputes = {event.dispute_id for event in events}
        visits = {
            row.id: row
            for row in connection.execute(select(t.Visit).where(t.Visit.dispute_id.in_(disputes)))
        }
        found = [
            f"4: {line}" for line in agreement.differences(connection, disputes, self.documents)
        ]
        found += [line for event in events for line in self._moved(connection, event, visits)]
        found += self._told(connection, events, visits)
        found += self._kept(connection)
        return found

    def _moved(self, connection: Connection, event: Any, visits: dict[int, Any]) -> list[str]:
        """1 and 5: one effective decision a visit, by whom the document lets, to where it leads."""
        if event.kind in ("warned", "escalated"):
            return self._fired(connection, event)
        if event.kind != "moved":
            return []
        data, visit = event.data, visits[event.visit_id]
        found = []
        moves = select(func.count()).select_from(t.Event)
        same = moves.where(t.Event.kind == "moved", t.Event.visit_id == event.visit_id)
        if connection.scalar(same) != 1:
            found.append(f"1: visit {event.visit_id} was decided more than once")
        if visit.kind == "final":
            found.append(f"5: finished visit {visit.id} was reopened")
        if event.by == "agent" and event.person_id is None:
            found.append(f"1: event {event.id} names no agent")
        if not self._allowed(visit, event, data):
            found.append(f"5: event {event.id} goes where its document does not lead: {data}")
        return found

    def _allowed(self, visit: Any, event: Any, data: Any) -> bool:
        own, active = self.documents[visit.document_id], self.documents[data["document"]]
        flow = own["workflows"][0]
        stage = next(s for s in flow["stages"] if s["key"] == visit.stage)
        decision = data["decision"]
        if decision in ("take", "assign"):
            targets, by = {flow["first"]}, "agent"
            if stage["kind"] != "intake":
                return False
        else:
            known = [*stage.get("decisions", ()), *flow.get("ends", ())]
            row = next((d for d in known if d["key"] == decision), None)
            if row is None:
                return False
            targets, by = {route["to"] for route in row["routes"]}, row.get("by", "agent")
        for document in (own, active):
            successors = document["workflows"][0].get("successors", ())
            moved = {s["removed"]: s["to"] for s in successors}
            targets |= {moved[target] for target in targets if target in moved}
        return event.by == by and data["stage"] in targets

    def _fired(self, connection: Connection, event: Any) -> list[str]:
        """6: no level fires twice, nor after its visit was left, nor when an undone one ran."""
        left = connection.scalar(
            select(t.Event.id).where(
                t.Event.kind == "moved",
                t.Event.visit_id == event.visit_id,
                t.Event.id < event.id,
            )
        )
        same = [
            (row.data["deadline"], level)
            for row in connection.execute(
                select(t.Event.data).where(
                    t.Event.kind == event.kind, t.Event.visit_id == event.visit_id
                )
            )
            for level in row.data["levels"]
        ]
        found = []
        if left is not None:
            found.append(f"6: {event.kind} {event.id} after its visit was left")
        deadline = event.data["deadline"]
        found += self._rested(connection, event)
        return found + [
            f"6: level {level} twice for deadline {deadline}"
            for level in event.data["levels"]
            if same.count((deadline, level)) != 1
        ]

    def _rested(self, connection: Connection, event: Any) -> list[str]:
        """6: while somebody is on it only the end of the promise itself is told (K6)."""
        said = (
            select(t.Event.data, t.Event.id)
            .where(t.Event.kind == "acknowledged", t.Event.id < event.id)
            .where(t.Event.dispute_id == event.dispute_id)
            .order_by(t.Event.id)
        )
        until = [
            dt.datetime.fromisoformat(row.data["until"])
            for row in connection.execute(said)
            if row.data["deadline"] == event.data["deadline"]
        ]
        if not until or until[-1] <= event.at:
            return []
        row = connection.execute(
            select(t.Deadline).where(t.Deadline.id == event.data["deadline"])
        ).one()
        body = self.documents[row.document_id]
        levels = [one for flow in body["workflows"] for one in flow["service_levels"]]
        level = next(one for one in levels if one["key"] == row.service_level)
        end = steps_of(body, level).index(float(level["minutes"]))
        fired = [place for place in event.data["levels"] if place != end]
        return [f"6: level {place} of {row.id} fired while it rested" for place in fired]

    def _told(self, connection: Connection, events: list[Any], visits: dict[int, Any]) -> list[str]:
        """8: what must be told has one row each, there at the same border, and nothing more is."""
        rows = connection.execute(
            select(t.Outbox.id, t.Outbox.dedupe, t.Outbox.kind).where(
                t.Outbox.id > self.last_message
            )
        ).all()
        self.last_message = max([self.last_message, *(row.id for row in rows)])
        # Delivery itself links cards, posts lost ones again, takes copies away, lets waiting ones
        # come up, tells of outages, puts a digest in place of what came too late; a press on an
        # orphan adopts it, a refused one only has its card redrawn.
        there = Counter(row.dedupe for row in rows if not DELIVERY_S.search(row.dedupe))
        wanted: Counter[str] = Counter()
        for event in events:
            wanted.update(self._due(connection, event, visits))
        asking = ("pay:", "ask_order:", "judged:", "receipt:")
        paying = {key for key in there if key.startswith(asking)}
        # Opening the details shows the holder on the card, setting a field there does not.
        paying |= {f"redraw:{e.visit_id}:{e.id}" for e in events if e.kind == "held"}
        # Alerts that stand, or may, are drawn again where who is on it has changed.
        redrawn = tuple(f":{event.id}" for event in events if event.kind in REALERTED)
        paying |= {key for key in there if key.startswith("realert:") and key.endswith(redrawn)}
        # Who is told alone is read as a level fires: nobody here knows who that is.
        alone = tuple(prefix for event in events for prefix in ladders.alone(self.documents, event))
        paying |= {key for key in there if alone and key.startswith(alone)}
        found = [
            f"8: {key} is told {there[key]} times, not {n}"
            for key, n in wanted.items()
            if there[key] != n
        ]
        extra = there.keys() - wanted.keys() - paying
        return [*found, *(f"8: {key} tells of nothing that happened" for key in sorted(extra))]

    def _due(self, connection: Connection, event: Any, visits: dict[int, Any]) -> list[str]:
        """The messages that an event makes necessary, by their dedupe keys."""
        data, visit = event.data, visits.get(event.visit_id or 0)
        working = visit is not None and visit.kind == "work"
        line, redraw = f"line:{event.id}", f"redraw:{event.visit_id}:{event.id}"
        given = data.get("holder") not in (None, event.person_id)
        alone = [f"direct:{event.id}"] if given else []
        if event.kind == "opened":
            return [f"card:{data['visit']}"]
        if event.kind == "held":
            return []
        if event.kind in HOLDER:
            return [redraw, *(alone if event.kind == "assigned" else ())]
        if event.kind in LADDER:
            return ladders.told(self.documents, event, line, visit)
        if event.kind == "parked":
            return [redraw, f"parked:{event.id}"]
        if event.kind == "evidence_received":
            shown = visit is not None and visit.kind in ("work", "intake")
            return [line, redraw] if working else [redraw] if shown else []
        if event.kind == "payment_reported":
            return [line, redraw] if working else []
        if event.kind in ("order_known", "funds_known", "receipt_accepted"):
            shown = visit is not None and visit.kind in ("work", "intake")
            tells = event.kind != "receipt_accepted" or ladders.moves_due(connection, event)
            return [redraw] if shown and tells else []
        if event.kind == "regraded":
            carded = visit is not None and visit.kind in ("work", "intake")
            return [line, redraw] if "raised" in data and carded else [line]
        if event.kind != "moved" or visit is None:
            return []
        told = [line, *(alone if data["decision"] == "assign" else ())]
        if visit.channel:
            told.append(redraw)
        told.append(
            f"card:{data['visit']}" if data["kind"] in ("intake", "work") else f"notice:{event.id}"
        )
        effects = fold.effects_of(self.documents[visit.document_id], visit.stage, data["decision"])
        told += [f"ask_funds:{event.id}" for e in effects if e["kind"] == "ask_funds"]
        pays = [e for e in effects if e["kind"] in ("pay", "ask_payment")]
        instructed = connection.scalar(
            select(func.count())
            .select_from(t.Outbox)
            .where(t.Outbox.kind == "pay", t.Outbox.dedupe.endswith(f":{event.id}"))
        )
        if instructed != len(pays):
            told.append(f"one instruction for event {event.id}")
        return told

    def _kept(self, connection: Connection) -> list[str]:
        """9 and 14: no message vanishes, what ended stays ended, and tokens only grow."""
        open_before = [i for i in self.tokens if i not in self.finished]
        looked = t.Outbox.finished_at.is_(None) | t.Outbox.id.in_(open_before)
        rows = connection.execute(select(t.Outbox).where(looked)).all()
        found = [
            f"14: the token of message {row.id} shrank"
            for row in rows
            if row.token < self.tokens.get(row.id, 0)
        ]
        found += [
            f"9: message {row.id} is {row.state} and yet not"
            for row in rows
            if (row.state in ENDED) is (row.finished_at is None)
        ]
        for row in rows:
            self.tokens[row.id] = row.token
            if row.finished_at is not None:
                self.finished[row.id] = row
        if connection.scalar(select(func.count()).select_from(t.Outbox)) != len(self.tokens):
            found.append("9: messages vanished, or ended without anybody looking")
        return found

    def heard(self, connection: Connection, press: Press, *, busy: bool) -> list[str]:
        """2 and 3: what was acknowledged is committed as it was told, and a key keeps its answer.

        `busy` where the database could not be won meanwhile: then nothing was done, and said so.
        """
        if press.status != 200 or not press.key:
            return []
        answer = connection.scalar(select(t.Click.answer).where(t.Click.key == press.key))
        if answer is None:
            if busy or press.may_ask:
                return []
            return [f"2: {press.key} was acknowledged, not committed"]
        found = []
        response = press.body.get("response_action")
        if answer["applied"] and (press.told or response == "errors") and not busy:
            found.append(f"2: {press.key} was refused to its presser and yet applied")
        if response == "clear" and not answer["applied"]:
            found.append(f"2: {press.key} looked done and was refused")
        if self.answers.setdefault(press.key, answer) != answer:
            found.append(f"3: {press.key} was answered anew")
        return found

    def ended(self, connection: Connection) -> list[str]:
        """9: whatever ended is as it was when it ended."""
        rows = {row.id: row for row in connection.execute(select(t.Outbox))}
        return [
            f"9: message {number} changed after its end"
            for number, row in self.finished.items()
            if rows.get(number) != row
        ]
