"""The number by which people know a dispute: random, Crockford base 32, with a check character.

Nine characters such as `7K3M9QXTB`; the last one is a Luhn sum in base 32, which finds every
single wrong character and nearly every swap of neighbours.
"""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUE = {character: value for value, character in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1}
LENGTH = 8
BASE = len(ALPHABET)


def new_number() -> str:
    """A fresh random number; the database's unique key settles the rare collision."""
    bits = secrets.randbits(5 * LENGTH)
    body = "".join(ALPHABET[bits >> shift & 31] for shift in range(5 * (LENGTH - 1), -1, -5))
    return body + _check(body)


def read_number(text: str) -> str | None:
    """The number that a person typed, or None where it is none.

    Case, spaces, dashes and a leading `#` do not matter; O reads as 0, I and L as 1.
    """
    canonical = _canonical(text)
    return canonical if canonical and _check(canonical[:-1]) == canonical[-1] else None


def has_slip(text: str) -> bool:
    """Whether a text looks like a number, but its check character tells of a slip."""
    return bool(_canonical(text)) and read_number(text) is None


def shown(number: str) -> str:
    """The number in groups, as people read it: `7K3-M9Q-XTB`."""
    return "-".join(number[i : i + 3] for i in range(0, len(number), 3))


def _canonical(text: str) -> str:
    """What looks like a number as it would be stored; empty where the text does not."""
    plain = text.strip().lstrip("#").replace("-", "").replace(" ", "").upper()
    if len(plain) != LENGTH + 1 or any(character not in _VALUE for character in plain):
        return ""
    return "".join(ALPHABET[_VALUE[character]] for character in plain)


def _check(body: str) -> str:
    total = 0
    for position, character in enumerate(reversed(body)):
        addend = _VALUE[character] * (2 if position % 2 == 0 else 1)
        total += addend // BASE + addend % BASE
    return ALPHABET[-total % BASE]
