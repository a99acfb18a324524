"""An adjudicator's day: judging colleagues and liability, one by one and many at once."""

import pytest

from tests.journeys.conftest import Floor

pytestmark = pytest.mark.browser


def test_a_defect_is_found_the_ruling_made_and_the_judgment_contested(floor: Floor) -> None:
    dispute = floor.dispute("adjudication")
    ada = floor.seat("Ada")
    ada.go("adjudication")
    card = ada.card(dispute)
    card.sees("So far: | 此前：", "Triage: “No evidence needed | 现状判断：“无需举证")
    card.shot("judge-1-card")
    card.press("Merchant liable | 商责")
    ada.confirm(
        "Are you sure? | 确认此操作？",
        "The merchant is liable | 判定商家承担责任",
        picture="judge-2-confirm",
    )
    told = ada.told("First choose: Quality of the stage before | 请先选择：上一阶段质量")
    told.shot("judge-3-refused-missing")
    card.tick("Defect: evidence overlooked | 差错：漏看凭证")
    card.shot("judge-4-defect")
    card.press("Merchant liable | 商责")
    ada.confirm("Yes, decide | 确认")
    ada.told("You can undo this until | 前可以撤销").sees("“Merchant liable” | “商责”")
    ada.here().shot("judge-5-ruled")
    assert floor.desk.stage(dispute) == "verification"

    floor.desk.pass_time(minutes=1)  # the judged agent hears of it when it can no longer be undone
    floor.office.settle()
    tom = floor.seat("Tom")
    message = tom.direct("Ada found a defect in your decision | Ada 评价了你在")
    message.sees("evidence overlooked | 漏看凭证")
    message.choose_button(
        "Why it is wrong | 异议原因", "The evidence came later | 凭证是后来才有的"
    )
    message.shot("judge-6-told")
    message.press("Contest | 提出异议")
    tom.message("contested. A supervisor will decide | 异议已提交")
    tom.here().shot("judge-7-contested")

    sun = floor.seat("Sun Wei")
    sun.go("escalation")
    asked = sun.message("Tom contests a judgment by Ada | Tom 对 Ada 的评价有异议")
    asked.shot("judge-8-asked")
    asked.press("Withdraw the judgment | 撤回评价")
    sun.here().shot("judge-9-settled")
    tom.message("was withdrawn and no longer counts | 已撤回，不再计入")
    tom.here().shot("judge-10-withdrawn")


def test_what_cannot_be_judged_goes_back_with_a_reason(floor: Floor) -> None:
    dispute = floor.dispute("adjudication")
    ada = floor.seat("Ada")
    ada.go("adjudication")
    card = ada.card(dispute)
    card.tick("Sound | 合格")
    card.press("Cannot judge: send back | 无法判责，退回")
    form = ada.modal("Adjudication | 判责")
    form.press("Decide | 确认")
    form.shot("judge-11-reason-missing")
    form.choose("Why it cannot be judged | 无法判责的原因", "New facts came up | 出现新情况")
    form.shot("judge-12-cannot-judge")
    form.press("Decide | 确认")
    ada.no_modal()
    ada.told("“Cannot judge: send back” | “无法判责，退回”")
    assert floor.desk.stage(dispute) == "evidence_review"
    ada.go("evidence-review")
    ada.card(dispute).shot("judge-13-sent-back")
    ada.card(dispute).press("Enough: adjudicate | 凭证充分，去判责")
    ada.told("You handled dispute | 你已在“判责”处理过")
    ada.here().shot("judge-14-refused-separation")


def test_look_alikes_are_ruled_together_after_a_preview(floor: Floor) -> None:
    several = [floor.dispute("adjudication") for _ in range(3)]
    ada = floor.seat("Ada")
    home = ada.home()
    home.sees("Adjudication: 3 waiting | 判责：3 单等待")
    home.shot("judge-15-home")
    home.press("Decide several | 批量处理")
    form = ada.modal("Several disputes | 批量处理")
    form.pick_all("Disputes | 纠纷单")
    form.shot("judge-16-several")
    form.press("Go on | 下一步")
    form.choose("What shall be done | 处理方式", "Nobody liable | 双方无责")
    form.shot("judge-17-act")
    form.press("Go on | 下一步")
    floor.desk.hold(several[2], "Sun Wei")
    form.tick("Sound | 合格")
    form.shot("judge-18-asked-once")
    form.press("Preview | 预览")
    form.sees("Possible for 2 of 3 | 3 单中 2 单可执行")
    form.shot("judge-19-preview")
    form.press("Decide 2 | 确认处理 2 单")
    form.sees("Decided: 2 of 2 | 已处理 2 / 2 单")
    form.shot("judge-20-decided")
    assert [floor.desk.stage(d) for d in several] == ["verification"] * 2 + ["adjudication"]
