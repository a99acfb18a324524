"""How late alerts are: what Slack's own limit allows is taken off, the rest is counted."""

import json

import pytest

from benchmarks import lateness
from benchmarks.lateness import Told, above
from core.desk import outbox


def told(channel: str, due: float, accepted: float) -> Told:
    """An alert that was acted on half a second after it was due."""
    return Told(outbox.ALERT, channel, due, due + 0.5, accepted)


def late(*messages: Told) -> list[float]:
    """How late they are, in order, as far as it counts."""
    return above(messages, lambda one: one.due)


def test_an_alert_alone_in_its_channel_is_counted_from_when_it_is_due() -> None:
    assert late(told("a", 100.0, 101.5), told("b", 100.0, 100.25)) == [0.25, 1.5]


def test_what_stands_behind_others_is_counted_from_when_it_could_have_been_there() -> None:
    # Three at once: the limit lets them come at 100, 101 and 102.
    row = [told("a", 100.0, at) for at in (100.5, 101.5, 104.0)]
    assert late(*row) == [0.5, 0.5, 2.0]


def test_a_row_that_could_have_passed_excuses_nobody_behind_it() -> None:
    # The first came ten seconds late; by 105 its channel ought to have been free for long.
    assert late(told("a", 100.0, 110.0), told("a", 105.0, 111.0)) == [6.0, 10.0]


def test_coming_sooner_than_the_limit_allows_makes_up_for_nothing() -> None:
    assert late(told("a", 100.0, 100.0), told("a", 100.0, 100.5)) == [0.0, 0.0]


@pytest.mark.postgres
def test_every_deadline_that_falls_due_is_told_in_slack_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lateness.main(["--disputes", "16", "--due", "12", "--seconds", "2", "--desks", "2"])
    printed, beside = capsys.readouterr()
    figure = json.loads(printed)
    assert (figure["name"], figure["unit"], figure["n"]) == ("lateness", "s", 12)
    assert "12 alerts in 2 channels" in beside
    assert "lines in threads, since due" in beside
    assert beside.count("12 of them") == 4
