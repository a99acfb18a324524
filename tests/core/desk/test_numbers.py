"""The number by which people know a dispute: its check character finds every single error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.desk.numbers import ALPHABET, new_number, read_number, shown

numbers = st.builds(new_number)


@given(numbers)
def test_number_is_read_back_however_it_is_typed(number: str) -> None:
    typed = (
        number,
        number.lower(),
        shown(number),
        f"#{shown(number)}",
        f"  {' '.join(number)} ",
        number.replace("0", "O").replace("1", "I"),
        number.replace("0", "o").replace("1", "l"),
    )
    assert {read_number(text) for text in typed} == {number}


@given(numbers, st.integers(0, 8), st.sampled_from(ALPHABET))
def test_any_single_wrong_character_is_found(number: str, place: int, other: str) -> None:
    wrong = number[:place] + other + number[place + 1 :]
    assert read_number(wrong) == (number if wrong == number else None)


def test_swaps_of_neighbours_are_nearly_always_found() -> None:
    tried = missed = 0
    for _ in range(300):
        number = new_number()
        for place in range(8):
            swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
            if swapped != number:
                tried += 1
                missed += read_number(swapped) is not None
    assert missed < tried / 100


@pytest.mark.parametrize(
    "text", ["", "#", "0", "12345678", "1234567890", "U2345678Ü", "UUUUUUUUU", "\x00", "７K3M9QXTB"]
)
def test_what_is_no_number_is_read_as_none(text: str) -> None:
    assert read_number(text) is None


def test_alphabet_leaves_out_what_is_misread() -> None:
    assert len(ALPHABET) == 32
    assert not set("ILOU") & set(ALPHABET)


def test_numbers_do_not_tell_how_many_disputes_there_are() -> None:
    assert len({new_number() for _ in range(2_000)}) == 2_000
