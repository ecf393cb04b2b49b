"""The bots that the recogniser is developed on: a bank with ten samples an intent, and a practice."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from rehearsal.recogniser import Grammar, Intent, ListedValue, Recogniser, Slot, SlotType
from rehearsal.recogniser.kinds import Kind
from rehearsal.recogniser.measure import read_pairs
from rehearsal.recogniser.training_set import SLOT

BOTS = Path(__file__).parent / "bots"
SUNDAY = date(2026, 11, 22)
LISTS: dict[str, dict[str, tuple[str, ...]]] = {
    "Account": {
        "checking": ("checking account", "current account"),
        "savings": ("savings account", "nest egg"),
    },
    "Biller": {"water": (), "electric": ("power",), "phone": ()},
    "CardName": {"gold card": (), "travel card": ()},
    "Merchant": {"starbucks": (), "walmart": ()},
    "Drug": {"aspirin": (), "amoxicillin": ()},
    "Insurer": {"blue cross": (), "medicare": ()},
    "Procedure": {"root canal": (), "crown": ()},
    "Doctor": {"doctor smith": (), "doctor lee": ()},
}
TYPE_OF_SLOT = {
    "account": "Account",
    "source": "Account",
    "target": "Account",
    "amount": "AMAZON.Number",
    "merchant": "Merchant",
    "date": "AMAZON.Date",
    "newdate": "AMAZON.Date",
    "payee": "AMAZON.FirstName",
    "biller": "Biller",
    "card": "CardName",
    "country": "AMAZON.Country",
    "doctor": "Doctor",
    "time": "AMAZON.Time",
    "drug": "Drug",
    "insurer": "Insurer",
    "procedure": "Procedure",
}
UNIVERSAL = (
    Intent("Yes", ("yes", "yeah", "yes please", "sure")),
    Intent("No", ("no", "nope", "no thanks")),
    Intent("Help", ("help", "help me", "what can i say")),
    Intent("Repeat", ("repeat", "say that again")),
    Intent("Cancel", ("cancel", "never mind")),
)


def bot(name: str, *more: Intent) -> Grammar:
    samples: dict[str, list[str]] = {}
    for intent, sample in read_pairs(BOTS / f"{name}_samples.tsv"):
        samples.setdefault(intent, []).append(sample)
    intents = tuple(
        Intent(
            intent,
            tuple(said),
            tuple(Slot(slot, TYPE_OF_SLOT[slot]) for slot in dict.fromkeys(SLOT.findall(" ".join(said)))),
        )
        for intent, said in samples.items()
    )
    types = {
        key: SlotType(key, Kind.LISTED, tuple(ListedValue(value, words) for value, words in values.items()))
        for key, values in LISTS.items()
    }
    return Grammar((*intents, *more), types)


@pytest.fixture(scope="session")
def bank() -> Recogniser:
    return Recogniser.train(bot("banking", *UNIVERSAL), today=lambda: SUNDAY)


@pytest.fixture(scope="session")
def bare_bank() -> Recogniser:
    return Recogniser.train(bot("banking"), today=lambda: SUNDAY)


@pytest.fixture(scope="session")
def practice() -> Recogniser:
    return Recogniser.train(bot("clinic"), today=lambda: SUNDAY)
