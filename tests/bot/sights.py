"""What people at the office see: buttons, answers for their eyes only, modals."""

from typing import Any

from tests.bot.office import Office
from tests.waiting import eventually


def actions(office: Office, dispute: int) -> list[str]:
    """The action ids of the open card's buttons."""
    blocks = office.card(dispute)["blocks"]
    return [e["action_id"] for b in blocks if b["type"] == "actions" for e in b["elements"]]


def last_ephemeral(office: Office, who: str) -> str:
    """What somebody was told beside a message, most lately."""
    found = office.person(who).seen(0, wait=20, kind="ephemeral")
    assert found, "nothing was said"
    return str(found[-1]["message"]["text"])


def wait_told(office: Office, who: str, text: str) -> None:
    """Waits until somebody is told this beside a message."""

    def told() -> list[str]:
        seen = office.person(who).seen(0, wait=0.5, kind="ephemeral")
        return [str(change["message"]["text"]) for change in seen]

    eventually(
        lambda: any(text in one for one in told()), lambda: f"{who} was not told {text!r}: {told()}"
    )


def wait_modal(office: Office, who: str) -> dict[str, Any]:
    """The modal that opens in front of somebody, whatever they had before them earlier."""
    return dict(eventually(office.person(who).modals, f"no modal opened for {who}")[-1])


def wait_for_modals(office: Office, who: str, count: int) -> None:
    """Waits until so many modals lie over each other in front of somebody."""
    eventually(
        lambda: len(office.person(who).modals()) >= count,
        f"{who} has not {count} modals before them",
    )


def number(office: Office, dispute: int) -> str:
    """A dispute's number, as it is stored."""
    return str(office.desk.at(dispute).row.number)


def seen(office: Office, who: str) -> dict[str, Any]:
    """The Home that somebody opens, once the app has drawn it: that comes after the answer."""
    return dict(eventually(lambda: office.person(who).home()["view"], f"{who} has no Home yet"))


def direct(office: Office, who: str) -> tuple[str, list[dict[str, Any]]]:
    """The channel of somebody's direct messages with the bot, and what stands there."""
    for channel in office.sandbox.state()["channels"]:
        if {office.slack_ids[who], "UBOT"} == set(channel["members"]) and channel["messages"]:
            return channel["id"], channel["messages"]
    return "", []
