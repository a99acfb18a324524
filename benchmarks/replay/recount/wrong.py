"""The differences between what must have been and what is: a sentence each, with its case."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.replay.recount import promises, rows, story
from benchmarks.replay.recount.minutes import Hours, counted, moment
from benchmarks.replay.recount.rows import Deadline, Dispute, Rows
from benchmarks.replay.recount.story import HIDDEN, Outages, Story

BEYOND = 30 * 1_440  # minutes past the log for which calendars are counted
WORKFLOW = "replayed"


def wrong(
    url: str, source: Path, limit: int | None, outages: Outages, seen: Counter[str]
) -> Iterator[str]:
    """Everything that is not as it must be; `seen` counts what was looked at."""
    found = rows.read(url)
    told = story.stories(source, limit, outages)
    last = max(line.at for one in told for line in one.lines)
    known = promises.read(found.document, WORKFLOW, _hours(found, told, last))
    names = {name for one in told for name in _names(one)}
    yield from (
        f"{name}: nothing of the log is such a dispute" for name in found.disputes.keys() - names
    )
    for one in told:
        yield from (
            f"{one.number}: {said}" for said in _case(one, found, known, outages, last, seen)
        )


def _hours(found: Rows, told: Sequence[Story], last: int) -> dict[str, Hours]:
    first = min(one.opened for one in told)
    made = {}
    for key, zone, week in found.calendars:
        days = tuple((date, shifts) for of, date, shifts in found.days if of == key)
        made[key] = counted(zone, week, days, first, last + BEYOND)
    return made


def _names(one: Story) -> list[str]:
    return [one.number if not n else f"{one.number}+{n}" for n in range(len(one.disputes))]


def _case(
    one: Story,
    found: Rows,
    known: Sequence[promises.Promise],
    outages: Outages,
    last: int,
    seen: Counter[str],
) -> Iterator[str]:
    seen["cases"] += 1
    seen["closed by the limit of the wait"] += one.closed_early
    hidden, before = 0, None
    for name, visits in zip(_names(one), one.disputes, strict=True):
        dispute = found.disputes.get(name)
        if dispute is None:
            yield f"there is no dispute {name}"
            return
        seen["disputes"] += 1
        yield from _visits(dispute, visits, seen)
        runs = promises.runs(known, visits)
        yield from (f"{name}, {said}" for said in _deadlines(dispute, runs, outages, last, seen))
        if before is not None and before.id not in dispute.linked:
            yield f"{name} is not linked to what it follows from"
        hidden += sum(
            (until or last) - since for _, kind, since, until in dispute.visits if kind == "wait"
        )
        before = dispute
    seen["minutes hidden"] += hidden
    if hidden != one.hidden:
        yield f"{hidden} minutes hidden, and {one.hidden} by the log"


def _visits(dispute: Dispute, visits: Sequence[story.Visit], seen: Counter[str]) -> Iterator[str]:
    seen["visits"] += len(visits)
    must = [(visit.stage, visit.since, visit.until) for visit in visits]
    made = [(stage, since, until) for stage, _, since, until in dispute.visits]
    for stage, kind, _, _ in dispute.visits:
        if (kind == "wait") != (stage in HIDDEN):
            yield f"{stage} is of kind {kind}"
    if dispute.moves != len(dispute.visits) - 1:
        yield f"{dispute.name} moved {dispute.moves} times to {len(dispute.visits)} visits"
    if must == made:
        return
    place = next(
        (n for n, (a, b) in enumerate(zip(must, made, strict=False)) if a != b),
        min(len(must), len(made)),
    )
    yield f"visit {place + 1} of {dispute.name} is {_at(made, place)}, not {_at(must, place)}"


def _at(visits: Sequence[tuple[str, int, int | None]], place: int) -> str:
    if place >= len(visits):
        return "none"
    stage, since, until = visits[place]
    return f"{stage} from {_told(since)} to {_told(until)}"


def _deadlines(
    dispute: Dispute,
    runs: Sequence[promises.Run],
    outages: Outages,
    last: int,
    seen: Counter[str],
) -> Iterator[str]:
    """Pairs each running that must have been with its row, by promise and beginning."""
    must: dict[tuple[str, int], list[promises.Run]] = {}
    made: dict[tuple[str, int], list[Deadline]] = {}
    for run in runs:
        must.setdefault((run.promise.key, run.started), []).append(run)
    for row in dispute.deadlines:
        made.setdefault((row.level, row.started), []).append(row)
    for key in must.keys() | made.keys():
        pair = must.get(key, []), made.get(key, [])
        name = f"{key[0]} from {_told(key[1])}"
        if len(pair[0]) != len(pair[1]):
            yield f"{name} runs {len(pair[1])} times, not {len(pair[0])}"
            continue
        for run, row in zip(*pair, strict=True):
            seen["deadlines"] += 1
            yield from (f"{name} {said}" for said in _deadline(run, row, outages, last, seen))


def _deadline(
    run: promises.Run, row: Deadline, outages: Outages, last: int, seen: Counter[str]
) -> Iterator[str]:
    if row.stopped != run.stopped:
        yield f"ended {_told(row.stopped)}, not {_told(run.stopped)}"
    if row.over != run.over:
        yield f"is {'' if row.over else 'not '}told to be promised no longer"
    seen["promised no longer"] += run.over
    still = [(since, until) for since, until in run.still]
    paused = [(since, until) for since, until in row.pauses]
    if still != paused:
        yield f"stood still {paused}, not {still}"
    due = run.passed(run.promise.length)
    if due is not None and row.due != due:
        yield f"is due {_told(row.due)}, not {_told(due)}"
    if row.stopped is not None and row.next is not None:
        yield f"has ended and would fire {_told(row.next)}"
    fires = run.fires(outages, last)
    seen["levels fired"] += len(row.fired)
    for level in sorted(fires.keys() | row.fired.keys()):
        yield from (f"level {level} {said}" for said in _level(run, level, fires.get(level), row))
    yield from _heard(run, row)


def _heard(run: promises.Run, row: Deadline) -> Iterator[str]:
    """What was told of what fired: each level in one event, each event once to the channel."""
    times = Counter(level for level, _, _ in row.told)
    twice = [level for level, count in times.items() if count > 1]
    if twice:
        yield f"levels {twice} were told of twice"
    told = {level: at for level, at, _ in row.told}
    if told != row.fired:
        yield f"told of {told}, and fired {row.fired}"
    loud = {event: 1 for level, _, event in row.told if level in run.promise.loud}
    if loud != row.alerts:
        yield f"alerted the channel {dict(row.alerts)} times, not {loud} (by event)"


def _level(run: promises.Run, level: int, must: int | None, row: Deadline) -> Iterator[str]:
    at = row.fired.get(level)
    if at is None:
        yield f"was lost: it was due {_told(must)}"
    elif must is None:
        yield f"fired {_told(at)}, {_amiss(run, at, row)}"
    elif at != must:
        yield f"fired {_told(at)}, {'early' if at < must else 'late'}: it was due {_told(must)}"


def _amiss(run: promises.Run, at: int, row: Deadline) -> str:
    """What is wrong with a level that fired and must not have."""
    if run.stopped is not None and at > run.stopped:
        return "after the end"
    still = ((since, until) for since, until in row.pauses if since is not None)
    if any(since < at and (until is None or at < until) for since, until in still):
        return "while it stood still"
    return "out of turn"


def _told(at: int | None) -> str:
    return "never" if at is None else f"{moment(at):%Y-%m-%d %H:%M}"
