"""Whole journeys over real HTTP: marketplace, API and courier, agents clicking in between."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from core.desk import access
from core.desk.answers import Applied
from core.market.courier import deliver
from core.market.http import HttpMarket
from core.tables import Dispute, Evidence, Outbox, Payment, StoredFile
from demo.marketplace import parties, world
from demo.marketplace.money import Odds
from demo.marketplace.players import Players
from demo.marketplace.program import Config
from tests.demo.market import marketplace
from tests.factories import REFUND, SOUND, TRIAGED, Desk
from tests.portal.conftest import api_of
from tests.serving import served
from tests.waiting import eventually

RETURN = {**REFUND, "remedy": "return_refund"}


class Town:
    """A desk, its API, and a marketplace beside it."""

    def __init__(self, desk: Desk, players: Players, market: HttpMarket, config: Config) -> None:
        self.desk = desk
        self.players = players
        self.market = market
        self.config = config

    def flow(self) -> None:
        """Lets messages, reports and the parties' acts run until nothing is left to do."""
        self.desk.pass_time(minutes=1)  # what may still be undone is told to nobody
        while deliver(self.desk.db, self.market) + self.players.step():
            pass

    def opened(self, *, short: bool = False) -> int:
        """The id of the next virtual dispute whose merchant can pay a refund, or cannot."""
        while True:
            number = self.players.open_next()
            rows = self.desk.rows(select(Dispute.id, Dispute.number, Dispute.external_id))
            row = next(row for row in rows if row.number == number)
            order = world.order(self.players.store.seed, f"V{row.external_id.split('-')[1]}")
            assert order is not None
            if world.is_short(self.players.store.seed, order.merchant) == short:
                self.flow()
                return int(row.id)

    def ruled(self, *, short: bool = False) -> int:
        """A dispute that its parties answered and that was ruled for the buyer."""
        desk, dispute = self.desk, self.opened(short=short)
        desk.take(dispute)
        desk.must(dispute, "request_both", TRIAGED)
        self.flow()
        desk.must(dispute, "enough", SOUND)
        desk.must(dispute, "rule_merchant", SOUND)
        self.flow()
        return dispute

    def payment(self, dispute: int) -> Any:
        """The dispute's latest payment."""
        rows = self.desk.rows(
            select(Payment).where(Payment.dispute_id == dispute).order_by(Payment.id.desc())
        )
        return rows[0]

    def booked(self, reference: str) -> Any:
        """The same payment in the marketplace's own books."""
        found = self.players.store.rows("SELECT * FROM payments WHERE reference = ?", reference)
        return found[0] if found else None


@pytest.fixture
def town(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """A town in which everybody does what is expected."""
    for name, value in (
        ("SILENT_SHARE", 0.0),
        ("FIRST_CHOICE", 1.0),
        ("WITHDRAW_SHARE", 0.0),
        ("PAYS_ITSELF_SHARE", 0.0),
    ):
        monkeypatch.setattr(parties, name, value)
    key = desk.db.transact(access.new_api_key, "shop", "marketplace")
    config = Config("told-token", Odds(0.0, 0.0))
    with (
        served(api_of(desk, tmp_path / "files")) as url,
        marketplace(tmp_path, f"{url}/api", key, config=config) as (players, market_url),
        HttpMarket(market_url, "told-token") as market,
    ):
        yield Town(desk, players, market, config)


def test_covered_refund_is_deducted_online_and_closed_by_a_click(town: Town) -> None:
    desk, dispute = town.desk, town.ruled()
    assert desk.rows(select(Evidence.id).where(Evidence.dispute_id == dispute))
    assert desk.at(dispute).row.currency in ("CNY", "EUR")
    desk.must(dispute, "deduct_online", REFUND)
    town.flow()
    assert desk.stage(dispute) == "verification"  # confirmed, yet an agent closes it (W14)
    payment = town.payment(dispute)
    assert (payment.state, payment.reported) == ("confirmed", payment.amount)
    assert town.booked(payment.reference)["moved"] == payment.amount
    desk.must(dispute, "money_arrived")
    town.flow()
    told = town.players.store.rows("SELECT body FROM notices ORDER BY rowid DESC LIMIT 1")
    assert '"finished": true' in told[0]["body"]
    states = desk.rows(select(Outbox.state).where(Outbox.lane == "market"))
    assert {row.state for row in states} <= {"sent", "superseded"}


def test_short_merchant_pays_offline_and_uploads_a_voucher(town: Town) -> None:
    desk, dispute = town.desk, town.ruled(short=True)
    refused = desk.choose(dispute, "deduct_online", REFUND)
    assert not isinstance(refused, Applied)
    assert refused.reasons == ("funds_short",)
    desk.must(dispute, "pay_offline", REFUND)
    town.flow()
    assert desk.stage(dispute) == "verification"
    at = desk.at(dispute)
    assert at.facts["payment"] == "vouchered"
    file = desk.rows(
        select(StoredFile.media_type)
        .join(Evidence, Evidence.file_digest == StoredFile.digest)
        .where(Evidence.id == at.facts["voucher"])
    )
    assert file == [("application/pdf",)]
    desk.must(dispute, "money_arrived")
    assert town.booked(town.payment(dispute).reference) is None  # the platform moved nothing


def test_merchant_who_pays_over_the_marketplace_is_confirmed(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parties, "PAYS_ITSELF_SHARE", 1.0)
    desk, dispute = town.desk, town.ruled(short=True)
    desk.must(dispute, "pay_offline", REFUND)
    town.flow()
    assert desk.stage(dispute) == "verification"
    assert town.payment(dispute).state == "confirmed"
    desk.must(dispute, "money_arrived")


def test_failed_and_mismatched_payments_stay_with_the_agent(town: Town) -> None:
    desk, dispute = town.desk, town.ruled()
    town.config.odds = Odds(failing=1.0)
    desk.must(dispute, "deduct_online", REFUND)
    town.flow()
    assert (desk.stage(dispute), town.payment(dispute).state) == ("verification", "failed")
    refused = desk.choose(dispute, "money_arrived")
    assert not isinstance(refused, Applied)
    town.config.odds = Odds(failing=0.0, mismatching=1.0)
    desk.must(dispute, "deduct_online", REFUND)
    town.flow()
    short = town.payment(dispute)
    assert (short.state, short.reported) == ("mismatched", short.amount - short.amount // 10)
    town.config.odds = Odds(0.0, 0.0)
    desk.must(dispute, "draw_deposit", REFUND)
    town.flow()
    rest = town.payment(dispute)
    assert rest.amount == short.amount - short.reported  # never more than is still owed (rule 11)
    desk.must(dispute, "money_arrived")
    assert desk.stage(dispute) == "finished"


def test_return_then_refund_goes_through_its_three_waits(town: Town) -> None:
    desk, dispute = town.desk, town.ruled()
    desk.must(dispute, "return_first", RETURN)
    town.flow()
    stages = [visit.stage for visit in desk.visits(dispute)][-5:]
    assert stages == [
        "verification",
        "awaiting_return",
        "awaiting_inspection",
        "awaiting_refund",
        "verification",
    ]
    facts = desk.at(dispute).facts
    assert str(facts["tracking_number"]).startswith("SF")
    assert (facts["goods"], facts["payment"]) == ("accepted", "vouchered")
    desk.must(dispute, "money_arrived")


def test_silent_parties_time_out_and_the_dispute_goes_on(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parties, "SILENT_SHARE", 1.0)
    desk, dispute = town.desk, town.opened()
    desk.take(dispute)
    desk.must(dispute, "request_both", TRIAGED)
    town.flow()
    assert desk.stage(dispute) == "awaiting_evidence"
    desk.pass_time(days=1, minutes=1)
    desk.sweep()
    assert desk.at(dispute).facts["silent"] == ("buyer", "merchant")
    assert desk.stage(dispute) == "evidence_review"


def test_program_of_its_own_brings_disputes_and_lives(desk: Desk, tmp_path: Path) -> None:
    key = desk.db.transact(access.new_api_key, "shop", "marketplace")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with served(api_of(desk, tmp_path / "files")) as url:
        command = [sys.executable, "-m", "demo.marketplace", "--port", str(port), "--seed", "3"]
        command += ["--desk-url", f"{url}/api", "--api-key", key, "--pace", "0.05"]
        running = subprocess.Popen(command)
        try:
            address = f"http://127.0.0.1:{port}"
            _ready(address)
            with httpx.Client(base_url=address, trust_env=False) as client:
                numbers = [client.post("/disputes").json()["number"] for _ in range(8)]
            with HttpMarket(address, "") as market:
                _live(desk, market)
        finally:
            running.terminate()
            assert running.wait(10) in (0, -15)
    assert len(set(numbers)) == 8
    finished = desk.rows(select(Dispute.number))
    assert {row.number for row in finished} == set(numbers)


def _ready(address: str) -> None:
    """Waits until the program answers."""
    eventually(
        lambda: httpx.get(f"{address}/health", trust_env=False),
        "the marketplace did not come up",
    )


def _live(desk: Desk, market: HttpMarket) -> None:
    """Agents do what there is to do until every dispute is at its end."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        desk.pass_time(minutes=1)  # what may still be undone is told to nobody
        moved = bool(deliver(desk.db, market))
        stages = [_click(desk, row.id) for row in desk.rows(select(Dispute.id))]
        if set(stages) <= {"finished", "withdrawn"}:
            return
        if not moved and all(s.startswith("awaiting") or s == "finished" for s in stages):
            time.sleep(0.5)  # the parties have half a second, then their time is over
            deliver(desk.db, market)
            desk.pass_time(days=8)
            desk.sweep()
    raise AssertionError(f"still open: {stages}")


def _click(desk: Desk, dispute: int) -> str:
    """One click of the agent whose turn it is; the stage that the dispute stood at."""
    stage = desk.stage(dispute)
    at = desk.at(dispute)
    if stage == "intake" and at.row.currency:
        desk.take(dispute)
    elif stage == "triage":
        desk.choose(dispute, "request_both", TRIAGED)
    elif stage == "evidence_review":
        desk.choose(dispute, "enough", SOUND)
    elif stage == "adjudication":
        desk.choose(dispute, "rule_merchant", SOUND)
    elif stage == "verification" and at.row.held is not None:
        for decision in ("money_arrived", "deduct_online", "pay_offline", "draw_deposit"):
            if isinstance(desk.choose(dispute, decision, REFUND), Applied):
                break
    return stage
