"""Forged and stolen pointers: what a session carries to say whose it is."""

from __future__ import annotations

import secrets
import uuid

from tests.spoofing.asks import BALANCE, FEW, SOME, Ask
from tests.spoofing.attempt import Attempt
from tests.spoofing.listing import CALLS, attack, control
from tests.spoofing.victim import seen
from throughline.channels.capabilities import ALEXA, LEX_GUEST
from throughline.channels.lex import COUNT, HANDOVER, POINTER, QUESTION
from throughline.customers.addresses import AddressKind
from throughline.customers.keys import KeyRing
from throughline.customers.pointer import Pointer, mint
from throughline.turn import Assurance

FAMILY = "forged pointers and attributes"
LEX = (*CALLS, LEX_GUEST)
ANYWHERE = (*LEX, ALEXA)


def carry(a: Attempt, token: str, ask: Ask = BALANCE, **attributes: str) -> None:
    """Come with that pointer and ask."""
    if a.way == ALEXA:
        a.raw_alexa(ask.intent, attributes={"pointer": token, **attributes})
        a.raw_alexa("AMAZON.YesIntent", attributes={"pointer": token, **attributes})
        return
    a.keeps_forging, a.attributes = True, {POINTER: token, **attributes}
    a.asks(ask)


def genuine(a: Attempt, contact: str, assurance: Assurance = Assurance.VERIFIED, **more: float) -> str:
    """Her own pointer, as our keys sign it, for that contact."""
    kind = AddressKind.ALEXA if a.way == ALEXA else AddressKind.PHONE
    link = a.victim.link(kind)
    pointer = Pointer(a.victim.customer, link.id, link.epoch + int(more.get("epoch", 0)))
    expires = a.world.clock() + more.get("expires", 3600.0)
    return mint(pointer, contact=contact, assurance=assurance, expires=expires, keys=a.world.keys.pointer_keys())


def own(a: Attempt) -> str:
    """Who he is to the way that he comes by: what a pointer for him would be minted for."""
    return a.user if a.way == ALEXA else a.contact


@attack("pointer of another contact", FAMILY, ANYWHERE, SOME)
def another_contact(a: Attempt, ask: Ask) -> None:
    """He has read her verified call's pointer, and puts it into a session of his own."""
    carry(a, genuine(a, a.victim.person.speaker if a.way == ALEXA else str(uuid.uuid4())), ask)


@attack("expired pointer", FAMILY, ANYWHERE, (1.0, 60.0, 3600.0, 90_000.0))
def expired(a: Attempt, ago: float) -> None:
    """He puts a pointer of her session that has expired back into that very session."""
    carry(a, genuine(a, own(a), expires=-ago))


@attack("pointer under another key", FAMILY, ANYWHERE, ("random", "address", "code", "retired", "empty name", "zeros"))
def another_key(a: Attempt, which: str) -> None:
    """He mints a pointer to her under a key of his own, one of ours for other things, or one rotated out."""
    keys = a.world.keys
    ours = keys.pointer_keys().current
    name, key = {
        "random": (ours, secrets.token_bytes(32)),
        "address": (ours, keys.address_keys().keys[ours]),
        "code": (ours, keys.code_keys().keys[ours]),
        "retired": ("0", keys.pointer_keys().keys[ours]),
        "empty name": ("_", keys.pointer_keys().keys[ours]),
        "zeros": (ours, bytes(32)),
    }[which]
    link = a.victim.link(AddressKind.ALEXA if a.way == ALEXA else AddressKind.PHONE)
    pointer = Pointer(a.victim.customer, link.id, link.epoch)
    ring = KeyRing(name, {name: key})
    expires = a.world.clock() + 3600
    carry(a, mint(pointer, contact=own(a), assurance=Assurance.VERIFIED, expires=expires, keys=ring))


@attack("pointer cut short or long", FAMILY, ANYWHERE, (1, 2, 3, 4, 5, 6, 7, 8, -1, -2, -43))
def cut(a: Attempt, parts: int) -> None:
    """He cuts her session's pointer at each of its parts, or leaves off its signature's end, or adds to it."""
    token = genuine(a, own(a), Assurance.LINKED)
    pieces = token.split(".")
    carry(a, token[:parts] if parts < 0 else ".".join(pieces[:parts]) if parts < 8 else f"{token}.{pieces[-1]}")


@attack("pointer with a bit flipped", FAMILY, ANYWHERE, range(16))
def flipped(a: Attempt, number: int) -> None:
    """He changes one bit of a pointer that is good for his session's claim, hoping for more or for another."""
    token = bytearray(genuine(a, own(a), Assurance.CLAIMED if a.way != ALEXA else Assurance.LINKED).encode())
    place = a.random.randrange(len(token))
    token[place] ^= 1 << (number % 7)
    carry(a, token.decode("ascii", "replace"), BALANCE)


@attack("pointer with its fields changed", FAMILY, ANYWHERE, range(7))
def changed(a: Attempt, field: int) -> None:
    """He raises the assurance, lengthens the life, or swaps in her id or link in a pointer signed for him."""
    mallory = a.world.customer(a.mallory)
    his = next(one for one in mallory.links.values() if one.kind == AddressKind.PHONE.value)
    token = mint(
        Pointer(mallory.customer, his.id, his.epoch), contact=own(a), assurance=Assurance.CLAIMED,
        expires=a.world.clock() + 3600, keys=a.world.keys.pointer_keys(),
    )  # fmt: skip
    parts, hers = token.split("."), a.victim.link(AddressKind.PHONE)
    match field:
        case 0:
            parts[2], parts[3] = a.victim.customer, hers.id
        case 1:
            parts[2] = a.victim.customer
        case 2:
            parts[3] = hers.id
        case 3:
            parts[2], parts[3], parts[5] = a.victim.customer, hers.id, "3"
        case 4:
            parts = [*genuine(a, own(a), Assurance.CLAIMED).split(".")]
            parts[5] = "3"
        case 5:
            parts = [*genuine(a, own(a), Assurance.VERIFIED, expires=-5).split(".")]
            parts[6] = str(int(parts[6]) + 9_000)
        case _:
            parts = [*genuine(a, own(a), Assurance.VERIFIED).split(".")]
            parts[1] = "none"
    carry(a, ".".join(parts))


@attack("pointer of an epoch that isn't", FAMILY, ANYWHERE, (-1, 1, 7))
def another_epoch(a: Attempt, epochs: int) -> None:
    """He holds a pointer that our keys signed, of a link as it was before or might be later."""
    carry(a, genuine(a, own(a), epoch=epochs))


FORGED = (
    {"assurance": "verified"}, {"customer": "her"}, {"tl-assurance": "3"}, {"link": "her"}, {"steps_up": "true"},
    {"login": "her"}, {"transport": "verified"}, {COUNT: "0"}, {QUESTION: "her"}, {HANDOVER: "none"},
    {"verified": "true", "proof": "pin"}, {"tl-pointer ": "her"}, {"TL-POINTER": "her"}, {"x-amz-lex:user": "her"},
)  # fmt: skip


@attack("attributes that say who he is", FAMILY, ANYWHERE, FORGED)
def attributes(a: Attempt, forged: dict[str, str]) -> None:
    """He writes the assurance, her id, her question or a proof into the session attributes themselves."""
    filled = {name: a.victim.customer if value == "her" else value for name, value in forged.items()}
    if a.way == ALEXA:
        a.raw_alexa("CheckBalance", attributes={"question": a.victim.question, **filled})
        return
    claimed = {} if a.way == LEX_GUEST else {POINTER: a.victim.pointer(a.contact)}
    a.keeps_forging, a.attributes = True, {**claimed, **filled}
    a.asks(BALANCE)


@attack("a verified pointer on the guests' door", FAMILY, (LEX_GUEST,), (*SOME, *FEW))
def guest(a: Attempt, ask: Ask) -> None:
    """He brings a pointer that is right in every way, to the alias where anybody may say anything."""
    carry(a, genuine(a, a.contact), ask)


@control("her own pointer in her own contact", FAMILY, CALLS)
def her_own(a: Attempt) -> bool:
    """Tells her balance."""
    a.attributes = {POINTER: genuine(a, a.contact, Assurance.LINKED)}
    a.asks(BALANCE)
    return a.heard_hers()


@control("her speaker, with its account linked", FAMILY, (ALEXA,))
def her_speaker(a: Attempt) -> bool:
    """Tells her balance."""
    answer = a.raw_alexa("CheckBalance", user=a.victim.person.speaker, token=a.victim.token)
    return "her checking" in set(seen(str(answer), a.victim.markers))
