"""Payments by telephone, at random: good ones and all that goes wrong; and what is left of them in the contact centre.

The numbers are made up here and belong to a range that test cards are of; each is looked for in all that was kept.
"""

from __future__ import annotations

import base64
import html
import json
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import unquote_plus

from rehearsal.caller import Caller
from rehearsal.people import Person
from rehearsal.world import World
from throughline.turn import Assurance

KINDS: Final = (
    "good", "good", "bad number", "expired", "declined", "time-out", "hang-up", "begun anew", "person", "gives up",
)  # fmt: skip
DECLINED: Final = "4000000000000002"
_PARTS: Final = re.compile(r"[\W_]+")


@dataclass(slots=True)
class Paid:
    """What was tried."""

    kinds: Counter[str] = field(default_factory=Counter)
    secrets: list[str] = field(default_factory=list)
    """Card numbers that were keyed, whole."""
    ended: Counter[str] = field(default_factory=Counter)
    """The last words' kind: how calls ended, by phase."""


def invented(dice: random.Random) -> str:
    """A number that passes the check of its last digit."""
    body = "400012" + "".join(str(dice.randrange(10)) for _ in range(9))
    return body + str(_check(body))


def _check(body: str) -> int:
    doubled = (int(sign) * (2 if place % 2 == 0 else 1) for place, sign in enumerate(reversed(body)))
    return -sum(one - 9 if one > 9 else one for one in doubled) % 10


def pay(world: World, calls: int, seed: int) -> Paid:
    """So many calls, each by a new customer."""
    dice, paid = random.Random(seed), Paid()
    for number in range(calls):
        kind = dice.choice(KINDS)
        phone = f"+1{200 + number // 100}55501{number % 100:02d}"
        caller = Caller(world, replace(Person.called(f"payer-{seed}-{number}"), phone=phone), Assurance.CLAIMED)
        _one(caller, kind, dice, paid)
        paid.kinds[kind] += 1
        paid.ended[f"{kind}: {_phase(world, caller.contact)}"] += 1
        caller.leave()
        world.clock.pass_(20.0)
    return paid


def _keys_wanted(caller: Caller) -> bool:
    return caller.asked is not None and caller.asked.encrypted


def _phase(world: World, contact: str) -> str:
    if world.line is None or not contact:
        return "hung up"
    return world.line.centre.contact(contact).phase.value


def _one(caller: Caller, kind: str, dice: random.Random, paid: Paid) -> None:
    for words in ("pay the electric bill by card", "eighty dollars"):
        caller.say(words)
    told = caller.say("yes")
    if not _keys_wanted(caller):
        raise AssertionError(f"a {kind} payment did not come to the card: {told.text}")
    number = DECLINED if kind == "declined" else invented(dice)
    if kind == "bad number":
        number = number[:-1] + str((int(number[-1]) + 5) % 10)
    expiry = "0120" if kind == "expired" else f"{dice.randrange(1, 13):02d}{dice.randrange(30, 40)}"
    keyed = [number, expiry, f"{dice.randrange(1000):03d}"]
    if number != DECLINED:
        paid.secrets.append(number)
    stop = dice.randrange(3)
    for place, digits in enumerate(keyed):
        match kind:
            case "time-out" if place == stop:
                caller.silence()
            case "gives up" if place == stop:
                caller.silence()
                caller.silence()
                return
            case "hang-up" if place == stop:
                caller.leave_while_keying(digits[: dice.randrange(1, len(digits) + 1)])
                return
            case "begun anew" if place == 0:
                wrong = invented(dice)
                paid.secrets.append(wrong)
                caller.key(f"{wrong[:15]}*{digits}")
                continue
            case "person" if place == stop:
                caller.key("0")
                continue
        caller.key(digits)
        if not _keys_wanted(caller):
            return


def centre_places(world: World) -> Iterator[tuple[str, str]]:
    """What the contact centre keeps, by place: attributes, flow log, recordings' and transcripts' words."""
    if world.line is None:
        return
    contacts = world.line.centre.contacts()
    kept = [[it.data.attributes, it.data.flow_attributes, it.data.lex.seen()] for it in contacts]
    yield "contact attributes", _text(kept)
    yield "contact records", _text([[it.data.stored, it.data.external, it.data.references] for it in contacts])
    yield "flow logs", _text([it.records.log for it in contacts])
    yield "recordings", _text([it.records.tape for it in contacts])
    yield "transcripts", _text([it.records.transcript for it in contacts])
    yield "what the page shows", repr([world.line.centre.events(it.data.id) for it in contacts])


class Finder:
    """Looks for many numbers in a long text: plain, parted, percent- or HTML-encoded, reversed, hexadecimal, base64."""

    def __init__(self, text: str) -> None:
        self._exact = text
        views = (text, unquote_plus(unquote_plus(text)), html.unescape(text))
        self._bare = tuple(_PARTS.sub("", one) for one in views)
        self._coded = text.replace("-", "+").replace("_", "/")

    def finds(self, secret: str) -> bool:
        """Whether it stands there in any of these forms."""
        if any(secret in one or secret[::-1] in one for one in self._bare):
            return True
        if secret.encode().hex() in self._exact or f"{int(secret):x}" in self._exact:
            return True
        return any(one in self._coded for one in _base64(secret))


def _base64(secret: str) -> Iterator[str]:
    for octets in (secret.encode(), " ".join(re.findall(".{4}", secret)).encode(), secret.encode("utf-16-le")):
        for shift in range(3):
            coded = base64.b64encode(b"\0" * shift + octets).decode()
            yield coded[-(-8 * shift // 6) : 8 * (shift + len(octets)) // 6]


def left(places: Sequence[tuple[str, str]], secrets: Sequence[str]) -> list[str]:
    """Where anything of them stands; a finding names the secret by its place among them."""
    found = []
    for name, text in places:
        finder = Finder(text)
        found += [f"{name}: secret {place}" for place, secret in enumerate(secrets) if finder.finds(secret)]
    return found


def _text(found: object) -> str:
    return json.dumps(found, ensure_ascii=False, default=str, sort_keys=True)
