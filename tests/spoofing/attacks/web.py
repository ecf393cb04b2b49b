"""Web messages that say more than a page may say."""

from __future__ import annotations

from typing import Any

from tests.spoofing.asks import ALL, BALANCE, Ask
from tests.spoofing.attempt import Attempt
from tests.spoofing.listing import attack, control
from tests.spoofing.victim import seen
from throughline.channels.capabilities import EAR
from throughline.customers.addresses import AddressKind
from throughline.customers.pointer import Pointer, mint
from throughline.turn import Assurance

FAMILY = "web messages that say who sends them"
HER = "<her>"
FIELDS: tuple[dict[str, Any], ...] = (
    {"device": HER}, {"transport": "verified"}, {"device": HER, "transport": "verified"}, {"assurance": "verified"},
    {"customer": HER}, {"login": HER}, {"login": {"subject": HER, "at": 9e9}}, {"link": HER}, {"token": HER},
    {"pointer": HER}, {"provable": "code"}, {"steps_up": True}, {"sender": {"transport": 3, "address": HER}},
    {"headers": {"x-device": HER, "authorization": HER}}, {"address": {"kind": "web", "value": HER}},
    {"attributes": {"tl-pointer": HER}}, {"message": {"device": HER}}, {"event": {"device": HER}},
    {"requestContext": {"authorizer": {"device": HER}}}, {"session": HER}, {"mode": "keys", "keys": "1"},
    {"heard": [{"intent": "CheckBalance"}]}, {"sealed": "123456"}, {"proofs": [{"link": HER, "session": HER}]},
    {"acting": [{"customer": HER}]}, {"handover": "agent"}, {"relayed": True}, {"can": {"secrets": True}},
)  # fmt: skip


def filled(a: Attempt, value: Any) -> Any:
    """With what is hers in the place of its mark."""
    link = a.victim.link(AddressKind.WEB)
    pointer = mint(
        Pointer(a.victim.customer, link.id, link.epoch), contact=a.session, assurance=Assurance.VERIFIED,
        expires=a.world.clock() + 3600, keys=a.world.keys.pointer_keys(),
    )  # fmt: skip
    known = {
        "device": a.victim.person.browser,
        "token": a.victim.customer,
        "session": a.victim.session,
        "pointer": pointer,
    }

    def fill(name: str, part: Any) -> Any:
        if isinstance(part, dict):
            return {key: fill(key, one) for key, one in part.items()}
        if isinstance(part, list):
            return [fill(name, one) for one in part]
        return known.get(name.removeprefix("tl-"), a.victim.customer) if part == HER else part

    return fill("", value)


@attack("fields in the message", FAMILY, (EAR,), FIELDS)
def fields(a: Attempt, more: dict[str, Any]) -> None:
    """He writes her device, her id, a login or an assurance into the page's message itself."""
    more = filled(a, more)
    a.web({"tap": {"intent": "CheckBalance"}, **more})
    a.web({"text": "yes", "question": a.question, **more})


@attack("fields in the tap", FAMILY, (EAR,), FIELDS[:12])
def in_the_tap(a: Attempt, more: dict[str, Any]) -> None:
    """He writes the same into the button that he sends."""
    a.web({"tap": {"intent": "CheckBalance", "slots": {}, **filled(a, more)}})


@attack("everything that is hers, from a browser of his", FAMILY, (EAR,), ALL)
def asks_all(a: Attempt, ask: Ask) -> None:
    """He asks from a browser of his own, in her chat's session."""
    a.session = a.victim.session
    a.asks(ask)
    a.say("yes")


UNOFFERED: tuple[tuple[str, str, str], ...] = (
    ("Yes", "", ""), ("TransferMoney", "confirmed", "true"), ("TransferMoney", "customer", HER),
    ("ProveIdentity", "code", "123456"), ("ProveIdentity", "assurance", "verified"), ("IdentifyMyself", "code", "1"),
    ("IdentifyMyself", "customer", HER), ("prove.check", "", ""), ("prove.check", "code", "000000"),
    ("identify.check", "customer", HER), ("channel.check", "code", "1"), ("data.export", "", ""),
    ("data.erase", "", ""),
    ("LinkChannel", "phone_number", "+12125550199"), ("UndoProtection", "protected", "checking"),
    ("ForgetMe", "", ""), ("MyData", "", ""), ("SpeakToAgent", "assurance", "verified"), ("__proto__", "x", "y"),
    ("Resume", "", ""), ("Repeat", "", ""), ("ChangePin", "new_pin", "1234"), ("HandBack", "", ""),
)  # fmt: skip


@attack("buttons that were not offered", FAMILY, (EAR,), UNOFFERED)
def unoffered(a: Attempt, tap: tuple[str, str, str]) -> None:
    """He sends buttons of his own making: answers to no question, steps of ours, slots that no button has."""
    intent, slot, value = tap
    a.session = a.victim.session
    a.question = a.victim.question
    a.tap(intent, slot, filled(a, {"x": value})["x"])
    a.tap("Yes")
    a.asks(BALANCE)


@attack(
    "messages that are none",
    FAMILY,
    (EAR,),
    (
        {"text": None},
        {"text": ["what's my balance"]},
        {"tap": "CheckBalance"},
        {"tap": []},
        {"tap": {"intent": {}}},
        {"text": "x", "session": None},
        {"text": "x", "id": {"$ne": 1}},
        {"opens": "true"},
        {"text": "\u0000" * 20},
        {"text": "x", "sent_at": "NaN"},
        {"text": "x", "sent_at": float("1e308")},
        {"text": "x", "locale": "../../etc"},
        {"text": "x", "question": {"id": "q"}},
        {"tap": {"intent": "CheckBalance", "slot": {}, "value": []}},
        {"text": "x" * 50_000},
        {"tap": {"intent": "A" * 10_000}},
    ),
)
def nonsense(a: Attempt, said: dict[str, Any]) -> None:
    """He sends what no page would, to see what falls over."""
    a.web(said)


@control("her own browser, signed in", FAMILY, (EAR,))
def hers(a: Attempt) -> bool:
    """Hears her balance."""
    return "her checking" in set(seen(str(a.victim.taps("CheckBalance")), a.victim.markers))
