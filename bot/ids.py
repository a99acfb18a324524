"""What buttons, selects and modals carry: short ids that say which visit and what was meant.

Everything that comes back is read with care: it came over the network.
"""

import base64
import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import Any

from core.desk.bulk import MOST_AT_ONCE
from core.desk.home import LISTS, Place
from core.desk.page_people import Whom

TAKE, TAKE_OVER, OPEN, MORE, UNDO = "take", "take_over", "open", "more", "undo"
PARK, WRITE, WHY = "park", "write", "why"  # no option fits; out of the details: a note, why then
CONTEST, CONTEST_REASON, UPHOLD, ANNUL = "contest", "contest_reason", "uphold", "annul"
HINT = "hint"  # a supervisor's answer where no option fits
ACKNOWLEDGE, NOISE = "alert.on_it", "alert.noise"  # on alerts
PAGE, PAGE_ON_IT, PAGE_CANNOT = "page", "page.on_it", "page.cannot"  # call somebody; their answers
PAGE_VIEW, PAGE_WHOM = "page", "page.whom"
DUTY_NOTE = "duty.note"  # a button, and its form: what whoever comes on must know
# In the menu beside decisions, whose keys have no capitals.
RELEASE, NO_FIT, NOTE, HANDOVER, SNOOZE = "RELEASE", "NO_FIT", "NOTE", "HANDOVER", "SNOOZE"
DETAILS, CONTACT = "DETAILS", "CONTACT"
DECIDE = "decide."  # + the decision's key: decides at once
ASK = "ask."  # + the decision's key: it has fields of its own, which a modal asks
FIELD = "field."  # + the field's key; block id and action id alike
HOME_SHOW, HOME_STAGE, HOME_NEXT, HOME_NEW = "home.show", "home.stage", "home.next", "home.new"
BULK, GROUP = "home.bulk", "group.decide"  # several disputes at once; those of one incident
MACRO, INCIDENT = "macro.", "incident."  # + the macro's key; + the incident's id, or "new"
BULK_CHOOSE, BULK_DECIDE, BULK_FIELDS = "bulk.choose", "bulk.decide", "bulk.fields"
BULK_CONFIRM, BULK_NAME = "bulk.confirm", "bulk.name"
PRACTISE, FIRST_DAY_OVER = "home.practise", "home.queue"  # a link; on to the real queue
HOME_SETTINGS, SETTINGS_VIEW, ZONE = "home.settings", "settings", "settings.zone"
DECIDE_VIEW, NEW_VIEW, NOTE_VIEW = "decide", "new", "note"
OPEN_FROM_MESSAGE, OPEN_ANYWHERE = "open_dispute", "new_dispute"  # shortcuts, named in Slack
REPLY_PLACE = "outbox.reply_to"  # what a sealed response_url is bound to
_ON_CARDS = re.compile(rf"({TAKE}$|{MORE}(\.\d)?$|{re.escape(DECIDE)}|{re.escape(ASK)})")
VISIT_LIMIT = 2**62
METADATA_LIMIT = 3000  # Slack's, for private_metadata
_PAGE = re.compile(r"[0-9]{1,4}")
_KEY = re.compile(r"[\w-]{1,80}")


@dataclass(frozen=True, slots=True)
class Aim:
    """Which visit a press is aimed at, and which decision it means, if any."""

    visit_id: int
    decision: str = ""


def button_value(visit_id: int, decision: str = "") -> str:
    """What a button or a menu's option carries: the visit it was drawn for."""
    return f"{visit_id}:{decision}" if decision else str(visit_id)


def read_value(value: object) -> Aim | None:
    """The aim of a press, or None where the value is none of ours."""
    if not isinstance(value, str):
        return None
    visit, colon, decision = value.partition(":")
    if not visit.isdecimal() or not 0 < int(visit) < VISIT_LIMIT:
        return None
    if colon and not _KEY.fullmatch(decision):
        return None
    return Aim(int(visit), decision)


def aim_of(action: dict[str, Any]) -> Aim | None:
    """The aim of a block action: of a button, or of a menu's chosen option."""
    option = action.get("selected_option")
    aim = read_value(option.get("value") if isinstance(option, dict) else action.get("value"))
    action_id = str(action.get("action_id", ""))
    for prefix in (DECIDE, ASK):
        if aim is not None and action_id.startswith(prefix) and not aim.decision:
            return read_value(button_value(aim.visit_id, action_id.removeprefix(prefix)))
    return aim


def card_of(body: dict[str, Any]) -> tuple[int, str, str] | None:
    """The visit, channel and timestamp of the card that was pressed; None for anything else.

    Alerts, questions, modals and what only one person sees are no cards.
    """
    container = body.get("container") or {}
    actions = body.get("actions") or [{}]
    if container.get("type") != "message" or container.get("is_ephemeral"):
        return None
    aim = aim_of(actions[0]) if _ON_CARDS.match(str(actions[0].get("action_id", ""))) else None
    channel, ts = container.get("channel_id"), container.get("message_ts")
    return (aim.visit_id, str(channel), str(ts)) if aim and channel and ts else None


def reply_address(body: dict[str, Any]) -> str:
    """Where a press can be answered, and which message that redraws; empty where it cannot."""
    url, place = body.get("response_url"), body.get("container") or {}
    return f"{url} {place.get('channel_id')}/{place.get('message_ts')}" if url else ""


def read_address(address: str, channel: str, ts: str) -> str | None:
    """The response_url in such an address, if it redraws this very message."""
    url, _, place = address.partition(" ")
    return url if place == f"{channel}/{ts}" else None


def view_metadata(
    visit_id: int, decision: str, chosen: dict[str, Any], reply_to: bytes | None = None
) -> str:
    """A modal's private metadata: what was chosen on the card travels with it.

    So does the sealed response_url of the press that opened it, where there is room, for a modal
    has none of its own.
    """
    data = {"visit": visit_id, "decision": decision, "chosen": chosen}
    whole = json.dumps({**data, "reply": base64.b64encode(reply_to or b"").decode()})
    return whole if len(whole) <= METADATA_LIMIT else json.dumps(data)


def read_reply(text: object) -> bytes | None:
    """The sealed response_url in a modal's metadata, if there is one."""
    try:
        return base64.b64decode(json.loads(str(text))["reply"], validate=True) or None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


@dataclass(frozen=True, slots=True)
class NoiseAim:
    """Which level of which deadline is called noise, and why."""

    deadline_id: int
    place: int
    reason: str


def read_whom(value: object) -> Whom | None:
    """Whom a page is meant for, `person.ID` or `rota.KEY`; None where the value is none of ours."""
    kind, _, rest = value.partition(".") if isinstance(value, str) else ("", "", "")
    if kind == "person" and rest.isdecimal() and len(rest) < 19:
        return Whom(person=int(rest))
    return Whom(rota=rest) if kind == "rota" and _KEY.fullmatch(rest) else None


def noise_value(deadline_id: int, place: int, reason: str) -> str:
    """What an option carries by which an alert is called noise."""
    return f"{deadline_id}:{place}:{reason}"


def read_noise(value: object) -> NoiseAim | None:
    """The level that is called noise, or None where the value is none of ours."""
    deadline, _, rest = value.partition(":") if isinstance(value, str) else ("", "", "")
    place, _, reason = rest.partition(":")
    numbers = all(n.isdecimal() and len(n) < 19 for n in (deadline, place))
    if not numbers or not _KEY.fullmatch(reason):
        return None
    return NoiseAim(int(deadline), int(place), reason)


def home_value(place: Place) -> str:
    """What a button of Home carries: which list it leads to, its page, its stage."""
    return f"{place.list}:{place.page}:{place.stage}"


def read_home(value: object) -> Place:
    """The place in Home that a button leads to; its first page where the value is none of ours."""
    parts = value.split(":") if isinstance(value, str) else []
    if len(parts) != 3 or parts[0] not in LISTS or not _PAGE.fullmatch(parts[1]):
        return Place()
    return Place(parts[0], int(parts[1]), parts[2] if _KEY.fullmatch(parts[2]) else "")


@dataclass(frozen=True, slots=True)
class Several:
    """What the modals about several disputes carry from one to the next."""

    visits: tuple[int, ...]
    decision: str = ""
    chosen: dict[str, Any] = field(default_factory=dict)

    def metadata(self) -> str:
        """The private metadata of a modal."""
        return json.dumps({"visits": self.visits, "decision": self.decision, "chosen": self.chosen})


def read_several(text: object) -> Several | None:
    """What such a modal carried, or None where it is none of ours."""
    try:
        data = json.loads(str(text))
        visits = tuple(dict.fromkeys(data["visits"]))
        decision, chosen = data["decision"], data["chosen"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    sound = all(type(v) is int and 0 < v < VISIT_LIMIT for v in visits)
    named = isinstance(decision, str) and (not decision or _KEY.fullmatch(decision))
    if not sound or not visits or not named or not isinstance(chosen, dict):
        return None
    return Several(visits[:MOST_AT_ONCE], decision, chosen)


def read_metadata(text: object) -> tuple[Aim, dict[str, Any]] | None:
    """The aim and the card's choices of a modal, or None where they are none of ours."""
    try:
        data = json.loads(str(text))
        aim = read_value(f"{data['visit']}:{data['decision']}")
        chosen = data["chosen"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return (aim, chosen) if aim is not None and isinstance(chosen, dict) else None


def chosen_of(state: object) -> dict[str, Any]:
    """What is chosen, by field, out of `state.values`; None where a field was left empty."""
    values = state.get("values") if isinstance(state, dict) else None
    chosen: dict[str, Any] = {}
    for block in (values or {}).values():
        for action_id, element in block.items():
            if action_id.startswith(FIELD) and isinstance(element, dict):
                chosen[action_id.removeprefix(FIELD)] = _choice(element)
    return chosen


def _choice(element: dict[str, Any]) -> Any:
    kind = element.get("type", "")
    if kind.startswith("multi_"):
        return [option["value"] for option in element.get("selected_options") or ()] or None
    if "selected_option" in element:
        option = element["selected_option"]
        return option["value"] if option else None
    return element.get("value") or None


def click_key(body: dict[str, Any]) -> str:
    """The key under which a press is answered once (house rule).

    A modal that was refused keeps its id and hash while somebody mends it: what it holds is part of
    its key, or the mended one would get the old answer.
    """
    user = body.get("user") or {}
    team = (body.get("team") or {}).get("id") or user.get("team_id") or ""
    if body.get("type") == "view_submission":
        view = body.get("view") or {}
        held = json.dumps((view.get("state") or {}).get("values"), sort_keys=True)
        content = hashlib.sha256(held.encode()).hexdigest()[:16]
        return f"view:{team}:{user.get('id')}:{view.get('id')}:{view.get('hash')}:{content}"
    container = body.get("container") or {}
    action = (body.get("actions") or [{}])[0]
    place = container.get("message_ts") or container.get("view_id") or ""
    return ":".join(
        str(part)
        for part in (
            "press",
            team,
            user.get("id"),
            container.get("channel_id", ""),
            place,
            action.get("action_id"),
            action.get("block_id"),
            action.get("action_ts"),
        )
    )
