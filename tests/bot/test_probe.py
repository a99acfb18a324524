"""The probe: a real alert goes through Slack and is taken away again within a minute (K14)."""

import pytest
from sqlalchemy import insert, select

from core.desk import auditing, probes
from core.pulse import Pulse
from core.tables import Channel, Outbox, Probe
from tests.bot.faults.scene import channel, texts, told
from tests.bot.office import Office
from tests.bot.walls import Wall

WORDS = "Probe: this alert only shows that alerts arrive"


@pytest.fixture
def probed(virtual: Office) -> Office:
    """An office that has a channel for the probe."""
    place = virtual.sandbox.add_channel(name="probe")
    virtual.desk.write(insert(Channel).values(key=probes.CHANNEL, slack_id=place, name="probe"))
    return virtual


def pass_seconds(office: Office, wall: Wall, pulse: Pulse, seconds: int, *, deliver: bool) -> None:
    """Time passes, in which a scheduler takes its pulse every ten seconds."""
    for _ in range(seconds // 10):
        pulse.take()
        if deliver:
            office.settle()
        wall.pass_time(seconds=10)


def failing(office: Office) -> bool:
    return "probe" in office.desk.db.read_wall(auditing.look).trouble


def test_probe_arrives_and_is_gone_within_a_minute(probed: Office, wall: Wall) -> None:
    pulse = Pulse(probed.desk.db)
    pass_seconds(probed, wall, pulse, 20, deliver=True)  # it joins the channel first
    assert told(probed, probes.CHANNEL, WORDS) == 1
    pass_seconds(probed, wall, pulse, 40, deliver=True)
    assert texts(probed, probes.CHANNEL) == []
    (probe,) = probed.desk.rows(select(Probe))
    assert probe.failed is None
    assert (probe.ended_at - probe.put_at).total_seconds() < 60
    assert not failing(probed)
    pass_seconds(probed, wall, pulse, 15 * 60, deliver=True)
    assert len(probed.desk.rows(select(Probe.id))) == 2


def test_probe_that_does_not_arrive_is_trouble_until_another_one_does(
    probed: Office, wall: Wall
) -> None:
    pulse = Pulse(probed.desk.db)
    pass_seconds(probed, wall, pulse, 80, deliver=False)
    assert failing(probed)
    pass_seconds(probed, wall, pulse, 16 * 60, deliver=True)
    assert not failing(probed)
    assert texts(probed, probes.CHANNEL) == []
    pulses = probed.desk.rows(select(Outbox.data).where(Outbox.kind == "pulse"))
    assert [row.data["over"] for row in pulses] == [False, True]
    assert told(probed, "escalation", "Something that was due did not run") == 1
    assert told(probed, "escalation", "did not come and go within a minute") == 1
    assert told(probed, "escalation", "All that was due is done again") == 1


def test_old_probes_are_forgotten(probed: Office, wall: Wall) -> None:
    pulse = Pulse(probed.desk.db)
    pass_seconds(probed, wall, pulse, 60, deliver=True)
    wall.pass_time(seconds=31 * 86_400)
    for _ in range(2):  # the last one before stays, so that none of its number comes again
        pass_seconds(probed, wall, pulse, 16 * 60, deliver=True)
    numbers = [row.id for row in probed.desk.rows(select(Probe.id).order_by(Probe.id))]
    assert numbers[0] > 1
    assert numbers == list(range(numbers[0], numbers[-1] + 1))


def test_nothing_is_probed_without_a_channel_for_it(virtual: Office, wall: Wall) -> None:
    pass_seconds(virtual, wall, Pulse(virtual.desk.db), 60, deliver=True)
    assert virtual.desk.rows(select(Probe.id)) == []
    assert not failing(virtual)
    assert channel(virtual, "escalation")
