"""Personal text opens with its own key, at its own place, unaltered, or not at all (X1, X4)."""

import base64
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.secrets import BadKey, CannotOpen, Sealed, Vault, vault_from


def key(letter: str) -> str:
    """A master key."""
    return base64.b64encode(letter.encode() * 32).decode()


VAULT: Vault = vault_from(f"a:{key('a')}")
PERSON = VAULT.new_person_key()
PLACE = "disputes.story:7K3M9QXTB"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_text_opens_with_its_key_at_its_place(text: str) -> None:
    sealed = VAULT.seal(PERSON, text, PLACE)
    assert VAULT.open(PERSON, sealed, PLACE) == text


def test_same_text_is_sealed_differently_every_time() -> None:
    boxes = {VAULT.seal(PERSON, "it broke", PLACE).box for _ in range(50)}
    assert len(boxes) == 50


@given(st.integers(0, 50), st.integers(0, 7))
def test_altered_text_does_not_open(byte: int, bit: int) -> None:
    box = bytearray(VAULT.seal(PERSON, "a kettle that came broken!", PLACE).box)
    box[byte] ^= 1 << bit
    with pytest.raises(CannotOpen):
        VAULT.open(PERSON, Sealed(bytes(box)), PLACE)


@pytest.mark.parametrize("box", [b"", b"short", bytes(12), bytes(28)])
def test_cut_off_text_does_not_open(box: bytes) -> None:
    with pytest.raises(CannotOpen):
        VAULT.open(PERSON, Sealed(box), PLACE)


def test_text_moved_to_another_row_does_not_open() -> None:
    sealed = VAULT.seal(PERSON, "it broke", PLACE)
    with pytest.raises(CannotOpen):
        VAULT.open(PERSON, sealed, "disputes.story:another")


def test_text_does_not_open_with_another_person_s_key() -> None:
    sealed = VAULT.seal(PERSON, "it broke", PLACE)
    with pytest.raises(CannotOpen):
        VAULT.open(VAULT.new_person_key(), sealed, PLACE)


def test_destroyed_key_erases_every_text() -> None:
    assert VAULT.open(None, VAULT.seal(PERSON, "it broke", PLACE), PLACE) is None


def test_new_master_key_seals_and_old_ones_still_open() -> None:
    sealed = VAULT.seal(PERSON, "it broke", PLACE)
    newer = vault_from(f"b:{key('b')},a:{key('a')}")
    assert newer.open(PERSON, sealed, PLACE) == "it broke"
    assert newer.new_person_key().startswith(b"b:")
    assert newer.blind("Ann@Shop.cn ") == VAULT.blind("ann@shop.cn")


def test_text_whose_master_key_is_gone_does_not_open() -> None:
    sealed = VAULT.seal(PERSON, "it broke", PLACE)
    other = vault_from(f"b:{key('b')}")
    with pytest.raises(CannotOpen, match="no master key"):
        other.open(PERSON, sealed, PLACE)


@pytest.mark.parametrize(
    "wrong",
    ["", "a", f"a:{key('a')[:-4]}", "a:not base64!", f"a b:{key('a')}", f"a:{key('a')},"],
)
def test_wrong_keys_are_refused_without_being_shown(wrong: str) -> None:
    with pytest.raises(BadKey) as error:
        vault_from(wrong)
    assert key("a")[:8] not in str(error.value)


def test_two_keys_of_one_name_are_refused() -> None:
    with pytest.raises(BadKey):  # what the first seals, the second would have to open
        vault_from(f"a:{key('a')},a:{key('b')}")


def test_nothing_shows_a_key_or_a_sealed_text() -> None:
    sealed = VAULT.seal(PERSON, "it broke", PLACE)
    assert repr(sealed) == "Sealed(...)"
    assert "aaaa" not in repr(VAULT)
    assert base64.b64encode(b"a" * 32).decode()[:8] not in repr(VAULT)


def test_blind_index_finds_the_same_contact_and_tells_nothing() -> None:
    assert VAULT.blind("13800000000") == VAULT.blind(" 13800000000 ")
    assert VAULT.blind("13800000000") != VAULT.blind("13800000001")
    other = replace(VAULT, index_key=b"x" * 32)
    assert other.blind("13800000000") != VAULT.blind("13800000000")
