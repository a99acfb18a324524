"""Where a lane leads: its channel, or while that is lost the one that stands in for it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from core.desk import outages, outbox
from core.desk.delivery import Lease
from core.desk.outages import Known
from core.tables import Channel

HOME = "home"  # in a message's data: the channel that it belongs in, while another stands in
SLOWLY = 30.0

Permalink = Callable[[tuple[str, str] | None], str | None]


@dataclass(frozen=True, slots=True)
class NotYet:
    """The message has to wait for another one, or for an operator."""

    reason: str
    seconds: float = 2.0


@dataclass(frozen=True, slots=True)
class Reroute:
    """The message travels in another lane from now on; `unset` is a channel that nobody named."""

    lane: str
    data: dict[str, Any]
    unset: str = ""


def home_of(lease: Lease) -> str:
    """The key of the channel that a message belongs in; empty for lanes that lead to none."""
    kind, _, key = lease.lane.partition(":")
    return str(lease.data.get(HOME, key)) if kind == "post" else ""


def road(
    connection: Connection, lease: Lease, known: Known, *, trying: bool
) -> Row[Any] | NotYet | Reroute:
    """The channel that this message goes to now: `key`, `slack_id`, `locale`, `most_cards`.

    `trying` sends it to the channel it belongs in although that was lost: this is the message by
    which delivery finds out whether it is back.
    """
    home = home_of(lease)
    own = _channel(connection, home)
    lost = own is None or not own.slack_id or known.away(home, own.slack_id)
    if own is not None and own.slack_id and (trying or not lost):
        if lease.data.get(HOME) and not trying:
            left = {name: item for name, item in lease.data.items() if name != HOME}
            return Reroute(outbox.post_lane(home), left)
        return own
    unset = own is None or not own.slack_id
    stand_in = outages.fallback(connection, home)
    other = _channel(connection, stand_in)
    if other is None or not other.slack_id or known.away(stand_in, other.slack_id):
        why = "has no Slack channel yet" if unset else "cannot be reached"
        return NotYet(f"channel {home} {why}, and none stands in for it", SLOWLY)
    if lease.lane != outbox.post_lane(stand_in):
        data = {**lease.data, HOME: home}
        return Reroute(outbox.post_lane(stand_in), data, home if unset else "")
    return other


def named(connection: Connection, lease: Lease, slack_id: str) -> tuple[str, str]:
    """The key and language of the channel in which a card stands: its thread is told there.

    Where several keys lead to one channel, or none does any more, the message keeps its lane.
    """
    own = lease.lane.partition(":")[2]
    rows = connection.execute(
        select(Channel.key, Channel.locale).where(Channel.slack_id == slack_id)
    ).all()
    found = {str(row.key): str(row.locale) for row in rows}
    if own in found or not found:
        return own, found.get(own, "en")
    return min(found.items())


def _channel(connection: Connection, key: str) -> Row[Any] | None:
    return connection.execute(select(Channel).where(Channel.key == key)).first()
