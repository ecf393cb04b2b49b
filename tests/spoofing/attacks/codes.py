"""Codes that were read over her shoulder, and are tried where they don't count."""

from __future__ import annotations

import uuid

from tests.spoofing.asks import BALANCE
from tests.spoofing.attempt import Attempt
from tests.spoofing.listing import CALLS, attack, control
from tests.spoofing.victim import Hollow, somebody
from throughline.channels.capabilities import ALEXA, EAR, LEX_GUEST, LEX_KEYS, TEXTING

FAMILY = "replayed codes"
CODED = (*CALLS, TEXTING)
"""Where he can be asked for a code of hers: her number can be shown there."""
PLACES = (*CALLS, EAR, LEX_GUEST, ALEXA)
"""Where he has a session of his own."""
HERS = (CALLS[0], CALLS[1], CALLS[2], EAR)


def her_code(a: Attempt, way: str) -> str:
    """She asks for her balance by another way, at a device that isn't proved, and a code comes to her."""
    with a.hers():
        hers = a.as_her(way)
        hers.device = f"her-other-browser-{uuid.uuid4().hex[:6]}"
        if way == EAR:
            _identifies(hers, a)
        else:
            hers.asks(BALANCE)
    return a.victim.code()


def _identifies(hers: Attempt, a: Attempt) -> None:
    hers.tap("IdentifyMyself", "code_by", "email")
    hers.say(a.victim.person.email)


@attack("her code in a session of his", FAMILY, (*PLACES, TEXTING), HERS, fresh=True)
def another_session(a: Attempt, hers: str) -> None:
    """She was sent a code in a session of hers; he reads it, and types it into his, by the same way or by another."""
    code = her_code(a, hers)
    a.claims().asks(BALANCE)
    a.say(code)
    a.asks(BALANCE)


@attack("her code in a session that asked for none", FAMILY, (*PLACES, TEXTING), HERS, fresh=True)
def unasked(a: Attempt, hers: str) -> None:
    """He reads her code and types it at once, in a session where nothing was asked."""
    code = her_code(a, hers)
    a.claims().say(code)
    a.asks(BALANCE)


@attack("her code after she used it", FAMILY, CODED, range(2), fresh=True)
def used(a: Attempt, number: int) -> None:
    """She proved herself with it in her call; within its five minutes he types it into his."""
    with a.hers():
        hers = a.as_her(CALLS[1])
        hers.asks(BALANCE)
        code = a.victim.code()
        hers.lex(code)
    a.claims()
    if number:
        a.asks(BALANCE)
    a.say(code)
    a.asks(BALANCE)


@attack("the same code once more, later", FAMILY, CODED, (660.0, 720.0, 3600.0), fresh=True)
def later(a: Attempt, seconds: float) -> None:
    """She proved herself and put the phone down on the table; when her minutes are over he types the code again."""
    with a.hers():
        a.claims().asks(BALANCE)
        code = a.victim.code()
        a.say(code)
    a.oracle.told.clear()
    a.later(seconds)
    a.say(code)
    a.asks(BALANCE)
    a.say(code)


@attack("a code that is too old", FAMILY, CODED, (301.0, 330.0, 600.0), fresh=True)
def too_old(a: Attempt, seconds: float) -> None:
    """He finds her phone with the code on it after its five minutes."""
    a.claims().asks(BALANCE)
    code = a.victim.code()
    a.later(seconds)
    a.say(code)
    a.asks(BALANCE)


@attack("his own code for her", FAMILY, CODED, range(3), fresh=True)
def his_own(a: Attempt, number: int) -> None:
    """He is a customer, too: he has a code sent to himself, and gives it where hers is asked for."""
    mallory = somebody("mallory")
    a.world.customer(mallory)
    his = a.as_her(CALLS[number])
    his.attributes = {"tl-pointer": _pointer_of(a, mallory, his.contact)}
    his.asks(BALANCE)
    code = a.world.post.newest_code(mallory.phone, mallory.email)
    if not code:
        raise Hollow("no code came to him")
    a.claims().asks(BALANCE)
    a.say(code)
    a.asks(BALANCE)


@attack("the code before the newest", FAMILY, CODED, range(2), fresh=True)
def superseded(a: Attempt, number: int) -> None:
    """He saw a first code on her screen; a new one was sent since, and he types the first, once or twice."""
    a.claims().asks(BALANCE)
    first = a.victim.code()
    if a.way == LEX_KEYS:
        again = a.as_her(CALLS[1])
        again.contact, again.attributes = a.contact, None
        again.say("send a new code")
    else:
        a.say("send a new code")
    if a.victim.code() == first:
        raise Hollow("no second code was sent")
    for _ in range(number + 1):
        a.say(first)
    a.asks(BALANCE)


def _pointer_of(a: Attempt, person: object, contact: str) -> str:
    from rehearsal.people import Person, phone_pointer
    from throughline.turn import Assurance

    if not isinstance(person, Person):
        raise TypeError("a person")
    stored = a.world.customer(person)
    return phone_pointer(stored, contact, Assurance.CLAIMED, a.world.keys, a.world.clock())


@control("her code where she asked for it, at the second try", FAMILY, CODED)
def at_the_second(a: Attempt) -> bool:
    """Proves her."""
    a.claims().asks(BALANCE)
    code = a.victim.code()
    a.say(f"{(int(code) + 1) % 10**6:06d}")
    return a.answers(code)
