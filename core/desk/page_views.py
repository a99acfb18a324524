"""A page as it is told now: who calls whom to what, and what came of it (K5)."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, select

from core.desk import documents
from core.desk.inward import Inward
from core.desk.notes import buyer_key
from core.desk.paging import ON_IT, place
from core.secrets import Vault
from core.tables import Dispute, Page, Paged, Person, Rota, Visit
from core.workflow.model import Label
from core.workflow.terms import Meaning


@dataclass(frozen=True, slots=True)
class Called:
    """Somebody whom a page calls, and what they answered; empty where they did not yet."""

    id: int
    name: str
    answer: str
    answered_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class PageView:
    """A page as it stands. `visit_id` is where its dispute is now."""

    id: int
    dispute_id: int
    visit_id: int
    by: str
    rota: Label | None
    reason: Label
    remark: Inward | None
    outcome: str
    reminded: bool
    called: tuple[Called, ...]

    @property
    def taker(self) -> str:
        """Who is on it; empty where nobody is."""
        return next((one.name for one in self.called if one.answer == ON_IT), "")

    @property
    def silent(self) -> list[str]:
        """Who has not answered."""
        return [one.name for one in self.called if not one.answer]


def page_view(connection: Connection, page_id: int, vault: Vault) -> PageView:
    """Reads a page."""
    row = connection.execute(
        select(Page, Person.name, Visit.document_id, Dispute.number)
        .join(Person, Person.id == Page.by_id)
        .join(Visit, Visit.id == Page.visit_id)
        .join(Dispute, Dispute.id == Page.dispute_id)
        .where(Page.id == page_id)
    ).one()
    options = documents.load(connection, row.document_id).choices_of(Meaning.PAGE)
    called = connection.execute(
        select(Person.id, Person.name, Paged.answer, Paged.answered_at)
        .join(Paged, Paged.person_id == Person.id)
        .where(Paged.page_id == page_id)
        .order_by(Person.name, Person.id)
    )
    here = select(Visit.id).where(Visit.dispute_id == row.dispute_id, Visit.left_at.is_(None))
    labels = select(Rota.label_zh, Rota.label_en).where(Rota.key == row.rota)
    rota = connection.execute(labels).first()
    said = None
    if row.remark is not None:
        key = buyer_key(connection, row.dispute_id)
        said = vault.open(key, row.remark, place(row.number))
    return PageView(
        row.id,
        row.dispute_id,
        connection.scalar(here) or row.visit_id,
        row.name,
        Label(rota.label_zh, rota.label_en) if rota is not None else None,
        options[row.reason].label,
        Inward(said) if said else None,
        row.outcome,
        row.reminded_at is not None,
        tuple(Called(*one) for one in called),
    )
