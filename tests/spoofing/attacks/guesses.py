"""Guessed codes: one after the other, all at once, and several in one answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.spoofing.asks import BALANCE
from tests.spoofing.attempt import Attempt
from tests.spoofing.listing import CALLS, attack, control
from throughline.channels.capabilities import EAR, TEXTING

FAMILY = "guessed codes"
CODED = (*CALLS, TEXTING)
SPOKEN = (*CALLS[:2], TEXTING)


def wrong(code: str, by: int) -> str:
    """Another code."""
    return f"{(int(code) + by) % 10**6:06d}"


@attack("three guesses, then the right code", FAMILY, CODED, (1, 7, 111_111), fresh=True)
def fourth(a: Attempt, step: int) -> None:
    """He guesses three times at her code; then even the right one, looked up somewhere, is worth nothing."""
    a.claims().asks(BALANCE)
    code = a.victim.code()
    for number in range(1, 4):
        a.say(wrong(code, number * step))
    a.say(code)
    a.asks(BALANCE)


@attack("code after code, until no more are sent", FAMILY, CODED, (1, 2, 3), fresh=True, slow=True)
def until_the_limit(a: Attempt, seed: int) -> None:
    """He guesses, has a new code sent, guesses again, from a new contact each time, as long as codes are sent."""
    before = len(a.world.post.at(a.victim.person.phone, a.victim.person.email))
    for _ in range(8):
        a.contact = f"{a.contact[:-4]}{a.random.randrange(10**4):04d}"
        a.claims().asks(BALANCE)
        for _ in range(3):
            a.say(f"{a.random.randrange(seed, 10**6):06d}")
    sent = len(a.world.post.at(a.victim.person.phone, a.victim.person.email)) - before
    if sent > 5:
        a.got_in(f"{sent} codes within the hour: more than the limits allow")


@attack("many guesses at once", FAMILY, CODED, (8, 12, 16), fresh=True)
def at_once(a: Attempt, many: int) -> None:
    """He sends guesses all at one moment, so that each is looked at before another is counted."""
    a.claims().asks(BALANCE)
    code = a.victim.code()
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda number: _one(a, wrong(code, number)), range(1, many)))
    verdicts = sum("not the code" in text or "too many tries" in text for text in told)
    codes = len(a.world.post.at(a.victim.person.phone, a.victim.person.email))
    if verdicts > 3 * codes:
        a.got_in(f"{verdicts} verdicts on {codes} codes")
    for number in range(many, many + 3):  # of those at once, some may not have come as far as a verdict
        a.say(wrong(code, number))
    a.say(code)
    a.asks(BALANCE)


def _one(a: Attempt, guess: str) -> str:
    return str(a.text(guess) if a.way == TEXTING else a.lex(guess))


@attack("several codes in one answer", FAMILY, SPOKEN, (" ", ", ", " or ", " no I mean ", "; ", "\n"), fresh=True)
def several(a: Attempt, gap: str) -> None:
    """He says a whole list of codes, with the right one in it, as one answer."""
    a.claims().asks(BALANCE)
    code = a.victim.code()
    a.say(gap.join([wrong(code, 1), code, wrong(code, 2)]))
    a.say(f"{wrong(code, 3)}{gap}{code}")


@attack(
    "no code, but something like one",
    FAMILY,
    SPOKEN,
    (
        "000000",
        "the code",
        "'; drop table",
        "{code}",
        "%",
        "null",
        "*",
        "......",
        "123 45",
        "12345678901234567890",
        "yes",
    ),
    fresh=True,
)
def like_one(a: Attempt, words: str) -> None:
    """He answers with what a careless comparison might take for a code."""
    a.claims().asks(BALANCE)
    a.say(words)
    a.asks(BALANCE)


@attack(
    "parts and mirrors of the code",
    FAMILY,
    CODED,
    (
        lambda code: code[:5],
        lambda code: code[::-1],
        lambda code: code + "0",
        lambda code: "0" + code,
        lambda code: code[:3],
        lambda code: code[1:] + code[0],
    ),
    fresh=True,
)
def parts(a: Attempt, spoil: object) -> None:
    """He saw the code for a moment, and gives it cut, turned around, or with a digit more."""
    a.claims().asks(BALANCE)
    code = a.victim.code()
    spoilt = spoil(code) if callable(spoil) else ""
    if spoilt != code:
        a.say(str(spoilt))
    a.asks(BALANCE)


@attack("guesses at who she is", FAMILY, (EAR,), range(2), fresh=True)
def identifies_as_her(a: Attempt, number: int) -> None:
    """At a browser of his own he says that he is her, names her address, and guesses the code that came to her."""
    a.tap("IdentifyMyself", "code_by", "email")
    a.say(a.victim.person.email)
    code = a.victim.code()
    for step in range(1, 4):
        a.say(wrong(code, step + number))
    a.say(code)
    a.asks(BALANCE)


@control("a right code after two wrong ones", FAMILY, CODED)
def third(a: Attempt) -> bool:
    """Still proves her: three tries are hers."""
    a.claims().asks(BALANCE)
    code = a.victim.code()
    a.say(wrong(code, 1))
    a.say(wrong(code, 2))
    return a.answers(code)
