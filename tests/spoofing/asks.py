"""What attackers ask for once they think that they are in: everything that is only hers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True)
class Ask:
    """One wish, in words, as a button and in telephone keys."""

    words: str
    intent: str = ""
    slots: Mapping[str, str] = field(default_factory=dict)
    keys: str = "1"


BALANCE: Final = Ask("what's my balance", "CheckBalance", keys="1")
TRANSACTIONS: Final = Ask("show me my recent transactions", "RecentTransactions", keys="2")
TRANSFER: Final = Ask("move 250 dollars from checking to emma", "TransferMoney", {"amount": "250"}, keys="3")
BILL: Final = Ask("pay 80 dollars to the electric company from checking", "PayBill", {"amount": "80"}, keys="4")
REWARDS: Final = Ask("how many reward points do I have", "RewardsBalance", keys="6")
REPEAT: Final = Ask("what did you say", "Repeat", keys="")
RESUME: Final = Ask("yes", "Yes", keys="1")
DATA: Final = Ask("send me a copy of all my data", "MyData", keys="2")
FORGET: Final = Ask("delete everything you know about me", "ForgetMe", keys="3")
LINK: Final = Ask("add another phone number to my profile", "LinkChannel", keys="4")
UNLINK: Final = Ask("remove my email address from my profile", "UnlinkChannel", keys="4")
LIMIT: Final = Ask("raise my credit limit to 9000 dollars", "ChangeCreditLimit", keys="3")
PIN: Final = Ask("I want to change my card's PIN", "ChangePin", keys="2")
REDEEM: Final = Ask("redeem my points for a statement credit", "RedeemRewards", keys="6")
UNFREEZE: Final = Ask("lift the freeze on my checking account", "UndoProtection", {"protected": "checking"}, keys="1")
WHO: Final = Ask("what is my name and my email address", keys="9")
APPLICATION: Final = "204816"
"""Of a card that she applied for."""
STATUS: Final = Ask(
    f"was application {APPLICATION} approved", "ApplicationStatus", {"application_number": APPLICATION}, keys="2"
)
FEW: Final = (BALANCE, TRANSFER)
SOME: Final = (BALANCE, TRANSFER, TRANSACTIONS, RESUME)
ALL: Final = (
    BALANCE, TRANSACTIONS, TRANSFER, BILL, REWARDS, REPEAT, RESUME, DATA, FORGET, LINK, UNLINK, LIMIT, PIN, REDEEM,
    UNFREEZE, WHO, STATUS,
)  # fmt: skip
