"""Which items of the order, and how many, chosen on the card (D5)."""

from dataclasses import replace

from bot.cards import asked
from core.desk import views
from core.desk.intake import OrderInfo
from core.workflow.amounts import Line
from tests.bot.office import Office
from tests.factories import KETTLE, REFUND, VAULT, Desk

CUP = {"key": "2", "title": "Cup", "unit_price": 1_000, "quantity": 4}
ORDER = OrderInfo("CNY", 24_000, 1_000, lines=(KETTLE, CUP))


def card(desk: Desk, dispute: int) -> views.CardView:
    """The card of the dispute's open visit."""
    view = desk.db.read(views.card_view, desk.visit(dispute), VAULT)
    assert view is not None
    return view


def test_several_items_are_chosen_with_their_quantities(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("verification", order=ORDER)
    at_work.settle()
    chosen = {**REFUND, "share": "half", "items": ["1:1", "2:3"]}
    at_work.press(dispute, "decide.deduct_online", chosen, who="Vera")
    assert desk.stage(dispute) == "awaiting_payment"
    assert desk.at(dispute).facts["items"] == ("1:1", "2:3")
    payment = card(desk, dispute).payment
    assert payment is not None
    assert payment.amount == 6_250  # half of one kettle and three cups


def test_items_say_what_they_cost_and_shares_that_they_mean_the_whole_order(desk: Desk) -> None:
    view = card(desk, desk.at_stage("verification", order=ORDER))
    texts = [option["text"]["text"] for option in asked.items(view, "en")]
    assert texts[:3] == ["Kettle × 2 · CN¥190.00", "Kettle × 1 · CN¥95.00", "Cup × 4 · CN¥40.00"]
    shares = next(f for f in view.fields if f.key == "share")
    assert "CN¥115.00 · Half of the goods (whole order)" in str(asked.element(view, shares, "en"))


def test_no_line_is_crowded_out_by_another_s_quantity(desk: Desk) -> None:
    view = card(desk, desk.at_stage("verification"))
    many = tuple(Line(str(n), 100 + n, 60) for n in range(30))
    options = asked.items(replace(view, purchase=replace(view.purchase, lines=many)), "zh_CN")
    assert len(options) <= 100
    lines = [option["value"].split(":")[0] for option in options]
    assert set(lines) == {str(n) for n in range(30)}
    assert all(f"{n}:60" in {option["value"] for option in options} for n in range(30))
    more = tuple(Line(str(n), 100 + n, 2) for n in range(300))
    options = asked.items(replace(view, purchase=replace(view.purchase, lines=more)), "en")
    assert len(options) == 100
    assert options[-1]["value"] == "299:2"  # the dearest stay
