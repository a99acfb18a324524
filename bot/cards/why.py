"""Why then: a modal that tells who used the time, and why each promise is due when it is (G6)."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from bot.cards import facts
from bot.cards.parts import Block, context, cut, escaped, plain, section, when
from core import deadline_words
from core.deadline_words import Tongue
from core.desk import time_used
from core.desk.about_time import About
from core.desk.explaining import Explained
from core.i18n import say, span

WIDTH = 24  # characters of the bar
SIGNS = dict(zip(time_used.USERS, "█▓▒░·", strict=True))
MOST = 40  # promises that are told; a modal holds a hundred blocks
LIMIT = 2_900  # characters of one promise


def why(told: About, locale: str) -> dict[str, Any]:
    """The modal, running promises first, the latest of those that ended after them."""
    tongue = Tongue(locale, when, escaped, told.names)
    running = [one for one in told.promises if one.stopped_at is None]
    ended = [one for one in reversed(told.promises) if one.stopped_at is not None]
    blocks: list[Block] = [
        {"type": "header", "text": plain(facts.shown_number(told.number), 150)},
        *bar(told.used, locale),
        *(_promise(one, tongue) for one in running[:MOST]),
    ]
    if not running:
        blocks.append(section(say("why.nothing", locale)))
    if ended:
        blocks += [{"type": "divider"}, context(f"*{say('why.ended', locale)}*")]
        blocks += [_promise(one, tongue) for one in ended[: MOST - len(running[:MOST])]]
    return {
        "type": "modal",
        "callback_id": "why",
        "title": plain(say("why.title", locale), 24),
        "close": plain(say("details.close", locale), 24),
        "blocks": blocks,
    }


def bar(used: Mapping[str, dt.timedelta], locale: str) -> list[Block]:
    """Who used the time, drawn in characters and told in words; nothing where nobody did."""
    shares = time_used.percents(used)
    if not any(shares.values()):
        return []
    drawn = "".join(SIGNS[user] * length for user, length in _cells(used).items())
    lines = [
        f"`{SIGNS[user]}` "
        + say(
            "used.line",
            locale,
            who=say(f"used.{user}", locale),
            length=span(length, locale),
            percent=shares[user],
        )
        for user, length in used.items()
    ]
    title = f"*{say('used.title', locale)}*"
    return [section("\n".join([title, f"`{drawn}`", *lines]))]


def _cells(used: Mapping[str, dt.timedelta]) -> dict[str, int]:
    """The bar's characters; whoever had any time gets at least one."""
    total = sum(used.values(), dt.timedelta()) or dt.timedelta(1)
    return {user: max(1, round(WIDTH * (length / total))) for user, length in used.items()}


def _promise(one: Explained, tongue: Tongue) -> Block:
    told = deadline_words.because(one, tongue) + deadline_words.following(one, tongue)
    lines = "\n".join(f"• {sentence}" for sentence in told)
    return section(cut(f"*{deadline_words.name(one, tongue)}*\n{lines}", LIMIT))
