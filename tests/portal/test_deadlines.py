"""A dispute's time over the API: numbers that add up, reasons in words, nothing internal (G6)."""

import re

from sqlalchemy import select

from core.tables import Dispute
from tests.factories import SOUND, TRIAGED
from tests.portal.conftest import Api


def test_seconds_of_all_who_had_it_are_the_dispute_s_life(small_api: Api) -> None:
    client, desk = small_api.client(), small_api.desk
    dispute = desk.at_stage("triage")
    desk.pass_time(hours=1)
    desk.must(dispute, "request_buyer", TRIAGED)
    desk.pass_time(hours=2)
    number = desk.at(dispute).row.number
    (row,) = desk.rows(select(Dispute.opened_at).where(Dispute.id == dispute))
    before = (desk.now() - row.opened_at).total_seconds()
    told = client.get(f"/disputes/{number}/deadlines").json()
    after = (desk.now() - row.opened_at).total_seconds()
    assert before - 1 <= sum(told["used"].values()) <= after
    assert round(told["used"]["buyer"] / 3600) == 2
    assert round(told["used"]["platform"] / 3600) == 1
    assert [told["used"][who] for who in ("merchant", "carrier", "others")] == [0, 0, 0]


def test_each_time_limit_says_why_in_both_languages(small_api: Api) -> None:
    client, desk = small_api.client(), small_api.desk
    dispute = desk.at_stage("triage")
    desk.must(dispute, "request_buyer", TRIAGED)
    number = desk.at(dispute).row.number
    told = client.get(f"/disputes/{number}/deadlines").json()["deadlines"]
    wait = told[-1]
    assert (wait["key"], wait["state"], wait["outward"]) == ("evidence_wait", "running", True)
    assert wait["minutes"] * 60 == wait["used_seconds"] + wait["left_seconds"] + 1 or (
        wait["minutes"] * 60 == wait["used_seconds"] + wait["left_seconds"]
    )
    assert "when the dispute came to “Awaiting evidence”" in wait["because"]["en"][0]
    assert "待补充凭证" in wait["because"]["zh_CN"][0]
    assert {one["state"] for one in told[:-1]} == {"kept"}
    assert not any(one["outward"] for one in told[:-1])


def test_nothing_of_who_hears_or_who_acts_passes_the_wall(small_api: Api) -> None:
    client, desk = small_api.client(), small_api.desk
    dispute = desk.at_stage("adjudication")
    desk.pass_time(days=2)
    desk.sweep()
    desk.must(dispute, "rule_merchant", SOUND)
    number = desk.at(dispute).row.number
    text = client.get(f"/disputes/{number}/deadlines").text
    words = ("escalation", "channel", "thread", "ladder", "讨论串", "频道", "liab", "商责")
    assert [word for word in words if word in text] == []
    people = re.compile("|".join(rf"\b{name}\b" for name in desk.people))
    assert people.search(text) is None
    other = small_api.client("other-shop")
    assert other.get(f"/disputes/{number}/deadlines").status_code == 404
