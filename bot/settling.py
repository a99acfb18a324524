"""What is written down once a message arrived, was lost, or has to go another way."""

import datetime as dt

from sqlalchemy import Connection, select

from bot.job import POST, Instead, Job, Pointless
from bot.roads import Reroute
from core.desk import cards, delivery, outages, outbox, places, signs
from core.desk.delivery import Lease
from core.desk.outages import NOT_SET, Known, channel_key
from core.tables import Card, Channel, Visit

TRIED = "tried"  # in a message's data: the Slack channel in which it may have arrived
_REDRAWN = (outbox.REALERT, outbox.REPAGE)  # redraws of what is no card
LOOK_AGAIN = dt.timedelta(seconds=60)  # when a copy that was late would have arrived


def settle(
    connection: Connection,
    lease: Lease,
    job: Job,
    ts: str,
    known: Known,
    *,
    now: dt.datetime,
    again: bool = False,
) -> None:
    """It arrived. A card remembers where it is; the card before it learns where to link.

    `again` where it may have arrived before as well: somebody looks for copies later on. What was
    posted under an older token is such a copy itself.
    """
    if job.method == POST:
        for key in known.over(job.key):
            outages.end(connection, key, now=now)
    sent_as = f"{job.channel}/{ts}"
    if not delivery.sent(connection, lease, now=now, covers=job.covers, sent_as=sent_as):
        if job.method == POST and not delivery.stands(connection, lease.id, sent_as):
            look_for_copies(connection, lease, job.channel, now=now, thread=job.thread_ts, ts=ts)
        return
    tried = lease.data.get(TRIED, job.channel)
    if again or tried != job.channel:
        for channel in sorted({job.channel, tried}):
            look_for_copies(connection, lease, channel, now=now, thread=job.thread_ts)
    if lease.kind == outbox.ALERT and lease.visit_id is not None:
        places.show(connection, lease.visit_id, now=now)
    signs.settled(connection, lease, job.shown, ts, now=now)
    if job.visit_id is None:
        return
    cards.posted(connection, job.visit_id, job.channel, ts, job.shown, now=now, live=job.live)
    if job.method == POST:
        _link_previous(connection, job.visit_id, lease, now=now)
    elif not job.live:
        _fill(connection, job.visit_id, now=now)


def look_for_copies(
    connection: Connection,
    lease: Lease,
    channel: str,
    *,
    now: dt.datetime,
    thread: str = "",
    ts: str = "",
) -> None:
    """Has somebody look, a while from now, whether the message stands there twice.

    `ts` names a copy that is known of, for where history may not be read.
    """
    data = {
        "message": lease.id,
        "channel": channel,
        "thread": thread,
        "ts": ts,
        "since": lease.first_tried_at.timestamp(),
    }
    dedupe = f"copies:{lease.id}:{lease.token}:{channel}"
    row = outbox.message(outbox.COPIES, outbox.TIDY_LANE, dedupe, now=now, data=data)
    outbox.put_once(connection, {**row, "not_before": now + LOOK_AGAIN})


def drop(connection: Connection, lease: Lease, job: Pointless, *, now: dt.datetime) -> None:
    """A card that is not posted after all leaves its place to the next one."""
    dropped = delivery.supersede(connection, lease, job.reason, now=now, unsent=True)
    if dropped and lease.kind == outbox.CARD and lease.visit_id is not None:
        _fill(connection, lease.visit_id, now=now)


def come_up(connection: Connection, lease: Lease, job: Instead, *, now: dt.datetime) -> None:
    """The card itself is posted in place of a message about it."""
    if delivery.supersede(connection, lease, job.reason, now=now, unsent=True):
        places.show(connection, job.visit_id, now=now)


def reroute(connection: Connection, lease: Lease, job: Reroute, *, now: dt.datetime) -> None:
    """It goes through another channel; where it may have arrived in this one, that is kept."""
    here = select(Channel.slack_id).where(Channel.key == lease.lane.partition(":")[2])
    data = job.data
    if lease.uncertain and TRIED not in data and (place := connection.scalar(here)):
        data = {**data, TRIED: place}
    if delivery.reroute(connection, lease, job.lane, data, now=now) and job.unset:
        outages.begin(connection, channel_key(job.unset), NOT_SET, now=now)


def card_gone(connection: Connection, lease: Lease, job: Job, *, now: dt.datetime) -> None:
    """Somebody deleted the card: an open visit gets a new one, once (fault 14).

    What was to be told in its thread is told in the new one's.
    """
    visit_id = lease.visit_id
    if lease.kind in _REDRAWN:
        delivery.supersede(connection, lease, "its message was deleted in Slack", now=now)
        return
    if visit_id is None:
        delivery.park(connection, lease, "message_not_found", now=now)
        return
    ours = _give_way(connection, lease, job, "its card was deleted in Slack", now=now)
    if ours and not cards.lost(connection, visit_id, "again", now=now):
        _fill(connection, visit_id, now=now)


def card_fixed(
    connection: Connection, lease: Lease, job: Job, error: str, *, now: dt.datetime
) -> None:
    """The card stands where it can no longer be changed: another one follows, the old one goes."""
    if lease.kind in _REDRAWN:
        delivery.supersede(connection, lease, error, now=now)
        return
    if lease.visit_id is not None and _give_way(connection, lease, job, error, now=now):
        cards.lost(connection, lease.visit_id, f"moved:{lease.id}", now=now, remove=True)


def channel_lost(
    connection: Connection, lease: Lease, job: Job, error: str, *, now: dt.datetime
) -> bool:
    """The channel cannot be posted to (fault 11); True where that is news, which is told once.

    New messages go another way; a card that stands there is posted anew where people can see it.
    """
    key = job.key or connection.scalar(select(Channel.key).where(Channel.slack_id == job.channel))
    news = False
    if key:
        name = channel_key(key)
        news = outages.begin(connection, name, error, now=now, place=job.channel)
    if job.ts or job.thread_ts:
        card_fixed(connection, lease, job, error, now=now)
    else:
        wait = dt.timedelta()
        delivery.defer(connection, lease, wait, error, now=now, maybe_sent=lease.uncertain)
    return news


def _give_way(
    connection: Connection, lease: Lease, job: Job, reason: str, *, now: dt.datetime
) -> bool:
    """A redraw has lost its point; a line waits for the thread of the card that follows."""
    if job.method != POST:
        return delivery.supersede(connection, lease, reason, now=now)
    return delivery.defer(connection, lease, dt.timedelta(seconds=1), reason, now=now)


def _fill(connection: Connection, visit_id: int, *, now: dt.datetime) -> None:
    """The place of a card that shrank goes to the most urgent dispute that waits for one."""
    channel = connection.scalar(select(Visit.channel).where(Visit.id == visit_id))
    places.come_up(connection, channel or "", now=now)


def _link_previous(
    connection: Connection, visit_id: int, lease: Lease, *, now: dt.datetime
) -> None:
    """The card that led here may have been drawn before this one could be linked: once more.

    A card that was posted again is linked again, so each posting has a redraw of its own.
    """
    dispute_id = connection.scalar(select(Visit.dispute_id).where(Visit.id == visit_id))
    before = connection.execute(
        select(Card.visit_id, Visit.undone_at)
        .join(Visit, Visit.id == Card.visit_id)
        .where(Visit.dispute_id == dispute_id, Visit.id < visit_id)
        .order_by(Visit.id.desc())
        .limit(3)  # an undone decision leaves two cards behind that lead here
    )
    for previous in before:
        if not delivery.redraws_of(connection, previous.visit_id, outbox.REDRAW):
            because = f"link:{previous.visit_id}:{lease.id}"
            redraw = outbox.redraw(
                previous.visit_id, dispute_id or 0, because, now=now, reply_to=lease.reply_to
            )
            outbox.put(connection, [redraw])
        if previous.undone_at is None:
            break
