"""What parties do at the desk: at the same moment as others, and with evidence of their own."""

import threading
import time
from typing import Any

from core.desk import evidence, party_acts
from core.desk.actor import TIMEOUT
from core.desk.answers import Applied, Refused
from core.desk.choose import choose
from tests.factories import REFUND, Desk


def test_party_who_waited_for_a_transition_sees_where_the_dispute_is_now(any_desk: Desk) -> None:
    desk = any_desk
    dispute = desk.at_stage("awaiting_evidence")
    visit, deciding = desk.visit(dispute), threading.Event()

    def time_out(connection: Any, now: Any) -> None:
        choose(connection, visit, "evidence_timeout", {}, TIMEOUT, now=now)
        deciding.set()
        time.sleep(0.2)  # the other one waits for this transaction's row

    first = threading.Thread(target=desk.db.transact, args=(time_out,))
    first.start()
    deciding.wait()
    answer = desk.done(dispute, "buyer")
    first.join()
    assert isinstance(answer, Refused)
    assert answer.key == "nothing_asked"


def test_same_key_gets_the_same_answer_from_nothing_more(any_desk: Desk) -> None:
    desk = any_desk
    dispute = desk.at_stage("awaiting_evidence")
    answers = [
        desk.db.transact(evidence.nothing_more, dispute, "buyer", click="key-1") for _ in range(2)
    ]
    assert answers[0] == answers[1]
    assert isinstance(answers[0], Applied)
    assert isinstance(desk.done(dispute, "buyer"), Refused)


def test_same_piece_is_stored_once_and_keeps_its_id(any_desk: Desk) -> None:
    desk = any_desk
    dispute = desk.at_stage("awaiting_evidence")
    first = desk.give(dispute, external_id="photo-1")
    again = desk.give(dispute, external_id="photo-1", note="another note")
    assert isinstance(first, Applied)
    assert isinstance(again, Applied)
    assert (first.params["created"], again.params["created"]) == (True, False)
    assert first.params["evidence"] == again.params["evidence"]


def test_voucher_is_a_file_that_the_party_gave_in_this_dispute(any_desk: Desk) -> None:
    desk = any_desk
    mine, other = desk.at_stage("verification"), desk.at_stage("verification")
    for dispute in (mine, other):
        desk.funds(dispute, held=0)
        desk.must(dispute, "pay_offline", REFUND)
    desk.db.transact(evidence.store_file, "d" * 64, 10, "application/pdf")
    given = {
        "elsewhere": desk.give(other, "merchant", "voucher", file_digest="d" * 64),
        "without a file": desk.give(mine, "merchant", "voucher"),
        "the buyer's": desk.give(mine, "buyer", "photos", file_digest="d" * 64),
    }
    numbers = [a.params["evidence"] for a in given.values() if isinstance(a, Applied)]
    for number in (*numbers, 10**6, "1"):
        refused = desk.db.transact(
            party_acts.act, mine, "merchant", "refund_voucher", {"voucher": number}
        )
        assert isinstance(refused, Refused)
        assert (refused.key, refused.fields) == ("unknown_evidence", ("voucher",))
    assert desk.stage(mine) == "awaiting_refund"
    own = desk.give(mine, "merchant", "voucher", file_digest="d" * 64)
    assert isinstance(own, Applied)
    applied = desk.db.transact(
        party_acts.act, mine, "merchant", "refund_voucher", {"voucher": own.params["evidence"]}
    )
    assert isinstance(applied, Applied)
    assert desk.stage(mine) == "verification"
