"""The days to come of a rota as a picture, and what is wrong with them in words (K5, K23)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from admin.coming import date_told
from core import i18n
from core.clocks import hours
from core.clocks.rota import Rota, Stretch, on_duty, shown, stretches
from core.clocks.rota_health import Finding
from web.desk import now
from web.language import locale, say, zone

DAYS = 14
_HOUR = dt.timedelta(hours=1)
_DAY = dt.timedelta(days=1)
Names = Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of a day: minutes on its wall clock, from and how many, and how it is drawn."""

    at: int
    length: int
    kind: str  # worked, other (where people changed), or gap


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the picture."""

    told: str
    lines: list[str]
    bars: list[Bar]
    gap: bool
    at: int | None  # the minute that it is now, today


def ahead(rota: Rota, names: Names) -> list[Day]:
    """The days to come, today first, on the rota's own clock."""
    there = now().astimezone(rota.clock)
    found: list[Day] = []
    turn = _Turn()
    for n in range(DAYS):
        date = there.date() + n * _DAY
        first, last = shown(rota.clock, date, 0), shown(rota.clock, date + _DAY, 0)
        parts = stretches(rota, first, last)
        minute = there.hour * 60 + there.minute if n == 0 else None
        lines = [_line(rota, one, last, names) for one in parts]
        gap = any(not one.people for one in parts)
        found.append(Day(date_told(date), lines, _bars(rota, parts, last, turn), gap, minute))
    return found


def standing(rota: Rota, names: Names) -> tuple[bool, str]:
    """Whether somebody is on duty now, and who, in words."""
    people = on_duty(rota, now())
    if people is None:
        return False, say("panel.rota.off")
    if not people:
        return False, say("panel.rota.gap_now")
    return True, say("panel.rota.on", who=called(people, names))


def called(people: Sequence[int], names: Names) -> str:
    """People by name."""
    return say("word.comma").join(names.get(one, "?") for one in people)


def trouble_told(one: Finding, names: Names, other: str = "") -> str:
    """A trouble as a sentence; `other` is the second rota where two claim somebody."""
    told = {"who": names.get(one.person or 0, "?"), "hours": length_told(one.length)}
    told["since"] = i18n.moment(one.since, locale(), zone())
    told["until"] = i18n.moment(one.until, locale(), zone())
    return say(f"rota.trouble.{one.kind}", **told, other=other)


def length_told(length: dt.timedelta) -> str:
    """Hours, with a half or a quarter where there is one."""
    return f"{length / _HOUR:.2f}".rstrip("0").rstrip(".")


def _line(rota: Rota, one: Stretch, midnight: dt.datetime, names: Names) -> str:
    begins, ends = _minute(rota, one.since), _end(rota, one.until, midnight)
    who = called(one.people, names) if one.people else say("panel.rota.gap")
    return f"{hours.clock(begins)}–{hours.clock(ends)} {who}"


class _Turn:
    """Whose turn is drawn: neighbours differ, over midnight too, and a turn keeps its colour."""

    def __init__(self) -> None:
        self.people: Sequence[int] = ()
        self.other = True

    def kind(self, people: Sequence[int]) -> str:
        """How the next stretch is drawn."""
        if not people:
            return "gap"
        if people != self.people:
            self.people, self.other = people, not self.other
        return "other" if self.other else "worked"


def _bars(rota: Rota, parts: Sequence[Stretch], midnight: dt.datetime, turn: _Turn) -> list[Bar]:
    found: list[Bar] = []
    for one in parts:
        begins, ends = _minute(rota, one.since), _end(rota, one.until, midnight)
        found.append(Bar(begins, max(ends - begins, 4), turn.kind(one.people)))
    return found


def _minute(rota: Rota, at: dt.datetime) -> int:
    there = at.astimezone(rota.clock)
    return there.hour * 60 + there.minute


def _end(rota: Rota, at: dt.datetime, midnight: dt.datetime) -> int:
    return 24 * 60 if at == midnight else _minute(rota, at)
