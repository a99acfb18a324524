"""The small parts of a document that its larger rows are made of: labels, options, conditions.

Like all of the model they are immutable; `core.workflow.model` offers them together with the rest.
"""

from collections.abc import Mapping
from dataclasses import dataclass

LOCALES = ("zh_CN", "en")

# What a fact may hold: an option's key, a number (money in minor units), or several option keys.
Value = str | int | tuple[str, ...]
Facts = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Label:
    """A text that people read, in both languages; both are required."""

    zh_CN: str  # noqa: N815  the locale's own name
    en: str

    def text(self, locale: str) -> str:
        """The text for `locale`; any Chinese locale reads zh_CN, every other one English."""
        return self.zh_CN if locale.startswith("zh") else self.en


@dataclass(frozen=True, slots=True)
class Step:
    """A preset amount in one currency, in minor units."""

    currency: str
    minor: int


@dataclass(frozen=True, slots=True)
class Share:
    """A preset amount (W4): per cent of a base, or a step per currency."""

    percent: int = 0
    of: str = "goods"  # goods | freight | paid
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of an option set; with a `parent` it is a leaf below that trunk."""

    key: str
    label: Label
    parent: str = ""
    meaning: str = ""
    exclusive: bool = False
    retired: bool = False
    share: Share | None = None
    minutes: int = 0  # of a length of time, such as a snooze
    successor: str = ""  # of a retired one: the option that figures read its uses as


@dataclass(frozen=True, slots=True)
class OptionSet:
    """The choices that fields draw on; with a meaning, those of an act of the desk itself."""

    key: str
    label: Label
    options: tuple[Option, ...] = ()
    meaning: str = ""

    def leaves(self) -> tuple[Option, ...]:
        """The options that can be chosen: neither retired nor the trunk of others."""
        trunks = {option.parent for option in self.options}
        return tuple(o for o in self.options if not o.retired and o.key not in trunks)


@dataclass(frozen=True, slots=True)
class Condition:
    """A fact compared with values; never an expression. On money it names the currency."""

    fact: str
    operator: str
    values: tuple[str | int, ...] = ()
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions of which all, or any, must hold; the reason is told where they do not."""

    reason: str
    conditions: tuple[Condition, ...]
    match: str = "all"  # all | any


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is not offered, in words."""

    key: str
    label: Label


@dataclass(frozen=True, slots=True)
class Successor:
    """Where entries to a removed stage go."""

    removed: str
    to: str
