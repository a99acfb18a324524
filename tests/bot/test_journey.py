"""Agents press buttons in Slack, and the dispute travels."""

from tests.bot.journey import travel
from tests.bot.office import Office


def test_agents_click_a_dispute_from_intake_to_the_end(at_work: Office) -> None:
    travel(at_work)
