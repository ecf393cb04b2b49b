"""Callers who between them make the functions that a contact flow asks for everything that they are granted."""

from __future__ import annotations

import copy
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from bank.fake.telephone_pins import pin_of
from rehearsal.connect.vault import EncryptionSdkVault
from rehearsal.functions import FunctionFailed, Functions
from rehearsal.lex.doors import Door
from rehearsal.people import Person, link_of
from rehearsal.world import World
from throughline.channels.lex import CAPTURES, NEXT, POINTER, QUESTION
from throughline.customers.addresses import AddressKind
from throughline.customers.pointer import Pointer, mint
from throughline.customers.rules import DAY, Retention
from throughline.turn import Assurance

from .connect_service import connect_service
from .customers import enrolled
from .places import EVENTS

CARD = ("4111111111111111", "1230", "123")
ASKED = ("contact_data", "agent_screen", "disposition", "callback", "secret_turn")
"""The functions that flows ask."""


@cache
def capture_pair() -> tuple[str, str]:
    """An invented private key and its certificate, both in PEM, for this run alone."""
    from datetime import UTC, datetime, timedelta

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "captures of a test")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return private, certificate.public_bytes(Encoding.PEM).decode()


def put_capture_key(world: World) -> None:
    """The private key into its secret, as an operator puts it there."""
    secret = world.cloud.placed(world.assembly.function("secret_turn")).environment["CAPTURE_KEY"]
    world.cloud.secrets.put_secret_value(SecretId=secret, SecretString=json.dumps({"keys": [capture_pair()[0]]}))


def keyed(digits: str) -> str:
    """The digits as Amazon Connect hands them over."""
    return EncryptionSdkVault().encrypt("any-id", capture_pair()[1], digits)


def recorded(name: str) -> Any:
    """A recorded event of the flow's."""
    return json.loads((EVENTS / "connect" / f"{name}.json").read_text("utf-8"))


@dataclass(slots=True)
class Call:
    """One call, and what its flow has."""

    world: World
    functions: Functions
    number: str
    contact: str = field(default_factory=lambda: str(uuid.uuid4()))
    pointer: str = ""
    question: str = ""
    next: str = ""

    def asks(self, module: str, event: str = "", **parameters: str) -> dict[str, str]:
        """What the function answers the flow; the pointer is always given."""
        told = copy.deepcopy(recorded(event or module))
        contact = told["Details"]["ContactData"]
        contact |= {"ContactId": self.contact, "InitialContactId": self.contact, "PreviousContactId": self.contact}
        contact["CustomerEndpoint"]["Address"] = self.number
        given = told["Details"]["Parameters"]
        told["Details"]["Parameters"] = {**given, "pointer": self.pointer, **parameters}
        answer: dict[str, str] = self.functions.invoke(self.world.assembly.function(module).logical_id, told)
        assert all(isinstance(value, str) for value in answer.values())
        return answer

    def arrives(self) -> dict[str, str]:
        """The data dip."""
        data = self.asks("contact_data", "contact_data_voice")
        self.pointer = data["pointer"]
        return data

    def says(self, *said: str) -> str:
        """Through Lex, with what can be keyed in; the answer to the last of it."""
        text = ""
        for one in said:
            given = {POINTER: self.pointer, QUESTION: self.question, CAPTURES: "card pin telephone_pin"}
            world = self.world
            answer = Door(world.lex).say(
                world.bot.id, world.live.id, world.model.default_locale, self.contact, one, session_attributes=given
            )
            there = answer["sessionState"]["sessionAttributes"]
            self.pointer, self.question = there.get(POINTER, self.pointer), there.get(QUESTION, "")
            self.next = there.get(NEXT, "")
            text = " ".join(message.get("content", "") for message in answer.get("messages", ()))
        return text

    def keys(self, *parts: str) -> dict[str, str]:
        """What the flow was told to capture, keyed in."""
        kind = self.next.removeprefix("capture:")
        assert kind != self.next, f"nothing is to be captured, but {self.next or 'nothing'}"
        named = dict(zip(("value", "expiry", "security_code"), map(keyed, parts), strict=False))
        told = self.asks("secret_turn", "secret_turn_card", kind=kind, question=self.question, **named)
        self.pointer, self.question, self.next = told["pointer"], told["question"], told["next"]
        return told


def callers(world: World, functions: Functions, later: Callable[[float], None]) -> None:
    """All of them; `later` moves the functions' own time on, by seconds."""
    put_capture_key(world)
    a_bill_by_card(world, functions)
    by_pin(world, functions)
    by_wrong_pins(world, functions)
    a_transfer(world, functions)
    an_agent(world, functions)
    edges_that_are_due(world, functions, later)


def verified(world: World, call: Call, person: Person, level: Assurance = Assurance.LINKED) -> None:
    """A contact whose pointer is worth that, such as one that a sign-in in the app began."""
    stored = world.customer(person)
    link = link_of(stored, AddressKind.PHONE)
    call.pointer = mint(
        Pointer(stored.customer, link.id, link.epoch), contact=call.contact, assurance=level,
        expires=world.clock() + 3600, keys=world.keys.pointer_keys(),
    )  # fmt: skip


def a_bill_by_card(world: World, functions: Functions) -> None:
    """Keyed in twice wrong, once too late, and then right."""
    person = enrolled(world, "Payer")
    call = Call(world, functions, person.phone)
    verified(world, call, person)
    call.says("pay the electric bill by card", "eighty dollars", "yes")
    assert call.next == "capture:card"
    told = call.keys("4111111111111112", *CARD[1:])
    assert told["next"] == "capture:card", told
    told = call.asks("secret_turn", "secret_turn_timeout", kind="card", question=call.question)
    assert told["next"] in ("", "capture:card"), told
    call.next = "capture:card"
    call.question = told["question"]
    told = call.keys(*CARD)
    assert "$80" in told["say"], told


def by_pin(world: World, functions: Functions) -> None:
    """A telephone PIN proves it, and what waited for that goes on: here, a code to an address that is to be theirs."""
    for said in ("my new number is 917 555 0166", "connect my email robin@post.example", "I want a copy of my data"):
        person = enrolled(world, "Pin")
        call = Call(world, functions, person.phone)
        call.arrives()
        call.says(said)
        told = call.keys(pin_of(world.customer(person).customer))
        assert told["next"] == "" and told["say"], (said, told)


def by_wrong_pins(world: World, functions: Functions) -> None:
    """After the third a code is sent instead."""
    person = enrolled(world, "Guesser")
    call = Call(world, functions, person.phone)
    call.arrives()
    call.says("forget me")
    while call.next.startswith("capture:"):
        call.keys("0000")
    assert world.post.newest_code(person.phone)


def a_transfer(world: World, functions: Functions) -> None:
    """A contact that goes on in another keeps its pointer: it is read, and the number isn't asked about."""
    call = Call(world, functions, enrolled(world, "Mover").phone)
    first = call.arrives()
    assert first["known"] == "true" and first == call.asks("contact_data", "contact_data_voice")
    newcomer = Call(world, functions, "+16465550177")
    assert newcomer.arrives()["known"] == "false" and newcomer.pointer
    nobody = Call(world, functions, "anonymous")
    assert nobody.arrives()["pointer"] == ""
    assert nobody.asks("secret_turn", "secret_turn_timeout")["say"]


def an_agent(world: World, functions: Functions) -> None:
    """They see, and write down how it ended; somebody is called back at another number that is theirs."""
    call = Call(world, functions, enrolled(world, "Caller").phone)
    call.arrives()
    assert call.asks("agent_screen")["found"] == "true"
    assert call.asks("disposition")["kept"] == "true"
    assert call.asks("callback", number=call.number) == {"number": call.number, "promised": "true"}


def edges_that_are_due(world: World, functions: Functions, later: Callable[[float], None]) -> None:
    """Who comes back again and again is not forgotten: a save keeps the way to them for longer, in each function."""
    keep = Retention().known
    asked: dict[str, Call] = {}
    for serial, module in enumerate(("disposition", "callback", "secret_turn")):
        asked[module] = Call(world, functions, f"+1718555018{serial}")
    for _ in range(3):
        for module, call in asked.items():
            call.contact = str(uuid.uuid4())
            call.arrives()
            if module == "callback":
                assert call.asks("callback", number=call.number)["promised"] == "true"
            elif module == "disposition":
                assert call.asks("disposition")["kept"] == "true"
            else:
                call.asks("secret_turn", "secret_turn_timeout")
        later(keep * 0.6 + DAY)


def attached(world: World) -> None:
    """A number is attached to the flow and let go, as CloudFormation asks for it; nobody takes the answer here."""
    spec = world.cloud.placed(world.assembly.function("attach_number"))
    (resource,) = (it for it in world.assembly.resources.all() if it.type == "Custom::AttachedNumber")
    given = {name: world.assembly.resources.resolved(resource, name) for name in ("Number", "Flow")}
    asked = {
        "StackId": "arn:aws:cloudformation:us-east-1:123456789012:stack/phone/1", "RequestId": "1",
        "LogicalResourceId": resource.id, "ResourceProperties": given, "ResponseURL": "https://127.0.0.1:9/answer",
    }  # fmt: skip
    with connect_service(world) as board:
        environment = {**world.cloud.environment(), "AWS_ENDPOINT_URL_CONNECT": board.url}
        with Functions([spec], environment, instances=1) as functions:
            for request, after in (("Create", {given["Number"]: given["Flow"]}), ("Delete", {})):
                event = {**asked, "RequestType": request, "PhysicalResourceId": given["Number"]}
                with pytest.raises(FunctionFailed, match="URLError"):
                    functions.invoke(spec.logical_id, event)
                assert board.flows == after, request
