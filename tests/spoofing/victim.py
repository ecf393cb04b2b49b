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
from tests.spoofing.asks import APPLICATION
from throughline.customers import profile
from throughline.customers.addresses import AddressKind
from throughline.customers.store import Link, Stored
from throughline.dialogue.changes import Noted
from throughline.turn import Assurance

_SERIALS: Final = count(100)


class Hollow(AssertionError):
    """What an attack begins with didn't come about, so that it would prove nothing."""


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
    question: str = ""
    """The question that is open in her web chat."""
    uses: int = 0
    """Attempts at her."""
    signed_in: str = ""
    """Her token, once she signed in."""

    @property
    def token(self) -> str:
        """What her browser sends since she signed in."""
        if not self.signed_in:
            self.signs_in()
        return self.signed_in

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
        """Something that she does herself in her web chat, where she needn't sign in: her browser is linked."""
        message = {
            "id": id or uuid.uuid4().hex,
            "session": self.session,
            "locale": "en_US",
            "question": self.question if question is None else question,
            **said,
        }
        answer = self.world.chat(self.person, message, token=self.signed_in)
        self.question = answer.get("question", "")
        return answer

    def taps(self, intent: str, slot: str = "", value: str = "", **more: Any) -> dict[str, Any]:
        """A button of her web chat."""
        return self.chats({"tap": {"intent": intent, "slot": slot, "value": value}}, **more)

    def signs_in(self) -> None:
        """To her account, in her browser."""
        self.signed_in = self.world.sign_in(self.person)

    def begins_a_transfer(self) -> dict[str, Any]:
        """As far as the question whether to send it."""
        self.taps("TransferMoney", "amount", self.amount)
        self.taps("TransferMoney", "from_account", "checking")
        return self.taps("TransferMoney", "to_account", "emma")

    def code(self, *, way: str = "") -> str:
        """The newest code that came to her. Raises Hollow if none did."""
        found = self.world.post.newest_code(self.person.phone, self.person.email, way=way)
        if not found:
            raise Hollow("no code came to her")
        return found


def somebody(called: str) -> Person:
    """An invented person whose number nobody else of this process has: 555-01xx in one area code after another."""
    serial = next(_SERIALS)
    person = Person.called(f"{called}-{uuid.uuid4().hex[:8]}")
    return replace(person, phone=f"+1{200 + serial // 100}55501{serial % 100:02d}")


@dataclass(frozen=True, slots=True)
class _Mould:
    """A conversation in the middle of a transfer, for more victims than would have the time to get there."""

    world: World
    at: float
    state: str
    names: Mapping[str, str]
    """What is in it of the one whose it was, by what it is."""


_MOULD: list[_Mould] = []
_GOOD_FOR: Final = 300.0
"""Seconds: her transfer must not have been idle for long."""


def victim_in(world: World) -> Victim:
    """Somebody new who has been a customer for years, and is moving money at this moment."""
    victim = _customer_of_years(world)
    now = world.clock()
    if not _MOULD or _MOULD[-1].world is not world or now - _MOULD[-1].at > _GOOD_FOR:
        victim.begins_a_transfer()
        _MOULD[:] = [_Mould(world, now, victim.stored().state, {**_names(victim), "question": victim.question})]
        return victim
    mould, state = _MOULD[-1], _MOULD[-1].state
    # The question is bound to the values that were shown, so these stay what they were.
    victim.amount = mould.names["amount"]
    victim.markers = {**victim.markers, **_of_the_transfer(victim.amount)}
    for what, name in _names(victim).items():
        state = state.replace(mould.names[what], name)
    world.store.save(replace(victim.stored(), state=state), now)
    victim.question = mould.names["question"]
    return victim


def _names(victim: Victim) -> dict[str, str]:
    return {"link": victim.link(AddressKind.WEB).id, "session": victim.session, "amount": victim.amount}


def _customer_of_years(world: World) -> Victim:
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
    # Nobody else's application of that number was decided.
    applications = {**known.applications, APPLICATION: (known.applications[APPLICATION][0], "declined")}
    bank = replace(known, accounts=accounts, points=serial * 7 + 100_003, applications=applications)
    world.cloud.dynamodb.put_item(
        TableName=world.assembly.function("lex_turn").environment["LEDGER"],
        Item={
            "pk": {"S": stored.customer},
            "document": {"S": to_json(bank)},
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
    markers |= _of_the_transfer(amount)
    markers[f"{serial * 7 + 100_003:,}"] = "her points"
    markers[f"application {APPLICATION} wasn't approved"] = "how her application was decided"
    return Victim(world, person, stored.customer, markers, amount)


def seen(text: str, markers: Mapping[str, str]) -> Iterator[str]:
    """Which of what is hers stands in a text."""
    flat = re.sub(r"\s+", " ", text)
    for marker, what in markers.items():
        if re.search(rf"(?<![\w]){re.escape(marker)}(?![\w])", flat, re.IGNORECASE):
            yield what


def _of_the_transfer(amount: str) -> dict[str, str]:
    return dict.fromkeys(_spelt(Decimal(amount)), "her transfer's amount")


def _spelt(amount: Decimal) -> tuple[str, str]:
    return f"{amount:,}", str(amount)
