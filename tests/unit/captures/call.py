"""A telephone call to the bank: Lex's hook and the flow's captures, over one store in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import compiler
from bank.actions import actions
from bank.fake import FakeCore
from bank.fake.gateway import FakeCardGateway
from bank.fake.telephone_pins import FakeTelephonePins
from bank.ledger import MemoryLedger
from tests.unit.path.caller import KEYS, Troubles
from throughline.affairs.pins import Pins
from throughline.calls.arriving import arrived
from throughline.calls.capturing import Capturing
from throughline.captures.vault import FakeVault
from throughline.channels import connect, lex
from throughline.conversation import Conversations
from throughline.customers.addresses import Address, AddressKind
from throughline.customers.allowances import MemoryAllowances
from throughline.customers.memory import MemoryStore
from throughline.dialogue.model import Model
from throughline.turn import Assurance

DIALOGUE = Path(__file__).parents[3] / "dialogue"
NOW = 1_795_000_000.0
NUMBER = "+12125550101"
CONTACT = "7f3b1f2e-6d0c-4a53-9f0e-5b1d2c3a4e5f"


@cache
def bank_model() -> Model:
    """The bank's dialogue, compiled."""
    return Model.from_json(compiler.compile_runtime(compiler.load(DIALOGUE)))


class Shop:
    """The store, the ledger and all behind them, which several calls share."""

    def __init__(self, **gateway: Any) -> None:
        self.now = NOW
        self.nonces = 0
        self.model = bank_model()
        self.store = MemoryStore(KEYS, nonces=self._nonce)
        self.ledger = MemoryLedger()
        self.known: dict[str, str] = {}
        self.vault = FakeVault(self.known)
        self.troubles = Troubles()
        self.path = Conversations(
            self.model, self.store, actions(FakeCore(self.ledger), FakeCardGateway(self.ledger, **gateway)),
            clock=lambda: self.now, observer=self.troubles, reaches=("phone",),
        )  # fmt: skip
        self.pins = Pins(MemoryAllowances(KEYS), FakeTelephonePins(), KEYS)
        self.capturing = Capturing(self.model, self.path, self.vault, lambda: self.now, self.pins)

    def _nonce(self) -> str:
        self.nonces += 1
        return f"n{self.nonces}"

    def enrol(self, number: str, assurance: Assurance = Assurance.CLAIMED) -> None:
        """Make the number a customer's, as their own records would."""
        stored, link = self.store.by_address(Address(AddressKind.PHONE, number), self.now)
        if stored.version == 0:
            known = {link: replace(stored.links[link], assurance=assurance)}
            self.store.save(replace(stored, links=known), self.now)

    def left(self) -> str:
        """All that is kept."""
        return repr((self.store._conversations, self.store._edges, self.ledger._documents))


class Call:
    """One call."""

    def __init__(self, shop: Shop, *, captures: str = "card pin", contact: str = CONTACT, number: str = NUMBER) -> None:
        self.shop = shop
        self.contact = contact
        self.number = number
        self.captures = captures
        self.attributes: dict[str, str] = {}
        self.told: list[str] = []
        self.keyed = 0
        shop.enrol(number)
        self.data = arrived(connect.parse(self.event({})), shop.store, KEYS.pointer_keys(), shop.model, shop.now)
        self.begin(self.data["pointer"], "")

    def begin(self, pointer: str, question: str) -> None:
        """The flow's Lex block begins: Lex has only what the flow gives it."""
        self.attributes = {"tl-pointer": pointer, "tl-question": question}
        if self.captures:
            self.attributes["tl-captures"] = self.captures

    def event(self, parameters: Mapping[str, str]) -> dict[str, Any]:
        """As Connect sends it."""
        data = {
            "ContactId": self.contact,
            "InitialContactId": self.contact,
            "Channel": "VOICE",
            "LanguageCode": "en-US",
            "CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": self.number},
        }
        return {"Details": {"Parameters": dict(parameters), "ContactData": data}}

    def says(self, intent: str, slots: Mapping[str, str] | None = None, *, mode: str = "Speech", text: str = "") -> Any:
        """One utterance to Lex, as it was understood; what Lex is told to do next."""
        self.shop.now += 5
        shaped = {
            name: {"shape": "Scalar", "value": {"interpretedValue": value, "originalValue": value}}
            for name, value in (slots or {}).items()
        }
        hook = lex.parse(
            {
                "sessionId": self.contact,
                "inputMode": mode,
                "inputTranscript": text or intent,
                "bot": {"aliasName": "live", "localeId": "en_US"},
                "interpretations": [{"nluConfidence": 0.95, "intent": {"name": intent, "slots": shaped}}],
                "sessionState": {"sessionAttributes": self.attributes},
            }
        )
        keys = KEYS.pointer_keys()
        turn, sender = lex.to_turn(hook, at=self.shop.now, fresh_id="fresh", keys=keys)
        response = lex.to_response(hook, self.shop.path.answer(turn, sender), self.shop.model, keys)
        self.attributes = response["sessionState"]["sessionAttributes"]
        self.told.append(" ".join(message["content"] for message in response.get("messages", ())))
        return response["sessionState"]["dialogAction"]

    @property
    def next(self) -> str:
        """Where the flow goes on after Lex."""
        return self.attributes.get("tl-next", "")

    def capture(self, kind: str, *keys: str) -> dict[str, str]:
        """Keys into the flow's encrypted input; then the function. Lex is entered again unless it says otherwise."""
        self.shop.now += 5
        parameters = {"kind": kind}
        for name, value in zip(("value", "expiry", "security_code"), keys, strict=False):
            self.keyed += 1
            cipher = value if value in ("", "Timeout") else f"cipher-{self.contact}-{self.keyed}"
            self.shop.known[cipher] = value
            parameters[name] = cipher
        return self.deliver(self.event(parameters | self.flow()))

    def flow(self) -> dict[str, str]:
        """What the flow gives the function of its attributes."""
        return {"pointer": self.attributes["tl-pointer"], "question": self.attributes["tl-question"]} | (
            {"captures": self.captures} if self.captures else {}
        )

    def deliver(self, event: dict[str, Any]) -> dict[str, str]:
        """An event to the function."""
        _, answer = self.shop.capturing.answer(self.shop.capturing.parse(event), KEYS.pointer_keys())
        self.told.append(answer["say"])
        self.begin(answer["pointer"], answer["question"])
        return answer
