"""Two clicks at once from separate processes on PostgreSQL: one winner, the loser told who won."""

import multiprocessing
import multiprocessing.synchronize
import threading
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select

from core.db import Database
from core.desk import opening, payments, standing
from core.desk.actor import Actor, agent
from core.desk.answers import Answer, Applied
from core.desk.choose import choose
from core.desk.holding import hold, release, take
from core.tables import Evidence, Order, Payment, Round, Visit
from tests.factories import REFUND, SOUND, TRIAGED, VAULT, Desk

RACES = 1_000
CHUNK = 250  # disputes that stand ready at a time

pytestmark = pytest.mark.postgres
Race = tuple[str, int, int]  # what is clicked, at which visit, by whom


def racer(
    url: str,
    races: Sequence[Race],
    start: "multiprocessing.synchronize.Barrier",
    answers: Any,
) -> None:
    """One of two processes: clicks as its list says, each click at the same moment as the other."""
    database = Database(url)
    for number, (act, visit, person) in enumerate(races):
        who, click = agent(person), f"{number}-{person}"
        start.wait(60)
        if act == "take":
            answer: Answer = database.transact(take, visit, who, click=click)
        elif act == "hold":
            answer = database.transact(hold, visit, who)
        else:
            answer = database.transact(choose, visit, act, TRIAGED, who, click=click)
        key = "" if isinstance(answer, Applied) else answer.key
        answers.put((number, person, key, answer.params.get("who", "")))
    database.close()


def run(desk: Desk, races: list[tuple[Race, Race]]) -> dict[int, list[Any]]:
    """Runs the races in two long-lived processes; the answers of each race."""
    context = multiprocessing.get_context("spawn")
    start, answers = context.Barrier(2), context.Queue()
    url = desk.db.url.render_as_string(hide_password=False)
    workers = [
        context.Process(target=racer, args=(url, [pair[side] for pair in races], start, answers))
        for side in (0, 1)
    ]
    for worker in workers:
        worker.start()
    found: dict[int, list[Any]] = {}
    for _ in range(2 * len(races)):
        number, *answer = answers.get(timeout=120)
        found.setdefault(number, []).append(answer)
    for worker in workers:
        worker.join(30)
        assert worker.exitcode == 0
    return found


@pytest.fixture
def desk(postgresql: Database) -> Desk:
    return Desk(postgresql)


def test_thousand_races_have_one_winner_each_and_the_loser_is_told_who_won(desk: Desk) -> None:
    tom, tang = desk.people["Tom"], desk.people["Tang Li"]
    names = {tom: "Tom", tang: "Tang Li"}
    visits = ready(desk, RACES)
    # A taker against a taker; a holder against whoever decides at a released triage visit; two
    # who decide differently at once.
    races: list[tuple[Race, Race]] = []
    for number, (kind, visit) in enumerate(visits):
        first, second = (tom, tang) if number % 2 else (tang, tom)
        if kind == "intake":
            races.append((("take", visit, first), ("take", visit, second)))
        elif number % 3:
            races.append((("no_evidence", visit, first), ("request_both", visit, second)))
        else:
            races.append((("hold", visit, first), ("no_evidence", visit, second)))
    answers = run(desk, races)
    winners = {tom: 0, tang: 0}
    for number in range(len(races)):
        applied = [person for person, key, _ in answers[number] if not key]
        refused = [answer for answer in answers[number] if answer[1]]
        assert len(applied) == len(refused) == 1, (number, answers[number])
        _, key, who = refused[0]
        assert (key, who) in (("too_late", names[applied[0]]), ("held", names[applied[0]]))
        winners[applied[0]] += 1
    assert min(winners.values()) > RACES / 20  # neither process won by being the only one in time
    assert desk.differences() == []
    decided = select(Visit.id).where(Visit.left_at.is_not(None), Visit.decision.is_not(None))
    assert len(desk.rows(decided)) == len({row.id for row in desk.rows(decided)})


def ready(desk: Desk, count: int) -> list[tuple[str, int]]:
    """So many open visits, some at intake and some at triage, released by their takers."""

    def prepare(connection: Any, part: int, *, now: Any) -> list[tuple[str, int]]:
        intakes = [desk.intake() for _ in range(part)]
        opened = opening.open_disputes(connection, intakes, Actor("import"), VAULT, now=now)
        found = []
        for position, dispute in enumerate(opened):
            at = standing.of_dispute(connection, dispute.dispute_id)
            assert at is not None
            if position % 4 == 0:
                found.append(("intake", int(at.row.visit_id)))
                continue
            eva = desk.who("Eva")  # takes and gives back: taking is no decision
            taken = take(connection, at.row.visit_id, eva, now=now)
            assert isinstance(taken, Applied)
            assert taken.next_visit_id is not None
            release(connection, taken.next_visit_id, eva, now=now)
            found.append(("triage", taken.next_visit_id))
        return found

    visits: list[tuple[str, int]] = []
    for _ in range(count // CHUNK):
        visits += desk.db.transact(prepare, CHUNK)
    return visits


def at_once(*acts: Any) -> list[Any]:
    """Runs the acts at the same moment, in threads; what each gave back."""
    barrier, found = threading.Barrier(len(acts), timeout=30), dict[int, Any]()

    def run_one(place: int, act: Any) -> None:
        barrier.wait()
        found[place] = act()

    threads = [threading.Thread(target=run_one, args=item) for item in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(found) == len(acts)
    return [found[place] for place in range(len(acts))]


def test_two_disputes_of_one_order_at_once_never_pay_more_than_was_paid(desk: Desk) -> None:
    for number in range(12):
        pair = [desk.at_stage("verification", order_number=f"shared-{number}") for _ in range(2)]
        at_once(*(lambda d=d: desk.choose(d, "deduct_online", REFUND) for d in pair))
        order = desk.at(pair[0]).row.order_id
        ours = select(Payment.amount).where(Payment.dispute_id.in_(pair))
        assert sum(row.amount for row in desk.rows(ours)) == 20_000, number
        for dispute in pair:
            if desk.stage(dispute) == "awaiting_payment":
                desk.pay(dispute)
        assert desk.rows(select(Order.refunded).where(Order.id == order)) == [(20_000,)]
    assert desk.differences() == []


def test_two_parties_who_finish_a_round_at_once_end_it_once(desk: Desk) -> None:
    for _ in range(15):
        dispute = desk.at_stage("awaiting_evidence")
        answers = at_once(
            lambda d=dispute: desk.done(d, "buyer"), lambda d=dispute: desk.done(d, "merchant")
        )
        assert all(isinstance(answer, Applied) for answer in answers)
        assert desk.stage(dispute) == "evidence_review"
    assert desk.rows(select(Round.id).where(Round.closed_at.is_(None))) == []
    assert desk.differences() == []


def test_report_of_a_payment_that_comes_while_the_dispute_moves_is_not_lost(desk: Desk) -> None:
    for _ in range(15):
        dispute = desk.at_stage("awaiting_payment")
        payment = desk.db.read(lambda c, now, d=dispute: payments.under_way(c, d))
        assert payment is not None
        at_once(
            lambda p=payment: desk.db.transact(
                payments.reported, p.reference, paid=p.amount, currency=p.currency
            ),
            lambda d=dispute: desk.party(d, "buyer", "withdraw"),
        )
        assert desk.rows(select(Payment.state).where(Payment.reference == payment.reference)) == [
            ("confirmed",)
        ]
    assert desk.differences() == []


def test_evidence_that_comes_while_the_dispute_moves_finds_its_dispute(desk: Desk) -> None:
    for _ in range(15):
        dispute = desk.at_stage("adjudication")
        given, decided = at_once(
            lambda d=dispute: desk.give(d, "buyer", "photos"),
            lambda d=dispute: desk.choose(d, "rule_buyer", SOUND),
        )
        assert isinstance(given, Applied), given
        assert isinstance(decided, Applied), decided
    assert desk.differences() == []


def test_same_piece_of_evidence_sent_twice_at_once_is_stored_once(desk: Desk) -> None:
    dispute = desk.at_stage("awaiting_evidence")
    answers = at_once(*(lambda: desk.give(dispute, external_id="same") for _ in range(4)))
    assert all(isinstance(answer, Applied) for answer in answers)
    rows = desk.rows(select(Evidence.id))
    assert len(rows) == 1


def test_same_intake_at_once_opens_one_dispute(desk: Desk) -> None:
    same = {"external_id": "same", "order_number": "o", "buyer": "b"}
    opened = at_once(*(lambda: desk.open(**same) for _ in range(4)))
    assert len(set(opened)) == 1
    assert desk.differences() == []


def test_same_click_sent_twice_at_once_gets_one_answer(desk: Desk) -> None:
    tom = desk.who("Tom")
    for number in range(15):
        visit = desk.visit(desk.at_stage("triage"))

        def click(visit: int = visit, number: int = number) -> Answer:
            key = f"same-{number}"
            return desk.db.transact(choose, visit, "no_evidence", TRIAGED, tom, click=key)

        first, second = at_once(click, click)
        assert first == second
        assert isinstance(first, Applied)
