"""What the API tells of a dispute that was merged into another, or split off from one (K2, X5)."""

from tests.core.desk.joined import ORDER, merge, number, second_of, split
from tests.portal.conftest import Api


def test_merged_dispute_names_the_one_it_goes_on_in_and_nobody_liable(small_api: Api) -> None:
    client, desk = small_api.client(), small_api.desk
    second, first = (desk.at_stage(stage, buyer="anna") for stage in ("verification", "triage"))
    last = desk.at_stage("triage", buyer="anna")
    path = f"/disputes/{number(desk, second)}"
    assert client.get(path).json()["continues_in"] == ""
    merge(desk, second, first)
    told = client.get(path).json()
    assert (told["finished"], told["liability"]) == (True, "")  # though it had been ruled there
    assert told["continues_in"] == number(desk, first)
    merge(desk, first, last)
    assert client.get(path).json()["continues_in"] == number(desk, last)


def test_split_off_dispute_names_the_one_it_came_from(small_api: Api) -> None:
    client, desk = small_api.client(), small_api.desk
    first = desk.at_stage("triage", order=ORDER)
    second = second_of(desk, split(desk, first, {"1": 1}))
    told = [client.get(f"/disputes/{number(desk, one)}").json() for one in (first, second)]
    assert [one["split_from"] for one in told] == ["", number(desk, first)]
    assert told[1]["order_number"] == told[0]["order_number"]
