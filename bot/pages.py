"""What a page comes to now: the call, its redraw once it is answered, and the news of it (K5)."""

import datetime as dt
from typing import Any

from sqlalchemy import Connection, select

from bot.cards import paging as cards
from bot.job import POST, UPDATE, Job, Pointless, Prepared
from bot.roads import NotYet, Permalink
from core.desk import cards as places
from core.desk import delivery, outbox, page_people, page_views, people, views
from core.desk.delivery import Lease
from core.desk.paging import ON_IT, OVER
from core.desk.pieces import Addresses
from core.secrets import Vault
from core.tables import Event, Outbox, Person

ALONE = frozenset({outbox.PAGE, outbox.PAGE_NEWS})


class Pages:
    """How pages are made: what they are read and rendered with."""

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

    def alone(self, lease: Lease, person: Any) -> Prepared:
        """What one person reads: a call, or what came of one; no quiet hours hold it back."""
        if lease.kind == outbox.PAGE:
            return self._call(lease.data, person, again=lease.uncertain)
        page = page_views.page_view(self.connection, int(lease.data["page"]), self._vault)
        view = self._view(page)
        if view is None:
            return Pointless("its visit is gone")
        event = select(Event.person_id, Event.data).where(Event.id == int(lease.data["event"]))
        row = self.connection.execute(event).one()
        who, answer = people.name(self.connection, row.person_id), row.data.get("answer", "")
        silence = page.outcome != ON_IT and page.silent
        if not (answer or silence or lease.uncertain):
            return Pointless("it was answered before its silence was told")
        following = None
        if page.outcome not in (ON_IT, OVER):
            following = page_people.next_up(self.connection, page.id, now=self.now)
        place = self._place(page)
        message = cards.news(view, page, who, answer, following, place, person.locale)
        return Job(POST, "", message)

    def again(self, lease: Lease) -> Prepared:
        """The redraw of a call where it stands in Slack."""
        found = select(Outbox).where(Outbox.id == lease.data["message"])
        row = self.connection.execute(found).one()
        if row.state in (delivery.LEASED, delivery.UNKNOWN):
            return NotYet("it is just being posted", 1.0)
        if row.state != delivery.SENT or not row.sent_as:
            return Pointless("it will be told as it is by then")
        reader = int(row.lane.removeprefix(outbox.DIRECT_LANES))
        person = self.connection.execute(select(Person).where(Person.id == reader)).one()
        made = self._call(row.data, person, again=True)
        if not isinstance(made, Job):
            return made
        channel, _, ts = row.sent_as.partition("/")
        return Job(UPDATE, channel, made.message, ts=ts)

    def _call(self, data: dict[str, Any], person: Any, *, again: bool = False) -> Prepared:
        """A call as it stands; `again` where it is in Slack already, or may be."""
        page = page_views.page_view(self.connection, int(data["page"]), self._vault)
        reader = next((one for one in page.called if one.id == person.id), None)
        view = self._view(page)
        if reader is None or view is None:
            return Pointless("its visit is gone")
        if not again and (reader.answer or page.outcome in (ON_IT, OVER)):
            return Pointless("it was answered before it was told")
        if not again and page.reminded and not data["reminds"]:
            return Pointless("its reminder tells it")
        message = cards.call(
            view,
            page,
            reader,
            self._place(page),
            person.locale,
            person.zone,
            reminds=bool(data["reminds"]),
        )
        return Job(POST, "", message)

    def _view(self, page: page_views.PageView) -> views.CardView | None:
        return views.card_view(
            self.connection, page.visit_id, self._vault, self._addresses, now=self.now
        )

    def _place(self, page: page_views.PageView) -> str | None:
        return self._permalink(places.place(self.connection, page.visit_id))
