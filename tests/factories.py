"""A desk to test on: people, channels, disputes at any stage, told in few words."""

import base64
import datetime as dt
import itertools
from typing import Any

from sqlalchemy import Connection, insert, select, update

from core.db import Database
from core.desk import (
    assigning,
    choose,
    clock,
    evidence,
    holding,
    opening,
    orders,
    overdue,
    parking,
    party_acts,
    payments,
    standing,
    undo,
)
from core.desk.actor import Actor, agent
from core.desk.answers import Answer, Applied
from core.desk.intake import Intake, OrderInfo
from core.secrets import Vault, vault_from
from core.tables import Channel, ClockOffset, Person, Visit
from tests import agreement

VAULT: Vault = vault_from("test:" + base64.b64encode(b"t" * 32).decode())
STAGES = ("triage", "evidence_review", "adjudication", "verification")
CHANNELS = ("intake", *STAGES, "escalation")
TRIAGED: dict[str, Any] = {
    "category": "food",
    "reason": "damaged",
    "state": "unsettled",
    "given_buyer": ["photos"],
    "given_merchant": ["none"],
}
SOUND: dict[str, Any] = {"quality": "sound"}
REFUND: dict[str, Any] = {"quality": "sound", "remedy": "refund_only", "share": "full"}
KETTLE = {"key": "1", "title": "Kettle", "unit_price": 9500, "quantity": 2}

# (name, roles, home stage, locale)
PEOPLE = (
    ("Tang Li", ["agent"], "triage", "zh_CN"),
    ("Tom", ["agent"], "triage", "en"),
    ("Eva", ["agent"], "evidence_review", "en"),
    ("Ada", ["agent"], "adjudication", "en"),
    ("Vera", ["agent"], "verification", "en"),
    ("Sun Wei", ["supervisor"], "", "zh_CN"),
    ("Olga", ["operator"], "", "en"),
    ("Tim", ["trainee"], "triage", "en"),
)
AT = {"triage": "Tom", "evidence_review": "Eva", "adjudication": "Ada", "verification": "Vera"}


class Desk:
    """A database with people and channels, and the acts of a day's work by name."""

    def __init__(self, database: Database) -> None:
        self.db = database
        self._count = itertools.count(1)
        self._clicks = itertools.count(1)
        self.people: dict[str, int] = database.transact(_people)

    def now(self) -> dt.datetime:
        """The desk's time."""
        return self.db.read(lambda _connection, now: now)

    def pass_time(self, **length: float) -> None:
        """Moves the desk's time forward: `pass_time(hours=2)`."""
        self.db.transact(clock.move, dt.timedelta(**length))
        self.write(update(ClockOffset).values(moved_at=None))  # time has passed: nobody moved it

    def who(self, name: str) -> Actor:
        """A person as an actor."""
        return agent(self.people[name])

    def intake(self, **changes: Any) -> Intake:
        """An intake that stands; `changes` replace its parts."""
        n = next(self._count)
        values: dict[str, Any] = {
            "source": "shop",
            "external_id": f"case-{n}",
            "order_number": f"order-{n}",
            "buyer": f"buyer-{n}",
            "merchant": "merchant-1",
            "story": "The kettle came broken.",
            "channel": "import",  # its receipt and what else begins at the door were elsewhere
            "order": OrderInfo("CNY", 20_000, 1_000, lines=(KETTLE,)),
        }
        return Intake(**{**values, **changes})

    def open(self, **changes: Any) -> int:
        """Opens a dispute and returns its id."""
        actor = Actor("import")
        opened = self.db.transact(opening.open_disputes, [self.intake(**changes)], actor, VAULT)
        return int(opened[0].dispute_id)

    def visit(self, dispute: int) -> int:
        """The id of the dispute's open visit."""
        return int(self.at(dispute).row.visit_id)

    def stage(self, dispute: int) -> str:
        """The stage at which the dispute stands."""
        return str(self.at(dispute).row.stage)

    def at(self, dispute: int) -> standing.Standing:
        """Where the dispute stands."""
        found = self.db.read(lambda c, now: standing.of_dispute(c, dispute, lock=False))
        assert found is not None
        return found

    def take(self, dispute: int, name: str = "Tom") -> Answer:
        """Somebody takes the dispute."""
        return self.db.transact(
            holding.take, self.visit(dispute), self.who(name), click=self.click()
        )

    def choose(self, dispute: int, decision: str, chosen: Any = None, name: str = "") -> Answer:
        """Somebody decides; by default the stage's own agent."""
        name = name or AT.get(self.stage(dispute), "Tom")
        return self.db.transact(
            choose.choose,
            self.visit(dispute),
            decision,
            chosen or {},
            self.who(name),
            click=self.click(),
        )

    def must(self, dispute: int, decision: str, chosen: Any = None, name: str = "") -> Applied:
        """Somebody decides, and it is applied."""
        answer = self.choose(dispute, decision, chosen, name)
        assert isinstance(answer, Applied), answer
        return answer

    def click(self) -> str:
        """A fresh click's key."""
        return f"click-{next(self._clicks)}"

    def give(self, dispute: int, party: str = "buyer", kind: str = "photos", **more: Any) -> Answer:
        """A party gives a piece of evidence."""
        return self.db.transact(
            evidence.receive, dispute, evidence.Piece(party, kind, **more), VAULT
        )

    def voucher(self, dispute: int) -> int:
        """The number of a file that the merchant gave."""
        self.db.transact(evidence.store_file, "f" * 64, 9, "image/png")
        answer = self.give(dispute, "merchant", "chat", file_digest="f" * 64)
        assert isinstance(answer, Applied), answer
        return int(answer.params["evidence"])

    def done(self, dispute: int, party: str) -> Answer:
        """A party has nothing more."""
        return self.db.transact(evidence.nothing_more, dispute, party)

    def sweep(self) -> overdue.Swept:
        """One batch of whatever is due."""
        return self.db.transact(overdue.sweep)

    def funds(self, dispute: int, held: int = 50_000, balance: int = 0, deposit: int = 0) -> None:
        """The payment system says what it could take from the merchant."""
        self.db.transact(orders.funds_known, dispute, held, balance, deposit)

    def pay(self, dispute: int, paid: int | None = None, *, fails: bool = False) -> Answer:
        """The payment system reports: as instructed, another sum, or that it failed."""
        payment = self.db.read(lambda c, now: payments.under_way(c, dispute))
        assert payment is not None
        amount = None if fails else payment.amount if paid is None else paid
        return self.db.transact(
            payments.reported, payment.reference, paid=amount, currency=payment.currency
        )

    def at_stage(self, stage: str, **changes: Any) -> int:
        """A dispute that stands at a stage, reached the short way."""
        dispute = self.open(**changes)
        if stage == "intake":
            return dispute
        self.take(dispute)
        if stage == "triage":
            return dispute
        if stage in ("awaiting_evidence", "evidence_review"):
            self.must(dispute, "request_both", TRIAGED)
            if stage == "evidence_review":
                self.done(dispute, "buyer")
                self.done(dispute, "merchant")
            return dispute
        self.must(dispute, "no_evidence", TRIAGED)
        if stage == "adjudication":
            return dispute
        self.must(dispute, "rule_merchant", SOUND)
        self.funds(dispute)
        if stage == "verification":
            return dispute
        self.must(dispute, "deduct_online", REFUND)
        if stage == "awaiting_payment":
            return dispute
        self.pay(dispute)
        self.must(dispute, "money_arrived")
        return dispute

    def hold(self, dispute: int, name: str) -> Answer:
        """Somebody opens the details."""
        return self.db.transact(holding.hold, self.visit(dispute), self.who(name))

    def park(self, dispute: int, name: str = "", chosen: Any = None) -> Answer:
        """An agent finds no option that fits; by default the stage's own."""
        who = self.who(name or AT[self.stage(dispute)])
        return self.db.transact(
            parking.park, self.visit(dispute), chosen or {}, who, click=self.click()
        )

    def hand_back(self, dispute: int, hint: str = "closest", name: str = "Sun Wei") -> Answer:
        """A supervisor answers with a hint."""
        return self.db.transact(
            parking.hand_back, self.visit(dispute), hint, self.who(name), click=self.click()
        )

    def undo(self, dispute: int, name: str = "", visit: int = 0) -> Answer:
        """Somebody undoes the latest decision, or that of a visit."""
        left = [v for v in self.visits(dispute) if v.left_at is not None]
        visit = visit or left[-1].id
        who = next(v.decider_id for v in left if v.id == visit)
        actor = self.who(name) if name else agent(who)
        return self.db.transact(undo.undo, visit, actor, click=self.click())

    def release(self, dispute: int, name: str) -> Answer:
        """Somebody gives the open visit back."""
        return self.db.transact(
            holding.release, self.visit(dispute), self.who(name), click=self.click()
        )

    def assign(self, dispute: int, to: str, name: str = "Sun Wei") -> Answer:
        """Somebody gives the open visit to another."""
        visit, person = self.visit(dispute), self.people[to]
        return self.db.transact(assigning.assign, visit, person, self.who(name), click=self.click())

    def party(self, dispute: int, party: str, decision: str, **chosen: Any) -> Answer:
        """A party decides at the wait that is open."""
        return self.db.transact(
            party_acts.act, dispute, party, decision, chosen, click=self.click()
        )

    def write(self, statement: Any) -> None:
        """Changes rows behind the desk's back."""
        self.db.transact(lambda c, now: c.execute(statement))

    def differences(self) -> list[str]:
        """Where the rows are not what the events tell."""
        return self.db.read(lambda c, now: agreement.differences(c))

    def rows(self, statement: Any) -> list[Any]:
        """The rows of a statement."""
        return self.db.read(lambda c, now: list(c.execute(statement).all()))

    def visits(self, dispute: int) -> list[Any]:
        """The dispute's visits, oldest first."""
        return self.rows(select(Visit).where(Visit.dispute_id == dispute).order_by(Visit.id))


def _people(connection: Connection, *, now: dt.datetime) -> dict[str, int]:
    ids = connection.execute(
        insert(Person).returning(Person.id, sort_by_parameter_order=True),
        [
            {
                "name": name,
                "slack_id": f"U{number:04}",
                "roles": roles,
                "home_stage": home,
                "locale": locale,
                "zone": "Asia/Shanghai",
                "team": "",
                "active": True,
                "skipped_at": now,  # their first day is over
                "version": 1,
            }
            for number, (name, roles, home, locale) in enumerate(PEOPLE, start=1)
        ],
    ).scalars()
    connection.execute(
        insert(Channel),
        [
            {
                "key": key,
                "slack_id": f"C{number:04}",
                "name": key.replace("_", "-"),
                "locale": "en",
                "version": 1,
            }
            for number, key in enumerate(CHANNELS, start=1)
        ],
    )
    return dict(zip((person[0] for person in PEOPLE), ids, strict=True))
