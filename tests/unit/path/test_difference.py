"""The proof by difference: two runs that differ only in a secret leave the same bytes everywhere."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

import pytest

from tests.unit.dialogue.library import library
from tests.unit.path.caller import KEYS, NOW, Till, Troubles
from throughline.channels import web
from throughline.channels.ear import Ear
from throughline.conversation import Conversations, Sender
from throughline.customers.addresses import Address, AddressKind
from throughline.customers.memory import MemoryStore
from throughline.errors import RecogniserUnavailable
from throughline.turn import Assurance

MODEL = library()


class Deaf:
    """A recogniser that remembers what it was asked and understands nothing."""

    def __init__(self) -> None:
        self.asked: list[object] = []

    def recognize_text(self, request: object) -> dict[str, object]:
        self.asked.append(request)
        return {"interpretations": [{"intent": {"name": "FallbackIntent"}}]}


class Broken(Deaf):
    """A recogniser that is down."""

    def recognize_text(self, request: object) -> dict[str, object]:
        self.asked.append(request)
        raise RecogniserUnavailable("down")


def left_behind(said: Sequence[object], ear: Deaf) -> str:
    """All that a chat leaves: the store, the answers, what the recogniser was asked, what the observer was told."""
    nonces = (f"nonce-{n}" for n in itertools.count())
    store, troubles = MemoryStore(KEYS, nonces=lambda: next(nonces)), Troubles()
    now = [NOW]
    path = Conversations(MODEL, store, Till().actions(), clock=lambda: now[0], observer=troubles)
    address = Address(AddressKind.WEB, "browser-1")
    stored, link = store.by_address(address, NOW)
    store.save(replace(stored, links={link: replace(stored.links[link], assurance=Assurance.VERIFIED)}), NOW)
    answers: list[object] = []
    for number, words in enumerate(said):
        now[0] += 5
        given = words if isinstance(words, dict) else {"text": words}
        message = {"id": f"m{number}", "session": "s1", "locale": "en_US", **given}
        turn = web.to_turn(message, at=now[0])
        exchange = path.answer(turn, Sender(Assurance.VERIFIED, address=address), Ear(ear, bot="b", alias="a").hear)
        answers.append(web.to_answer(exchange, MODEL))
    return repr([store._conversations, store._edges, answers, ear.asked, troubles.told])


SET_PIN = {"tap": {"intent": "SetPin", "slot": "purse", "value": "card"}}
YES = {"tap": {"intent": "Yes"}}


@pytest.mark.parametrize("ear", [Deaf, Broken])
@pytest.mark.parametrize(
    ("said", "secrets"),
    [
        ([SET_PIN, YES, "{}"], ["4821", "9037", "48 21"]),
        ([SET_PIN, YES, "it's {} please", "hello"], ["4821", "9037"]),
        ([SET_PIN, YES, "{}"], ["four eight two one", "nine oh three seven"]),
        ([SET_PIN, YES, {"tap": {"intent": "Hours"}}, "{}"], ["4821", "9037"]),
        (["my card is {} and it was stolen"], ["4111 1111 1111 1111", "5555-5555-5555-4444"]),
        (["{}"], ["4111111111111111", "\u0665\u0665\u0665\u0665555555554444"]),
        (["my social security number is {}"], ["219-09-9999", "457 55 5462"]),
        (["send it to {}"], ["GB82 WEST 1234 5698 7654 32", "DE89370400440532013000"]),
        (["the code is {}"], ["482913", "11 22 33"]),
        (["my password is {}"], ["hunter2", "correct horse"]),
        (["cvv {}"], ["123", "9876"]),
    ],
)
def test_only_the_secret_differs_and_nothing_shows_it(said: list[object], secrets: list[str], ear: type[Deaf]) -> None:
    runs = {left_behind([w.replace("{}", s) if isinstance(w, str) else w for w in said], ear()) for s in secrets}
    assert len(runs) == 1


def test_what_is_no_secret_does_make_a_difference() -> None:
    assert left_behind(["order 12345"], Deaf()) != left_behind(["order 54321"], Deaf())
