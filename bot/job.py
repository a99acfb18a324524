"""What a stored message comes to: a call to make, or why there is none."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from slack_sdk import WebClient

from bot.calls import Outcome
from bot.cards.card import Message
from bot.roads import NotYet, Reroute

POST, UPDATE = "chat.postMessage", "chat.update"


@dataclass(frozen=True, slots=True)
class Job:
    """A call to make: `visit_id` is whose card it shows, `covers` the redraws it makes needless."""

    method: str
    channel: str
    message: Message
    thread_ts: str = ""
    ts: str = ""
    visit_id: int | None = None
    covers: tuple[int, ...] = ()
    shown: str = ""
    aside: Message | None = None  # said to whoever pressed, beside the card, where it can be
    live: bool = True  # whether the card is of an open visit
    key: str = ""  # the channel's, where this goes into one anew
    to: str = ""  # the Slack id of the one person who reads it
    run: Callable[[WebClient], Outcome] | None = None  # instead of a message


@dataclass(frozen=True, slots=True)
class Instead:
    """The card itself has to come up first, and then shows what the message would have told."""

    reason: str
    visit_id: int


@dataclass(frozen=True, slots=True)
class Pointless:
    """The message has lost its point."""

    reason: str


@dataclass(frozen=True, slots=True)
class Resting:
    """Its reader is not to be disturbed until then, by the desk's time."""

    until: dt.datetime


Prepared = Job | Pointless | NotYet | Instead | Reroute | Resting
