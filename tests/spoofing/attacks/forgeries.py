"""What nobody named: texts whose every message can be forged, and other ways to ride on what she proved."""

from __future__ import annotations

import uuid

from tests.spoofing.asks import BALANCE
from tests.spoofing.attempt import Attempt
from tests.spoofing.listing import CALLS, attack, control
from throughline.channels.capabilities import EAR, LEX_GUEST, TEXTING

FAMILY = "blind forgeries and races"
DEEDS = (
    "move 250 dollars from checking to emma", "pay 80 dollars to the electric company from checking",
    "redeem my points for a statement credit", "raise my credit limit to 9000 dollars", "delete all my data",
    "remove my email address from my profile", "add another phone number to my profile",
    "lift the freeze on my checking account",
    "send me a copy of all my data", "order a new debit card",
)  # fmt: skip


@attack("blind texts in her verified minutes", FAMILY, (TEXTING,), DEEDS, fresh=True, inside=True)
def blind(a: Attempt, words: str) -> None:
    """She proved herself by a code in her thread of texts; he forges further texts from her number, answers unseen."""
    with a.hers():
        hers = a.as_her(TEXTING)
        hers.asks(BALANCE)
        hers.text(a.victim.code())
    for text in (words, "yes", "yes", "1", "yes"):
        a.text(text)


@attack(
    "blind yes to the transfer that she is asked about",
    FAMILY,
    (TEXTING,),
    ("yes", "1", "send it", "confirm"),
    fresh=True,
    inside=True,
)
def blind_yes(a: Attempt, words: str) -> None:
    """She is writing a transfer by text, and hasn't said yes; he forges the yes from her number."""
    with a.hers():
        a.text("what's my balance")
        a.text(a.victim.code())
        a.text("move 11 dollars from checking to emma")
    a.text(words)


@attack("a text of his before her code", FAMILY, (TEXTING,), DEEDS[:5], fresh=True, inside=True)
def planted(a: Attempt, words: str) -> None:
    """He forges a wish from her number; she gets a code that she didn't ask for, and types it to see what that is."""
    a.text(words)
    with a.hers():
        a.as_her(TEXTING).text(a.victim.code())
    a.text("yes")
    a.text("yes")


@attack(
    "a guest's session id that was hers",
    FAMILY,
    (LEX_GUEST,),
    ("what did you say", "repeat that", "go on", "yes", "what's my balance"),
)
def guessed_session(a: Attempt, words: str) -> None:
    """A guest of a Lex web client told something and left; he guesses the session's id."""
    hers = Attempt(a.world, a.victim, LEX_GUEST, "guest", a.as_her(LEX_GUEST).oracle)
    hers.contact = a.contact
    hers.say("move 250 dollars from checking to emma")
    hers.say(f"my name is {next(iter(a.victim.markers))}")
    a.later(1000)
    a.say(words)


@attack(
    "her call's id for his call",
    FAMILY,
    CALLS,
    ("what's my balance", "move 250 dollars from checking to emma"),
    fresh=True,
)
def contact_id(a: Attempt, words: str) -> None:
    """She proved herself in a call; he calls with no pointer, and his session has her contact's id."""
    with a.hers():
        hers = a.as_her(a.way)
        hers.asks(BALANCE)
        hers.lex(a.victim.code())
    a.contact, a.attributes = f"{hers.contact} ", None
    a.say(words)
    a.contact, a.attributes = hers.contact.upper(), {}
    a.say(words)


@attack("her chat's session id", FAMILY, (EAR,), ("web:{}", "{}", " {}", "{}\u0000", "live:{}", "sms:{}"), fresh=True)
def session_id(a: Attempt, form: str) -> None:
    """She proved herself by a code in a chat; he opens one at his browser with the same session's id."""
    strange = f"strange-{uuid.uuid4().hex[:6]}"
    with a.hers() as victim:
        hers = a.as_her(EAR)
        hers.device = strange
        hers.tap("IdentifyMyself", "code_by", "email")
        hers.say(victim.person.email)
        hers.say(victim.code())
    a.session = form.format(hers.session)
    a.tap("CheckBalance")
    a.tap("Repeat")


@attack("the same step-up from two sides", FAMILY, CALLS[:2], range(3), fresh=True)
def from_two_sides(a: Attempt, number: int) -> None:
    """She and he both call with her number and are asked for a code, one after the other; he tries hers."""
    first, second = (a.as_her(a.way), a) if number % 2 else (a, a.as_her(a.way))
    codes = []
    for one in (first, second):
        if one is a:
            a.claims()
        with a.hers():
            one.asks(BALANCE)
        codes.append(a.victim.code())
    his = codes[1 if number % 2 else 0]
    for code in codes:
        if code != his:
            a.say(code)
    a.asks(BALANCE)


@control("she sends the money by a text of her own", FAMILY, (EAR,))
def hers_works(a: Attempt) -> bool:
    """Where each message is proved, a yes is one."""
    return "emma" in str(a.victim.taps("Yes")).lower() and bool((a.world.ledger(a.victim.customer) or {}).get("moves"))
