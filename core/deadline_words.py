"""Why a promise is due then, and who hears what next: the same sentences at every door (U, G11)."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from babel.dates import format_skeleton

from core.clocks.explained import Closed, Shut
from core.desk.explaining import Explained, State, Stood
from core.desk.hearing import Coming, Outcome
from core.fact_words import join, mark_text
from core.i18n import hours, say, span
from core.ladder_words import act_text
from core.workflow.model import Label, LadderLevel
from core.workflow.terms import Hears

_DAY = dt.timedelta(days=1)
_MINUTE = dt.timedelta(minutes=1)


def _as_it_is(text: str) -> str:
    return text


@dataclass(frozen=True, slots=True)
class Tongue:
    """How a door speaks: its language, how it writes moments, what it does to a label's text.

    `names` are what people call whom levels of ladders name (`core.desk.hearing.names`); without
    any, nobody is named. To the outside
    it is not said which decision started a promise: a ruling is told when the dispute has ended.
    """

    locale: str
    when: Callable[[dt.datetime], str]
    safe: Callable[[str], str] = _as_it_is
    names: Mapping[tuple[str, str], str | Label] = field(default_factory=dict)
    outward: bool = False

    def say(self, key: str, **names: object) -> str:
        """A sentence."""
        return say(key, self.locale, **names)

    def span(self, length: dt.timedelta) -> str:
        """A length of time; less than a minute is told as such."""
        short = dt.timedelta(0) < length < _MINUTE
        return self.say("why.moments") if short else span(length, self.locale)


def name(one: Explained, tongue: Tongue) -> str:
    """What the promise is called."""
    return tongue.safe(one.level.label.text(tongue.locale))


def because(one: Explained, tongue: Tongue) -> list[str]:
    """Why a promise is due when it is: a few sentences that need no other."""
    told = [_started(one, tongue), _counts(one, tongue)]
    if one.account.closed:
        lost = join(_lost(one, tongue), tongue.locale)
        told.append(tongue.say("why.lost", list=lost))
    told += [_stood(one, stood, tongue) for stood in one.stood]
    return [*told, *_due(one, tongue), _used(one, tongue)]


def following(one: Explained, tongue: Tongue) -> list[str]:
    """What comes next of its ladder, and when; nothing of a promise that has ended."""
    if one.stopped_at is not None:
        return []
    if not one.coming:
        return [tongue.say("why.next.none")]
    coming = one.coming[0]
    what = heard(one, coming, tongue)
    if coming.at is None:
        return [tongue.say("why.next.held", length=own(one, coming.after, tongue), what=what)]
    return [tongue.say("why.next", when=tongue.when(coming.at), what=what)]


def own(one: Explained, length: dt.timedelta, tongue: Tongue) -> str:
    """A length on the promise's own clock: by a calendar a day has few hours, so none are told."""
    if one.counting is None or length < _MINUTE:
        return tongue.span(length)
    return hours(length, tongue.locale)


def heard(one: Explained, coming: Coming, tongue: Tongue) -> str:
    """What happens at one moment: that the time is over, who is told of it, what is done."""
    told, otherwise = [], one.otherwise
    decides = coming.over and otherwise is not None
    if otherwise is not None and coming.over:
        label = tongue.safe(otherwise.label.text(tongue.locale))
        told.append(tongue.say("why.over.decides", decision=label))
    elif coming.over:
        told.append(tongue.say("why.over"))
    people = dict.fromkeys(hearer(rung.level, tongue) for rung in coming.rungs)
    if people:
        told.append(tongue.say("why.tells", whom=join(people, tongue.locale)))
    elif not decides and not coming.acts:
        told.append(tongue.say("why.nobody"))
    told += [_act(one, level, coming.outcomes.get(level.key), tongue) for level in coming.acts]
    return tongue.say("word.semicolon").join(told)


def hearer(level: LadderLevel | None, tongue: Tongue) -> str:
    """Whom a level tells; without one it is the end itself, which the thread always hears of."""
    if level is None or level.hears == Hears.THREAD:
        return tongue.say("why.thread")
    called = tongue.names.get((level.hears, level.whom))
    if called is None:
        return tongue.say(f"why.hears.{level.hears}")
    named = called if isinstance(called, str) else called.text(tongue.locale)
    return tongue.say(f"why.hears.{level.hears}.named", name=tongue.safe(named))


def _act(one: Explained, level: LadderLevel, outcome: Outcome | None, tongue: Tongue) -> str:
    decisions = (d for stage in one.workflow.stages for d in stage.decisions)
    decided = next((d.label.text(tongue.locale) for d in decisions if d.key == level.decision), "")
    called = tongue.names.get((Hears.ROTA, level.shift), level.shift)
    rota = called if isinstance(called, str) else called.text(tongue.locale)
    safe = tongue.safe
    return act_text(level, tongue.locale, safe(decided), safe(rota), outcome, safe)


def _started(one: Explained, tongue: Tongue) -> str:
    when = tongue.when(one.started_at)
    if one.marks and tongue.outward:
        return tongue.say("why.started.at", when=when)
    if not one.marks:
        return tongue.say("why.started.stage", when=when, stage=_stage(one, one.stage, tongue))
    marks = [tongue.safe(mark_text(one.workflow, mark, tongue.locale)) for mark in one.marks]
    return tongue.say("why.started", when=when, marks=join(marks, tongue.locale))


def _counts(one: Explained, tongue: Tongue) -> str:
    length = own(one, one.length, tongue)
    if one.counting is None:
        key = "why.counts.gone" if one.level.calendar else "why.counts.always"
        return tongue.say(key, length=length)
    calendar = tongue.safe(one.counting.label(tongue.locale))
    return tongue.say("why.counts", length=length, calendar=calendar)


def _lost(one: Explained, tongue: Tongue) -> Iterator[str]:
    """What its calendar was closed for: nights and breaks, days off, each holiday by name."""
    closed = one.account.closed
    nights = [day.length for day in closed if day.why is Shut.HOURS]
    if nights:
        total = sum(nights, dt.timedelta())
        yield tongue.say("why.lost.hours", length=tongue.span(total))
    week = [day for day in closed if day.why is Shut.WEEK]
    if week:
        yield _off("why.lost.week", week, tongue)
    special = [day for day in closed if day.why is Shut.SPECIAL]
    for named, days in groupby(special, lambda day: _called(one, day, tongue)):
        yield _off("why.lost.special", list(days), tongue, name=named)


def _called(one: Explained, day: Closed, tongue: Tongue) -> str:
    found = one.counting.day(day.date, tongue.locale) if one.counting else ""
    return tongue.safe(found) or tongue.say("why.holiday")


def _off(key: str, days: list[Closed], tongue: Tongue, **names: str) -> str:
    total = sum((day.length for day in days), dt.timedelta())
    told = dates([day.date for day in days], tongue.locale)
    return tongue.say(key, length=tongue.span(total), dates=told, **names)


def dates(found: Iterable[dt.date], locale: str) -> str:
    """Dates as people write them; three and more in a row as first and last."""
    runs: list[list[dt.date]] = []
    for date in found:
        if runs and date - runs[-1][-1] == _DAY:
            runs[-1].append(date)
        else:
            runs.append([date])
    told = []
    for run in runs:
        ends = [str(format_skeleton("MMMd", date, locale=locale)) for date in (run[0], run[-1])]
        told.append(ends[0] if len(run) == 1 else "–".join(ends))
    return join(told, locale)


def _stood(one: Explained, stood: Stood, tongue: Tongue) -> str:
    stages = join((_stage(one, key, tongue) for key in stood.stages), tongue.locale)
    since = tongue.when(stood.since)
    if stood.until is None:
        return tongue.say("why.stands", since=since, stages=stages)
    length = tongue.span(stood.until - stood.since)
    until = tongue.when(stood.until)
    return tongue.say("why.stood", since=since, until=until, length=length, stages=stages)


def _due(one: Explained, tongue: Tongue) -> Iterator[str]:
    if one.due_at is None:
        key = "why.no_end" if one.stopped_at is None else "why.had_no_end"
        yield tongue.say(key)
        return
    past = one.stopped_at is not None or one.state is State.LATE
    yield tongue.say("why.was_due" if past else "why.due", when=tongue.when(one.due_at))
    if one.stopped_at is not None and one.account.due not in (None, one.due_at):
        then = tongue.when(one.account.due or one.due_at)
        yield tongue.say("why.edited", when=then)


def _used(one: Explained, tongue: Tongue) -> str:
    names = {
        "used": own(one, one.account.used, tongue),
        "left": own(one, max(one.account.left, dt.timedelta(0)), tongue),
        "over": own(one, one.over, tongue),
        "when": tongue.when(one.stopped_at) if one.stopped_at else "",
    }
    return tongue.say(f"why.{one.state}", **names)


def _stage(one: Explained, key: str, tongue: Tongue) -> str:
    found = one.workflow.stage_by_key.get(key)
    return tongue.safe(found.label.text(tongue.locale) if found is not None else key)
