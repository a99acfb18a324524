"""What every agent does beside their cards: the queue in Home, commands, settings, shortcuts."""

import pytest

from tests.journeys.conftest import Floor

pytestmark = pytest.mark.browser


def test_home_is_empty_then_shows_the_queue_and_hands_out_the_next(floor: Floor) -> None:
    eva = floor.seat("Eva")
    home = eva.home()
    home.sees("You hold nothing. | 你手上没有纠纷单。", "Nothing is overdue. | 没有超时的纠纷单。")
    home.shot("home-1-empty")
    home.press("Give me the next one | 领取下一单")
    eva.modal("Dispute | 纠纷单").sees("Nothing waits for you | 没有等待你处理的纠纷单")
    eva.modal("Dispute | 纠纷单").shot("home-2-nothing-next")
    eva.page.keyboard.press("Escape")

    for _ in range(7):
        floor.dispute("evidence_review")
    floor.desk.pass_time(days=2)
    floor.dispute("evidence_review")
    home.press("Refresh | 刷新")
    home.sees("Evidence review: 8 waiting, 7 overdue | 二次举证判断：8 单等待，7 单超时")
    home.shot("home-3-queue")
    home.press("Give me the next one | 领取下一单")
    details = eva.modal("Dispute | 纠纷单")
    details.sees("Eva is working on it | Eva 处理中")
    details.shot("home-4-next")
    eva.page.keyboard.press("Escape")
    eva.no_modal()
    home.press("Refresh | 刷新")
    home.sees("Mine · 1 | 我正在处理 · 1")
    home.shot("home-5-mine")


def test_the_command_answers_to_its_author_alone(floor: Floor) -> None:
    dispute = floor.dispute("evidence_review")
    eva = floor.seat("Eva")
    eva.go("evidence-review")
    eva.types("/dispute next")
    eva.told("Your next one: | 你的下一单：").shot("home-6-command-next")
    eva.types("/dispute 123")
    eva.told("is no dispute number | 不是纠纷单编号").shot("home-7-command-wrong")
    assert floor.desk.at(dispute).row.holder_id == floor.desk.people["Eva"]


def test_settings_are_read_and_changed(floor: Floor) -> None:
    eva = floor.seat("Eva")
    eva.home().press("Settings | 设置")
    form = eva.modal("My settings | 我的设置")
    form.sees("Language and time zone | 语言与时区", "Quiet hours begin | 免打扰开始")
    form.shot("home-8-settings")
    form.time("Quiet hours begin | 免打扰开始", "20:00")
    form.press("Save | 保存")
    form.sees("Quiet hours need two different moments | 免打扰时段需填写两个不同的时间")
    form.shot("home-9-settings-refused")


def test_a_message_becomes_a_dispute(floor: Floor) -> None:
    words = {"en": "My parcel never came.", "zh_CN": "我的包裹一直没有送到。"}[floor.language]
    floor.office.person("Tang Li").post("C0001", words)
    tom = floor.seat("Tom")
    tom.go("intake")
    message = tom.message(words)
    message.where.get_by_role("button", name=tom.word("Message actions | 消息操作")).click()
    tom.page.get_by_role("menuitem", name="Open a dispute").click()
    form = tom.modal("New dispute | 新建纠纷单")
    form.press("Open dispute | 提交")
    form.shot("home-10-new-missing")
    form.where.get_by_role("textbox", name=tom.word("Order number | 订单号")).fill("order-77")
    form.where.get_by_role("textbox", name=tom.word("Buyer (the | 用户（平台")).fill("buyer-77")
    form.shot("home-11-new")
    form.press("Open dispute | 提交")
    form.sees("is open and waits at Intake | 已新建，等待“客服接入”")
    form.shot("home-12-opened")
