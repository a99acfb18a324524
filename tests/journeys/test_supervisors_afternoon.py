"""A supervisor's afternoon in the panel, beside the Slack page where agents feel what changes."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from core.desk.answers import Applied
from core.desk.numbers import shown
from tests.bot.sights import number
from tests.factories import SOUND
from tests.journeys.conftest import Floor
from tests.journeys.seat import Surface
from tests.journeys.studio import Studio

pytestmark = pytest.mark.browser
REASON, LEAKS = "Reason | 纠纷原因", "Leaks on arrival | 到货渗漏"
DAYS = dt.timedelta(days=3)
SEPARATION = "Needs a different person than the other stages | 跨阶段回避"
NOTE = "What and why, for colleagues | 改了什么、为什么（供同事查看）"


def test_an_option_that_agents_lacked_is_added_tried_published_used_and_taken_back(
    floor: Floor,
) -> None:
    for _ in range(2):
        floor.dispute("finished")
    say_that_no_reason_fits(floor, times=3)

    sun = floor.studio("Sun Wei")
    sun.reads("No option fits: your answer is waited for 3 | 没有合适的选项：等待你答复 3")
    sun.follow("“No option fits” in 7 days | “没有合适的选项”（近 7 天）")
    sun.reads("“No option fits”: 3 times | “没有合适的选项”：3 次")
    sun.follow("Open the option set in the draft | 打开草稿中的选项集")
    sun.reads(REASON)
    add_the_option(sun)
    move_it_up(sun)
    judge_it(sun)
    pilot_it_and_give_that_up(sun)
    sun.menu("Publish | 发布")
    sun.fills(NOTE, "Three lacked it | 三次缺此选项")
    sun.press("Publish | 发布")
    sun.reads("Published as document 2 | 已发布为版本 2", "Three lacked it | 三次缺此选项")

    dispute = floor.dispute()
    tom = floor.seat("Tom")
    tom.go("intake")
    tom.card(dispute).press("Take | 接手")
    tom.go("triage")
    card = tom.card(dispute)
    know_all_but_the_reason(card)
    card.choose(REASON, LEAKS)
    card.press("No evidence needed: adjudicate | 无需举证，去判责")
    assert floor.desk.stage(dispute) == "adjudication"
    ada = floor.seat("Ada")
    ada.go("adjudication")
    ada.card(dispute).sees(LEAKS)

    roll_back(sun)
    later = floor.dispute("triage")
    tom.card(later).select(REASON).click()
    expect(
        tom.page.get_by_role("option", name=tom.word("Damaged in transit | 运输破损"))
    ).to_be_visible()
    expect(tom.page.get_by_role("option", name=tom.word(LEAKS))).to_have_count(0)


def test_what_weighs_is_published_by_a_second_supervisor_once_its_plan_was_given_up(
    floor: Floor,
) -> None:
    floor.supervisor("Lin Na")
    sun, lin = floor.studio("Sun Wei"), floor.studio("Lin Na")
    sun.menu("Workflows | 流程")
    sun.follow("Four-stage dispute | 四段式纠纷处理")
    sun.follow("Adjudication | 判责")
    sun.field(SEPARATION).uncheck()
    sun.press("Save in the draft | 保存到草稿")
    sun.menu("Publish | 发布")
    sun.reads(
        "routing or money | 流转或金额", "A second supervisor looks at it | 需由另一位主管查看"
    )
    sun.fills(NOTE, "Too few at adjudication | 判责人手不足")
    sun.press("Ask a second supervisor | 提请另一位主管发布")
    sun.reads("Asked. Another supervisor | 已提请，由另一位主管")

    lin.menu("Start | 首页", "Hello, | 你好，")
    lin.reads("Sun Wei asked a second supervisor | Sun Wei 提请", "Too few at | 判责人手不足")
    lin.follow("Look at it | 查看")
    lin.page.locator("summary").filter(has_text=lin.word("At a set time | 改为定时发布")).click()
    lin.field("Publish at | 发布时间").fill(f"{floor.desk.now() + DAYS:%Y-%m-%dT%H:%M}")
    lin.press("Plan it | 定时发布")
    lin.reads("Planned. | 已安排定时发布。", "Lin Na planned | Lin Na 安排了一份配置")
    lin.press("Give the plan up | 取消定时发布")
    lin.reads("Sun Wei asked a second supervisor | Sun Wei 提请")  # as before it was planned
    lin.fills(NOTE, "Now instead of in three days | 不等三天，现在就发布")
    lin.press("Publish | 发布")
    lin.reads("Published as document | 已发布为版本", "asked for by Sun Wei | 由 Sun Wei 提请")

    dispute = floor.dispute("adjudication")  # its triage was Tom's
    assert isinstance(floor.desk.choose(dispute, "rule_merchant", SOUND, "Tom"), Applied)


def test_a_busy_desk_is_spread_anew_and_watched(floor: Floor) -> None:
    waiting = [floor.dispute("intake") for _ in range(3)]
    floor.desk.pass_time(hours=30)
    sun = floor.studio("Sun Wei")
    sun.menu("Live board | 实时看板")
    tile = sun.page.locator(".tile").filter(has_text=sun.word("Overdue | 已超时"))
    expect(tile).to_contain_text("3")
    tile.click()
    sun.reads("Disputes | 纠纷单", *(shown(number(floor.office, one)) for one in waiting))
    for one in waiting[:2]:
        sun.page.get_by_role("checkbox", name=shown(number(floor.office, one))).check()
    sun.press("Assign the ticked ones | 分派已勾选的")
    sun.chooses("Assign to | 分派给", "Tom")
    sun.press("Show what would happen | 预览结果")
    sun.press("Assign 2 to Tom | 将 2 单分派给 Tom")
    sun.reads("2 assigned to Tom | 已将 2 单分派给 Tom")
    tom = floor.seat("Tom")
    tom.go("triage")
    tom.card(waiting[0]).sees("Tom is working on it | Tom 处理中")

    sun.menu("Absences | 缺勤")
    sun.chooses("Person | 成员", "Tom")
    sun.field("Away until | 缺勤结束").fill("2099-01-01T08:00")
    sun.press("Save the absence | 保存")
    sun.reads("The absence is noted | 缺勤已登记", shown(number(floor.office, waiting[1])))
    sun.press("Release all | 全部释放")
    sun.reads("Released: 2 | 已释放 2 单")
    tom.card(waiting[0]).misses("Tom is working on it | Tom 处理中")


def test_a_look_is_kept_with_its_reason_and_a_window_left_open_elsewhere_is_shut(
    floor: Floor,
) -> None:
    dispute = floor.dispute("triage", buyer_contact="lee@example.com")
    number_ = shown(number(floor.office, dispute))
    sun, elsewhere = floor.studio("Sun Wei"), floor.studio("Sun Wei")
    finder = sun.page.get_by_role("searchbox").first
    finder.fill("lee@example.com")
    finder.press("Enter")
    sun.reads(number_)
    sun.misses("lee@example.com")
    sun.page.locator("#words summary").click()
    sun.field("Why | 理由").select_option(index=1)
    sun.press("Show | 查看")
    sun.reads("lee@example.com", "Shown whole to you until | 完整内容显示至")
    sun.menu("Looks | 查看记录")
    sun.reads(number_, "Sun Wei")
    sun.misses("lee@example.com")

    sun.page.get_by_role("link", name="Sun Wei").click()
    sun.press("End all others | 结束其他全部")
    sun.reads("Ended. | 已结束。")
    elsewhere.page.locator(".side").get_by_role("link").first.click()
    expect(elsewhere.page.locator(".side")).to_have_count(0)  # signed out: no menu any more
    assert "401" in floor.errors.pop()
    sun.menu("Disputes | 纠纷单")


def say_that_no_reason_fits(floor: Floor, times: int) -> None:
    """Tom finds no reason that fits, on one dispute after another."""
    disputes = [floor.dispute("triage") for _ in range(times)]
    tom = floor.seat("Tom")
    tom.go("triage")
    for dispute in disputes:
        card = tom.card(dispute)
        know_all_but_the_reason(card)
        card.press("No option fits | 没有合适的选项")
        tom.card(dispute).sees("with a supervisor since | 起等待主管")


def know_all_but_the_reason(card: Surface) -> None:
    """What triage chooses where it knows everything but the reason."""
    card.choose("Product category | 商品品类", "Home appliances | 家用电器")
    photos = "Photos with flaw and security code | 瑕疵及防伪码照片"
    card.choose("Buyer has given | 用户已给凭证", photos)
    card.choose("Merchant has given | 商家已给凭证", "None | 无")


def add_the_option(sun: Studio) -> None:
    """It is typed, seen on the card in both languages, saved, and mended where a label lacks."""
    sun.follow("Add an option | 新增选项")
    sun.field("Label in English | 英文名称").fill("Leaks on arrival")
    english, chinese = sun.card("en"), sun.card("zh_CN")
    english.get_by_role("button", name="Reason").click()
    expect(sun.page.get_by_role("option", name="Leaks on arrival")).to_be_visible()
    sun.page.keyboard.press("Escape")
    sun.press("Save in the draft | 保存到草稿")
    sun.menu("Problems | 问题")
    sun.follow("The label lacks | 名称缺少")
    sun.field("Label in Chinese | 中文名称").fill("到货渗漏")
    chinese.get_by_role("button", name="纠纷原因").click()
    expect(sun.page.get_by_role("option", name="到货渗漏")).to_be_visible()
    sun.page.keyboard.press("Escape")
    sun.press("Save in the draft | 保存到草稿")
    sun.reads(LEAKS)


def move_it_up(sun: Studio) -> None:
    """To the top of its trunk by the arrow keys, then by the mouse beneath another."""
    handle = sun.handle(LEAKS)
    handle.focus()
    for _ in range(2):
        with sun.page.expect_response("**/order/**"):
            sun.page.keyboard.press("ArrowUp")
        expect(handle).to_be_focused()
    sun.reads("The order is saved | 顺序已保存")
    with sun.page.expect_response("**/order/**"):
        handle.drag_to(sun.handle("Damaged in transit | 运输破损"))
    sun.reads("The order is saved | 顺序已保存")


def judge_it(sun: Studio) -> None:
    """Problems, differences, and what past disputes say."""
    sun.menu("Problems | 问题")
    sun.reads("The draft has no problems | 草稿没有问题")
    sun.menu("Publish | 发布")
    sun.reads(LEAKS)
    sun.follow("Back-test the draft on past disputes | 用历史纠纷单回测草稿")
    sun.press("Start the back-test | 开始回测")
    sun.reads("New and changed choices | 新增与改动的选择", LEAKS)
    sun.reads("Could have been chosen at 2 of 2 visits | 2 次停留中有 2 次可以选择")


def pilot_it_and_give_that_up(sun: Studio) -> None:
    """Tried on a share of new disputes, then stopped."""
    sun.menu("Pilot | 试行")
    sun.press("Start the pilot | 开始试行")
    sun.reads("The pilot runs | 试行已开始", "No dispute has been drawn yet | 还没有抽到纠纷单")
    sun.press("Stop: all go on as published | 停止：全部按已发布的继续")
    sun.reads("The pilot has ended | 试行已结束")


def roll_back(sun: Studio) -> None:
    """The first document is published again."""
    sun.menu("Documents | 配置版本")
    first = sun.page.get_by_role("row").last
    first.get_by_text(sun.word("Load into the draft | 载入草稿")).click()
    first.get_by_role("button", name=sun.word("Replace the draft | 替换草稿")).click()
    sun.menu("Publish | 发布")
    sun.press("Publish | 发布")
    sun.reads("Published as document 1 | 已发布为版本 1")
