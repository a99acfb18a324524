"""The recount: what must be true of the rows, whatever wrote them. Each check names what is not."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise

from benchmarks.journey import hearing
from benchmarks.journey.rows import CARDED, Row, Rows, decision_of, grouped, stage_of

TAKEN = ("take", "assign")  # a taker decides nothing
# How often a dispute may be decided so, by the decisions' keys in the standard workflow.
MOST = {"cannot_judge": 2, "ruling_back": 1, "contest_goods": 1, "return_first": 2}
REQUESTS = 3
# Why a card gives way: another of its visit comes up when a place falls free.
WAITS = ("its channel is full; it waits in Home", "told in a digest after an outage")


def intake(rows: Rows, expected: set[str]) -> Iterator[str]:
    """Every complaint is one dispute, and there is no other."""
    known = Counter(row.external_id for row in rows["disputes"])
    yield from (f"complaint {key} is no dispute" for key in expected - known.keys())
    yield from (f"dispute {key} is no complaint" for key in known.keys() - expected)
    yield from (f"complaint {key} is {n} disputes" for key, n in known.items() if n > 1)
    opened = Counter(row.dispute_id for row in rows["events"] if row.kind == "opened")
    yield from (f"dispute {key} opened {n} times" for key, n in opened.items() if n != 1)


def chain(rows: Rows) -> Iterator[str]:
    """Visits follow each other without gap, one open at the end, each told by one event."""
    events = rows.by_dispute("events")
    for dispute, visits in rows.by_dispute("visits").items():
        if [v.left_at is None for v in visits] != [False] * (len(visits) - 1) + [True]:
            yield f"dispute {dispute}: not exactly the last visit is open"
        for before, after in pairwise(visits):
            if before.left_at != after.opened_at:
                yield f"dispute {dispute}: a gap after visit {before.id}"
        moved = [row for row in events[dispute] if row.kind == "moved"]
        told = [(m.visit_id, m.data["decision"], m.data["visit"], m.data["stage"]) for m in moved]
        stored = [
            (before.id, before.decision, after.id, after.stage)
            for before, after in pairwise(visits)
        ]
        if told != stored:
            yield f"dispute {dispute}: its events tell other moves than its visits"


def lawful(rows: Rows) -> Iterator[str]:
    """Each move is one that the visit's own document allows, made by whom it says."""
    for dispute, visits in rows.by_dispute("visits").items():
        for before, after in pairwise(visits):
            document = rows.documents[before.document_id]
            workflow = document["workflows"][0]
            if before.decision in TAKEN:
                if (before.stage, after.stage) != (workflow["start"], workflow["first"]):
                    yield f"dispute {dispute}: taken from {before.stage} to {after.stage}"
                continue
            made = decision_of(document, before.stage, before.decision)
            if made is None:
                yield f"dispute {dispute}: {before.stage} offers no {before.decision}"
            elif after.stage not in {route["to"] for route in made["routes"]}:
                yield f"dispute {dispute}: {before.decision} leads not to {after.stage}"
            elif made.get("by", "agent") != before.by:
                yield f"dispute {dispute}: {before.decision} was made by {before.by}"


def separated(rows: Rows) -> Iterator[str]:
    """Nobody decides work visits of two stages of one dispute."""
    for dispute, visits in rows.by_dispute("visits").items():
        stages = defaultdict(set)
        for visit in visits:
            if visit.kind == "work" and visit.decider_id is not None and visit.decision != "take":
                stages[visit.decider_id].add(visit.stage)
        yield from (
            f"dispute {dispute}: person {person} decided at {sorted(found)}"
            for person, found in stages.items()
            if len(found) > 1
        )


def limited(rows: Rows) -> Iterator[str]:
    """No limit is passed: rounds, send-backs, rulings sent back, returns, contests."""
    rounds = rows.by_dispute("rounds")
    for dispute, visits in rows.by_dispute("visits").items():
        made = Counter(visit.decision for visit in visits)
        yield from (
            f"dispute {dispute}: {made[key]} times {key}" for key in MOST if made[key] > MOST[key]
        )
        if len(rounds[dispute]) > REQUESTS + made["cannot_judge"]:
            yield f"dispute {dispute}: {len(rounds[dispute])} rounds"


def told(rows: Rows) -> Iterator[str]:
    """Everything that must be told has its one message, and nothing is left to deliver."""
    for row in rows["outbox"]:
        if row.finished_at is None:
            yield f"message {row.id} ({row.kind}) is {row.state}: {row.reason}"
        elif row.state not in ("sent", "superseded"):
            yield f"message {row.id} ({row.kind}) ended {row.state}: {row.reason}"
    kinds = grouped(rows["outbox"], "kind")
    cards = grouped((row for row in kinds["card"] if row.reason not in WAITS), "visit_id")
    waited = {row.visit_id for row in kinds["card"] if row.reason in WAITS}
    notices = grouped(kinds["notice"], "visit_id")
    for visit in rows["visits"]:
        found = (cards if visit.kind in CARDED else notices)[visit.id]
        left_waiting = visit.id in waited and not found
        if len(found) != 1 and not left_waiting:
            how = ", ".join(f"{row.state} {row.reason or ''}".strip() for row in found)
            yield f"visit {visit.id} ({visit.stage}) is told {len(found)} times: {how}"
    yield from hearing.wrong(rows)


def answered(rows: Rows) -> Iterator[str]:
    """Each applied click is the one move that it says, each move of a person one click."""
    moves = {(v.id, v.decision) for v in rows["visits"] if v.decider_id is not None}
    applied = Counter()
    for row in rows["clicks"]:
        answer = row.answer
        if answer.get("applied") and answer["next_visit_id"] not in (None, answer["visit_id"]):
            applied[answer["visit_id"], answer["what"]] += row.person_id is not None
    yield from (f"visit {key} moved by {applied[key]} clicks" for key in moves if applied[key] != 1)
    yield from (
        f"click on visit {key} moved nothing"
        for key, n in applied.items()
        if n and key not in moves
    )


def current_choices(rows: Rows) -> Iterator[str]:
    """What an agent chose was on offer, and not retired, in the document of the visit."""
    visits = {row.id: row for row in rows["visits"]}
    for event in rows["events"]:
        if event.kind != "moved" or event.by != "agent":
            continue
        visit = visits[event.visit_id]
        document = rows.documents[visit.document_id]
        sets = {one["key"]: one["options"] for one in document["option_sets"]}
        decision = decision_of(document, visit.stage, visit.decision) or {}
        asked = (*stage_of(document, visit.stage).get("fields", ()), *decision.get("fields", ()))
        for field in {one["key"]: one for one in asked}.values():  # the decision's own come first
            value = event.data["facts"].get(field["key"])
            if field["kind"] != "one" or value is None:
                continue
            options = {one["key"]: one for one in sets[field["options"]]}
            if value not in options or options[value].get("retired"):
                yield f"visit {visit.id}: {field['key']} became {value}"


CHECKS: tuple[Callable[[Rows], Iterator[str]], ...] = (
    chain,
    lawful,
    separated,
    limited,
    told,
    answered,
    current_choices,
)


def standing(rows: Rows) -> Counter[str]:
    """How the disputes ended: finished, lawfully waiting, or still for an agent to decide."""
    running = {
        row.visit_id: row for row in rows["deadlines"] if row.stopped_at is None and row.with_visit
    }
    return Counter(_standing(visit, running.get(visit.id), rows) for visit in rows.open())


def _standing(visit: Row, deadline: Row | None, rows: Rows) -> str:
    if visit.kind == "final":
        return "finished"
    if visit.kind != "wait":
        return "for an agent"
    ends = deadline is not None and deadline.next_at is not None and deadline.next_at > rows.now
    return "lawfully waiting" if ends else "waiting without end"
