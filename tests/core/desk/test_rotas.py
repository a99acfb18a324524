"""Rotas are live rows: guarded, recorded, and followed by whoever asks who is on duty (A2, K5)."""

import datetime as dt
import threading
from typing import Any

import pytest
from sqlalchemy import select, update

from core.clocks.rota import Override, Turns
from core.clocks.turns import turns
from core.desk import absences, rota_edit, rotas, standing_in
from core.desk.answers import Refused, Stale
from core.tables import Change, Person, RotaNote, RotaOverride
from tests.core.desk.on_rota import act, add, info, version
from tests.factories import Desk


def on_duty(desk: Desk, key: str = "nights") -> list[str]:
    """Who is on duty now, by name."""
    called = {person: name for name, person in desk.people.items()}
    return [called[one] for one in desk.db.read(rotas.on_duty, key)]


def key_of(answer: Any) -> str:
    assert isinstance(answer, Refused)
    return answer.key


def recorded(desk: Desk) -> list[Any]:
    return desk.rows(select(Change).where(Change.kind == "rota").order_by(Change.id))


def test_turns_go_round_and_whoever_asks_is_told_who_is_on_duty(any_desk: Desk) -> None:
    assert add(any_desk) == "nights"
    assert on_duty(any_desk) == ["Eva"]
    any_desk.pass_time(days=1)
    assert on_duty(any_desk) == ["Ada"]
    any_desk.pass_time(days=1)
    assert on_duty(any_desk) == ["Tom"]
    assert on_duty(any_desk, "nowhere") == []
    assert any_desk.db.read(lambda c, now: rotas.keys(c)) == {"nights"}


def test_save_over_a_newer_one_is_refused(any_desk: Desk) -> None:
    add(any_desk)
    read = version(any_desk)
    assert act(any_desk, rota_edit.change, info(any_desk, "Ada")) is None
    stale = (any_desk.who("Sun Wei"), "nights", read)
    with pytest.raises(Stale):
        any_desk.db.transact(rota_edit.change, *stale, info(any_desk, "Tom"))
    with pytest.raises(Stale):
        any_desk.db.transact(rota_edit.remove, *stale)
    assert on_duty(any_desk) == ["Ada"]


def test_two_who_save_at_once_do_not_overwrite_each_other(postgresql: Any) -> None:
    desk = Desk(postgresql)
    add(desk)
    read, told = version(desk), []

    def save(name: str) -> None:
        try:
            desk.db.transact(
                rota_edit.change, desk.who("Sun Wei"), "nights", read, info(desk, name)
            )
            told.append("saved")
        except Stale:
            told.append("stale")

    threads = [threading.Thread(target=save, args=(name,)) for name in ("Tom", "Ada")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["saved", "stale"]


def test_only_who_looks_after_people_shapes_a_rota(desk: Desk) -> None:
    assert key_of(add(desk, name="Tom")) == "no_right"
    add(desk)
    assert key_of(act(desk, rota_edit.change, info(desk), name="Tom")) == "no_right"
    assert key_of(act(desk, rota_edit.remove, name="Tom")) == "no_right"
    hours = desk.now(), desk.now() + dt.timedelta(hours=4)
    one = Override(*hours, desk.people["Tom"])
    assert key_of(act(desk, standing_in.enter, one, name="Tom")) == "no_right"


def test_rota_on_which_nobody_ever_comes_is_refused(desk: Desk) -> None:
    assert key_of(add(desk, info(desk, duties=()))) == "rota_no_shifts"
    assert key_of(add(desk, info(desk, people=()))) == "rota_nobody"
    assert key_of(add(desk, info(desk, turns=Turns.FIXED))) == "rota_nobody"
    add(desk)
    assert key_of(add(desk)) == "key_taken"


@pytest.mark.parametrize(
    "wrong",
    [
        {"label_en": " "},
        {"zone": "Moon/Crater"},
        {"people": (1, 1)},
        {"people": (987_654,)},
        {"channel": "nowhere"},
        {"lead": 0},
        {"most_in_row": 200},
        {"day": 7},
    ],
)
def test_what_no_rota_can_be_is_an_error(desk: Desk, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  each says something else
        add(desk, info(desk, **wrong))


def test_absent_person_leaves_a_gap_until_somebody_stands_in(any_desk: Desk) -> None:
    add(any_desk)
    eva = any_desk.people["Eva"]
    any_desk.db.transact(absences.enter, any_desk.who("Sun Wei"), eva, any_desk.now(), None)
    assert on_duty(any_desk) == []
    hours = any_desk.now(), any_desk.now() + dt.timedelta(hours=2)
    stand_in = Override(*hours, any_desk.people["Tom"], eva)
    assert act(any_desk, standing_in.enter, stand_in) is None
    assert on_duty(any_desk) == ["Tom"]
    any_desk.pass_time(hours=3)
    assert on_duty(any_desk) == []


def test_whoever_left_the_desk_is_on_duty_no_more(desk: Desk) -> None:
    add(desk)
    desk.write(update(Person).where(Person.name == "Eva").values(active=False))
    assert on_duty(desk) == []


def test_somebody_may_come_beside_and_be_taken_back(desk: Desk) -> None:
    add(desk)
    hours = desk.now(), desk.now() + dt.timedelta(hours=2)
    act(desk, standing_in.enter, Override(*hours, desk.people["Vera"]))
    assert on_duty(desk) == ["Eva", "Vera"]
    [row] = desk.rows(select(RotaOverride.id))
    assert act(desk, standing_in.withdraw, row.id) is None
    assert on_duty(desk) == ["Eva"]
    assert key_of(act(desk, standing_in.withdraw, row.id)) == "rota_override_gone"


def test_stand_in_that_makes_no_sense_is_refused(desk: Desk) -> None:
    add(desk)
    eva, now = desk.people["Eva"], desk.now()
    later = now + dt.timedelta(hours=1)
    over = Override(now - dt.timedelta(hours=2), now - dt.timedelta(hours=1), eva)
    assert key_of(act(desk, standing_in.enter, over)) == "rota_past"
    self_made = Override(now, later, eva, eva)
    assert key_of(act(desk, standing_in.enter, self_made)) == "rota_same_person"
    assert key_of(act(desk, standing_in.enter, Override(now, later, 99_999))) == "unknown_person"
    with pytest.raises(ValueError, match="for a time"):
        act(desk, standing_in.enter, Override(later, now, eva))
    assert desk.rows(select(RotaOverride.id)) == []


def test_two_people_swap_their_turns_and_swap_back(any_desk: Desk) -> None:
    add(any_desk)
    rota = any_desk.db.read(rotas.load, "nights")
    ada, tom = turns(rota, any_desk.now(), any_desk.now() + dt.timedelta(days=3))[:2]
    assert act(any_desk, standing_in.swap, ada, tom) is None
    assert key_of(act(any_desk, standing_in.swap, ada, tom)) == "rota_turn_gone"
    any_desk.pass_time(days=1)
    assert on_duty(any_desk) == ["Tom"]
    any_desk.pass_time(days=1)
    assert on_duty(any_desk) == ["Ada"]
    [row] = any_desk.db.read(lambda c, now: rotas.standing_in(c, "nights", since=now))
    assert act(any_desk, standing_in.withdraw, row.id) is None
    assert on_duty(any_desk) == ["Tom"]


def test_swap_taken_back_in_time_leaves_neither_half(desk: Desk) -> None:
    add(desk)
    rota = desk.db.read(rotas.load, "nights")
    ada, tom = turns(rota, desk.now(), desk.now() + dt.timedelta(days=3))[:2]
    act(desk, standing_in.swap, ada, tom)
    first = desk.rows(select(RotaOverride.id))[0].id
    act(desk, standing_in.withdraw, first)
    assert desk.rows(select(RotaOverride.id)) == []


def test_every_change_is_recorded_with_who_and_what(desk: Desk) -> None:
    add(desk)
    act(desk, rota_edit.change, info(desk, "Ada", "Tom"))
    hours = desk.now(), desk.now() + dt.timedelta(hours=2)
    act(desk, standing_in.enter, Override(*hours, desk.people["Vera"], desk.people["Ada"]))
    act(desk, rota_edit.remove)
    assert [row.what for row in recorded(desk)] == ["added", "changed", "changed", "removed"]
    assert {row.place for row in recorded(desk)} == {"nights"}
    turned, stood_in = recorded(desk)[1:3]
    assert (turned.before, turned.after) == (
        {"in_turn": ["Tom", "Eva", "Ada"]},
        {"in_turn": ["Ada", "Tom"]},
    )
    assert (stood_in.after["stands_in"], stood_in.after["instead_of"]) == ("Vera", "Ada")
    assert desk.rows(select(RotaOverride.id)) == []


def test_hand_over_note_is_kept_for_whoever_comes_on(desk: Desk) -> None:
    add(desk)
    who = desk.who("Tom")
    assert desk.db.transact(standing_in.note, who, "nights", " Watch the carrier. ") is None
    [told] = desk.db.read(lambda c, now: rotas.notes(c, "nights"))
    assert (told.who, told.text, told.told_at) == ("Tom", "Watch the carrier.", None)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (" ", "rota_note_unreadable"),
        ("x" * 501, "rota_note_unreadable"),
        ("ring +86 138 0013 8000", "rota_note_contact"),
        ("write to anna@example.org", "rota_note_contact"),
    ],
)
def test_note_that_may_not_go_to_slack_is_refused(desk: Desk, text: str, why: str) -> None:
    add(desk)
    assert key_of(desk.db.transact(standing_in.note, desk.who("Tom"), "nights", text)) == why
    assert desk.rows(select(RotaNote.id)) == []


def test_only_people_of_a_rota_leave_notes_for_it(desk: Desk) -> None:
    add(desk)
    refused = desk.db.transact(standing_in.note, desk.who("Vera"), "nights", "Hello")
    assert key_of(refused) == "rota_not_yours"
    assert (
        key_of(desk.db.transact(standing_in.note, desk.who("Tom"), "none", "a")) == "rota_unknown"
    )
