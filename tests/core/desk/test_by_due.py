"""The list of disputes in the order of when they are due, at any size of the desk."""

import datetime as dt
import random
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, text, update

from core.desk import by_due, disputes
from core.desk.answers import Refused
from core.desk.narrowing import LATEST, SOONEST, Wanted
from core.tables import Deadline, Dispute, Visit
from tests.core.desk.planned import plan, statements
from tests.factories import VAULT, Desk

ANNA = "anna@example.org"
ASKED = (
    Wanted(),
    Wanted("open"),
    Wanted("finished"),
    Wanted("overdue"),
    Wanted("hidden"),
    Wanted(stage="triage"),
    Wanted(workflow="dispute"),
    Wanted(grade="B", state="open"),
    Wanted(tag="high_value"),
    Wanted(text="shop-1"),
    Wanted(text="shop-1", stage="intake"),
    Wanted(contact=VAULT.blind(ANNA)),
    Wanted(age=0),
)


def crowd(desk: Desk) -> None:
    """Disputes that are due at all sorts of moments, some at the same, some at none."""
    chance = random.Random(5)
    for n in range(14):
        told: dict[str, Any] = {"merchant": f"shop-{n % 3}"}
        if n % 4 == 0:
            told |= {"buyer_tags": ("high_value",), "buyer_contact": ANNA}
        stage = ("intake", "triage", "awaiting_evidence", "finished")[n % 4 if n > 3 else 0]
        desk.at_stage(stage, **told)
    began = desk.now()
    for row in desk.rows(select(Deadline.id).where(Deadline.stopped_at.is_(None))):
        due = began + dt.timedelta(hours=chance.randrange(-3, 3))
        at = due if chance.random() < 0.8 else None
        desk.write(update(Deadline).where(Deadline.id == row.id).values(due_at=at, next_at=at))


def pages(desk: Desk, wanted: Wanted) -> list[int]:
    """What all pages of the list show, one after another."""
    found: list[int] = []
    for page in range(99):
        told = desk.db.read(disputes.search, desk.who("Tom"), replace(wanted, page=page))
        assert not isinstance(told, Refused)
        if not told.rows:
            return found
        found += [row.id for row in told.rows]
    raise AssertionError("the list has no end")


def in_order(desk: Desk, ids: list[int], *, soonest: bool) -> list[int]:
    """The order that is promised, reckoned from the deadlines one by one."""
    due: dict[int, Any] = {}
    for row in desk.rows(select(Deadline.dispute_id, Deadline.due_at, Deadline.stopped_at)):
        if row.stopped_at is None and row.due_at is not None:
            due[row.dispute_id] = min(row.due_at, due.get(row.dispute_id, row.due_at))
    some = sorted((one for one in ids if one in due), key=lambda one: (due[one], one))
    none = sorted(one for one in ids if one not in due)
    return some + none if soonest else some[::-1] + none[::-1]


@pytest.mark.parametrize("few", [0, by_due.FEW])
def test_list_is_in_the_order_of_what_is_due_whatever_narrows_it(
    any_desk: Desk, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """However many there are: as a small desk sorts them, and as a large one looks for them."""
    crowd(any_desk)
    monkeypatch.setattr(by_due, "FEW", few)
    monkeypatch.setattr(disputes, "PAGE", 3)
    lengths = {}
    for asked in ASKED:
        plain = pages(any_desk, asked)
        lengths[asked] = len(plain)
        for due in (SOONEST, LATEST):
            told = pages(any_desk, replace(asked, due=due))
            assert told == in_order(any_desk, plain, soonest=due == SOONEST), (asked, due)
    assert min(lengths.values()) > 0


def test_every_dispute_leaves_once_though_what_is_due_moves_meanwhile(
    any_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd(any_desk)
    who, wanted = any_desk.who("Tom"), Wanted(due=SOONEST)
    everybody = pages(any_desk, Wanted())
    wholly = in_order(any_desk, everybody, soonest=True)
    monkeypatch.setattr(disputes, "BATCH", 4)
    last = any_desk.db.read(disputes.newest, who)
    due = any_desk.db.read(disputes.due, who, wanted, last)
    assert due == wholly[: len(due)]
    any_desk.write(update(Deadline).values(due_at=None))  # all that waits is put to rest
    told, after = [row.id for row in any_desk.db.read(disputes.told, who, due)], 0
    while rows := any_desk.db.read(disputes.following, who, wanted, after, last):
        told += [row.id for row in rows if row.id not in due]
        after = rows[-1].id
    assert told == wholly


def test_order_of_what_is_due_is_refused_to_whoever_may_not_see_disputes(desk: Desk) -> None:
    desk.open()
    desk.write(text("UPDATE people SET active = false WHERE name = 'Tom'"))
    wanted = Wanted(due=SOONEST)
    assert isinstance(desk.db.read(disputes.due, desk.who("Tom"), wanted, 9), Refused)
    assert isinstance(desk.db.read(disputes.told, desk.who("Tom"), [1]), Refused)


def old(desk: Desk) -> None:
    """A desk at which many disputes have ended and many are open."""
    desk.at_stage("finished")
    desk.open()
    copies = {"disputes": "number, external_id", "visits": "", "deadlines": ""}
    for table, texts in copies.items():
        model: Any = {"disputes": Dispute, "visits": Visit, "deadlines": Deadline}[table]
        names = [column.name for column in model.__table__.columns]
        values = []
        for name in names:
            number = name in ("id", "visit_id", "dispute_id", "stopped_visit_id")
            value = f"t.{name} + n.k * 100" if number else f"t.{name}"
            values.append(f"t.{name} || n.k" if name in texts.split(", ") else value)
        numbers = "WITH RECURSIVE n(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n WHERE k < 1500)"
        source = f"(SELECT * FROM {table} WHERE id < 100) AS t CROSS JOIN n"
        target = f"INSERT INTO {table} ({', '.join(names)})"
        query = f"SELECT {', '.join(values)} FROM {source}"
        head = f"{numbers} {target}" if desk.db.is_sqlite else f"{target} {numbers}"
        desk.write(text(f"{head} {query}"))
    desk.write(text("ANALYZE"))


def test_soonest_are_met_in_the_order_of_an_index_and_nothing_is_sorted(any_desk: Desk) -> None:
    desk = any_desk
    old(desk)
    desk.pass_time(days=9)
    for asked in (Wanted(), Wanted("open"), Wanted("overdue"), Wanted(workflow="dispute")):
        with statements(desk.db, "deadlines") as ran:
            told = desk.db.read(
                disputes.search, desk.who("Tom"), replace(asked, due=SOONEST, page=9)
            )
        assert not isinstance(told, Refused)
        assert told.count > by_due.FEW
        how = [plan(desk.db, one) for one in ran if "ORDER BY" in one[0]]
        assert len(how) == 1
        assert "ix_deadlines_due" in how[0], how[0]
        assert "Sort" not in how[0], how[0]
        assert "TEMP B-TREE" not in how[0], how[0]


def test_what_is_due_at_no_moment_is_met_in_the_order_of_an_index(any_desk: Desk) -> None:
    desk = any_desk
    old(desk)
    for due in (SOONEST, LATEST):
        with statements(desk.db, "deadlines") as ran:
            told = desk.db.read(disputes.search, desk.who("Tom"), Wanted(due=due, page=100))
        assert not isinstance(told, Refused)
        assert [row.due_at for row in told.rows] == [None] * disputes.PAGE
        rest = [
            plan(desk.db, one) for one in ran if "FROM disputes" in one[0] and "ORDER BY" in one[0]
        ]
        assert len(rest) == 1
        assert "Sort Key: disputes" not in rest[0], rest[0]
        assert "TEMP B-TREE" not in rest[0], rest[0]
        for table in ("disputes", "deadlines"):
            assert f"Seq Scan on {table}" not in rest[0], rest[0]
