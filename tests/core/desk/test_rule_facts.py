"""The facts that rules share: who the parties are, what was paid, and when (A1, A4, A5)."""

import datetime as dt
from zoneinfo import ZoneInfo

from core.desk import documents, given
from core.desk.intake import OrderInfo
from core.workflow.facts import DESK_FACTS, RULE_FACTS
from core.workflow.model import Condition
from tests.core.desk.choosing import chosen_by
from tests.core.desk.choosing import rule as chooses
from tests.core.desk.ruled import holder, person, publish, rule
from tests.factories import Desk


def test_high_value_buyers_go_to_the_seniors_and_others_do_not(any_desk: Desk) -> None:
    desk = any_desk
    person(desk, "Sara", team="seniors")
    valued = Condition("buyer_tag", "in", ("high_value",))
    publish(desk, rule("intake", team="seniors", when=(valued,)))
    dear = desk.open(buyer_tags=("after_sales_sensitive", "high_value"))
    assert holder(desk, dear) == "Sara"
    assert desk.stage(desk.open(buyer_tags=("after_sales_sensitive",))) == "intake"
    assert desk.stage(desk.open()) == "intake"


def test_merchant_s_standing_and_the_grade_change_the_path(any_desk: Desk) -> None:
    desk = any_desk
    poor = Condition("standing", "in", ("poor", "watched"))
    urgent = Condition("grade", "in", ("A",))
    dear = Condition("paid", "above", (50_000,), "CNY")
    chosen_by(
        desk,
        chooses("poor", "repair", poor),
        chooses("urgent", "repair", urgent, dear),
        chooses("rest", "dispute"),
    )
    assert desk.at(desk.open(merchant="m-1", merchant_standing="watched")).workflow.key == "repair"
    assert desk.at(desk.open(merchant="m-1")).workflow.key == "repair"  # what was said still holds
    assert desk.at(desk.open(merchant="m-2", merchant_standing="good")).workflow.key == "dispute"
    order = OrderInfo("CNY", 60_000)
    assert desk.at(desk.open(facts={"reason": "unsafe"}, order=order)).workflow.key == "repair"
    assert desk.at(desk.open(facts={"reason": "unsafe"})).workflow.key == "dispute"
    assert desk.differences() == []


def test_hour_is_that_of_the_desk_s_service_days(desk: Desk) -> None:
    noon = dt.datetime(2026, 3, 1, 4, 30, tzinfo=dt.UTC)
    hour = desk.db.read(lambda c, now: given.hour(c, noon))
    assert hour == noon.astimezone(ZoneInfo("Asia/Shanghai")).hour


def test_every_fact_for_rules_is_known_of_every_dispute_or_may_be_unknown(desk: Desk) -> None:
    facts = desk.at(desk.open()).facts
    must = {key for key in RULE_FACTS if DESK_FACTS[key].given}
    assert must <= facts.keys()
    unknown = set(RULE_FACTS) - facts.keys()
    assert unknown == {"buyer_tag", "standing"}
    assert desk.db.read(lambda c, now: documents.active(c)).grade_rules
