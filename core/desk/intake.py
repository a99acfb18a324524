"""Intake: what a dispute is on its way in, and what forbids it to come in (I1, I2, W1)."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.currency import MOST
from core.desk import given
from core.workflow.arrival import chosen_workflow
from core.workflow.choices import Choice, Invalid, check
from core.workflow.facts import BUYER_TAGS, CHANNELS, DESK_FACTS, ENTERED, STANDINGS
from core.workflow.grading import with_grade
from core.workflow.model import Document, Facts, Value, Workflow
from core.workflow.terms import Meaning

STORY_LIMIT = 40_000  # characters
KEY_LIMIT = 200
_NEEDED = ("source", "external_id", "order_number", "buyer")
_SHORT = (*_NEEDED, "merchant", "appeared", "locale", "buyer_name", "buyer_contact")
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")  # PostgreSQL takes no NUL, UTF-8 no half character
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_CURRENCY = re.compile(r"[A-Z]{3}")
MOST_LINES = 1000
NOTHING: Facts = {}
TAGS = BUYER_TAGS


@dataclass(frozen=True, slots=True)
class OrderInfo:
    """What is known of an order; amounts in minor units, lines with key, title, price, quantity."""

    currency: str
    paid: int
    freight: int = 0
    refunded: int = 0
    purchased_at: dt.datetime | None = None
    lines: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Intake:
    """A dispute on its way in. `entered` says why it came to the desk (W1)."""

    source: str
    external_id: str
    order_number: str
    buyer: str  # the source's own id of the buyer
    story: str
    entered: str = "unsettled"
    merchant: str = ""
    merchant_standing: str = ""  # what the source says of the merchant (A5)
    channel: str = "app"
    appeared: str = ""
    locale: str = "en"
    buyer_name: str = ""
    buyer_contact: str = ""
    buyer_tags: tuple[str, ...] = ()
    order: OrderInfo | None = None
    facts: Mapping[str, Choice] = field(default_factory=dict)
    workflow: str = ""  # empty: the one that the rules choose


@dataclass(frozen=True, slots=True)
class Opened:
    """The dispute that an intake led to; `created` is False where it was there already (I4)."""

    dispute_id: int
    number: str
    created: bool


class BadIntake(ValueError):
    """An intake that cannot stand: the place in it, and a message key."""

    def __init__(self, place: str, key: str) -> None:
        super().__init__(f"{place}: {key}")
        self.place = place
        self.key = key


def checked(document: Document, intake: Intake) -> dict[str, Value]:
    """The facts of an intake, checked against the first stage's fields.

    Raises BadIntake naming the place: a text that is missing or too long, an unknown choice.
    """
    _check_texts(intake)
    if intake.order is not None:
        _check_order(intake.order)
    if intake.entered not in DESK_FACTS[ENTERED].values:
        raise BadIntake("entered", "unknown_option")
    if not set(intake.buyer_tags) <= set(TAGS):
        raise BadIntake("buyer_tags", "unknown_option")
    if intake.merchant_standing and intake.merchant_standing not in STANDINGS:
        raise BadIntake("merchant_standing", "unknown_option")
    if intake.channel not in CHANNELS:
        raise BadIntake("channel", "unknown_option")
    workflow = workflow_of(document, intake)
    fields = workflow.stage_by_key[workflow.first].field_by_key
    known: dict[str, Value] = {}
    for key, choice in intake.facts.items():
        if key not in fields or fields[key].meaning == Meaning.REMARK:  # said inside the desk only
            raise BadIntake(f"facts.{key}", "unknown_field")
        value = check(document, fields[key], choice, {}, "")
        if isinstance(value, Invalid):
            raise BadIntake(f"facts.{key}", value.key)
        known[key] = value
    for key, asked in fields.items():  # why it came to the desk says how things stand (rule 3)
        there = document.leaves_by_set.get(asked.options, {})
        if asked.meaning == Meaning.ENTERED and intake.entered in there:
            known.setdefault(key, intake.entered)
    return known


def _check_texts(intake: Intake) -> None:
    """Raises BadIntake for a text that is missing, too long, or that no column holds."""
    for name in _NEEDED:
        if not 0 < len(getattr(intake, name).strip()) <= KEY_LIMIT:
            raise BadIntake(name, "needed_short")
    short = {name: getattr(intake, name) for name in _SHORT}
    if len(max(short.values(), key=len)) > KEY_LIMIT or _CONTROL.search("".join(short.values())):
        for name, text in short.items():
            if len(text) > KEY_LIMIT or _CONTROL.search(text):
                raise BadIntake(name, "unreadable")
    if not intake.story.strip():
        raise BadIntake("story", "needed")
    if len(intake.story) > STORY_LIMIT:
        raise BadIntake("story", "too_long")
    if _UNSTORABLE.search(intake.story):
        raise BadIntake("story", "unreadable")


def _check_order(order: OrderInfo) -> None:
    """Raises BadIntake for an order that no decision about money could be taken on."""
    if not _CURRENCY.fullmatch(order.currency):
        raise BadIntake("order.currency", "unknown_option")
    for name in ("paid", "freight", "refunded"):
        _check_number(f"order.{name}", getattr(order, name))
    if order.purchased_at is not None and order.purchased_at.tzinfo is None:
        raise BadIntake("order.purchased_at", "no_zone")
    if len(order.lines) > MOST_LINES:
        raise BadIntake("order.lines", "too_many")
    seen: set[str] = set()
    for position, line in enumerate(order.lines):
        at = f"order.lines[{position}]"
        key, title = line.get("key"), line.get("title", "-")
        for name, text in (("key", key), ("title", title)):
            if not isinstance(text, str) or not text or len(text) > KEY_LIMIT:
                raise BadIntake(f"{at}.{name}", "needed_short")
            if _CONTROL.search(text):
                raise BadIntake(f"{at}.{name}", "unreadable")
        if key in seen:
            raise BadIntake(f"{at}.key", "twice")
        seen.add(str(key))
        _check_number(f"{at}.unit_price", line.get("unit_price"))
        _check_number(f"{at}.quantity", line.get("quantity"), least=1)


def _check_number(place: str, value: object, least: int = 0) -> None:
    if type(value) is not int or not least <= value <= MOST:
        raise BadIntake(place, "bad_number")


def workflow_of(document: Document, intake: Intake) -> Workflow:
    """The workflow that the intake names, or that the rules choose (W17). Raises BadIntake."""
    if not intake.workflow:
        return chosen_workflow(document, arriving(document, intake), currency_of(intake))
    found = document.workflow_by_key.get(intake.workflow)
    if found is None:
        raise BadIntake("workflow", "unknown_option")
    return found


def currency_of(intake: Intake) -> str:
    """The currency of the order, where the intake tells it."""
    return intake.order.currency if intake.order else ""


def arriving(document: Document, intake: Intake, more: Facts = NOTHING) -> dict[str, Value]:
    """What rules know of a dispute on its way in, checked by nobody yet; its grade, too (G2).

    `more` is known beside what the intake says.
    """
    stated = {
        key: tuple(choice) if isinstance(choice, list | tuple) else choice
        for key, choice in intake.facts.items()
        if isinstance(choice, str | int | list | tuple)
    }
    known = {**stated, **given.of_intake(intake), **more}
    return with_grade(document.grade_rules, known, currency_of(intake))
