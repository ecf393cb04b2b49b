"""A pointer is good for its contact, for a while, and can't be altered."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughline.customers.keys import KeyRing
from throughline.customers.pointer import Pointer, mint, read
from throughline.errors import PointerError
from throughline.turn import Assurance

KEYS = KeyRing("p1", {"p1": b"a pointer key, long enough"})
NEXT = KeyRing("p2", {"p2": b"the next pointer key, longer", "p1": b"a pointer key, long enough"})
POINTER = Pointer("cabc234", "lxyz567", 3)
IDS = st.text("ABCXYZabcxyz0189_-", min_size=1, max_size=64)


def minted(**changes: object) -> str:
    values: dict[str, object] = {"contact": "contact-1", "assurance": Assurance.LINKED, "expires": 2000.0}
    return mint(POINTER, keys=KEYS, **{**values, **changes})  # type: ignore[arg-type]  # a table of arguments


@given(IDS, IDS, st.integers(0, 10**10 - 1), st.sampled_from(Assurance), st.text(min_size=1))
def test_what_is_minted_is_read_again(customer: str, link: str, epoch: int, assurance: Assurance, contact: str) -> None:
    pointer = Pointer(customer, link, epoch)
    token = mint(pointer, contact=contact, assurance=assurance, expires=2000.9, keys=KEYS)
    assert read(token, contact=contact, now=1999.9, keys=KEYS) == (pointer, assurance)
    assert len(token) < 300
    assert re.fullmatch(r"[A-Za-z0-9_.-]+", token)


def test_it_expires() -> None:
    with pytest.raises(PointerError, match="expired"):
        read(minted(), contact="contact-1", now=2000.0, keys=KEYS)


def test_it_is_of_no_use_to_another_contact() -> None:
    for contact in ("contact-2", "contact-1 ", ""):
        with pytest.raises(PointerError):
            read(minted(), contact=contact, now=1.0, keys=KEYS)


@given(st.data())
def test_no_letter_of_it_can_be_changed(data: st.DataObject) -> None:
    token = minted()
    place = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.sampled_from("ABCabc0123459_-.").filter(lambda c: c != token[place]))
    with pytest.raises(PointerError):
        read(token[:place] + letter + token[place + 1 :], contact="contact-1", now=1.0, keys=KEYS)


@given(st.text() | st.from_regex(r"1\.p1(\.[a-z0-9]{1,9}){2,7}", fullmatch=True))
def test_anything_else_is_refused_as_a_pointer_error(token: str) -> None:
    with pytest.raises(PointerError):
        read(token, contact="contact-1", now=1.0, keys=KEYS)


def test_assurance_can_not_be_raised_by_its_bearer() -> None:
    with pytest.raises(PointerError):
        read(minted().replace(".2.2000.", ".3.2000."), contact="contact-1", now=1.0, keys=KEYS)


def test_an_older_key_is_accepted_until_it_is_removed() -> None:
    token = minted()
    assert read(token, contact="contact-1", now=1.0, keys=NEXT)[0] == POINTER
    with pytest.raises(PointerError, match="no longer"):
        read(token, contact="contact-1", now=1.0, keys=KeyRing("p2", {"p2": NEXT.keys["p2"]}))


@pytest.mark.parametrize("pointer", [Pointer("a.b", "l", 1), Pointer("", "l", 1), Pointer("c", "l", -1)])
def test_an_id_that_it_can_not_carry_is_refused(pointer: Pointer) -> None:
    with pytest.raises(PointerError):
        mint(pointer, contact="contact-1", assurance=Assurance.CLAIMED, expires=1, keys=KEYS)


def test_one_without_a_contact_is_not_minted() -> None:
    with pytest.raises(PointerError):
        minted(contact="")
