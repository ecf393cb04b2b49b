"""Whom they are after: a customer of some years, with a name, money, and a conversation in the middle of something.

What is hers alone is marked: amounts, a name, addresses that stand nowhere else, so that each can be looked for in
whatever an attacker is told.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import count
from typing import Any, Final

from bank.fake import invented
from bank.fake.book import to_json
from rehearsal.people import Person, phone_pointer
from rehearsal.world import World
from throughline.customers import profile
from throughline.customers.addresses import AddressKind
from throughline.customers.store import Link, Stored
from throughline.dialogue.changes import Noted
from throughline.turn import Assurance

_SERIALS: Final = count(100)


@dataclass(slots=True)
class Victim:
    """A customer whom nobody else may be."""

    world: World
    person: Person
    customer: str
    markers: Mapping[str, str]
    """What is hers to what it is, as attackers could be told it."""
    amount: str
    """Of the transfer that she is in the middle of."""
    session: str = field(default_factory=lambda: uuid.uuid4().hex)
    """Of her web chat."""
    token: str = ""
    question: str = ""
    """The question that is open in her web chat."""

    def stored(self) -> Stored:
        """Her conversation as it is now."""
        found = self.world.store.by_customer(self.customer, self.world.clock())
        if found is None:
            raise LookupError("the victim is gone")
        return found

    def link(self, kind: AddressKind) -> Link:
        """Her link of that kind."""
        return next(one for one in self.stored().links.values() if one.kind == kind.value and not one.closed)

    def pointer(self, contact: str, assurance: Assurance = Assurance.CLAIMED, ago: float = 0.0) -> str:
        """What the contact flow would give a call from her number."""
        now = self.world.clock() - ago
        return phone_pointer(self.stored(), contact, assurance, self.world.keys, now)

    def chats(self, said: Mapping[str, Any], *, id: str = "", question: str | None = None) -> dict[str, Any]:
        """Something that she does herself in her web chat, signed in."""
        message = {
            "id": id or uuid.uuid4().hex,
            "session": self.session,
            "locale": "en_US",
            "question": self.question if question is None else question,
            **said,
        }
        answer = self.world.chat(self.person, message, token=self.token)
        self.question = answer.get("question", "")
        return answer

    def taps(self, intent: str, slot: str = "", value: str = "", **more: Any) -> dict[str, Any]:
        """A button of her web chat."""
        return self.chats({"tap": {"intent": intent, "slot": slot, "value": value}}, **more)

    def signs_in(self) -> None:
        """To her account, in her browser."""
        self.token = self.world.sign_in(self.person)

    def begins_a_transfer(self) -> dict[str, Any]:
        """As far as the question whether to send it."""
        self.taps("TransferMoney", "amount", self.amount)
        self.taps("TransferMoney", "from_account", "checking")
        return self.taps("TransferMoney", "to_account", "emma")

    def code(self, *, way: str = "") -> str:
        """The newest code that came to her."""
        return self.world.post.newest_code(self.person.phone, self.person.email, way=way)


def somebody(called: str) -> Person:
    """An invented person with a number that nobody else of this process has: 555-01xx in one area code after another."""
    serial = next(_SERIALS)
    person = Person.called(f"{called}-{uuid.uuid4().hex[:8]}")
    return replace(person, phone=f"+1{200 + serial // 100}55501{serial % 100:02d}")


def victim_in(world: World) -> Victim:
    """Somebody new who has been a customer for years, and is moving money at this moment."""
    person = somebody("vera-quillon")
    stored = world.customer(person)
    serial = int(uuid.uuid4().hex[:6], 16) % 7000 + 2000
    money = {
        "checking": Decimal(f"{serial}.37"),
        "savings": Decimal(f"{serial + 31013}.59"),
        "money_market": Decimal(f"{serial + 52017}.83"),
    }
    known = invented.customer(stored.customer)
    accounts = {name: money.get(name, held) for name, held in known.accounts.items()}
    world.cloud.dynamodb.put_item(
        TableName=world.assembly.function("lex_turn").environment["LEDGER"],
        Item={
            "pk": {"S": stored.customer},
            "document": {"S": to_json(replace(known, accounts=accounts, points=serial * 7 + 100_003))},
            "version": {"N": "1"},
            "nonce": {"S": uuid.uuid4().hex},
        },
    )
    name = f"Quillon{uuid.uuid4().hex[:6]}"
    link = next(one.id for one in stored.links.values() if one.kind == AddressKind.WEB.value)
    noted = profile.noted(stored.profile, Noted("name", "", name), link=link, at=world.clock() - 5, by="customer")
    world.store.save(replace(stored, profile=noted), world.clock())
    amount = f"{serial % 800 + 101}.29"
    markers = {name: "her name", person.email: "her e-mail address", person.phone[2:]: "her number"}
    markers |= {spelt: f"her {account}" for account, held in money.items() for spelt in _spelt(held)}
    markers |= {spelt: "her transfer's amount" for spelt in _spelt(Decimal(amount))}
    markers[f"{serial * 7 + 100_003:,}"] = "her points"
    victim = Victim(world, person, stored.customer, markers, amount)
    victim.signs_in()
    victim.taps("CheckBalance")
    victim.begins_a_transfer()
    return victim


def seen(text: str, markers: Mapping[str, str]) -> Iterator[str]:
    """Which of what is hers stands in a text."""
    flat = re.sub(r"\s+", " ", text)
    for marker, what in markers.items():
        if re.search(rf"(?<![\w]){re.escape(marker)}(?![\w])", flat, re.IGNORECASE):
            yield what


def _spelt(amount: Decimal) -> tuple[str, str]:
    return f"{amount:,}", str(amount)
