"""Both handlers as Lambda imports them, with the bench's store, keys, bank and clock behind them.

Each is imported once a process; `over` then gives it other parts. What they print goes nowhere: the log is
written, but to the null device.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from bank.actions import actions
from bank.fake.core import FakeCore
from bank.fake.gateway import FakeCardGateway
from bank.ledger import MemoryLedger
from bench.callers import CONTACT, SKILL, USER, Clock
from throughline.channels import web
from throughline.channels.ear import Ear
from throughline.conversation import Conversations, Sender
from throughline.customers.addresses import Address, AddressKind
from throughline.customers.keys import FixedKeys, KeyRing
from throughline.customers.pointer import Pointer, mint
from throughline.customers.store import CustomerStore
from throughline.dialogue.model import Model
from throughline.turn import Assurance

LAMBDAS: Final = Path(__file__).resolve().parent.parent / "lambdas"
KEYS: Final = FixedKeys(KeyRing("a", {"a": b"a" * 32}), KeyRing("p", {"p": b"p" * 32}))
ENVIRONMENT: Final = {
    "AWS_ACCESS_KEY_ID": "invented",
    "AWS_SECRET_ACCESS_KEY": "invented",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "TABLE": "customers",
    "KEYS": "keys",
    "LEDGER": "ledger",
    "AUDIT": "audit",
    "CAPTURE_KEY": "capture-key",
    "SKILL_ID": SKILL,
    "_X_AMZN_TRACE_ID": "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1",
}
"""What a function finds in its environment; everything in it is invented."""
PHONE: Final = Address(AddressKind.PHONE, "+1 212 555 0143")
_NOWHERE: Final = Path(os.devnull).open("w")  # noqa: SIM115 - a logger keeps its stream for the life of the process
CHATTER: Final = Address(AddressKind.WEB, "bench-browser-1")
SPEAKER: Final = Address(AddressKind.ALEXA, USER)


@dataclass(frozen=True, slots=True)
class Function:
    """A handler to call, and the clock that it goes by."""

    handler: Callable[[Mapping[str, Any]], Mapping[str, Any]]
    clock: Clock
    model: Model


TEN_YEARS: Final = 10 * 365 * 86_400


@contextmanager
def quiet() -> Iterator[None]:
    """Standard output to nowhere, for handlers that log there."""
    kept, sys.stdout = sys.stdout, _NOWHERE
    try:
        yield
    finally:
        sys.stdout = kept


def model() -> Model:
    """The compiled model that the functions ship."""
    return _imported("lex_turn").PARTS.model  # type: ignore[no-any-return]  # a module found by its name


def lex_function(store: CustomerStore, clock: Clock) -> Function:
    """`lex_turn` over that store."""
    return _over("lex_turn", store, clock)


def alexa_function(store: CustomerStore, clock: Clock) -> Function:
    """`alexa_turn` over that store."""
    return _over("alexa_turn", store, clock)


def ear_function(store: CustomerStore, clock: Clock) -> Function:
    """The recogniser path of a text channel: its event brings what Lex would have heard in `heard`."""
    module = _imported("lex_turn")
    shipped = module.PARTS.model
    heard: dict[str, Any] = {}

    class Given:
        def recognize_text(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
            return heard

    ear = Ear(Given(), bot="BENCHBOT01", alias="BENCHALIAS")
    conversations = _conversations(shipped, store, clock, module.PARTS.telemetry)
    sender = Sender(Assurance.VERIFIED, address=CHATTER)

    def handler(event: Mapping[str, Any]) -> Mapping[str, Any]:
        nonlocal sender
        heard.clear()
        heard.update(event["heard"])
        turn = web.to_turn(event["message"], at=clock())
        exchange = conversations.answer(turn, sender, ear.hear)
        sender = replace(sender, pointer=exchange.pointer)
        return web.to_answer(exchange, shipped)

    return Function(handler, clock, shipped)


def enrolled(store: CustomerStore, address: Address, clock: Clock) -> Pointer:
    """A customer whose address is proved, as a sign-up would have left them."""
    stored, link = store.by_address(address, clock())
    # In time to come: the bench's conversations lie days apart, and a proof ages.
    proved = replace(stored.links[link], assurance=Assurance.VERIFIED, at=clock() + TEN_YEARS)
    stored = store.save(replace(stored, links={link: proved}), clock())
    return Pointer(stored.customer, link, stored.links[link].epoch)


def token(pointer: Pointer) -> str:
    """The pointer as Connect's flow hands it on."""
    return mint(pointer, contact=CONTACT, assurance=Assurance.VERIFIED, expires=4e9, keys=KEYS.pointer)


def _over(name: str, store: CustomerStore, clock: Clock) -> Function:
    module = _imported(name)
    parts = module.PARTS
    wiring: Any = sys.modules["wiring"]

    def handler(event: Mapping[str, Any]) -> Mapping[str, Any]:
        # The two functions share this process, and one of them may have been given other parts since.
        module.PARTS, wiring.now = mine, clock
        return module.handler(event, None)  # type: ignore[no-any-return]  # a module found by its name

    conversations = _conversations(parts.model, store, clock, parts.telemetry)
    mine = replace(parts, conversations=conversations, keys=KEYS)
    return Function(handler, clock, parts.model)


def _conversations(model: Model, store: CustomerStore, clock: Clock, observer: Any) -> Conversations:
    ledger = MemoryLedger()
    bank = actions(FakeCore(ledger), FakeCardGateway(ledger))
    return Conversations(model, store, bank, clock=clock, observer=observer)


def furnish() -> None:
    """Make this process's environment a function's."""
    os.environ.update(ENVIRONMENT)
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_DATA_PATH"):
        os.environ.pop(name, None)


def _imported(name: str) -> Any:
    furnish()
    with quiet():
        return importlib.import_module(name)
