"""The outbox: what must be told outside, written in the transaction that makes it true.

A row holds a kind and ids, never rendered text. Lanes: `post:<channel key>` for what appears in a
channel, `dm:<person id>` for what one person is told, `update` for cards redrawn, `tidy` for copies
taken away, `sign:<channel key>` for a channel's topic and guide, `market` for the marketplace.
"""

import datetime as dt
import hashlib
from typing import Any

from sqlalchemy import Connection, insert, select

from core.desk.answers import Refused
from core.tables import Outbox

CARD = "card"  # post the card of a visit
REDRAW = "redraw"  # bring the card of a visit up to date
LINE = "line"  # a line in a card's thread
DIGEST = "digest"  # what piled up in a channel during an outage, in one message
ALERT = "alert"  # a warning or an escalation
REALERT = "realert"  # an alert no longer shows what is: somebody is on it, or no more
PARKED = "parked"  # no option fits: a supervisor is asked
DIRECT = "direct"  # tell one person of an event that concerns them
JUDGED = "judged"  # tell an agent of a defect
CONTESTED = "contested"  # ask supervisors about a contested judgment
SETTLED = "settled"  # tell the agent what came of it
ON_DUTY = "on_duty"  # who came on at a rota, to its channel and to whoever it is
ROTA_TROUBLE = "rota_trouble"  # a gap or an overload that lies ahead
PAGE = "page"  # call somebody to a dispute at once, and remind them of it
REPAGE = "repage"  # a call no longer shows what is: it was answered, or has lost its point
PAGE_NEWS = "page_news"  # tell whoever paged what came of it
OUTAGE = "outage"  # a channel was lost, or is back; the token is accepted again
PULSE = "pulse"  # something that was due did not run, or all is well again
PROBE = "probe"  # an alert that is only sent to see it arrive
REMOVE = "remove"  # take a copy of a card away
COPIES = "copies"  # look whether a message stands twice, and take the others away
TOPIC = "topic"  # a channel's counts, in its topic
GUIDE = "guide"  # what a stage channel is for
PIN = "pin"  # keep the guide at hand
ASK_ORDER = "ask_order"
ASK_FUNDS = "ask_funds"
PAY = "pay"
RECEIPT = "receipt"  # tell the buyer that the dispute came in
NOTICE = "notice"  # tell the marketplace where the dispute stands
GENTLY = "gently"  # in a redraw's data: not while somebody works on the card
# What goes first in a lane: 0 where nothing else is said; a card is worked on, a line only read.
_RANKS = {CARD: 1, LINE: 2}
BINDING = frozenset({PAY, NOTICE})  # what cannot be called back once somebody has heard it
DIRECT_LANES, SIGN_LANES = "dm:", "sign:"
UPDATE_LANE = "update"
TIDY_LANE = "tidy"  # what only looks and takes away
MARKET_LANE = "market"

# Refusals of a press on a card that no longer shows what is.
_STALE = frozenset(
    {"too_late", "already_decided", "parked", "finished", "not_held", "already_yours"}
)
_INSERT = insert(Outbox)
_NOTHING: dict[str, Any] = {}  # one for all, so that a batch stores it once; nobody changes it


def message(
    kind: str,
    lane: str,
    dedupe: str,
    *,
    now: dt.datetime,
    dispute_id: int | None = None,
    visit_id: int | None = None,
    data: dict[str, Any] | None = None,
    reply_to: bytes | None = None,
) -> dict[str, Any]:
    """A row of the outbox, to be put there with others of the same transaction."""
    return {
        "kind": kind,
        "lane": lane,
        "dedupe": dedupe,
        "dispute_id": dispute_id,
        "visit_id": visit_id,
        "data": data or _NOTHING,
        "reply_to": reply_to,
        "undo_until": None,
        "rank": _RANKS.get(kind, 0),
        "state": "waiting",
        "token": 0,
        "attempts": 0,
        "created_at": now,
    }


def put(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Writes the rows; a dedupe key that exists already is an error of the caller."""
    if rows:
        connection.execute(_INSERT, rows)


def put_once(connection: Connection, row: dict[str, Any]) -> bool:
    """Writes the row unless its dedupe key is known: for work that may run once more.

    Whether it was written.
    """
    if connection.scalar(select(Outbox.id).where(Outbox.dedupe == row["dedupe"])) is not None:
        return False
    connection.execute(_INSERT, [row])
    return True


def post_lane(channel: str) -> str:
    """The lane of what appears in the channel with this key."""
    return f"post:{channel}"


def direct_lane(person_id: int) -> str:
    """The lane of what one person is told alone."""
    return f"{DIRECT_LANES}{person_id}"


def sign_lane(channel: str) -> str:
    """The lane of what stands at the head of the channel with this key."""
    return f"{SIGN_LANES}{channel}"


def direct(
    person_id: int, visit_id: int, dispute_id: int, event_id: int, *, now: dt.datetime
) -> dict[str, Any]:
    """What one person is told of an event: a visit was given to them, woke, was answered."""
    return message(
        DIRECT,
        direct_lane(person_id),
        f"direct:{event_id}",
        now=now,
        dispute_id=dispute_id,
        visit_id=visit_id,
        data={"event": event_id},
    )


def card(
    visit_id: int,
    channel: str,
    dispute_id: int,
    *,
    now: dt.datetime,
    because: str = "",
    reply_to: bytes | None = None,
) -> dict[str, Any]:
    """The showing of a visit's card; `because` tells a later attempt from the first one.

    `reply_to` is of the press that led here: the card that was pressed links to this one by it.
    """
    return message(
        CARD,
        post_lane(channel),
        f"card:{visit_id}:{because}" if because else f"card:{visit_id}",
        now=now,
        dispute_id=dispute_id,
        visit_id=visit_id,
        reply_to=reply_to,
    )


def redraw(
    visit_id: int,
    dispute_id: int,
    because: str,
    *,
    now: dt.datetime,
    reply_to: bytes | None = None,
    data: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """A visit's card no longer shows what is; `because` (an event's id) tells redraws apart."""
    return message(
        REDRAW,
        UPDATE_LANE,
        f"redraw:{visit_id}:{because}",
        now=now,
        dispute_id=dispute_id,
        visit_id=visit_id,
        data=data,
        reply_to=reply_to,
    )


def stale(
    refused: Refused, click: str | None, *, now: dt.datetime, reply_to: bytes | None
) -> list[dict[str, Any]]:
    """The redraw for whoever pressed a card that others have left behind; by response_url first.

    A card that somebody still works on is left alone: a redraw would wipe what they chose.
    """
    if refused.key not in _STALE or click is None or reply_to is None or not refused.visit_id:
        return []
    return [
        redraw(
            refused.visit_id,
            refused.dispute_id or 0,
            "stale:" + hashlib.sha256(click.encode()).hexdigest()[:24],
            now=now,
            reply_to=reply_to,
        )
    ]


def line(
    visit_id: int, channel: str, dispute_id: int, event_id: int, *, now: dt.datetime
) -> dict[str, Any]:
    """A line in the thread of a visit's card, telling an event."""
    return message(
        LINE,
        post_lane(channel),
        f"line:{event_id}",
        now=now,
        dispute_id=dispute_id,
        visit_id=visit_id,
        data={"event": event_id},
    )


def removal(channel: str, ts: str, *, now: dt.datetime) -> dict[str, Any]:
    """The taking away of a message that stands beside the one that counts."""
    data = {"channel": channel, "ts": ts}
    return message(REMOVE, TIDY_LANE, removal_key(channel, ts), now=now, data=data)


def removal_key(channel: str, ts: str) -> str:
    """The dedupe key of a message's taking away."""
    return f"remove:{channel}:{ts}"
