"""A whole journey by what agents press, whichever way the presses come."""

from tests.bot.office import Office
from tests.factories import TRIAGED


def travel(at_work: Office) -> None:
    """A dispute from intake to its end, by what agents press."""
    desk, dispute = at_work.desk, at_work.desk.open()
    at_work.settle()
    at_work.press(dispute, "take", who="Tom")
    at_work.settle()
    triage = desk.visit(dispute)
    at_work.press(dispute, "decide.request_both", TRIAGED, who="Tom")
    assert desk.stage(dispute) == "awaiting_evidence"
    desk.give(dispute)
    desk.done(dispute, "buyer")
    desk.done(dispute, "merchant")
    at_work.settle()
    at_work.press(dispute, "decide.enough", {"quality": "sound"}, who="Eva")
    at_work.settle()
    at_work.press(dispute, "decide.rule_merchant", {"quality": "sound"}, who="Ada")
    desk.funds(dispute)
    at_work.settle()
    chosen = {"quality": "sound", "remedy": "refund_only", "share": "half"}
    at_work.press(dispute, "decide.deduct_online", chosen, who="Vera")
    assert desk.stage(dispute) == "awaiting_payment"
    desk.pay(dispute)
    at_work.settle()
    at_work.press(dispute, "decide.money_arrived", who="Vera")
    assert desk.stage(dispute) == "finished"
    at_work.settle()
    assert "“Ask both” (Tom) → Awaiting evidence" in at_work.thread(triage)
    closed = at_work.message(triage)
    assert len(closed["blocks"]) == 1
    assert "Ask both" in closed["text"]
