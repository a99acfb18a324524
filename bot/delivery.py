"""Delivery: stored messages to Slack, leased and settled in the database, sent in between.

Nothing is repeated by a client; nothing is sent again before its outcome is known (fault 10).
"""

import datetime as dt
import logging
import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from slack_sdk import WebClient
from sqlalchemy import Connection

from bot import personal, settling
from bot.calls import FIXED, GONE, LOST, Done, Later, Locked, Outcome, Refused, Unknown, form_call
from bot.context import Bot, client
from bot.job import POST, Instead, Job, Pointless, Resting
from bot.looking import Blind, Found, look
from bot.preparing import prepare
from bot.roads import NotYet, Reroute, home_of
from bot.sending import send
from bot.tidying import tidy
from core.desk import delivery, digest, outages, outbox, preferences, signs
from core.desk.delivery import Lease
from core.desk.outages import SCOPES, TOKEN, Known, channel_key

log = logging.getLogger("redress.delivery")

LANES = (
    "post:",
    outbox.DIRECT_LANES,
    outbox.SIGN_LANES,
    outbox.UPDATE_LANE,
    outbox.TIDY_LANE,
)
PER_CHANNEL = dt.timedelta(seconds=1.05)
PER_UPDATE = dt.timedelta(seconds=1.25)  # chat.update: 50 a minute in a workspace
AT_ONCE = dt.timedelta()
MOST_OPENED = 5  # tries at a person's direct messages
LONGEST_WAIT = 300.0  # seconds
MOST_PATIENCE = 30.0  # seconds until a message that waits for another one is looked at again
BLIND_WAIT = 60.0  # seconds, where nobody can look whether a message arrived
SEEN_BLIND = "blind"  # in a message's data: the try at which that was found out
NOTHING, EVERYTHING = "", "*"  # what must not be tried behind a message, lanes aside
TIDYING = (outbox.REMOVE, outbox.COPIES)


def pace(lane: str) -> dt.timedelta:
    """How long a lane rests after a message, so that Slack never has to ask for it."""
    return PER_UPDATE if lane in (outbox.UPDATE_LANE, outbox.TIDY_LANE) else PER_CHANNEL


def unpaced(_lane: str) -> dt.timedelta:
    """No rest at all: where rates are off."""
    return AT_ONCE


def deliver(bot: Bot, *, paced: bool = True, per_lane: int = 1, most: int = 20) -> int:
    """One pass: leases what may go out now, sends it, settles it; returns how many there were.

    While Slack refuses the token nothing is tried, and Slack is asked about it now and then; where
    it only lacks a scope, one pass now and then tries.
    """
    known, leases = bot.database.transact_wall(
        _next, pace if paced else unpaced, per_lane=per_lane, most=most
    )
    sender = client(bot.token, bot.base_url)
    if leases is None:
        _ask(bot, sender)
        return 0
    _collapse(bot, leases)
    quiet: set[str] = set()
    for lease in leases:
        if EVERYTHING in quiet or lease.lane in quiet:
            _wait(bot, lease, 0, "not tried yet", maybe_sent=lease.uncertain)
        else:
            quiet.add(carry(bot, sender, lease, known))
    return len(leases)


def _next(
    connection: Connection, rest: delivery.Pace, *, now: dt.datetime, per_lane: int, most: int
) -> tuple[Known, list[Lease] | None]:
    """The next messages; none while the token is refused, None where it is time to ask again."""
    known = outages.known(connection, now=now)
    refused = known.running.get(TOKEN)
    if refused is not None:
        if not outages.claim(connection, TOKEN, now=now):
            return known, []
        if refused.reason not in SCOPES:
            return known, None
    return known, delivery.lease(connection, LANES, rest, now=now, per_lane=per_lane, most=most)


def _ask(bot: Bot, sender: WebClient) -> None:
    """Asks Slack whether it accepts the token again."""
    if isinstance(form_call(sender, "auth.test", {}), Done):
        bot.database.transact_wall(outages.end, TOKEN)


def _collapse(bot: Bot, leases: Sequence[Lease]) -> None:
    """Where what goes out now has waited for long, the rest of its lane becomes one digest."""
    if not leases:
        return
    now = bot.database.read(lambda _connection, now: now)
    late = [x for x in leases if x.kind != outbox.DIGEST and x.created_at <= now - digest.LATE]
    for lane in {lease.lane for lease in late if lease.lane.startswith("post:")}:
        bot.database.transact(digest.collapse, lane)


def carry(bot: Bot, sender: WebClient, lease: Lease, known: Known = outages.NONE) -> str:
    """Takes one leased message as far as it gets; returns what must not be tried behind it.

    That is its lane where Slack asked for quiet, or everything where Slack refuses the token.
    """
    if lease.kind in TIDYING:
        return _tidy(bot, sender, lease)
    home = channel_key(home_of(lease))
    trying = known.due(home) and bot.database.transact_wall(outages.claim, home)
    tools = (bot.vault, bot.permalink, bot.addresses)
    job = bot.database.read(prepare, lease, *tools, known=known, trying=trying)
    if isinstance(job, Pointless):
        bot.database.transact_wall(settling.drop, lease, job)
    elif isinstance(job, Instead):
        bot.database.transact_wall(settling.come_up, lease, job)
    elif isinstance(job, Reroute):
        bot.database.transact_wall(settling.reroute, lease, job)
    elif isinstance(job, NotYet):
        # Longer each time: looked at ever so often, the first in a lane would starve the rest.
        seconds = min(MOST_PATIENCE, job.seconds * 2.0 ** min(lease.attempts - 1, 8))
        _wait(bot, lease, seconds, job.reason, maybe_sent=lease.uncertain, unsent=True)
    elif isinstance(job, Resting):
        bot.database.transact_wall(delivery.rest, lease, job.until)
    elif bot.database.read_wall(delivery.in_hand, lease):
        reached = personal.reach(bot, sender, job)
        if isinstance(reached, Job):
            return _carry_out(bot, sender, lease, reached, known)
        return _conclude(bot, lease, job, reached, known)
    return NOTHING


def _carry_out(bot: Bot, sender: WebClient, lease: Lease, job: Job, known: Known) -> str:
    """Sends it, unless it turns out to have arrived, or nobody can tell yet."""
    if lease.uncertain and job.method == POST:
        since = lease.first_tried_at.timestamp() - 120
        match look(sender, job.channel, lease.id, since, job.thread_ts):
            case Found((first, *others)):
                # What stands there was drawn the time before: it shows nothing that came since.
                stood = replace(job, covers=(), shown="")
                bot.database.transact_wall(
                    settling.settle, lease, stood, first, known, again=bool(others)
                )
                return NOTHING
            case Blind(reason) if lease.data.get(SEEN_BLIND) != lease.attempts - 1:
                data = {**lease.data, SEEN_BLIND: lease.attempts}
                _wait(bot, lease, BLIND_WAIT, reason, maybe_sent=True, data=data)
                return NOTHING
            case Later(seconds, reason):
                _wait(bot, lease, seconds, reason, maybe_sent=True)
                return NOTHING
            case Locked(error):
                return _locked(bot, lease, error, maybe_sent=True)
    return _conclude(bot, lease, job, send(bot, sender, lease, job), known)


def _conclude(bot: Bot, lease: Lease, job: Job, outcome: Outcome, known: Known) -> str:
    """Writes down what became of it; see `carry` for what is returned."""
    match outcome:
        case Done(data):
            ts, again = str(data.get("ts", job.ts)), lease.uncertain and job.method == POST
            bot.database.transact_wall(settling.settle, lease, job, ts, known, again=again)
        case Later(seconds, reason, whole_lane):
            # It may have arrived the time before, if not this time.
            before = lease.uncertain
            _wait(bot, lease, seconds, reason, maybe_sent=before, whole_lane=whole_lane)
            return lease.lane if whole_lane else NOTHING
        case Locked(error):
            return _locked(bot, lease, error, maybe_sent=lease.uncertain)
        case Unknown(reason):
            backoff = min(LONGEST_WAIT, 2.0 ** min(lease.attempts, 8))
            seconds = backoff * random.uniform(0.75, 1.25)  # noqa: S311  jitter, no secret
            data = {**lease.data, settling.TRIED: job.channel}
            _wait(bot, lease, seconds, reason, maybe_sent=True, data=data)
        case Refused("message_not_found") if lease.kind == outbox.GUIDE:
            bot.database.transact_wall(signs.guide_lost, lease)
        case Refused("channel_not_found") if job.to and lease.attempts < MOST_OPENED:
            bot.database.transact(preferences.reached, job.to, "")
            _wait(bot, lease, 1, "its direct messages are opened anew")
        case Refused(error) if error in GONE:
            bot.database.transact_wall(settling.card_gone, lease, job)
        case Refused(error) if error in FIXED and job.method != POST:
            bot.database.transact_wall(settling.card_fixed, lease, job, error)
        case Refused(error) if error in LOST and lease.lane.startswith(("post:", "update")):
            if bot.database.transact_wall(settling.channel_lost, lease, job, error):
                log.error("channel %s cannot be posted to: %s", job.key or job.channel, error)
        case Refused(error):
            log.error("message %s is parked: %s", lease.id, error)
            bot.database.transact_wall(delivery.park, lease, error)
    return NOTHING


def _locked(bot: Bot, lease: Lease, error: str, *, maybe_sent: bool) -> str:
    """Slack refuses the token: everything is kept, and said once where Slack is not needed."""
    if bot.database.transact_wall(outages.begin, TOKEN, error):
        log.error(
            "Slack refuses the bot token (%s); every message is kept until it is right", error
        )
    _wait(bot, lease, 0, error, maybe_sent=maybe_sent)
    return EVERYTHING


def _tidy(bot: Bot, sender: WebClient, lease: Lease) -> str:
    """Takes copies away; what cannot be taken away stays, for a reason that is kept."""
    match tidy(bot, sender, lease):
        case Done():
            bot.database.transact_wall(delivery.sent, lease)
        case Refused(error):
            bot.database.transact_wall(delivery.supersede, lease, error)
        case Locked(error):
            return _locked(bot, lease, error, maybe_sent=False)
        case Later(seconds, reason, whole_lane):
            _wait(bot, lease, seconds, reason, whole_lane=whole_lane)
            return lease.lane if whole_lane else NOTHING
        case Unknown(reason):
            _wait(bot, lease, BLIND_WAIT, reason)
    return NOTHING


def _wait(bot: Bot, lease: Lease, seconds: float, reason: str, **more: Any) -> None:
    wait = dt.timedelta(seconds=seconds)
    bot.database.transact_wall(delivery.defer, lease, wait, reason, **more)
