"""What came of a journey: every check run, the counts told, the two figures printed."""

import statistics
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.figures import figure, note
from benchmarks.journey import cards, ledger, levels, recount, routes, sources
from benchmarks.journey.director import Director
from benchmarks.journey.publishing import Published
from benchmarks.journey.robots import Tally
from benchmarks.journey.rows import Rows, read
from tests import agreement

SHOWN = 8  # broken things told of each kind


@dataclass(slots=True)
class Verdict:
    """The counts of a journey. `broken` holds sentences by the check that found them."""

    disputes: int
    standing: Counter[str]
    broken: dict[str, list[str]]
    routes: Counter[routes.Route]
    never: list[routes.Route]
    counts: dict[str, object] = field(default_factory=dict)

    @property
    def well(self) -> int:
        """Disputes finished or lawfully waiting."""
        return self.standing["finished"] + self.standing["lawfully waiting"]


def judge(director: Director, source: Path) -> Verdict:
    """Recounts everything from the input and from rows."""
    town = director.town
    rows = read(town.plain_url)
    state = town.sandbox.state()
    chosen = {one.key for one in director.complaints}
    broken = {
        "intake": list(recount.intake(rows, sources.keys(source) & chosen)),
        **{check.__name__: list(check(rows)) for check in recount.CHECKS},
        "levels": list(levels.wrong(rows, director.leaps)),
        "cards": list(cards.wrong(rows, state)),
        "posted": list(cards.posted_twice(rows, state)),
        "money": list(ledger.wrong(rows, town.market)),
        "documents": list(_documents(rows, director.published)),
        "fold": town.database.read(lambda connection, now: agreement.differences(connection)),
        "on the way": director.troubles,
        "logged": town.complaints_of_programs(),
        "standing": [
            f"{n} disputes {how}"
            for how, n in recount.standing(rows).items()
            if how not in ("finished", "lawfully waiting")
        ],
    }
    made = routes.taken(rows)
    never = [route for route in routes.possible() if not made[route]]
    counts = _counts(rows, director)
    return Verdict(len(rows["disputes"]), recount.standing(rows), broken, made, never, counts)


def tell(verdict: Verdict, tally: Tally, seconds: float) -> None:
    """Prints counts and routes for people, then the figures."""
    note(f"\nThe journey of {verdict.disputes} disputes took {seconds:.0f} s.")
    for name, value in {**verdict.counts, "standing": dict(verdict.standing)}.items():
        note(f"  {name}: {value}")
    note(f"  robots: {dict(sorted(tally.seen.items()))}")
    note("Routes taken:")
    for (stage, decision, to), times in sorted(verdict.routes.items()):
        note(f"  {times:6}  {stage} · {decision} → {to}")
    note(f"Routes of the standard workflow never taken: {len(verdict.never)}")
    for stage, decision, to in verdict.never:
        note(f"          {stage} · {decision} → {to}")
    for check, found in verdict.broken.items():
        if found:
            note(f"BROKEN, {check}: {len(found)}")
            for sentence in found[:SHOWN]:
                note(f"    {sentence}")
    figure("journey/disputes", verdict.well, "disputes", n=verdict.disputes)
    broken = sum(len(found) for found in verdict.broken.values())
    figure("journey/broken", broken, "things", n=verdict.disputes)


def _documents(rows: Rows, published: list[Published]) -> Iterator[str]:
    """A visit has the document that was active when it opened, and keeps it."""
    first = min(rows.documents)
    for visit in rows["visits"]:
        before = [one for one in published if one.after <= visit.opened_at]
        around = [one for one in published if one.before <= visit.opened_at <= one.after]
        allowed = {before[-1].document if before else first, *(one.document for one in around)}
        if visit.document_id not in allowed:
            yield f"visit {visit.id} opened with document {visit.document_id}, not {allowed}"
    if len(rows.documents) != 1 + len(published):
        yield f"{len(rows.documents)} documents are stored"


def _counts(rows: Rows, director: Director) -> dict[str, object]:
    kinds = Counter(row.kind for row in rows["events"])
    late = levels.lateness(rows, director.leaps)
    states = Counter((row.kind, row.state) for row in rows["outbox"])
    refused = Counter(
        row.answer["key"] for row in rows["clicks"] if row.answer.get("applied") is False
    )
    crossed = sum(
        visit.opened_at < one.before and visit.left_at is not None and visit.left_at > one.after
        for one in director.published
        for visit in rows["visits"]
    )
    fired = Counter(row.level for row in rows["escalations"])
    opened = Counter(row.by for row in rows["events"] if row.kind == "opened")
    return {
        "opened by": dict(opened),
        "visits": dict(Counter(row.stage for row in rows["visits"])),
        "events": dict(kinds),
        "payments": dict(Counter(row.state for row in rows["payments"])),
        "clicks": f"{sum(row.answer.get('applied') is True for row in rows['clicks'])} applied",
        "clicks refused": dict(refused),
        "levels fired": dict(sorted(fired.items())),
        "lateness": f"median {statistics.median(late):.2f} s, worst {late[-1]:.2f} s"
        if late
        else "",
        "leaps of time": len(director.leaps),
        "desk time": str(director.leaps[-1][1] - director.leaps[0][0]) if director.leaps else "",
        "documents": [(one.document, one.what) for one in director.published],
        "visits that outlived a document": crossed,
        "messages": {f"{kind} {state}": n for (kind, state), n in sorted(states.items())},
        "messages per dispute": round(len(rows["outbox"]) / max(1, len(rows["disputes"])), 1),
        "visits per dispute": round(len(rows["visits"]) / max(1, len(rows["disputes"])), 1),
        "cards counted at half time": director.census,
    }
