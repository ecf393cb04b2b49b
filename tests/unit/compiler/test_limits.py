"""At each limit a model passes; one step beyond, it does not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest

import compiler


class Copy(Protocol):
    folder: Path

    def replace(self, name: str, old: str, new: str) -> None: ...
    def errors(self) -> list[compiler.Problem]: ...


def words(length: int) -> str:
    """So many characters of words."""
    return ("sail " * length)[: length - 1] + "s"


def letters(number: int) -> str:
    """A number in letters, since utterances take no digits."""
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))


def utterance(ferry: Copy, length: int) -> None:
    ferry.replace("intents/help.yaml", "[help,", f"[help, {words(length)},")


def utterances(ferry: Copy, count: int) -> None:
    extra = "".join(f"  - call {letters(i)}\n" for i in range(count - 5))
    ferry.replace("intents/cancel_booking.yaml", "utterances:\n", f"utterances:\n{extra}")


def keywords(ferry: Copy, count: int) -> None:
    extra = "".join(f"  - call {letters(i)}\n" for i in range(count - 5))
    ferry.replace("intents/cancel_booking.yaml", "utterances:\n", f"keywords:\n{extra}utterances:\n")


def label(ferry: Copy, length: int) -> None:
    ferry.replace("intents/cancel_booking.yaml", "label: cancel a booking", f"label: {words(length)}")


def value(ferry: Copy, length: int) -> None:
    ferry.replace("slot_types.yaml", "stone_quay: Stone Quay", f"stone_quay: {words(length)}")


def speech(ferry: Copy, length: int) -> None:
    ferry.replace(
        "intents/pets_on_board.yaml",
        "say: Pets sail for free, on a leash or in a box.",
        f"say: {words(length)}",
    )


def screen(ferry: Copy, length: int) -> None:
    old = 'show: "Pets sail for free: on a leash, or in a box."'
    ferry.replace("intents/pets_on_board.yaml", old, f"show: {words(length)}")


def name(ferry: Copy, length: int) -> None:
    stem = "pets_on_board"
    title = "P" + "e" * (length - 1)
    path = ferry.folder / "intents" / f"{stem}.yaml"
    path.rename(ferry.folder / "intents" / f"{title.lower()}.yaml")
    ferry.replace(f"intents/{title.lower()}.yaml", "PetsOnBoard", title)
    ferry.replace("bank.yaml", "PetsOnBoard, ", "")


def slots(ferry: Copy, count: int) -> None:
    extra = "".join(
        f"  extra_{letters(i)}: {{type: date, label: extra {i}, required: false}}\n" for i in range(count - 1)
    )
    ferry.replace("intents/cancel_booking.yaml", "slots:\n", f"slots:\n{extra}")


def invocation(ferry: Copy, length: int) -> None:
    ferry.replace("bank.yaml", "invocation: skerry ferries", f"invocation: {words(length)}")


STEMS = {"ShipsNorth": "ships_north", "ShipsSouth": "ships_south"}


def menu(ferry: Copy, count: int) -> None:
    more = ["ClaimRefund", "ReportLostItem", *STEMS][: count - 6]
    for extra in (e for e in more if e in STEMS):
        text = f"intent: {extra}\nrole: answer\nis: A test.\nis_not: x\nlabel: {extra}\n"
        text += f"utterances: [{STEMS[extra]}]\nanswer: Yes.\n"
        (ferry.folder / "intents" / f"{STEMS[extra]}.yaml").write_text(text, encoding="utf-8")
    ferry.replace("bank.yaml", "Harbourmaster]", f"Harbourmaster, {', '.join(more)}]")


def understands(ferry: Copy, hundredths: int) -> None:
    ferry.replace("bank.yaml", "understands: 0.45", f"understands: {hundredths / 100}")


LIMITS: list[tuple[Callable[[Copy, int], None], int]] = [
    (utterance, 500),
    (utterances, 1_500),
    (keywords, 1_500),
    (label, 20),
    (value, 140),
    (speech, 300),
    (screen, 640),
    (name, 100),
    (slots, 100),
    (invocation, 50),
    (menu, 9),
    (understands, 100),
]


@pytest.mark.parametrize(("change", "limit"), LIMITS, ids=lambda v: getattr(v, "__name__", str(v)))
def test_the_limit_itself_is_allowed(ferry: Copy, change: Callable[[Copy, int], None], limit: int) -> None:
    change(ferry, limit)
    assert ferry.errors() == []


@pytest.mark.parametrize(("change", "limit"), LIMITS, ids=lambda v: getattr(v, "__name__", str(v)))
def test_one_more_than_the_limit_is_not(ferry: Copy, change: Callable[[Copy, int], None], limit: int) -> None:
    change(ferry, limit + 1)
    assert len(ferry.errors()) == 1
