"""What an alert comes to now, in a channel or for one person, and its redraw once it stands there.

An alert tells what is so when it leaves: who holds the dispute, who is on it, what comes next.
"""

import datetime as dt
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select

from bot.cards.alerts import Alert, alert, several
from bot.job import POST, UPDATE, Job, Pointless, Prepared, Resting
from bot.roads import NotYet, Permalink, Reroute
from core.desk import cards, delivery, documents, facts, outbox, quiet, views
from core.desk.alerting import alerted
from core.desk.delivery import Lease
from core.desk.pieces import Addresses
from core.secrets import Vault
from core.tables import Channel, Deadline, Dispute, Outbox, Person
from core.workflow.terms import Hears

MANY = 3  # so many at once for one person come in one message
MOST = 10  # alerts that such a message spells out
GRADE = "grade"  # the fact
PATIENT = "C"  # of such disputes alerts wait until their reader may be disturbed


class Alarms:
    """How alerts are made: what they are read and rendered with."""

    def __init__(
        self,
        connection: Connection,
        vault: Vault,
        permalink: Permalink,
        addresses: Addresses,
        now: dt.datetime,
    ) -> None:
        self.connection, self.now = connection, now
        self._vault, self._permalink, self._addresses = vault, permalink, addresses

    def in_channel(self, lease: Lease, road: Any) -> Prepared:
        """The alert that a lane leads to a channel, or why it cannot go there now."""
        if isinstance(road, NotYet | Reroute):
            return road
        found = self._found(lease.data, lease.visit_id)
        if isinstance(found, Pointless):
            return found
        group = self._group(lease, found)
        message = alert(replace(found, group=group), road.locale)
        return Job(POST, road.slack_id, message, key=road.key)

    def alone(self, lease: Lease, person: Any) -> Prepared:
        """The alert for one person; several in one message where they pile up (G9).

        Quiet hours hold back what is least urgent only. What may have been sent before is told
        alone: its own message is looked for.
        """
        found = self._found(lease.data, lease.visit_id)
        if isinstance(found, Pointless):
            return found
        until = quiet.until(person.quiet_from, person.quiet_to, person.zone, self.now)
        if until is not None and self._patient(lease):
            return Resting(until)
        others = [] if lease.uncertain or found.reminds else self._others(lease)
        if len(others) + 1 < MANY:
            return Job(POST, "", alert(found, person.locale))
        more = (self._found(row.data, row.visit_id) for row in others[: MOST - 1])
        items = [found, *(one for one in more if isinstance(one, Alert))]
        items.sort(key=lambda one: (one.told.due_at is None, one.told.due_at))
        covers = tuple(row.id for row in others)
        message = several(items, len(others) + 1, person.locale)
        return Job(POST, "", message, covers=covers)

    def gone(self, lease: Lease) -> Prepared:
        """What becomes of an alert whose reader has left the desk: nobody else hears of it then."""
        told = select(Outbox.id, Outbox.data).where(
            Outbox.visit_id == lease.visit_id,
            Outbox.kind == outbox.ALERT,
            Outbox.id != lease.id,
        )
        rows = self.connection.execute(told)
        if lease.data.get("reminds") or any(r.data["event"] == lease.data["event"] for r in rows):
            return Pointless("nobody in Slack is meant")
        row = self.connection.execute(
            select(Deadline.document_id, Dispute.workflow)
            .join(Dispute, Dispute.id == Deadline.dispute_id)
            .where(Deadline.id == lease.data["deadline"])
        ).one()
        document = documents.load(self.connection, row.document_id)
        lane = outbox.post_lane(document.workflow_by_key[row.workflow].escalation)
        return Reroute(lane, {**lease.data, "missing": str(Hears.PERSON)})

    def again(self, lease: Lease) -> Prepared:
        """The redraw of an alert, where it stands by itself in Slack."""
        row = self.connection.execute(select(Outbox).where(Outbox.id == lease.data["alert"])).one()
        if row.state in (delivery.LEASED, delivery.UNKNOWN):
            return NotYet("its alert is just being posted", 1.0)
        if row.state != delivery.SENT or not row.sent_as or self._covering(row):
            return Pointless("it will be told as it is by then, or was told with others")
        found = self._found(row.data, row.visit_id)
        if isinstance(found, Pointless):
            return found
        channel, _, ts = row.sent_as.partition("/")
        message = alert(replace(found, group=self._group(row, found)), self._locale(row, channel))
        return Job(UPDATE, channel, message, ts=ts, covers=self._redraws(lease))

    def _found(self, data: dict[str, Any], visit_id: int | None) -> Alert | Pointless:
        """What a stored alert tells now."""
        place = data.get("place")
        told = alerted(self.connection, int(data["deadline"]), place, now=self.now)
        if told.due_at is None:
            return Pointless("what it tells of stands still meanwhile")
        # What still runs is told of where the dispute is by now, what is over of where it was.
        here = visit_id if told.over and visit_id is not None else told.visit_id
        view = views.card_view(self.connection, here, self._vault, self._addresses, now=self.now)
        if view is None:
            return Pointless("its visit is gone")
        return Alert(
            view,
            told,
            place,
            told.due_at <= self.now,
            self._permalink(cards.place(self.connection, here)),
            missing=data.get("missing", ""),
            reminds=bool(data.get("reminds")),
        )

    def _group(self, stored: Any, found: Alert) -> str:
        """Slack's user group that is called: the level's, the stage's, else the channel's own."""
        if not stored.lane.startswith(outbox.post_lane("")):
            return ""
        if stored.data.get("group"):
            return str(stored.data["group"])
        keys = (found.view.stage.channel, stored.lane.partition(":")[2])
        rows = self.connection.execute(
            select(Channel.key, Channel.group_id).where(Channel.key.in_(keys))
        )
        groups = {row.key: row.group_id for row in rows}
        return next((groups[key] for key in keys if groups.get(key)), "")

    def _patient(self, lease: Lease) -> bool:
        known = facts.current(self.connection, lease.dispute_id or 0)
        return known.get(GRADE) == PATIENT

    def _others(self, lease: Lease) -> list[Any]:
        """The other alerts that wait for the same reader, the oldest first."""
        rows = self.connection.execute(
            select(Outbox.id, Outbox.visit_id, Outbox.data)
            .where(
                Outbox.lane == lease.lane,
                Outbox.kind == outbox.ALERT,
                Outbox.finished_at.is_(None),
                Outbox.state == delivery.WAITING,
                Outbox.id != lease.id,
            )
            .order_by(Outbox.id)
        )
        return [row for row in rows if not row.data.get("reminds")]

    def _covering(self, row: Any) -> bool:
        """Whether others were told in the same message."""
        covered = select(Outbox.id).where(
            Outbox.lane == row.lane, Outbox.reason == f"covered by {row.id}"
        )
        return self.connection.scalar(covered.limit(1)) is not None

    def _redraws(self, lease: Lease) -> tuple[int, ...]:
        """Other redraws of the same alert, which this one makes needless."""
        rows = self.connection.execute(
            select(Outbox.id, Outbox.data).where(
                Outbox.visit_id == lease.visit_id,
                Outbox.kind == outbox.REALERT,
                Outbox.finished_at.is_(None),
                Outbox.id != lease.id,
            )
        )
        return tuple(row.id for row in rows if row.data["alert"] == lease.data["alert"])

    def _locale(self, row: Any, channel: str) -> str:
        """The language of whoever reads the message."""
        _, _, key = row.lane.partition(":")
        found = select(Channel.locale).where(Channel.slack_id == channel)
        if row.lane.startswith(outbox.DIRECT_LANES):
            found = select(Person.locale).where(Person.id == int(key))
        return self.connection.scalar(found) or "en"
