"""What people at the office see: buttons, answers for their eyes only, modals."""

import time
from typing import Any

from tests.bot.office import Office


def actions(office: Office, dispute: int) -> list[str]:
    """The action ids of the open card's buttons."""
    blocks = office.card(dispute)["blocks"]
    return [e["action_id"] for b in blocks if b["type"] == "actions" for e in b["elements"]]


def last_ephemeral(office: Office, who: str) -> str:
    """What somebody was told beside a message, most lately."""
    found = office.person(who).seen(0, wait=3.0, kind="ephemeral")
    assert found, "nothing was said"
    return str(found[-1]["message"]["text"])


def wait_told(office: Office, who: str, text: str) -> None:
    """Waits until somebody is told this beside a message."""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        seen = office.person(who).seen(0, wait=0.5, kind="ephemeral")
        if any(text in str(change["message"]["text"]) for change in seen):
            return
        time.sleep(0.05)
    raise AssertionError(f"{who} was not told {text!r}: {seen}")


def wait_modal(office: Office, who: str) -> dict[str, Any]:
    """The modal that opens in front of somebody, whatever they had before them earlier."""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        stack = office.person(who).modals()
        if stack:
            return dict(stack[-1])
        time.sleep(0.05)
    raise AssertionError(f"no modal opened for {who}")


def wait_for_modals(office: Office, who: str, count: int) -> None:
    """Waits until so many modals lie over each other in front of somebody."""
    until = time.monotonic() + 5
    while len(office.person(who).modals()) < count:
        assert time.monotonic() < until, f"{who} has not {count} modals before them"
        time.sleep(0.05)


def number(office: Office, dispute: int) -> str:
    """A dispute's number, as it is stored."""
    return str(office.desk.at(dispute).row.number)


def seen(office: Office, who: str) -> dict[str, Any]:
    """The Home that somebody opens, once the app has drawn it: that comes after the answer."""
    until = time.monotonic() + 10
    while not (view := office.person(who).home()["view"]):
        assert time.monotonic() < until, f"{who} has no Home yet"
        time.sleep(0.05)
    return dict(view)


def direct(office: Office, who: str) -> tuple[str, list[dict[str, Any]]]:
    """The channel of somebody's direct messages with the bot, and what stands there."""
    for channel in office.sandbox.state()["channels"]:
        if {office.slack_ids[who], "UBOT"} == set(channel["members"]) and channel["messages"]:
            return channel["id"], channel["messages"]
    return "", []
