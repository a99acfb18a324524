"""Whoever asks why a dispute is due then is told in the sandbox's page, in either language."""

import pytest

from tests.factories import TRIAGED
from tests.journeys.conftest import Floor

pytestmark = pytest.mark.browser


def test_details_lead_to_who_used_the_time_and_why_each_promise_is_due_then(floor: Floor) -> None:
    desk = floor.desk
    dispute = floor.dispute()
    desk.pass_time(minutes=40)
    desk.take(dispute)
    desk.pass_time(minutes=30)
    desk.must(dispute, "request_both", TRIAGED)
    desk.pass_time(hours=3)
    desk.done(dispute, "merchant")
    desk.pass_time(hours=4)
    desk.done(dispute, "buyer")
    desk.pass_time(minutes=20)
    eva = floor.seat("Eva")
    eva.go("evidence-review")
    card = eva.card(dispute)
    card.menu("Details | 详情")
    eva.modal("Dispute | 纠纷单").press("Why then? | 为何此时到期？")
    told = eva.modal("Why then? | 为何此时到期？")
    told.sees(
        "Who used the time | 时间用在谁那里",
        "buyer: 5 hr 30 min (65 %) | 用户：5小时 30分钟（65%）",
        "Review the evidence | 二次举证判断时限",
        "counted round the clock | 全天候计时",
    )
    told.shot("why-then")
