"""Pages in tests: calling somebody, answering, and what came of it."""

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from core.clocks.rota import Duty, Turns
from core.desk import auditing, page_clock, paging
from core.desk.answers import Answer, Applied, Refused
from core.desk.page_people import Whom
from core.tables import Event, Outbox
from tests.core.desk.on_rota import ALL_DAYS, ALWAYS, add, info
from tests.factories import VAULT, Desk

LIMA = ZoneInfo("America/Lima")


SECRET = "The fridge in the flat overheats"


def page(desk: Desk, dispute: int, whom: str = "Eva", by: str = "Tom", **more: Any) -> Answer:
    """Somebody pages somebody, or whoever is on duty where `whom` is a rota's key."""
    person = desk.people.get(whom)
    meant = Whom(person=person) if person is not None else Whom(rota=whom)
    click = more.pop("click", None)
    asked = paging.Asked(**{"reason": "advice", **more})
    who, visit = desk.who(by), desk.visit(dispute)
    return desk.db.transact(paging.page, visit, meant, asked, who, VAULT, click=click)


def must(answer: Answer) -> int:
    assert isinstance(answer, Applied), answer
    return int(answer.params["page"])


def refusal(answer: Answer) -> str:
    assert isinstance(answer, Refused), answer
    return answer.key


def answer(desk: Desk, page_id: int, said: str, who: str = "Eva", **more: Any) -> Answer:
    return desk.db.transact(paging.answer, page_id, said, desk.who(who), **more)


def told(desk: Desk, kind: str) -> list[str]:
    """Whom the messages of a kind are for, by name."""
    called = {f"dm:{person}": name for name, person in desk.people.items()}
    rows = desk.rows(select(Outbox.lane).where(Outbox.kind == kind).order_by(Outbox.id))
    return [called.get(row.lane, row.lane) for row in rows]


def happened(desk: Desk, dispute: int) -> list[str]:
    """The events of pages."""
    found = select(Event.kind).where(Event.dispute_id == dispute, Event.kind.like("page%"))
    return [row.kind for row in desk.rows(found.order_by(Event.id))]


def attend(desk: Desk, **length: float) -> int:
    """Lets time pass and looks after what is due."""
    desk.pass_time(**length)
    return desk.db.transact(page_clock.attend)


def audited(desk: Desk) -> dict[str, int]:
    """What the auditor finds that was due and not done."""
    return dict(desk.db.read_wall(auditing.look).trouble)


def crew(desk: Desk, *names: str) -> None:
    """A rota at which these are on duty together, round the clock."""
    people = tuple(desk.people[name] for name in names)
    duties = (Duty(ALL_DAYS, ALWAYS, people),)
    add(desk, info(desk, turns=Turns.FIXED, people=(), duties=duties), key="crew")
