"""Retiring an option of the draft, merging it into another, and bringing it back (S1).

What was decided stays: facts keep the option they were recorded with, and open visits their own
document. Whatever decides by a merged option then names its successor beside it, so that disputes
under way go where disputes with the successor go; macros choose the successor.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, distinct, func, select, update

from core.desk import changes, documents, draft, draft_order, draft_rows, people
from core.desk.actor import Actor, Right
from core.desk.answers import Refused, Stale
from core.desk.draft_rows import KINDS
from core.tables import Dispute, DraftCondition, DraftMacro, Event, Fact, Visit
from core.workflow.model import Document
from core.workflow.terms import Kind
from core.workflow.uses import Use, facts_of, uses

DAYS = 90
MOST = 20_000  # facts that are looked at: the newest


@dataclass(frozen=True, slots=True)
class Affected:
    """What retiring an option would touch.

    `chosen` disputes of the last 90 days chose it, `all_seen` says that none was left out by the
    bound; `open_visits` may still choose it, by the documents they were opened with.
    """

    uses: list[Use]
    chosen: int
    all_seen: bool
    open_visits: int


def affected(connection: Connection, option: Row[Any], *, now: dt.datetime) -> Affected:
    """What retiring or merging an option of the draft would touch."""
    set_key = _set_key(connection, option)
    sketch = draft.document(connection)
    facts = facts_of(sketch, set_key) | facts_of(documents.active(connection), set_key)
    chosen, all_seen = _chosen(connection, facts, option.key, now - dt.timedelta(days=DAYS))
    found = uses(sketch, set_key, option.key)
    return Affected(found, chosen, all_seen, _open_visits(connection, set_key, option.key))


def successors(connection: Connection, option: Row[Any]) -> list[Row[Any]]:
    """The options that may take an option's place: of the same set, offered, no trunks."""
    owner = KINDS["option"].owner_of(option)
    rows = draft_rows.rows(connection, "option", owner)
    fixed = draft_order.trunks("option", rows)
    return [r for r in rows if r.id not in fixed and r.id != option.id and not r.retired]


def retire(
    connection: Connection,
    actor: Actor,
    option_id: int,
    read: str,
    successor: str = "",
    *,
    now: dt.datetime,
) -> Refused | None:
    """Retires an option that was read with the mark `read`; with a successor, merges it into that.

    Raises Stale where somebody changed or removed it since, LookupError where the successor is
    none of `successors`.
    """
    refused = people.refusal(connection, actor, Right.SHAPE)
    if refused is not None:
        return refused
    draft.lock(connection)
    option = _read_as(connection, option_id, read)
    rows = draft_rows.rows(connection, "option", KINDS["option"].owner_of(option))
    if option.id in draft_order.trunks("option", rows):
        return Refused("trunk_fixed")
    if successor and successor not in {row.key for row in successors(connection, option)}:
        raise LookupError(f"no option {successor} can take its place")
    draft.touch(connection)
    _write(connection, actor, option, {"retired": True, "successor": successor}, now=now)
    if successor:
        sketch = draft.document(connection)
        facts = facts_of(sketch, _set_key(connection, option))
        _name_both(connection, facts, option.key, successor)
        _preset(connection, facts, option.key, successor)
    return None


def bring_back(
    connection: Connection, actor: Actor, option_id: int, read: str, *, now: dt.datetime
) -> Refused | None:
    """Offers a retired option again. Raises Stale where somebody changed it since."""
    refused = people.refusal(connection, actor, Right.SHAPE)
    if refused is not None:
        return refused
    draft.touch(connection)
    option = _read_as(connection, option_id, read)
    _write(connection, actor, option, {"retired": False, "successor": ""}, now=now)
    return None


def _write(
    connection: Connection, actor: Actor, option: Row[Any], new: dict[str, Any], *, now: dt.datetime
) -> None:
    table = KINDS["option"].table
    connection.execute(update(table).where(table.id == option.id).values(**new))
    owner = draft_rows.lineage(connection, KINDS["option"].owner_of(option))
    place = [row.label_en or row.key for _, row in owner] + [option.label_en or option.key]
    before = {name: option._mapping[name] for name in new}
    changes.record(
        connection, actor, changes.CHANGED, "option", place, now=now, before=before, after=new
    )


def _name_both(connection: Connection, facts: set[str], old: str, new: str) -> None:
    """Conditions that name the old option name the new one too."""
    rows = connection.execute(select(DraftCondition).where(DraftCondition.fact.in_(facts)))
    for row in rows.all():
        values = row._mapping["values"]
        if old in values and new not in values:
            connection.execute(
                update(DraftCondition)
                .where(DraftCondition.id == row.id)
                .values(values=[*values, new])
            )


def _preset(connection: Connection, facts: set[str], old: str, new: str) -> None:
    """Macros choose the new option where they chose the old one."""
    for row in connection.execute(select(DraftMacro.id, DraftMacro.presets)).all():
        presets = [
            {**one, "values": list(dict.fromkeys(new if v == old else v for v in one["values"]))}
            if one["field"] in facts and old in one.get("values", ())
            else one
            for one in row.presets
        ]
        if presets != row.presets:
            connection.execute(
                update(DraftMacro).where(DraftMacro.id == row.id).values(presets=presets)
            )


def _chosen(
    connection: Connection, facts: set[str], key: str, since: dt.datetime
) -> tuple[int, bool]:
    """How many disputes chose an option since then, among the newest facts."""
    newest = connection.scalar(select(func.max(Fact.id))) or 0
    row = connection.execute(
        select(func.count(distinct(Fact.dispute_id)))
        .join(Event, Event.id == Fact.event_id)
        .where(Fact.id > newest - MOST, Fact.key.in_(facts), Fact.text == key, Event.at >= since)
    ).scalar_one()
    oldest = connection.scalar(
        select(Event.at)
        .join(Fact, Fact.event_id == Event.id)
        .where(Fact.id > newest - MOST)
        .order_by(Fact.id)
        .limit(1)
    )
    return int(row), newest <= MOST or oldest is None or oldest < since


def _open_visits(connection: Connection, set_key: str, key: str) -> int:
    """How many open visits may still choose an option, by their own documents."""
    statement = (
        select(Visit.document_id, Dispute.workflow, Visit.stage, func.count())
        .join(Dispute, Dispute.id == Visit.dispute_id)
        .where(Visit.left_at.is_(None), Visit.kind != str(Kind.FINAL))
        .group_by(Visit.document_id, Dispute.workflow, Visit.stage)
    )
    return sum(
        number
        for document_id, workflow, stage, number in connection.execute(statement)
        if _offers(documents.load(connection, document_id), workflow, stage, set_key, key)
    )


def _offers(document: Document, workflow: str, stage: str, set_key: str, key: str) -> bool:
    if key not in document.leaves_by_set.get(set_key, {}):
        return False
    of = document.workflow_by_key[workflow]
    decisions = of.decisions_by_stage[stage].values()
    fields = [*of.stage_by_key[stage].fields, *(f for d in decisions for f in d.fields)]
    return any(field.options == set_key for field in fields)


def _set_key(connection: Connection, option: Row[Any]) -> str:
    owner = draft_rows.find(connection, "option_set", option.set_id)
    return str(owner.key) if owner is not None else ""


def _read_as(connection: Connection, option_id: int, read: str) -> Row[Any]:
    row = draft_rows.find(connection, "option", option_id)
    if row is None or draft_rows.mark("option", row) != read:
        raise Stale("the option was changed by somebody else meanwhile")
    return row
