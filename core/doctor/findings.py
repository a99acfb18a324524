"""A finding: what is wrong, where, and what mends it; in words of the operator's language."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from core.i18n import say
from core.workflow.model import Label


class Level(StrEnum):
    """How much a finding matters."""

    ERROR = "error"  # something does not work, or will not
    WARNING = "warning"  # it works, and yet somebody should know


class Area(StrEnum):
    """What was looked at, in the order in which it is told."""

    SETTINGS = "settings"
    DATABASE = "database"
    CLOCK = "clock"
    PEOPLE = "people"
    SLACK = "slack"
    CHANNELS = "channels"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. Its sentences stand under `doctor.KEY` and `doctor.KEY.fix`."""

    key: str
    area: Area
    level: Level = Level.ERROR
    names: dict[str, Any] = field(default_factory=dict)

    def what(self, locale: str) -> str:
        """What is wrong, and where."""
        return say(f"doctor.{self.key}", locale, **self._said(locale))

    def fix(self, locale: str) -> str:
        """What mends it."""
        return say(f"doctor.{self.key}.fix", locale, **self._said(locale))

    def _said(self, locale: str) -> dict[str, Any]:
        return {name: _word(value, locale) for name, value in self.names.items()}


@dataclass(frozen=True, slots=True)
class Said:
    """A name within a finding that is a sentence of its own."""

    key: str


def _word(value: Any, locale: str) -> Any:
    """A name in the reader's language: a sentence, a label of the document's, or several."""
    if isinstance(value, Said):
        return say(value.key, locale)
    if isinstance(value, Label):
        return value.text(locale)
    if isinstance(value, tuple):
        return say("word.comma", locale).join(str(_word(one, locale)) for one in value)
    return value


def error(key: str, area: Area, **names: Any) -> Finding:
    """Something that does not work, or will not."""
    return Finding(key, area, Level.ERROR, names)


def warning(key: str, area: Area, **names: Any) -> Finding:
    """Something that works, and yet somebody should know."""
    return Finding(key, area, Level.WARNING, names)


@dataclass(slots=True)
class Report:
    """What was looked at, and what was found."""

    looked_at: set[Area] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)

    def add(self, found: Iterable[Finding], *areas: Area) -> list[Finding]:
        """Takes findings in; `areas` were looked at, whatever was found there."""
        fresh = list(found)
        self.findings += fresh
        self.looked_at.update(areas, (finding.area for finding in fresh))
        return fresh

    @property
    def well(self) -> bool:
        """Whether nothing is wrong; warnings do not count."""
        return all(finding.level is not Level.ERROR for finding in self.findings)

    def of(self, area: Area) -> list[Finding]:
        """The findings of one area, errors first."""
        return sorted((f for f in self.findings if f.area is area), key=lambda f: f.level)
