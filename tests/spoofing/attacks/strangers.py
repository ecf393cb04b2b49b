"""Finding out who is a customer: the same is answered whether an address is known or not."""

from __future__ import annotations

import re
from typing import Any

from rehearsal.people import Person
from tests.spoofing.attempt import Attempt
from tests.spoofing.listing import CALLS, attack, control
from tests.spoofing.victim import Hollow, Victim, somebody, victim_in
from throughline.channels.capabilities import EAR, TEXTING

FAMILY = "finding out who is a customer"


def _names(a: Attempt, address: str, kind: str) -> list[str]:
    """What is answered, to the letter, when somebody at a new browser says that they are at that address."""
    fresh = Attempt(a.world, a.victim, EAR, f"{a.victim.customer}", a.oracle)
    said = [fresh.tap("IdentifyMyself", "code_by", kind), fresh.say(address), fresh.say("000000"), fresh.say("111111")]
    fresh.say("222222")
    if any("fault on our side" in line for line in said):
        raise Hollow("the rehearsal was too busy to answer in time")
    return said


@attack("says an address, known or not", FAMILY, (EAR,), ("email", "phone"), fresh=True)
def known_or_not(a: Attempt, kind: str) -> None:
    """He says that he is somebody at her address, and then at one that nobody has, and compares the answers."""
    stranger = somebody("nobody-at-all")
    hers, nobodys = a.victim.person, stranger
    answers = []
    for person in (hers, nobodys):
        address = person.email if kind == "email" else person.phone
        answers.append([_plain(line, address) for line in _names(a, address, kind)])
    if answers[0] != answers[1]:
        a.got_in(f"what is answered differs: {answers}")


@attack("says addresses until no code is sent any more", FAMILY, (EAR,), ("email", "phone"), fresh=True, slow=True)
def until_refused(a: Attempt, kind: str) -> None:
    """He has the codes for her address used up, and looks whether it is then refused otherwise than another."""
    told: list[set[str]] = []
    for person in (a.victim.person, somebody("nobody-at-all")):
        address = person.email if kind == "email" else person.phone
        lines = [tuple(_plain(line, address) for line in _names(a, address, kind)[:2]) for _ in range(7)]
        told.append({line[1] for line in lines})
    if told[0] != told[1]:
        a.got_in(f"what is answered differs: {told}")


@attack("connects an address, known or not", FAMILY, (EAR,), ("email", "phone"), fresh=True)
def connects(a: Attempt, kind: str) -> None:
    """He is a customer himself, proved, and begins to connect her address, and then nobody's, to his profile."""
    answers = []
    for person in (a.victim.person, somebody("nobody-at-all")):
        his, address, lines = _connecting(a, kind, person)
        lines.append(his.chats({"text": "000000"}))
        answers.append([_plain(" ".join(line.get("lines", ())), address) for line in lines])
    if answers[0] != answers[1]:
        a.got_in(f"what is answered differs: {answers}")


def _connecting(a: Attempt, kind: str, person: Person) -> tuple[Victim, str, list[dict[str, Any]]]:
    """Somebody who proved himself and had a code sent to that person's address, to connect it."""
    his = victim_in(a.world)
    address = person.email if kind == "email" else person.phone
    his.taps("Cancel")
    his.taps("LinkChannel", "contact_way", "email" if kind == "email" else "text")
    lines = [his.chats({"text": his.code()}), his.chats({"text": address})]
    if not a.world.post.newest_code(address):
        raise Hollow(f"no code came to be connected: {lines}")
    return his, address, lines


@attack("connects her address with a code that he guesses", FAMILY, (EAR,), ("email", "phone"), fresh=True)
def guesses(a: Attempt, kind: str) -> None:
    """He is signed in as himself, has a code sent to her address to connect it, and guesses that."""
    his, _, _ = _connecting(a, kind, a.victim.person)
    code = a.victim.code()
    for step in (1, 2, 3):
        his.chats({"text": f"{(int(code) + step) % 10**6:06d}"})
    his.chats({"text": code})


@attack("connects her address with the right code", FAMILY, (EAR,), ("email", "phone"), fresh=True)
def conflict(a: Attempt, kind: str) -> None:
    """He holds her phone for a minute, and connects her number to his profile with the code that came: a conflict."""
    his, _, _ = _connecting(a, kind, a.victim.person)
    his.chats({"text": a.victim.code()})


@attack(
    "hears from a call or a text who else has that number",
    FAMILY,
    (*CALLS, TEXTING),
    ("who is this", "who am I", "which number is this", "is this vera's number"),
)
def whose_number(a: Attempt, words: str) -> None:
    """He shows a number, and asks whose it is."""
    a.claims().say(words)
    a.say("yes")


def _plain(line: str, address: str) -> str:
    return re.sub(r"\s+", " ", line.replace(address, "<address>"))


@control("two answers that do differ are told apart", FAMILY, (EAR,))
def differs(a: Attempt) -> bool:
    """An address that is none is answered otherwise."""
    mine = [_plain(line, "") for line in _names(a, "not an address", "email")]
    return mine != [_plain(line, a.victim.person.email) for line in _names(a, a.victim.person.email, "email")]
