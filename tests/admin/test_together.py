"""Two editors at one draft: each sees the other, and neither overwrites the other (S3)."""

from typing import Any

from sqlalchemy import select, update

from core.tables import DraftOption, DraftPresence, Person
from tests.admin import drafts
from tests.panel import Panel, Visitor


def colleague(panel: Panel) -> Visitor:
    """A second supervisor."""
    roles = update(Person).where(Person.name == "Olga").values(roles=["supervisor"])
    panel.desk.write(roles)
    visitor = panel.visitor("Olga")
    visitor.post("/language", {"locale": "en"})
    return visitor


def option(panel: Panel, key: str) -> Any:
    return drafts.one(panel, DraftOption, DraftOption.key == key)


def test_each_sees_who_has_what_open_and_since_when(panel: Panel, visitor: Visitor) -> None:
    other = colleague(panel)
    food, lost = option(panel, "food"), option(panel, "lost")
    assert other.post(f"/options/here/?id={food.id}").json == {"said": []}
    panel.desk.pass_time(minutes=2)
    (same,) = visitor.post(f"/options/here/?id={food.id}").json["said"]
    assert "Olga has this page open too" in same
    assert "(2 min ago)" in same
    (elsewhere,) = visitor.post(f"/options/here/?id={lost.id}").json["said"]
    assert "Olga is editing Option “Food and fresh goods”" in elsewhere
    assert "Olga is editing" in visitor.get(f"/options/edit/?id={lost.id}").text


def test_whoever_has_left_is_forgotten(panel: Panel, visitor: Visitor) -> None:
    food = option(panel, "food")
    colleague(panel).post(f"/options/here/?id={food.id}")
    panel.desk.pass_time(minutes=6)
    assert visitor.post(f"/options/here/?id={food.id}").json == {"said": []}
    assert len(panel.desk.rows(select(DraftPresence))) == 1


def test_page_told_of_again_and_again_stays_one_row(panel: Panel, visitor: Visitor) -> None:
    food = option(panel, "food")
    for _ in range(3):
        visitor.post(f"/options/here/?id={food.id}")
        panel.desk.pass_time(seconds=30)
    assert len(panel.desk.rows(select(DraftPresence))) == 1


def test_second_save_is_shown_the_first_with_its_author_and_may_take_either(
    panel: Panel, visitor: Visitor
) -> None:
    other = colleague(panel)
    path = f"/options/edit/?id={option(panel, 'food').id}"
    mine = visitor.form(path)
    other.post(path, {**other.form(path), "label_en": "Fresh <b>food</b>"})
    text = visitor.post(path, {**mine, "label_en": "Groceries"}).text
    assert 'value="Groceries"' in text
    assert "Fresh &lt;b&gt;food" in text
    assert "It was saved by Olga" in text
    assert f'href="/panel{path}"' in text  # theirs
    assert option(panel, "food").label_en == "Fresh <b>food</b>"
    again = {**mine, "label_en": "Groceries", "read": _read(text)}
    assert visitor.post(path, again).status_code == 302  # mine, knowing theirs
    assert option(panel, "food").label_en == "Groceries"


def _read(text: str) -> str:
    return text.partition('name="read"')[2].partition('value="')[2].partition('"')[0]
