"""What was noise: said once, with a preset reason, and counted (K24)."""

from core.desk import noise
from core.desk.answers import Answer, Applied, Refused
from tests.core.desk.climbing import deadline, late, tells
from tests.factories import Desk


def test_noise_is_said_once_with_a_preset_reason_and_counted(any_desk: Desk) -> None:
    desk = any_desk
    dispute = late(desk, tells("supervisors"))
    desk.at_stage("evidence_review")
    desk.sweep()
    number = deadline(desk, dispute).id

    def say(reason: str, name: str = "Eva", place: int = 1) -> Answer:
        who = desk.who(name)
        answer: Answer = desk.db.transact(noise.say_noise, number, place, reason, who)
        return answer

    for wrong in (say("my own words"), say("told_twice", place=7), say("told_twice", "Olga")):
        assert isinstance(wrong, Refused)
    assert isinstance(say("told_twice"), Applied)
    again = say("wrong_reader", "Sun Wei")
    assert isinstance(again, Refused)
    assert (again.key, again.params["who"]) == ("noise_said", "Eva")
    desk.pass_time(days=1)
    desk.sweep()
    rates = desk.db.read(lambda c, now: noise.rates(c, desk.who("Sun Wei"), 30, now=now))
    assert not isinstance(rates, Refused)
    assert isinstance(
        desk.db.read(lambda c, now: noise.rates(c, desk.who("Tom"), 30, now=now)), Refused
    )
    (rate,) = [one for one in rates if one.service_level.key == "review"]
    assert (rate.level.hears, rate.fired, rate.noise, rate.share) == ("supervisors", 2, 1, 0.5)
    assert rate.reasons == {"told_twice": 1}
    assert desk.differences() == []
