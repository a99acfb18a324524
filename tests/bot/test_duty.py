"""What rotas tell, as people read it in Slack (K5, K23)."""

from sqlalchemy import select, update

from blockkit.validator import validate_message, validate_view
from bot import ids
from bot.cards import duty
from core.clocks.rota import Duty
from core.desk import rota_telling, standing_in
from core.desk.rota_watch import Watch
from core.desk.rotas import stored
from core.desk.standing_in import Named
from core.i18n import LOCALES
from core.tables import Outbox, Person, Rota, RotaNote
from tests.bot.office import Office
from tests.bot.sights import direct, wait_modal
from tests.core.desk.on_rota import ALL_DAYS, add, info
from tests.factories import Desk

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


def test_note_left_in_slack_reaches_whoever_comes_on_next(at_work: Office) -> None:
    desk = at_work.desk
    add(desk, info(desk, "Tom", "Eva", "Tang Li"))
    desk.db.transact(rota_telling.hand_over)
    open_note(at_work, "Eva")
    at_work.person("Eva").submit({"note": "Ping *carrier* about 8K3F <!channel>"})
    told = str(wait_modal(at_work, "Eva")["blocks"])
    assert "Your note for *Nights* is kept" in told
    assert "Next: Tang Li from <!date^" in told
    desk.pass_time(days=1)
    desk.db.transact(rota_telling.hand_over)
    at_work.settle()
    said = str(direct(at_work, "Tang Li")[1][-1]["blocks"])
    assert "Eva 的交接留言：Ping" in said
    assert "<!channel>" not in said


def test_note_of_somebody_else_or_with_a_contact_is_refused_in_the_form(at_work: Office) -> None:
    desk = at_work.desk
    add(desk, info(desk))
    assert buttons(at_work, "Vera") == []  # no place in the rota, nothing to leave
    assert buttons(at_work, "Sun Wei") == [ids.DUTY_NOTE]
    open_note(at_work, "Eva")
    eva = at_work.person("Eva")
    assert "Leave out telephone numbers" in eva.submit({"note": "138 0013 8000"})["errors"]["note"]
    nobody_left = update(Rota).values(people=[desk.people["Ada"]])
    desk.write(nobody_left)
    assert "Only people of this rota" in eva.submit({"note": "Fine"})["errors"]["rota"]
    assert desk.rows(select(RotaNote.id)) == []


def test_note_submitted_twice_is_kept_once(any_desk: Desk) -> None:
    desk = any_desk
    add(desk, info(desk))
    first, second = (
        desk.db.transact(standing_in.leave, desk.who("Eva"), "nights", "All quiet", click="one")
        for _ in range(2)
    )
    assert first == second
    assert [row.text for row in desk.rows(select(RotaNote.text))] == ["All quiet"]


def test_rota_at_which_somebody_is_on_duty_is_offered_first(desk: Desk) -> None:
    add(desk, info(desk, "Eva", "Ada"), key="early")
    add(desk, info(desk), key="nights")
    found = desk.db.read(lambda c, now: standing_in.writable(c, desk.who("Eva"), now=now))
    assert [one.key for one in found] == ["nights", "early"]


def open_note(office: Office, who: str) -> None:
    """Somebody asks who is on duty, and presses the button beneath."""
    person = office.person(who)
    message = person.command("C0001", "/dispute duty")["ephemerals"][0]
    person.click("C0001", message["ts"], ids.DUTY_NOTE)
    assert wait_modal(office, who)["callback_id"] == ids.DUTY_NOTE


def buttons(office: Office, who: str) -> list[str]:
    """What the answer offers to press."""
    message = office.person(who).command("C0001", "/dispute duty")["ephemerals"][0]
    blocks = [block for block in message.get("blocks", ()) if block["type"] == "actions"]
    return [element["action_id"] for block in blocks for element in block["elements"]]


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
        rotas = [Named(f"rota_{n}", long, long) for n in range(120)]
        assert list(validate_view(duty.note_form(rotas, locale))) == []
        watch = Watch("nights", long, long, True, [long] * 12, None, [long] * 12, None)
        said = duty.answer([watch] * 40, writes=True, locale=locale)
        assert validate_message({"channel": "C1", **said, "text": said["text"][:3_000]}) == []
    assert "1.5" in duty.trouble("a", "", "", {**data, "trouble": "gap"}, "en")[0]
