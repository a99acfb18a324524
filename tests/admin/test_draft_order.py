"""The order of the draft's rows: dragged, moved by keys, or by plain buttons (S1)."""

from typing import Any

from playwright.sync_api import Browser, expect
from sqlalchemy import select

from core.desk import draft_order, draft_rows
from core.desk.draft_rows import Owner
from core.tables import Change, DraftOption
from tests.admin import drafts
from tests.admin.window import sign_in, visit
from tests.panel import Panel, Visitor


def options(panel: Panel, key: str) -> list[Any]:
    owner = Owner("option_set", drafts.set_id(panel, key))
    return panel.desk.db.read(lambda c, now: draft_rows.rows(c, "option", owner))


def keys(panel: Panel, key: str) -> list[str]:
    """The set's options as agents will see them: each trunk with its leaves."""
    found = []
    for row, leaves in draft_order.in_levels("option", options(panel, key)):
        found += [row.key, *(f"{row.key}/{leaf.key}" for leaf in leaves)]
    return found


def arrange(visitor: Visitor, panel: Panel, key: str, wanted: str, read: str = "") -> Any:
    mark = read or draft_order.mark("option", options(panel, key))
    form = {"order": wanted, "mark": mark}
    return visitor.post(f"/options/order/?option_set={drafts.set_id(panel, key)}", form)


def said(rows: list[Any], *order: str) -> str:
    """An order in the page's words, by keys; a leaf as `trunk/leaf`."""
    by_key = {row.key: row.id for row in rows}
    places = []
    for one in order:
        trunk, _, leaf = one.rpartition("/")
        places.append(f"{by_key[leaf]}:{by_key[trunk]}" if trunk else str(by_key[leaf]))
    return ",".join(places)


def test_whole_order_is_saved_at_once_and_recorded(panel: Panel, visitor: Visitor) -> None:
    rows = options(panel, "remedy")
    answer = arrange(visitor, panel, "remedy", said(rows, "return_refund", "refund_only"))
    assert answer.status_code == 200
    assert keys(panel, "remedy") == ["return_refund", "refund_only"]
    assert answer.json["mark"] == draft_order.mark("option", options(panel, "remedy"))
    (change,) = panel.desk.rows(select(Change).where(Change.what == "moved"))
    assert change.after == {"order": ["Return, then refund", "Refund only"]}
    assert "Return, then refund, Refund only" in visitor.get("/changes/").text


def test_order_read_before_somebody_changed_it_is_refused_and_theirs_stays(
    panel: Panel, visitor: Visitor
) -> None:
    rows = options(panel, "remedy")
    read = draft_order.mark("option", rows)
    visitor.post(f"/options/new/?option_set={drafts.set_id(panel, 'remedy')}", drafts.NEW_OPTION)
    version = drafts.version(panel)
    before = keys(panel, "remedy")
    answer = arrange(visitor, panel, "remedy", said(rows, "return_refund", "refund_only"), read)
    assert answer.status_code == 409
    assert "Somebody else changed these rows" in answer.json["said"]
    assert keys(panel, "remedy") == before
    assert drafts.version(panel) == version


def test_leaf_may_change_its_trunk_but_trunks_keep_their_order(
    panel: Panel, visitor: Visitor
) -> None:
    rows = options(panel, "reason")
    plain = keys(panel, "reason")
    moved = [one for one in plain if one != "not_received/late"]
    moved.insert(moved.index("wrong_goods") + 1, "wrong_goods/late")
    assert arrange(visitor, panel, "reason", said(rows, *moved)).status_code == 200
    assert keys(panel, "reason") == moved
    trunks = [one for one in moved if not one.startswith(("not_received", "wrong_goods/"))]
    turned = [*trunks, *(one for one in moved if one not in trunks)]
    answer = arrange(visitor, panel, "reason", said(options(panel, "reason"), *turned))
    assert answer.status_code == 422
    assert "keeps its place" in answer.json["said"]
    assert keys(panel, "reason") == moved


def test_trunk_is_neither_moved_nor_removed(panel: Panel, visitor: Visitor) -> None:
    trunk = drafts.one(panel, DraftOption, DraftOption.key == "wrong_goods")
    answer = visitor.post("/options/move/", {"id": str(trunk.id), "direction": "down"})
    assert answer.status_code == 302
    assert "keeps its place" in visitor.get(answer.location.removeprefix("/panel")).text
    set_id = drafts.set_id(panel, "remedy")
    visitor.post(f"/options/new/?option_set={set_id}", drafts.NEW_OPTION)
    fresh = drafts.one(panel, DraftOption, DraftOption.key == "exchange")
    below = {**drafts.NEW_OPTION, "label_en": "For a bigger size", "parent": "exchange"}
    visitor.post(f"/options/new/?option_set={set_id}", below)
    mark = draft_rows.mark("option", fresh)
    visitor.post("/options/delete/", {"id": str(fresh.id), "read": mark})
    assert "exchange" in keys(panel, "remedy")


def test_leaf_moves_one_place_among_those_of_its_trunk(panel: Panel, visitor: Visitor) -> None:
    late = drafts.one(panel, DraftOption, DraftOption.key == "late")
    for _ in range(3):  # the third finds nothing above it
        visitor.post("/options/move/", {"id": str(late.id), "direction": "up"})
    assert keys(panel, "reason")[:4] == [
        "not_received",
        "not_received/late",
        "not_received/lost",
        "not_received/false_delivery",
    ]


def test_order_that_cannot_be_changes_nothing(panel: Panel, visitor: Visitor) -> None:
    rows = options(panel, "remedy")
    first, second = rows[0].id, rows[1].id
    before = keys(panel, "remedy")
    for wanted in (
        f"{first}",
        f"{first},{first}",
        f"{first},{second}:{first}",  # no trunk becomes one by being dropped on
        f"{first},{second},999",
        "x,y",
        "9" * 200,
        "",
    ):
        assert arrange(visitor, panel, "remedy", wanted).status_code == 422, wanted
    assert keys(panel, "remedy") == before
    assert visitor.post("/reasons/order/", {"order": "1"}).status_code == 404


def test_options_are_dragged_and_moved_by_keys_and_saved_as_they_lie(
    panel: Panel, browser: Browser, address: str
) -> None:
    page = visit(browser)
    sign_in(page, panel, address)
    page.goto(f"{address}/panel/option_sets/edit/?id={drafts.set_id(panel, 'reason')}")
    late = page.get_by_role("button", name="Move “Long overdue”: drag it")
    late.focus()
    for key in ("ArrowUp", "ArrowLeft"):  # one place up, then out of its trunk
        with page.expect_response("**/order/**"):
            page.keyboard.press(key)
        expect(late).to_be_focused()
    expect(page.locator(".order-said")).to_have_text("The order is saved.")
    assert keys(panel, "reason")[:4] == [
        "not_received",
        "not_received/lost",
        "not_received/false_delivery",
        "late",
    ]
    with page.expect_response("**/order/**"):
        late.drag_to(page.get_by_role("button", name="Move “Items missing”: drag it"))
    expect(page.locator(".order-said")).to_have_text("The order is saved.")
    assert "wrong_goods/late" in keys(panel, "reason")
    assert page.troubles == []  # type: ignore[attr-defined]
