"""The log's own made_sla beside our promise of a solution. Their rule is unknown: only compared."""

from collections import Counter
from collections.abc import Iterator, Sequence

from benchmarks.replay.log import Case
from benchmarks.replay.recount import rows


def compared(url: str, cases: Sequence[Case]) -> Iterator[str]:
    """By priority, how often the log and we agree that a case was solved in time."""
    found = rows.read(url)
    agree: Counter[tuple[str, bool, bool]] = Counter()
    for case in cases:
        solve = [
            row
            for row in found.disputes[case.number].deadlines
            if row.level.startswith("solve_") and not row.over
        ]
        ours = all(_kept(row) for row in solve)
        agree[case.saves[0].priority, case.saves[-1].kept, ours] += 1
    for priority in sorted({key[0] for key in agree}):
        both, theirs, ours, neither = (
            agree[priority, one, other]
            for one, other in ((True, True), (True, False), (False, True), (False, False))
        )
        total = both + theirs + ours + neither
        yield (
            f"priority {priority}: the log and our promise agree on {both + neither} of {total}"
            f" ({(both + neither) / total:.0%}); kept by both {both}, by the log alone {theirs},"
            f" by ours alone {ours}, by neither {neither}"
        )


def turned(cases: Sequence[Case]) -> str:
    """At which save the log's mark turns to broken: what its rule may count to."""
    broken = [case for case in cases if not case.saves[-1].kept]
    closing = sum(
        case.saves[-1].state == "Closed" and all(save.kept for save in case.saves[:-1])
        for case in broken
    )
    return (
        f"of {len(broken)} that the log calls broken, {closing} became so at the closing save only"
    )


def _kept(row: rows.Deadline) -> bool:
    """Solved before the promise ended; one that a pause held at the end was not broken."""
    return row.stopped is not None and (row.due is None or row.stopped <= row.due)
