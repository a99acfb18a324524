"""An evidence reviewer's morning, all of it without a mouse."""

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.conftest import Floor
from tests.journeys.seat import Seat, Surface

pytestmark = pytest.mark.browser
FAR = 80  # presses of Tab after which nobody would go on


class Keys:
    """Somebody's keyboard; nothing here touches the mouse."""

    def __init__(self, seat: Seat) -> None:
        self.seat, self.press = seat, seat.page.keyboard.press

    def to(self, wanted: Locator, key: str = "Tab") -> None:
        """Goes on until something has the focus."""
        expect(wanted).to_be_visible()
        for _ in range(FAR):
            if wanted.evaluate("element => element === document.activeElement"):
                return
            self.press(key)
        raise AssertionError(f"{wanted} cannot be reached by {key}")

    def use(self, where: Surface, button: str, key: str = "Tab") -> None:
        """Goes to a button and presses it."""
        word = self.seat.word(button)
        self.to(where.where.get_by_role("button", name=word, exact=True), key)
        self.press("Enter")
        self.seat.wait()

    def choose(self, where: Surface, field: str, typed: str, key: str = "Tab") -> None:
        """Goes to a select and chooses what is found by typing."""
        self.to(where.select(field), key)
        self.press("Enter")
        self.seat.page.keyboard.type(self.seat.word(typed))
        expect(self.seat.page.get_by_role("option")).to_have_count(1)
        self.press("Enter")
        if self.seat.page.get_by_role("listbox").count():
            self.press("Escape")
        self.seat.wait()

    def menu(self, where: Surface, item: str, key: str = "Tab") -> None:
        """Opens the menu behind the three dots and goes down to an item."""
        self.use(where, "More actions | 更多操作", key)
        wanted = self.seat.page.get_by_role("menuitem", name=self.seat.word(item), exact=True)
        self.to(wanted, "ArrowDown")
        self.press("Enter")
        self.seat.wait()


def test_a_reviewer_reads_judges_asks_again_undoes_and_sends_on_by_keys_alone(
    floor: Floor,
) -> None:
    dispute = floor.dispute("evidence_review")
    eva = floor.seat("Eva")
    keys = Keys(eva)
    eva.page.keyboard.press("Control+k")
    eva.page.keyboard.type("evidence-r")
    expect(eva.page.get_by_role("option").first).to_be_visible()
    keys.press("Enter")
    expect(eva.page.get_by_role("textbox", name="#evidence-review")).to_be_focused()
    card = eva.card(dispute)
    card.sees("Buyer: answered | 用户：已举证", "Nobody is working on it yet | 尚无人处理")
    card.shot("review-1-card")

    keys.menu(card, "Details | 详情", "Shift+Tab")
    details = eva.modal("Dispute | 纠纷单")
    details.sees("your choice of Quality of the stage before | 待选择：上一阶段质量")
    details.shot("review-2-details")
    keys.use(details, "Internal note… | 内部备注…")
    note = eva.modal("Internal note | 内部备注")
    note.sees("Only members of the desk can read this | 仅服务台成员可见")
    eva.page.keyboard.type(eva.word("The photo shows another kettle. | 照片里的是另一个水壶。"))
    note.shot("review-3-note")
    keys.press("Control+Enter")
    expect(note.where).to_have_count(0)
    keys.press("Escape")
    eva.no_modal()
    eva.wait()
    card.sees("1 reply | 1 条回复", "Eva is working on it | Eva 处理中")

    keys.to(card.where.get_by_role("radio").last, "Shift+Tab")
    keys.press("ArrowDown")  # round to the first
    expect(card.where.get_by_role("radio").first).to_be_checked()
    eva.wait()
    keys.choose(card, "Remark to the next stage | 给下一阶段的备注", "tracking | 物流轨迹")
    card.shot("review-4-judged")
    keys.use(card, "Ask the buyer again | 请用户再举证")
    offer = eva.told("You can undo this until | 前可以撤销")
    eva.here().shot("review-5-asked-again")
    assert floor.desk.stage(dispute) == "awaiting_evidence"

    keys.use(offer, "Undo | 撤销")
    card = eva.card(dispute)
    keys.to(card.where.get_by_role("radio").first)
    keys.press("Space")
    eva.wait()
    keys.use(card, "Enough: adjudicate | 凭证充分，去判责")
    eva.told("→ Adjudication | → 判责")
    eva.here().shot("review-6-sent-on")
    assert floor.desk.stage(dispute) == "adjudication"


def test_a_reviewer_gets_the_next_one_out_of_home_by_keys_alone(floor: Floor) -> None:
    dispute = floor.dispute("evidence_review")
    eva = floor.seat("Eva")
    keys = Keys(eva)
    keys.to(eva.page.get_by_role("link", name="Redress"))
    keys.press("Enter")
    home = eva.here()
    home.sees("Evidence review: 1 waiting | 二次举证判断：1 单等待")
    keys.use(home, "Give me the next one | 领取下一单")
    eva.modal("Dispute | 纠纷单").sees("Eva is working on it | Eva 处理中")
    keys.press("Escape")
    eva.no_modal()
    keys.use(home, "Refresh | 刷新", "Shift+Tab")
    home.sees("Mine · 1 | 我正在处理 · 1")
    assert floor.desk.at(dispute).row.holder_id == floor.desk.people["Eva"]
