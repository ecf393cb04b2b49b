"""The one conversation that everything is measured on: twelve turns with Meridian, as a customer has them.

It has what real ones have: a task filled over several turns, a digression and its return, a correction,
a confirmation with an irreversible action, something not understood, and a goodbye.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

CONFIRM: Final = "(confirm)"
CLOSE: Final = "(close)"
SLOT: Final = "(slot)"


@dataclass(frozen=True, slots=True)
class Said:
    """One utterance with what the recogniser makes of it."""

    text: str
    intent: str
    """By the model's name."""
    slots: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Slot to (the customer's words, the value)."""
    also: tuple[str, ...] = ()
    """Intents of the other readings."""
    confirmed: bool = False
    """The platform itself takes it for a yes to its confirmation of the intent."""
    asks: str = ""
    """What the answer must ask for: a slot's name, CONFIRM, CLOSE, or nothing in particular."""

    @property
    def slot_asked(self) -> bool:
        """Whether the answer must ask for a slot."""
        return self.asks not in ("", CONFIRM, CLOSE)


CONVERSATION: Final = (
    Said("hello there", "Greeting", also=("Help",)),
    Said(
        "how much have i got in my checking account", "CheckBalance",
        {"account": ("checking account", "checking")}, ("RecentTransactions", "RewardsBalance"),
    ),
    Said("i'd like to move some money", "TransferMoney", also=("PayBill", "CheckBalance"), asks="amount"),
    Said(
        "two hundred dollars", "TransferMoney", {"amount": ("two hundred dollars", "200")}, ("PayBill",),
        asks="from_account",
    ),
    Said(
        "from checking", "TransferMoney", {"from_account": ("checking", "checking")},
        ("CheckBalance", "FreezeAccount"), asks="to_account",
    ),
    Said(
        "what is the routing number by the way", "RoutingNumber", also=("InternationalFees", "BranchHours"),
        asks="to_account",
    ),
    Said(
        "to my savings", "TransferMoney", {"to_account": ("savings", "savings")}, ("CheckBalance",),
        asks=CONFIRM,
    ),
    Said(
        "actually make it 250", "TransferMoney", {"amount": ("250", "250")}, ("ChangeCreditLimit",),
        asks=CONFIRM,
    ),
    Said("yes please", "TransferMoney", also=("Yes",), confirmed=True),
    Said(
        "what did i spend from checking lately", "RecentTransactions",
        {"account": ("checking", "checking")}, ("CheckBalance", "PayBill"),
    ),
    Said("the moon is made of green cheese", "Fallback"),
    Said("goodbye", "Goodbye", also=("Cancel",), asks=CLOSE),
)  # fmt: skip
"""Every intent is one of `dialogue/`."""

CONFIRMING: Final = next(index for index, said in enumerate(CONVERSATION) if said.confirmed)
"""The turn that sets the irreversible action off."""
SECONDS_APART: Final = 12.0
"""Between two turns."""
HOURS_APART: Final = 20.0
"""Between two conversations."""
