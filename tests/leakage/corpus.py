"""What customers should never send and do: card numbers, social security numbers, IBANs, as people write and say them.

All invented or published for tests: the card networks' test numbers, SSNs that were never given out or are known to
be withdrawn, the IBAN registry's examples.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from tests.unit.privacy.secret_forms import CARRIERS, SCRIPTS, SEPARATORS, WORDS

CARDS: Final = (
    "4111111111111111", "5555555555554444", "378282246310005", "6011111111111117", "30569309025904", "3530111333300000",
    "4012888888881881", "5105105105105100",
)  # fmt: skip
SSNS: Final = ("219099999", "457555462", "078051120")
IBANS: Final = ("GB82WEST12345698765432", "DE89370400440532013000", "FR1420041010050500013M02606")
ALL: Final = (*CARDS, *SSNS, *IBANS)
Form = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Said:
    """One thing to say, with what must not be found afterwards."""

    words: str
    secret: str


def _grouped(sizes: tuple[int, ...], separator: str) -> Form:
    def write(number: str) -> str:
        groups, start = [], 0
        for size in (*sizes, len(number)):
            groups.append(number[start : start + size])
            start += size
        return separator.join(group for group in groups if group)

    return write


def _spoken(zero: str, gap: str) -> Form:
    return lambda number: gap.join(zero if digit == "0" else WORDS[int(digit)] for digit in number)


def _in_script(zero: str) -> Form:
    return lambda number: "".join(chr(ord(zero) + int(digit)) for digit in number)


def _card_forms() -> Iterator[Form]:
    yield from (_grouped((4, 4, 4), separator) for separator in SEPARATORS)
    yield from (_grouped((1,) * 18, separator) for separator in (" ", "-", ".", ", "))
    yield from (_in_script(zero) for zero in SCRIPTS)
    yield from (_spoken("zero", " "), _spoken("oh", " "), _spoken("zero", ", "), _spoken("oh", "-"))


def _ssn_forms() -> Iterator[Form]:
    yield from (_grouped((3, 2), separator) for separator in ("-", " ", ".", "", " - "))
    yield _spoken("zero", " ")


def _iban_forms() -> Iterator[Form]:
    yield from (_grouped((4,) * 8, " "), _grouped((4,) * 8, "-"), str, str.lower)


SENTENCES: Final = (
    "my card number is {}", "it's {}", "{}", "send 20 dollars to {}", "I lost my card {} yesterday", "my name is {}",
    "pay my bill with {}", "what's the balance of {}", "yes, {}", "my email is {}@post.example",
)  # fmt: skip
SSN_SENTENCES: Final = ("my social security number is {}", "social {}", "my ssn: {} please", "it's ssn {}")
IBAN_SENTENCES: Final = ("send 20 dollars to {}", "the iban is {}", "{}", "my account is {} at your bank")


def corpus() -> tuple[Said, ...]:
    """Every form of every secret, each in a sentence; the sentences take turns."""
    said: list[Said] = []
    for secrets, forms, sentences in (
        (CARDS, tuple(_card_forms()), (*SENTENCES, *CARRIERS)),
        (SSNS, tuple(_ssn_forms()), SSN_SENTENCES),
        (IBANS, tuple(_iban_forms()), IBAN_SENTENCES),
    ):
        for number, secret in enumerate(secrets):
            for place, form in enumerate(forms):
                sentence = sentences[(number * 7 + place) % len(sentences)]
                said.append(Said(sentence.format(form(secret)), secret))
    return tuple(said)
