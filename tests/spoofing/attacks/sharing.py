"""Shared browsers, family phones: who proved themselves there before isn't who is there now."""

from __future__ import annotations

import uuid
from dataclasses import replace

from tests.spoofing.asks import BALANCE, PIN, REPEAT, RESUME, SOME, TRANSFER, Ask
from tests.spoofing.attempt import Attempt
from tests.spoofing.listing import CALLS, attack, control
from tests.spoofing.victim import Hollow, somebody, victim_in
from throughline.channels.capabilities import EAR, TEXTING
from throughline.dialogue.state import decode

FAMILY = "shared devices"
PHONES = (*CALLS, TEXTING)
GO_ON = Ask("let's go on with that")
NEXT_WORDS = (RESUME, REPEAT, GO_ON, PIN)
"""What the next one at an open page says first."""
THERE = ("her links changed", "her addresses lead elsewhere")
"""The browser is a household's once a second person signs in there."""


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


@attack("the next one who signs in on the page where she did", FAMILY, (EAR,), NEXT_WORDS, fresh=True, allows=THERE)
def after_her_sign_in(a: Attempt, ask: Ask) -> None:
    """She signs in at a browser that nobody knew and is asked something; on the same open page he signs in."""
    a.device = f"browser-{uuid.uuid4().hex}"
    _left_open(a)
    _signs_in(a)
    _goes_on(a, ask)


@attack("the next one who signs in on her own page", FAMILY, (EAR,), NEXT_WORDS, fresh=True, allows=THERE)
def at_her_own_page(a: Attempt, ask: Ask) -> None:
    """Her browser is linked from earlier and she isn't signed in; on her open page, with her question, he signs in."""
    a.device, a.session, a.question = a.victim.person.browser, a.victim.session, a.victim.question
    _signs_in(a)
    _goes_on(a, ask)


@attack("the next one on the page where she signed out", FAMILY, (EAR,), NEXT_WORDS, fresh=True)
def after_her_sign_out(a: Attempt, ask: Ask) -> None:
    """She signs in at a browser that is somebody else's, is asked something and signs out; he goes on in that page."""
    a.device = victim_in(a.world).person.browser
    _left_open(a)
    _goes_on(a, ask)


@attack("the next one who signs in where she signed out", FAMILY, (EAR,), NEXT_WORDS, fresh=True)
def out_and_in(a: Attempt, ask: Ask) -> None:
    """The same, and he says a word to the page before he signs in there as himself, and out again."""
    a.device = victim_in(a.world).person.browser
    _left_open(a)
    a.asks(GO_ON)
    _signs_in(a)
    _goes_on(a, ask)
    a.token = ""
    _goes_on(a, ask)


@attack("his code on the page where she signed in", FAMILY, (EAR,), NEXT_WORDS, fresh=True)
def his_code_there(a: Attempt, ask: Ask) -> None:
    """She signs in at a browser that is somebody else's, and out; there he proves by a code that he is himself."""
    a.world.customer(a.mallory)
    a.device = victim_in(a.world).person.browser
    _left_open(a)
    identifies(a, a.mallory.email, lambda: a.world.post.newest_code(a.mallory.email))
    _goes_on(a, ask)


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


def _left_open(a: Attempt) -> None:
    """She signs in on this page and is in the middle of paying a bill; her token goes with her."""
    with a.hers() as victim:
        hers = a.as_her(EAR)
        hers.device, hers.session, hers.token = a.device, a.session, victim.token
        hers.asks(BALANCE)
        hers.say(f"pay {victim.amount} dollars to the electric company from checking")
        told = hers.say("today")
        if victim.amount not in told:
            raise Hollow(f"she was not asked about her bill: {told}")
        a.question = hers.question


def _signs_in(a: Attempt) -> None:
    """He does, into an account of his own."""
    a.token = a.world.sign_in(a.mallory)


def _goes_on(a: Attempt, ask: Ask) -> None:
    """His first words, then those that answer whatever is asked."""
    a.asks(ask)
    for words in ("4071", "yes", "what did you say"):
        a.say(words)


def _proves_there(a: Attempt, email: str) -> None:
    identifies(a, email, lambda: a.world.post.newest_code(email))
    a.asks(BALANCE)


@control("a code at a browser that nobody knows", FAMILY, (EAR,))
def by_a_code(a: Attempt) -> bool:
    """Makes it hers for these minutes: she hears her balance."""
    _proves_there(a, a.victim.person.email)
    return a.heard_hers()


@control("what a visitor began, signed in", FAMILY, (EAR,))
def begun_before(a: Attempt) -> bool:
    """Goes on where it was, once they sign in on the same page."""
    a.tap("TransferMoney", "amount", a.victim.amount)
    a.token = a.victim.token
    a.tap("BranchHours")
    customer = str(a.oracle.turns()[-1]["customer"])
    stored = a.world.store.by_customer(customer, a.world.clock())
    if stored is None or customer != a.victim.customer:
        return False
    return any(one.slots.get("amount") == a.victim.amount for one in decode(stored.state).frames)
