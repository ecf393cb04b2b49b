"""Every way that words can come in by, and every thing that asks for words there."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Final

from tests.leakage.corpus import Said
from tests.spoofing.asks import BALANCE
from tests.spoofing.attempt import Attempt
from tests.spoofing.oracle import Oracle
from tests.spoofing.victim import Victim
from throughline.channels.capabilities import ALEXA, EAR, LEX_GUEST, LEX_KEYS, LEX_SPEECH, LEX_TEXT, TEXTING

Mouth = Callable[[Attempt, str], None]


def at(victim: Victim, way: str) -> Attempt:
    """Herself, at a device of hers, on that way."""
    attempt = Attempt(victim.world, victim, way, "hers", Oracle(victim.world, victim))
    attempt.device, attempt.user = victim.person.browser, victim.person.speaker
    return attempt.claims()


def _says(a: Attempt, words: str) -> None:
    a.say(words)


def _keys(a: Attempt, words: str) -> None:
    a.key("".join(sign for sign in words if sign.isascii() and sign.isdigit()) or "1")


def _where_a_code_is_asked(a: Attempt, words: str) -> None:
    a.asks(BALANCE)
    a.say(words)


def _into_slots(a: Attempt, words: str) -> None:
    slots = {
        name: {"name": name, "value": words, "confirmationStatus": "NONE"} for name in ("to_account", "amount", "payee")
    }
    a.raw_alexa("TransferMoney", user=a.user, slots=slots)
    a.raw_alexa("PayBill", user=a.user, slots=slots)


def _as_a_button(a: Attempt, words: str) -> None:
    a.tap("TransferMoney", "to_account", words)
    a.tap(words[:90])


def _where_a_pin_is_asked(a: Attempt, words: str) -> None:
    for tap in (("Cancel", "", ""), ("ChangePin", "card", "debit")):
        a.tap(*tap)
    a.say(words)


def _as_an_address(a: Attempt, words: str) -> None:
    a.tap("Cancel")
    a.tap("IdentifyMyself", "code_by", "email")
    a.say(words)


def _in_the_ids(a: Attempt, words: str) -> None:
    a.web({"text": "hello", "id": words[:60], "question": words, "locale": words[:15]})
    a.web({"text": "hello", "session": words[:60]})


def _to_the_desk(a: Attempt, words: str) -> None:
    request = {"act": "look", "why": f"the customer said {words}", "customer": a.victim.customer}
    a.world.desk("agent", "Ann", request)
    a.world.desk("agent", "Ann", {**request, "act": words[:40]})


def _as_attributes(a: Attempt, words: str) -> None:
    a.attributes = {**(a.attributes or {}), "note": words}
    a.say("hello")


MOUTHS: Final[Mapping[str, tuple[str, Mouth]]] = {
    "web chat": (EAR, _says),
    "web, a button": (EAR, _as_a_button),
    "web, where a PIN is asked": (EAR, _where_a_pin_is_asked),
    "web, where an address is asked": (EAR, _as_an_address),
    "web, in ids": (EAR, _in_the_ids),
    "text message": (TEXTING, _says),
    "text message, where a code is asked": (TEXTING, _where_a_code_is_asked),
    "Connect chat": (LEX_TEXT, _says),
    "Connect chat, where a code is asked": (LEX_TEXT, _where_a_code_is_asked),
    "Connect's attributes": (LEX_TEXT, _as_attributes),
    "telephone": (LEX_SPEECH, _says),
    "telephone, where a code is asked": (LEX_SPEECH, _where_a_code_is_asked),
    "telephone keys": (LEX_KEYS, _keys),
    "a guest of Lex": (LEX_GUEST, _says),
    "Alexa, in slots": (ALEXA, _into_slots),
    "Alexa, in words": (ALEXA, _says),
    "the desk": (EAR, _to_the_desk),
}
"""By name: on which way, and how the words get in."""


def speak(victim: Victim, mouth: str, said: Said) -> str:
    """Say it there; what was answered."""
    way, how = MOUTHS[mouth]
    attempt = at(victim, way)
    how(attempt, said.words)
    return json.dumps([_ours(text) for text in attempt.oracle.told], ensure_ascii=False)


def _ours(text: str) -> object:
    """An answer without what Lex itself heard, and the flow's own attributes, which go back to where they came from."""
    answer = json.loads(text) if text.startswith("{") else text
    if not isinstance(answer, dict):
        return text
    answer.get("sessionState", {}).get("sessionAttributes", {}).pop("note", None)
    return {name: part for name, part in answer.items() if name != "interpretations"}
