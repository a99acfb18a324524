"""Rotas tell by themselves who came on, what was handed over, and trouble ahead (K5, K23)."""

import datetime as dt
import threading
from typing import Any

from sqlalchemy import select, update

from core.clocks.calendar import Shift
from core.clocks.rota import Duty, Override, Turns
from core.db import Database
from core.desk import rota_edit, rota_telling, standing_in
from core.tables import Outbox, Person, RotaNote
from tests.core.desk.on_rota import ALL_DAYS, act, add, info
from tests.factories import Desk

KINDS = ("on_duty", "rota_trouble")


def told(desk: Desk) -> list[Any]:
    """What the outbox tells of rotas, the earliest first."""
    return desk.rows(select(Outbox).where(Outbox.kind.in_(KINDS)).order_by(Outbox.id))


def lanes(desk: Desk) -> list[str]:
    """Who is told, people by name."""
    called = {f"dm:{person}": name for name, person in desk.people.items()}
    return [called.get(row.lane, row.lane) for row in told(desk)]


def hand_over(desk: Desk) -> int:
    return desk.db.transact(rota_telling.hand_over)


def look_ahead(desk: Desk) -> int:
    return desk.db.transact(rota_telling.look_ahead)


def test_whoever_comes_on_is_told_once_with_the_channel(any_desk: Desk) -> None:
    add(any_desk, info(any_desk, channel="escalation"))
    assert (hand_over(any_desk), hand_over(any_desk)) == (1, 0)
    assert lanes(any_desk) == ["post:escalation", "Eva"]
    any_desk.pass_time(days=1)
    assert (hand_over(any_desk), hand_over(any_desk)) == (1, 0)
    assert lanes(any_desk)[2:] == ["post:escalation", "Ada"]
    assert told(any_desk)[2].data["people"] == [any_desk.people["Ada"]]


def test_turn_is_told_with_when_it_ends(desk: Desk) -> None:
    add(desk)
    hand_over(desk)
    midnight = dt.datetime.combine(desk.now().date() + dt.timedelta(days=1), dt.time(), dt.UTC)
    assert told(desk)[0].data["until"] == midnight.isoformat()


def test_desk_that_slept_for_days_hears_only_who_is_on_duty_now(desk: Desk) -> None:
    add(desk)
    hand_over(desk)
    desk.pass_time(days=5)
    hand_over(desk)
    assert lanes(desk) == ["Eva", "Tom"]


def test_break_and_gap_hand_nothing_over(desk: Desk) -> None:
    """Whoever comes back after lunch did not come on."""
    hour = desk.now().hour
    halves = (Shift(0, 1440),) if hour in (0, 23) else (Shift(0, hour * 60), Shift(hour * 60, 1440))
    add(desk, info(desk, "Eva", duties=(Duty(ALL_DAYS, halves),)))
    hand_over(desk)
    desk.write(update(Person).where(Person.name == "Eva").values(absent_from=desk.now()))
    assert hand_over(desk) == 0
    desk.write(update(Person).where(Person.name == "Eva").values(absent_from=None))
    assert hand_over(desk) == 0
    assert lanes(desk) == ["Eva"]


def test_stand_in_comes_on_and_so_does_whoever_comes_back(desk: Desk) -> None:
    add(desk)
    hand_over(desk)
    hours = desk.now(), desk.now() + dt.timedelta(minutes=30)
    act(desk, standing_in.enter, Override(*hours, desk.people["Vera"]))
    hand_over(desk)
    assert lanes(desk) == ["Eva", "Vera"]  # beside her: Eva hears nothing new
    desk.pass_time(minutes=31)
    assert hand_over(desk) == 0


def test_note_reaches_whoever_comes_on_next_and_nobody_after(any_desk: Desk) -> None:
    add(any_desk)
    hand_over(any_desk)
    any_desk.db.transact(standing_in.note, any_desk.who("Eva"), "nights", "Watch the carrier")
    assert hand_over(any_desk) == 0
    any_desk.pass_time(days=1)
    hand_over(any_desk)
    any_desk.pass_time(days=1)
    hand_over(any_desk)
    [note] = any_desk.rows(select(RotaNote.id, RotaNote.told_at))
    assert note.told_at is not None
    assert [row.data.get("notes") for row in told(any_desk)] == [[], [note.id], []]


def test_trouble_is_told_within_its_lead_once_however_often_it_is_looked_for(
    any_desk: Desk,
) -> None:
    add(any_desk, info(any_desk, channel="escalation", lead=30))
    tom = any_desk.people["Tom"]
    gone = any_desk.now() + dt.timedelta(hours=1)
    any_desk.write(update(Person).where(Person.id == tom).values(absent_from=gone))
    begins = any_desk.now().date() + dt.timedelta(days=2)  # Tom's turn
    far = dt.datetime.combine(begins, dt.time(), dt.UTC) - any_desk.now() > dt.timedelta(hours=30)
    assert look_ahead(any_desk) == (0 if far else 1)
    any_desk.pass_time(hours=20)
    assert look_ahead(any_desk) == (1 if far else 0)
    any_desk.pass_time(hours=3)
    assert look_ahead(any_desk) == 0
    [row] = told(any_desk)
    assert (row.kind, row.lane, row.data["trouble"]) == ("rota_trouble", "post:escalation", "gap")
    assert row.data["since"][:10] == begins.isoformat()
    assert row.data["seconds"] == 86_400


def test_overload_is_told_of_each_person(desk: Desk) -> None:
    add(desk, info(desk, channel="escalation", most_in_row=20, lead=48))
    assert look_ahead(desk) > 1
    assert {row.data["trouble"] for row in told(desk)} == {"in_row"}
    people = {row.data["person"] for row in told(desk)}
    assert desk.people["Ada"] in people


def test_somebody_at_two_rotas_at_once_is_told_at_both(desk: Desk) -> None:
    add(desk, info(desk, channel="escalation"))
    crew = (Duty(ALL_DAYS, (Shift(0, 1440),), (desk.people["Ada"],)),)
    add(desk, info(desk, channel="intake", turns=Turns.FIXED, duties=crew), "days")
    look_ahead(desk)
    assert {(row.lane, row.data["trouble"], row.data["other"]) for row in told(desk)} == {
        ("post:escalation", "twice", "days"),
        ("post:intake", "twice", "nights"),
    }


def test_rota_without_a_channel_tells_no_trouble(desk: Desk) -> None:
    add(desk, info(desk, most_in_row=1))
    assert look_ahead(desk) == 0


def test_rota_that_is_whole_again_tells_nothing_new(desk: Desk) -> None:
    add(desk, info(desk, channel="escalation", most_in_row=20))
    first = look_ahead(desk)
    act(desk, rota_edit.change, info(desk, channel="escalation"))
    assert first > 0
    assert look_ahead(desk) == 0


def test_two_schedulers_at_once_tell_everything_once(postgresql: Database) -> None:
    desk = Desk(postgresql)
    add(desk, info(desk, channel="escalation", most_in_row=20))
    start = threading.Barrier(4)

    def tell() -> None:
        start.wait()
        for _ in range(5):
            hand_over(desk)
            look_ahead(desk)

    threads = [threading.Thread(target=tell) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    on_duty = [row.lane for row in told(desk) if row.kind == "on_duty"]
    assert sorted(on_duty) == sorted(["post:escalation", f"dm:{desk.people['Eva']}"])
    dedupe = [row.dedupe for row in told(desk)]
    assert len(set(dedupe)) == len(dedupe) > 2
