"""What rotas tell, as people read it in Slack (K5, K23)."""

from sqlalchemy import select, update

from blockkit.validator import validate_message
from bot.cards import duty
from core.clocks.rota import Duty
from core.desk import rota_telling, standing_in
from core.desk.rotas import stored
from core.i18n import LOCALES
from core.tables import Outbox, Person, Rota
from tests.bot.office import Office
from tests.bot.sights import direct
from tests.core.desk.on_rota import ALL_DAYS, add, info

UNTIL = {"until": "2026-06-01T09:00:00+00:00"}


def test_whoever_comes_on_reads_it_with_the_notes_in_their_own_words(at_work: Office) -> None:
    desk = at_work.desk
    add(desk, info(desk, "Tom", "Eva", "Tang Li", channel="escalation"))
    desk.db.transact(standing_in.note, desk.who("Tom"), "nights", "*Ping* <!channel> later")
    desk.db.transact(rota_telling.hand_over)
    at_work.settle()
    [message] = direct(at_work, "Eva")[1]
    assert "You are on duty at *Nights* until <!date^" in message["text"]
    said = message["blocks"][1]["text"]["text"]
    assert said.startswith("Tom left you a note: ")
    assert "<!channel>" not in said
    desk.pass_time(days=1)
    desk.db.transact(rota_telling.hand_over)
    at_work.settle()
    assert "现在由你在 *夜班* 值班" in direct(at_work, "Tang Li")[1][-1]["text"]


def test_hand_over_that_is_told_too_late_is_not_told(at_work: Office) -> None:
    desk = at_work.desk
    add(desk, info(desk, channel="escalation"))
    desk.db.transact(rota_telling.hand_over)
    desk.pass_time(days=1)
    desk.db.transact(rota_telling.hand_over)
    at_work.settle()
    states = desk.rows(select(Outbox.state).where(Outbox.kind == "on_duty").order_by(Outbox.id))
    assert [row.state for row in states] == ["superseded", "superseded", "sent", "sent"]


def test_trouble_ahead_is_told_in_the_channel(at_work: Office) -> None:
    desk = at_work.desk
    add(desk, info(desk, channel="escalation"))
    desk.write(update(Person).where(Person.name == "Eva").values(absent_from=desk.now()))
    assert desk.db.transact(rota_telling.look_ahead) == 1
    at_work.settle()
    [row] = desk.rows(select(Outbox).where(Outbox.kind == "rota_trouble"))
    assert row.state == "sent"
    place, _, ts = row.sent_as.partition("/")
    [message] = [one for one in at_work.sandbox.messages(place) if one["ts"] == ts]
    assert "Nobody is on duty from <!date^" in message["text"]


def test_trouble_that_is_over_is_not_told(at_work: Office) -> None:
    desk = at_work.desk
    add(desk, info(desk, channel="escalation"))
    desk.write(update(Person).where(Person.name == "Eva").values(absent_from=desk.now()))
    desk.db.transact(rota_telling.look_ahead)
    desk.pass_time(days=3)
    at_work.settle()
    [row] = desk.rows(select(Outbox).where(Outbox.kind == "rota_trouble"))
    assert (row.state, row.reason) == ("superseded", "it is over before it was told")


def test_whoever_asks_is_told_who_is_on_duty_now_and_next(at_work: Office) -> None:
    assert "no rota yet" in asked(at_work, "Tom")
    desk = at_work.desk
    add(desk, info(desk))
    told = asked(at_work, "Tom")
    assert "*Nights*: Eva on duty until <!date^" in told
    assert "Next: Ada from <!date^" in told
    desk.write(update(Person).where(Person.name == "Eva").values(absent_from=desk.now()))
    assert "nobody is on duty, though somebody should be" in asked(at_work, "Tom")
    assert "*夜班*：现在应有人值班" in asked(at_work, "Tang Li", "值班")
    crew = (Duty(ALL_DAYS, (), (desk.people["Ada"],)),)
    desk.write(update(Rota).values(duties=stored(crew)))
    assert "nobody is due now" in asked(at_work, "Tom")


def asked(office: Office, who: str, word: str = "duty") -> str:
    """What the command answers, to its typer only."""
    outcome = office.person(who).command("C0001", f"/dispute {word}")
    return "\n".join(message["text"] for message in outcome["ephemerals"])


def test_everything_a_rota_tells_fits_slack_in_both_languages() -> None:
    data = {**UNTIL, "since": UNTIL["until"], "seconds": 5_400}
    long = "<" * 80
    for locale in LOCALES:
        messages = [
            duty.came_on(long, [long] * 12, UNTIL, locale),
            duty.came_on(long, [long], {"until": ""}, locale),
            duty.yours(long, [(long, "&" * 500)] * 5, UNTIL, locale),
            *(
                duty.trouble(long, long, long, {**data, "trouble": one}, locale)
                for one in ("gap", "in_row", "in_week", "twice")
            ),
        ]
        for text, blocks in messages:
            assert validate_message({"channel": "C1", "text": text, "blocks": blocks}) == []
    assert "1.5" in duty.trouble("a", "", "", {**data, "trouble": "gap"}, "en")[0]
