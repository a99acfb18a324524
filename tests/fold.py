"""The fold of the events: everything a dispute is, told again from its record alone.

It imports nothing of the core's logic. What a decision does besides moving the dispute, it reads
from the published document's own text.
"""

from dataclasses import dataclass, field
from typing import Any

HOLDING = ("taken", "held", "released", "assigned", "handed_back", "handed_over", "snoozed")
HOLDING = (*HOLDING, "assigned_by_rule")
DONE = ("confirmed", "failed", "mismatched")


@dataclass
class Told:
    """A dispute as its events tell it."""

    visits: list[dict[str, Any]] = field(default_factory=list)
    holder: int | None = None
    held_until: str | None = None
    parked: Any = None  # since when a supervisor is asked
    snoozed: str | None = None  # until when
    facts: dict[str, Any] = field(default_factory=dict)
    payments: list[dict[str, Any]] = field(default_factory=list)
    evidence: list[int] = field(default_factory=list)
    notes: list[int] = field(default_factory=list)
    judgments: list[dict[str, Any]] = field(default_factory=list)
    judgment_ids: list[int] = field(default_factory=list)
    levels: list[tuple[int, str]] = field(default_factory=list)
    on_it: dict[int, tuple[int, str]] = field(default_factory=dict)  # by deadline: who, until when
    noise: set[tuple[int, int, str]] = field(default_factory=set)  # deadline, level, why
    pages: dict[int, dict[str, Any]] = field(default_factory=dict)
    pilot: int | None = None
    merged_into: int | None = None
    split_from: int | None = None
    part: Any = None  # what of the order it is about, since a split
    links: set[tuple[str, str]] = field(default_factory=set)  # number and relation
    # Payments and facts before the last move: what undoing it brings back.
    before: tuple[list[dict[str, Any]], dict[str, Any]] = field(default_factory=lambda: ([], {}))


def fold(
    events: list[Any], documents: dict[int, Any], payments: list[int], judgments: list[int]
) -> Told:
    """The events of one dispute, oldest first, folded; payments and judgments are numbered."""
    told = Told(judgment_ids=judgments)
    for event in events:
        data = event.data
        if event.kind == "opened":
            _enter(told, data, event)
            told.holder, told.pilot = data["holder"], data.get("pilot")
        elif event.kind == "moved":
            before = told.visits[-1]
            assert before["id"] == event.visit_id, "moved from a visit that was not open"
            told.before = ([dict(payment) for payment in told.payments], dict(told.facts))
            before |= {
                "left_at": event.at,
                "decision": data["decision"],
                "meaning": data["meaning"] or None,
                "by": event.by,
                "decider": event.person_id,
            }
            if "judged" in data:
                told.judgments.append(_verdict(data["judged"], event))
            _enter(told, data, event)
            told.holder, told.held_until = data["holder"], data["held_until"]
            _pay(told, before, data, documents, payments)
        elif event.kind == "undone":
            _undo(told, data, event)
        elif event.kind in HOLDING:
            assert told.visits[-1]["id"] == event.visit_id, "held a visit that was not open"
            told.holder, told.held_until = data["holder"], data["held_until"]
            told.parked, told.snoozed = None, data.get("wake")
        elif event.kind == "parked":
            told.holder, told.held_until, told.parked = None, None, event.at
            told.snoozed = None
        elif event.kind == "woken":
            told.snoozed = None
        else:
            _append(told, event)
        if event.kind != "undone":
            _learn(told.facts, data.get("facts", {}))
    return told


def _append(told: Told, event: Any) -> None:
    """What was given, written, said and judged, beside the moves."""
    data = event.data
    if event.kind == "evidence_received":
        told.evidence.append(data["evidence"])
    elif event.kind == "noted":
        told.notes.append(data["note"])
    elif event.kind == "payment_reported":
        reported = next(p for p in told.payments if p["id"] == data["payment"])
        reported |= {"state": data["state"], "reported": data["paid"]}
    elif event.kind == "contested":
        _of(told, data)["contest"] = data["reason"]
    elif event.kind == "contest_settled":
        _of(told, data)["upheld"] = data["upheld"]
    elif event.kind == "judgment_corrected":
        old = _of(told, {"judgment": data["corrects"]})
        verdict = {**old, "option": data["option"], "sound": data["sound"]}
        verdict |= {"judge": event.person_id, "contest": "", "upheld": None}
        told.judgments.append({**verdict, "corrects": data["corrects"]})
    elif event.kind in ("warned", "escalated"):
        told.levels += [(data["deadline"], level) for level in data["levels"]]
    elif event.kind == "acknowledged":
        told.on_it[data["deadline"]] = (event.person_id, data["until"])
    elif event.kind == "noise":
        told.noise.add((data["deadline"], data["level"], data["reason"]))
    elif event.kind.startswith("page"):
        _page(told, event)
    elif event.kind == "regraded" and data.get("raised") and data["facts"]:
        earlier, to = told.before[1], data["facts"]["raised"]  # no undoing goes below that
        earlier |= data["facts"] | {"grade": min(earlier.get("grade", "Z"), to)}
    else:
        _belong(told, event)


def _page(told: Told, event: Any) -> None:
    """Who was called, what they said, and how the call ended."""
    data = event.data
    if event.kind == "paged":
        names = {"by": event.person_id, "rota": data["rota"], "reason": data["reason"]}
        said = dict.fromkeys(data["people"], "")
        told.pages[data["page"]] = {**names, "said": said, "reminded": None, "outcome": ""}
        return
    page = told.pages[data["page"]]
    if event.kind == "page_answered":
        page["said"][event.person_id] = data["answer"]
        if data["answer"] == "on_it":
            page["outcome"] = "on_it"
        elif not page["outcome"] and all(page["said"].values()):
            page["outcome"] = "cannot"
    elif event.kind == "page_reminded":
        page["reminded"] = event.at
    else:
        page["outcome"] = event.kind.removeprefix("page_")


def _belong(told: Told, event: Any) -> None:
    """Which other disputes it belongs with, and what of the order it is about."""
    data = event.data
    if event.kind == "merged":
        told.merged_into = data["into"]
    elif event.kind in ("split", "merged_in", "merge_undone"):
        told.part = data.get("part", told.part)
    elif event.kind == "split_off":
        told.part, told.split_from = data["part"], data["from"]
    elif event.kind == "linked":
        told.links.add((data["other"], data["relation"]))
    elif event.kind == "unlinked":
        told.links.remove((data["other"], data["relation"]))


def _undo(told: Told, data: dict[str, Any], event: Any) -> None:
    """The open visit and the one before count for nothing; money is as it was before."""
    undone, opened = told.visits[-2:]
    assert (undone["id"], opened["id"]) == (data["undone"], event.visit_id), "undone out of turn"
    opened |= {"left_at": event.at, "decision": "undo", "by": event.by, "decider": event.person_id}
    for visit in (undone, opened):
        visit["undone_at"] = event.at
    for judgment in told.judgments:
        if judgment["by_visit"] == undone["id"]:
            judgment["undone_at"] = event.at
    told.merged_into = None  # whatever was undone, it tells its own story now
    for page in told.pages.values():  # and whoever was called to it is waited for again
        page["outcome"] = "" if page["outcome"] == "over" else page["outcome"]
    payments, facts = told.before
    told.payments = [
        payments[i] if i < len(payments) else payment | {"state": "cancelled"}
        for i, payment in enumerate(told.payments)
    ]
    _enter(told, data, event)
    told.holder, told.held_until = data["holder"], data["held_until"]
    _learn(told.facts, data["facts"])
    assert told.facts == facts, "facts are not as they were before the undone decision"


def _verdict(data: dict[str, Any], event: Any) -> dict[str, Any]:
    return {
        "visit": data["visit"],
        "by_visit": event.visit_id,
        "judge": event.person_id,
        "option": data["option"],
        "sound": data["sound"],
        "contest": "",
        "upheld": None,
        "undone_at": None,
        "corrects": None,
    }


def _of(told: Told, data: dict[str, Any]) -> dict[str, Any]:
    return told.judgments[told.judgment_ids.index(data["judgment"])]


def known(rows: list[Any]) -> dict[str, Any]:
    """The facts table folded: the latest event's rows of a key; a list is several rows."""
    latest = {row.key: row.event_id for row in rows}
    facts: dict[str, Any] = {}
    for row in rows:
        if row.event_id != latest[row.key]:
            continue
        value = row.number if row.text is None else row.text
        if not row.listed:
            facts[row.key] = value
        elif value is not None:
            facts.setdefault(row.key, []).append(value)
    return facts


def _learn(facts: dict[str, Any], news: dict[str, Any]) -> None:
    for key, value in news.items():
        if value == []:  # emptied: known no longer
            facts.pop(key, None)
        else:
            facts[key] = value


def _enter(told: Told, data: dict[str, Any], event: Any) -> None:
    told.parked = told.snoozed = None
    told.visits.append(
        {
            "id": data["visit"],
            "stage": data["stage"],
            "kind": data["kind"],
            "document": data["document"],
            "opened_at": event.at,
            "left_at": None,
            "decision": None,
            "meaning": None,
            "by": None,
            "decider": None,
            "undone_at": None,
        }
    )


def _pay(
    told: Told, before: dict[str, Any], data: dict[str, Any], documents: Any, numbers: list[int]
) -> None:
    """The payments that a decision opened, and those that it ended."""
    after = told.visits[-1]
    effects = effects_of(documents[before["document"]], before["stage"], data["decision"])
    for kind in ("owe", "pay"):
        for effect in (e for e in effects if e["kind"] == kind):
            for payment in told.payments:
                payment["state"] = "cancelled" if payment["state"] == "owed" else payment["state"]
            told.payments.append(
                {
                    "id": dict(enumerate(numbers)).get(len(told.payments)),
                    "visit": after["id"],
                    "sources": effect.get("sources", []),
                    "amount": data["amount"],
                    "state": "instructed" if kind == "pay" else "owed",
                    "reported": None,
                }
            )
    if after["kind"] != "final":
        return
    for payment in told.payments:
        if payment["state"] == "owed" and data["meaning"] == "verified":
            payment |= {"state": "confirmed", "reported": payment["amount"]}
        elif payment["state"] == "owed":
            payment["state"] = "cancelled"


def effects_of(document: Any, stage: str, decision: str) -> list[Any]:
    """The effects of a decision, as a published document says them."""
    for workflow in document["workflows"]:
        for found in workflow["stages"]:
            if found["key"] == stage:
                for known_decision in (*found.get("decisions", ()), *workflow.get("ends", ())):
                    if known_decision["key"] == decision:
                        return list(known_decision.get("effects", ()))
    return []
