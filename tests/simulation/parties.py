"""Buyers, merchants and the payment system: they answer, act, report, and say things twice."""

from random import Random
from typing import Any

from sqlalchemy import Connection, select

from core.db import Database
from core.desk import evidence, party_acts, payments
from core.desk.party_view import party_view
from core.tables import EvidenceRequest, Round, Visit
from core.workflow.model import Decision
from core.workflow.terms import FieldKind
from tests.factories import VAULT
from tests.simulation.market import Shop

PARTIES = ("buyer", "merchant")
FILE = "f" * 64


class Parties:
    """What anybody outside the desk does next, always under a key of their own."""

    def __init__(self, chance: Random, database: Database, shop: Shop) -> None:
        self.chance, self.database, self.shop = chance, database, shop
        self.answers: dict[str, Any] = {}  # what each key was answered
        self.twice: list[str] = []  # keys whose second answer was another one
        self._calls: list[tuple[str, Any, tuple[Any, ...]]] = []
        self._count = 0

    def act(self) -> str:
        """Somebody outside does something. Returns what it was, in short."""
        if self._calls and self.chance.random() < 0.15:
            self._ask(*self.chance.choice(self._calls))
            return "again"
        unreported = [r for r in self.shop.told if f"report:{r}" not in self.answers]
        if unreported and self.chance.random() < 0.5:
            return self._report(self.chance.choice(unreported))
        found = self.database.read(_disputes)
        if not found:
            return "nobody"
        dispute = self.chance.choice(found)
        party = self.chance.choice(PARTIES)
        if self.chance.random() < 0.5 and (acts := self._acts(dispute, party)):
            return self._decide(dispute, party, self.chance.choice(acts))
        asked = self.database.read(_asked, dispute)
        if not asked or self.chance.random() < 0.5:
            return self._give(dispute, party)
        return self._done(dispute, self.chance.choice(asked))

    def _acts(self, dispute: int, party: str) -> list[Decision]:
        """What the party may do now; ends, which may be had anywhere, come up rarely."""
        view = self.database.read(party_view, dispute)
        return [
            action.decision
            for action in (view.actions if view else ())
            if action.party == party and (not action.end or self.chance.random() < 0.03)
        ]

    def _decide(self, dispute: int, party: str, decision: Decision) -> str:
        chosen: dict[str, Any] = {}
        for asked in decision.fields:
            if asked.kind == FieldKind.FILE:
                piece = evidence.Piece(party, asked.key, self._name(), FILE, "", 9, "image/png")
                given = self.database.transact(evidence.receive, dispute, piece, VAULT)
                chosen[asked.key] = getattr(given, "params", {}).get("evidence", 0)
            else:
                chosen[asked.key] = "SF1234567890"
        key = f"{decision.key}:{self._name()}"
        self._once(key, party_acts.act, dispute, party, decision.key, chosen)
        return decision.key

    def _give(self, dispute: int, party: str) -> str:
        kinds = {"buyer": "photos", "merchant": "tracking"}
        piece = evidence.Piece(party, kinds[party], self._name())
        self._once("", evidence.receive, dispute, piece, VAULT)
        return "evidence"

    def _done(self, dispute: int, party: str) -> str:
        self._once(f"done:{self._name()}", evidence.nothing_more, dispute, party)
        return "nothing more"

    def _report(self, reference: str) -> str:
        payment = self.shop.told[reference]
        paid = self.chance.choice((payment.amount, payment.amount, payment.amount - 1, None))
        self.database.transact(
            payments.reported, reference, paid=paid, currency=payment.currency, source="shop"
        )
        self.answers[f"report:{reference}"] = paid
        return "report"

    def _name(self) -> str:
        self._count += 1
        return f"own-{self._count}"

    def _once(self, key: str, work: Any, *args: Any) -> None:
        """A call that may be made again later, by its key or by the name of what it brings."""
        self._calls = [*self._calls[-20:], (key, work, args)]
        self._ask(key, work, args)

    def _ask(self, key: str, work: Any, args: tuple[Any, ...]) -> None:
        answer = self.database.transact(work, *args, **({"click": key} if key else {}))
        if key and self.answers.setdefault(key, answer) != answer:
            self.twice.append(key)


def _disputes(connection: Connection, **_: Any) -> list[int]:
    """The disputes that are not finished."""
    return list(
        connection.execute(
            select(Visit.dispute_id)
            .where(Visit.left_at.is_(None), Visit.kind != "final")
            .order_by(Visit.dispute_id)
        ).scalars()
    )


def _asked(connection: Connection, dispute: int, **_: Any) -> list[str]:
    """The parties whose evidence is awaited."""
    rows = connection.execute(
        select(EvidenceRequest.party)
        .join(Round, Round.id == EvidenceRequest.round_id)
        .where(
            EvidenceRequest.dispute_id == dispute,
            Round.closed_at.is_(None),
            EvidenceRequest.answered_at.is_(None),
        )
        .order_by(EvidenceRequest.id)
    )
    return list(rows.scalars())
