"""A cap on decisions of one meaning."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limit:
    """A cap: how often decisions of one meaning may be made; another meaning grants one more."""

    key: str
    maximum: int
    counts: str
    grants: str = ""
