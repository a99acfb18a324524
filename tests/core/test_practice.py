"""Passes between two desks: short-lived, whole or worth nothing, and silent about who it is."""

import pytest

from core.logs import redacted
from core.practice import EARLY, LIVES, Fault, Kind, Pass, Practice, opened, sealed

SECRET = "a secret of both desks, and of nobody else"
NOW = 1_800_000_000
ANN = Pass("U0ANN", "安娜 Ann", "triage", "en", "https://desk.example/panel/practised/")


def test_pass_says_who_comes_and_the_address_names_nobody() -> None:
    practice = Practice("https://practice.example", SECRET, ANN.back)
    there = practice.way_there(ANN, NOW)
    text = there.removeprefix("https://practice.example/practise/")
    said = practice.read(text, Kind.GO, NOW)
    assert isinstance(said, Pass)
    assert (said.slack_id, said.name, said.stage, said.back) == (
        ANN.slack_id,
        ANN.name,
        ANN.stage,
        ANN.back,
    )
    assert len(there) < 1_000
    assert "ANN" not in there.upper()
    assert SECRET not in repr(practice)


def test_pass_in_an_address_never_reaches_a_log() -> None:
    made = Practice("https://practice.example", SECRET, ANN.back)
    for address in (made.way_there(ANN, NOW), made.way_back(ANN, NOW)):
        line = redacted(None, "", {"event": f"GET {address} 200"})["event"]
        assert address.rpartition("/")[2] not in line
        assert address.rpartition("/")[2][-8:] not in line


def test_no_two_passes_are_alike() -> None:
    found = [opened(sealed(ANN, Kind.GO, SECRET, NOW), Kind.GO, SECRET, NOW) for _ in range(20)]
    assert len({said.id for said in found if isinstance(said, Pass)}) == 20


def test_pass_is_old_after_an_hour_and_forgives_clocks_that_differ() -> None:
    text = sealed(ANN, Kind.GO, SECRET, NOW)
    for late in (0, LIVES - 1, -EARLY):
        assert isinstance(opened(text, Kind.GO, SECRET, NOW + late), Pass)
    for late in (LIVES, LIVES * 100, -EARLY - 1):
        assert opened(text, Kind.GO, SECRET, NOW + late) is Fault.OLD


def test_whatever_letter_is_changed_the_pass_opens_nothing() -> None:
    text = sealed(ANN, Kind.GO, SECRET, NOW)
    for place in range(len(text) - 1):  # the last letter holds spare bits
        other = "A" if text[place] != "A" else "B"
        changed = text[:place] + other + text[place + 1 :]
        assert opened(changed, Kind.GO, SECRET, NOW) is Fault.FORGED


@pytest.mark.parametrize("text", ["", "x", "ä", "A" * 5_000, "%00", "..", "AAAA" * 8])
def test_what_is_no_pass_opens_nothing(text: str) -> None:
    assert opened(text, Kind.GO, SECRET, NOW) is Fault.FORGED


def test_pass_opens_one_way_and_with_one_secret_only() -> None:
    text = sealed(ANN, Kind.GO, SECRET, NOW)
    assert opened(text, Kind.DONE, SECRET, NOW) is Fault.FORGED
    assert opened(text, Kind.GO, SECRET + "!", NOW) is Fault.FORGED
