"""Customers who between them make the functions that take turns ask for everything that they are granted."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import urllib.request
import uuid
from dataclasses import replace
from itertools import count
from typing import Any

from rehearsal.lex.doors import Door
from rehearsal.people import Person, link_of
from rehearsal.replay import read, replay
from rehearsal.ways import Device, LexText, SmartSpeaker
from rehearsal.world import World
from throughline.channels.lex import POINTER
from throughline.customers.addresses import AddressKind
from throughline.customers.pointer import Pointer, mint
from throughline.turn import Assurance

from .places import REHEARSALS

EXERCISES = (
    ("pay_bill_in_one_sentence", "lex-text"),
    ("report_lost_card", "lex-speech"),
    ("phone_keys_then_chat", "lex-keys"),
    ("claimed_caller_may_protect", "lex-keys"),
    ("freeze_and_undo", "lex-text"),
    ("wrong_code_three_times", "lex-text"),
    ("link_channel", "lex-text"),
    ("preferences", "lex-text"),
    ("my_data", "lex-speech"),
    ("forget_me", "lex-text"),
    ("pay_bill_in_one_sentence", "alexa"),
    ("begun_here_finished_elsewhere", "alexa"),
)
"""Conversations of the files: reading, writing, acting for good; codes, limits, connecting, consenting, erasing."""
_SERIALS = count()
_URL = re.compile(r"https?://\S+")


def customers(world: World) -> None:
    """Hold all of them."""
    for name, way in EXERCISES:
        replay(read(REHEARSALS / f"{name}.yaml"), way, world)
    somebody_else_on_the_phone(world)
    a_way_less(world)
    a_copy_is_fetched(world)
    a_speaker_with_an_account(world)


def enrolled(world: World, name: str) -> Person:
    """Somebody whom the bank knows, with a number of their own."""
    person = Person.called(f"{name} {uuid.uuid4().hex[:6]}")
    serial = next(_SERIALS)
    # The files' customers have the area codes below.
    person = replace(person, phone=f"+1{601 + serial // 100}55501{serial % 100:02d}")
    world.customer(person)
    return person


def told(device: Device, *said: str) -> str:
    """The answer to the last of what is said."""
    return [device.say(one) for one in said][-1].text


def code_at(world: World, address: str) -> str:
    """The newest code there."""
    found = world.post.newest_code(address)
    assert found, f"no code came to {address}"
    return found


def somebody_else_on_the_phone(world: World) -> None:
    """On another's phone they say who they are: the address is shared from now on, and each keeps what is theirs."""
    owner, guest = enrolled(world, "Owner"), enrolled(world, "Guest")
    device = LexText(world, owner, Assurance.CLAIMED)
    told(device, "I'm somebody else", "email", guest.email)
    told(device, code_at(world, guest.email))
    assert any(link.shared for link in world.customer(guest).links.values()), "the guest comes by that phone, too"


def a_way_less(world: World) -> None:
    """Their mailbox is theirs no more."""
    person = enrolled(world, "Mover")
    device = LexText(world, person, Assurance.VERIFIED)
    before = world.customer(person)
    told(device, "disconnect my email", "yes")
    after = world.store.by_customer(before.customer, world.clock())
    assert after is not None and link_of(before, AddressKind.EMAIL).id in after.links
    assert after.links[link_of(before, AddressKind.EMAIL).id].closed


def a_dispute(world: World, one: Person, other: Person) -> None:
    """The one connects the other's mailbox, of which each has the code: a person must decide."""
    device = LexText(world, one, Assurance.VERIFIED)
    told(device, "connect my email", other.email)
    assert "one of our people" in told(device, code_at(world, other.email)).lower()


def a_copy_is_fetched(world: World) -> None:
    """In a chat that came from the website, where a link can be handed over; then whoever has the link opens it."""
    person = enrolled(world, "Reader")
    chat = from_the_website(world, person)
    told(chat, "turn on payment alerts", "by text", "I want a copy of my data")
    told(chat, code_at(world, person.phone))
    follow(world)
    opened = fetched(told(chat, "I want a copy of my data"))
    assert "payments" in opened, "what was agreed to is in the copy"


def from_the_website(world: World, person: Person) -> LexText:
    """Connect's chat, begun by the website: the flow's pointer is of the browser's link."""
    chat = LexText(world, None, Assurance.LINKED)
    stored = world.customer(person)
    link = link_of(stored, AddressKind.WEB)
    pointer = mint(
        Pointer(stored.customer, link.id, link.epoch), contact=chat.session, assurance=Assurance.LINKED,
        expires=world.clock() + 3600, keys=world.keys.pointer_keys(),
    )  # fmt: skip
    locale = world.model.default_locale
    given = {POINTER: pointer}
    Door(world.lex).say(world.bot.id, world.live.id, locale, chat.session, "hello", session_attributes=given)
    return chat


def fetched(text: str) -> str:
    """What lies at the address in the text, fetched as a browser does, with nothing else in hand."""
    found = _URL.search(text)
    assert found is not None, f"no address is in: {text}"
    with urllib.request.urlopen(found[0], timeout=30) as answer:
        page: str = answer.read().decode()
    return page


def follow(world: World) -> None:
    """Let the follower of the table's stream take all that is there, and what it writes itself meanwhile."""
    assert world.records is not None
    for _ in range(3):
        world.records.drain()
    assert not world.records.delivery.failed


def a_speaker_with_an_account(world: World) -> None:
    """Linked in Alexa's app it is theirs; unlinked again it only claims to be, and may still freeze an account."""
    person = enrolled(world, "Speaker").at_strange_devices(uuid.uuid4().hex[:6])
    speaker = SmartSpeaker.of(world, person)
    speaker.open()
    speaker.speaker.link_account(linking_token(world, person))
    speaker.leave()
    assert "$" in told(speaker, "what's my checking balance")
    speaker.leave()
    speaker.speaker.link_account("")
    told(speaker, "freeze my savings", "yes")


def linking_token(world: World, person: Person) -> str:
    """The access token that Alexa gets for an account: of the one client that keeps a secret."""
    accounts = world.accounts
    assert accounts is not None
    accounts.subject(person)
    client = world.cloud.placed(world.assembly.function("alexa_turn")).environment["LOGIN_CLIENT"]
    told_of = accounts.idp.describe_user_pool_client(UserPoolId=accounts.pool, ClientId=client)["UserPoolClient"]
    proof = hmac.new(told_of["ClientSecret"].encode(), (person.email + client).encode(), hashlib.sha256).digest()
    begun: dict[str, Any] = accounts.idp.admin_initiate_auth(
        UserPoolId=accounts.pool, ClientId=client, AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={
            "USERNAME": person.email, "PASSWORD": accounts.passwords[person.email],
            "SECRET_HASH": base64.b64encode(proof).decode(),
        },
    )  # fmt: skip
    return str(begun["AuthenticationResult"]["AccessToken"])
