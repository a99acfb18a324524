"""The form of an option: its trunk, its meaning, and the preset amount where it stands for one."""

from typing import Any

from babel.numbers import get_currency_precision, list_currencies
from sqlalchemy import Row
from wtforms import ValidationError

from admin.draft.forms import BUTTON, DraftForm
from admin.draft.meanings import OPTION_MEANINGS
from admin.draft.sketch import Sketch, row_label
from admin.form import keyed, lines, maybe_number, offer, one, text, yes
from admin.words import join
from core.workflow.problems.fields import MOST_OPTION_MINUTES
from web.language import say

PERCENT, STEPS = "percent", "steps"
BASES = ("goods", "freight", "paid")
LARGEST_AMOUNT = 10**12  # minor units


class OptionForm(DraftForm):
    """An option of an option set."""

    kind = "option"
    label_zh = text("panel.label.label_zh", BUTTON, hint="panel.hint.option")
    label_en = text("panel.label.label_en", BUTTON)
    parent = one("panel.label.parent", hint="panel.hint.parent")
    meaning = one("panel.label.meaning", hint="panel.hint.option_meaning")
    share_kind = one("panel.label.share_kind", hint="panel.hint.share_kind")
    percent = maybe_number("panel.label.percent", 1, 100)
    of = one("panel.label.of")
    steps = lines("panel.label.steps", 400, hint="panel.hint.steps")
    minutes = maybe_number(
        "panel.label.minutes", 0, MOST_OPTION_MINUTES, hint="panel.hint.option_minutes"
    )
    exclusive = yes("panel.label.exclusive", hint="panel.hint.exclusive")

    def offer(self, sketch: Sketch) -> None:
        super().offer(sketch)
        own = sketch.row.key if sketch.row is not None else ""
        rows = [row for row in sketch.siblings() if row.key != own]
        trunks = [(row.key, row_label(row)) for row in rows if not row.parent]
        if own and any(row.parent == own for row in rows):
            trunks = []  # a trunk of others stays one: there are two levels
        offer(self.parent, trunks, none=say("panel.no_trunk"))
        offer(self.meaning, keyed(OPTION_MEANINGS, "panel.meaning"), none=say("panel.none"))
        kinds = keyed((PERCENT, STEPS), "panel.share")
        offer(self.share_kind, kinds, none=say("panel.share"))
        offer(self.of, keyed(BASES, "panel.of"))

    def validate(self, extra_validators: Any = None) -> bool:
        """A share in per cent needs its number, which other options leave out."""
        valid = bool(super().validate(extra_validators))
        self.minutes.data = self.minutes.data or 0  # most options stand for no length of time
        if self.share_kind.data == PERCENT and self.percent.data is None:
            self.refuse(self.percent, say("panel.error.percent"))
            return False
        return valid

    def validate_steps(self, field: Any) -> None:
        """A preset amount needs at least one readable step."""
        if self.share_kind.data == STEPS and not read_steps(field.data):
            raise ValidationError(say("panel.error.steps"))

    def values(self) -> dict[str, Any]:
        share: dict[str, Any] | None = None
        if self.share_kind.data == PERCENT:
            share = {"percent": self.percent.data}
            if self.of.data != BASES[0]:  # as the text form has it: what goes without saying is not
                share["of"] = self.of.data  # said, and saving anew what was there changes nothing
        elif self.share_kind.data == STEPS:
            share = {"steps": read_steps(self.steps.data)}
        return super().values() | {"share": share}

    @classmethod
    def data_of(cls, row: Row[Any]) -> dict[str, Any]:
        share = row.share or {}
        steps = share.get("steps", [])
        return dict(row._mapping) | {
            "share_kind": STEPS if steps else PERCENT if share else "",
            "percent": share.get("percent"),
            "of": share.get("of", BASES[0]),
            "steps": "\n".join(step_text(step) for step in steps),
        }


def share_text(share: dict[str, Any]) -> str:
    """A preset amount in words: a share of something, or a step in each currency."""
    if share.get("steps"):
        return join(step_text(step) for step in share["steps"])
    of = say(f"panel.of.{share.get('of', BASES[0])}")
    return say("panel.share.says", percent=share["percent"], of=of)


def step_text(step: dict[str, Any]) -> str:
    """A step as it is typed: `CNY 10.00`."""
    places = get_currency_precision(step["currency"])
    return f"{step['currency']} {step['minor'] / 10**places:.{places}f}"


def read_steps(typed: str) -> list[dict[str, Any]] | None:
    """The steps that lines like `CNY 10` say; None where one cannot be read."""
    steps = []
    for line in typed.splitlines():
        if not line.strip():
            continue
        currency, _, amount = line.strip().upper().replace("\u3000", " ").partition(" ")
        minor = read_amount(amount, currency)
        if minor is None:
            return None
        steps.append({"currency": currency, "minor": minor})
    currencies = [step["currency"] for step in steps]
    return steps if steps and len(set(currencies)) == len(currencies) else None


def read_amount(typed: str, currency: str) -> int | None:
    """Minor units of an amount above zero such as `10` or `10.50`; None where it is none."""
    if currency not in list_currencies():
        return None
    whole, point, rest = typed.strip().partition(".")
    places = get_currency_precision(currency)
    digits = whole + rest.ljust(places, "0")
    if not (whole.isascii() and digits.isdecimal()) or len(rest) > places or (point and not rest):
        return None
    minor = int(digits)
    return minor if 0 < minor <= LARGEST_AMOUNT else None
