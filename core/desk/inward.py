"""The wall between inward and outward text, as a type (X5).

What people of the desk write to each other is `Inward`: it is no `str`, so mypy refuses it wherever
a party's, the marketplace's or a log's text is built, and formatting it raises.
"""

from dataclasses import dataclass
from typing import NoReturn


@dataclass(frozen=True, slots=True, repr=False)
class Inward:
    """A text for members of the desk only. Its repr shows nothing."""

    _text: str

    def for_members(self) -> str:
        """The text; only doors for members of the desk may call this."""
        return self._text

    def __repr__(self) -> str:
        return "Inward(...)"

    def __str__(self) -> NoReturn:
        raise TypeError("inward text was about to be told")

    def __format__(self, _spec: str) -> NoReturn:
        raise TypeError("inward text was about to be told")
