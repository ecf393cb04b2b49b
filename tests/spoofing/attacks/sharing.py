"""Shared browsers, family phones: who proved themselves there before isn't who is there now."""

from __future__ import annotations

import uuid
from dataclasses import replace

from tests.spoofing.asks import BALANCE, SOME, TRANSFER, Ask
from tests.spoofing.attempt import Attempt
from tests.spoofing.listing import CALLS, attack, control
from tests.spoofing.victim import somebody, victim_in
from throughline.channels.capabilities import EAR, TEXTING

FAMILY = "shared devices"
PHONES = (*CALLS, TEXTING)


def identifies(a: Attempt, person_email: str, code_of: object) -> str:
    """Somebody at the attacker's browser says who they are, and gives the code."""
    a.tap("IdentifyMyself", "code_by", "email")
    a.say(person_email)
    code = code_of() if callable(code_of) else ""
    return a.say(code)


@attack("the next one at a browser that she borrowed", FAMILY, (EAR,), SOME, fresh=True)
def borrowed(a: Attempt, ask: Ask) -> None:
    """She proves herself by a code at a browser that is somebody else's, and goes; he opens the chat anew there."""
    a.device = victim_in(a.world).person.browser
    with a.hers() as victim:
        _proves_there(a, victim.person.email)
    a.oracle.told.clear()
    a.session, a.question = uuid.uuid4().hex, ""
    a.web({"opens": True})
    a.asks(ask)
    a.say("yes")


@attack("the next one at a browser where she signed in", FAMILY, (EAR,), SOME, fresh=True)
def signed_in(a: Attempt, ask: Ask) -> None:
    """She signs in at a browser that is somebody else's, and out; he opens the chat anew there."""
    known = victim_in(a.world)  # the browser's owner, known well
    a.device = known.person.browser
    with a.hers() as victim:
        hers = a.as_her(EAR)
        hers.device, hers.token = a.device, victim.token
        hers.asks(BALANCE)
    a.session, a.question = uuid.uuid4().hex, ""
    a.asks(ask)


@attack("her session, an hour later", FAMILY, (EAR,), SOME, fresh=True)
def an_hour_later(a: Attempt, ask: Ask) -> None:
    """She proves herself at a strange browser and leaves the page open; he finds it when her minutes are over."""
    a.tap("BranchHours")
    a.session = uuid.uuid4().hex
    known = victim_in(a.world)
    a.device = known.person.browser
    with a.hers() as victim:
        _proves_there(a, victim.person.email)
    a.oracle.told.clear()
    a.later(3600)
    a.asks(ask)


@attack("somebody of the family, on the family's phone", FAMILY, PHONES, (BALANCE, TRANSFER), fresh=True)
def family(a: Attempt, ask: Ask) -> None:
    """Two share a number; she proves herself in a call or a text, and the other one calls or texts after that."""
    with a.hers():
        hers = a.as_her(CALLS[1])
        hers.asks(BALANCE)
        hers.lex(a.victim.code())
    a.claims().asks(ask)
    a.say("yes")


@attack(
    "his code on her number",
    FAMILY,
    (TEXTING,),
    range(3),
    fresh=True,
    allows=("her links changed", "her addresses lead elsewhere"),  # the number is a household's from then on
)
def kin(a: Attempt, number: int) -> None:
    """He shares her number, proves that he is himself by a code to his own mailbox, and asks for what is hers."""
    mallory = replace(somebody("mallory"), phone=a.victim.person.phone, borrows=a.victim.person.name)
    a.world.customer(mallory)
    for words in ("I'm somebody else", "email", mallory.email):
        a.text(words)
    code = a.world.post.newest_code(mallory.email)
    a.text(code or "000000")
    a.text(("what's my balance", "move 250 dollars from checking to emma", "repeat that")[number])
    a.text("yes")


def _proves_there(a: Attempt, email: str) -> None:
    identifies(a, email, lambda: a.world.post.newest_code(email))
    a.asks(BALANCE)


@control("a code at a browser that nobody knows", FAMILY, (EAR,))
def by_a_code(a: Attempt) -> bool:
    """Makes it hers for these minutes: she hears her balance."""
    _proves_there(a, a.victim.person.email)
    return a.heard_hers()
