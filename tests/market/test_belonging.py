"""What notices tell of a dispute that was merged into another, or split off from one (K2, X5)."""

from core.market.http import HttpMarket
from tests.core.desk.joined import ORDER, merge, number, second_of, split
from tests.factories import Desk
from tests.market.carried import all_of
from tests.market.stub import Shop


def test_notice_of_a_merge_names_the_dispute_that_goes_on(
    desk: Desk, market: HttpMarket, stub: Shop
) -> None:
    second, first = (desk.at_stage("triage", buyer="anna") for _ in range(2))
    merge(desk, second, first)
    desk.pass_time(minutes=2)  # until then it may be undone
    all_of(desk, market)
    notice = stub.notices[-1]
    assert (notice["number"], notice["finished"]) == (number(desk, second), True)
    assert (notice["continues_in"], notice["split_from"]) == (number(desk, first), "")


def test_notice_of_a_split_names_the_dispute_it_came_from(
    desk: Desk, market: HttpMarket, stub: Shop
) -> None:
    first = desk.at_stage("triage", order=ORDER)
    second = second_of(desk, split(desk, first, {"1": 1}))
    all_of(desk, market)
    notice = stub.notices[-1]
    assert notice["number"] == number(desk, second)
    assert (notice["split_from"], notice["continues_in"]) == (number(desk, first), "")
