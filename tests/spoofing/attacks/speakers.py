"""Alexa requests of other skills, other users, and speakers whose account was taken off."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.spoofing.asks import BALANCE, SOME, Ask
from tests.spoofing.attempt import Attempt
from tests.spoofing.listing import attack, control
from throughline.channels.capabilities import ALEXA
from throughline.customers.addresses import AddressKind
from throughline.customers.assurance import LOGIN
from throughline.customers.pointer import Pointer, mint
from throughline.turn import Assurance

FAMILY = "foreign skills and speakers"
INTENTS = ("CheckBalance", "TransferMoney", "RecentTransactions", "", "AMAZON.YesIntent", "AMAZON.RepeatIntent")


@attack(
    "another skill's id",
    FAMILY,
    (ALEXA,),
    (
        "amzn1.ask.skill.foreign",
        "",
        "AMZN1.ASK.SKILL.00000000-0000-4000-8000-000000000000",
        None,
        7,
        {"a": 1},
        ["x"],
        "amzn1.ask.skill.00000000-0000-4000-8000-000000000000 ",
    ),
)
def foreign(a: Attempt, application: Any) -> None:
    """He owns a skill, points it at our function, and speaks as her speaker's user."""
    a.raw_alexa("CheckBalance", application=application, user=a.victim.person.speaker)


@attack("our skill's id in one place only", FAMILY, (ALEXA,), ("session", "context"))
def one_place(a: Attempt, place: str) -> None:
    """His skill's request names our skill where it isn't looked at, and his where it is, or the other way round."""

    def tamper(request: dict[str, Any]) -> None:
        (request["session"] if place == "session" else request["context"]["System"])["application"] = {
            "applicationId": "amzn1.ask.skill.foreign"
        }

    a.tamper = tamper
    a.raw_alexa("CheckBalance", user=a.mallory.speaker)


@attack("her pointer at his speaker", FAMILY, (ALEXA,), INTENTS)
def her_pointer(a: Attempt, intent: str) -> None:
    """He plays her speaker's session attributes back, as her session had them, from his."""
    link = a.victim.link(AddressKind.ALEXA)
    for contact in (a.victim.person.speaker, a.mallory.speaker.lower(), ""):
        if contact:
            token = mint(
                Pointer(a.victim.customer, link.id, link.epoch), contact=contact, assurance=Assurance.LINKED,
                expires=a.world.clock() + 3600, keys=a.world.keys.pointer_keys(),
            )  # fmt: skip
            a.raw_alexa(intent, attributes={"pointer": token, "question": a.victim.question})


@attack("her user id in the session, his in the context", FAMILY, (ALEXA,), INTENTS)
def two_users(a: Attempt, intent: str) -> None:
    """The request names two users: the context, which Alexa vouches for, has his."""

    def tamper(request: dict[str, Any]) -> None:
        request["session"]["user"] = {"userId": a.victim.person.speaker, "accessToken": a.victim.token}

    a.tamper = tamper
    a.raw_alexa(intent)


@attack(
    "ids that are like hers",
    FAMILY,
    (ALEXA,),
    (str.lower, str.swapcase, lambda id: id + "\u0000", lambda id: id[:-1]),
)
def like_hers(a: Attempt, spoil: Any) -> None:
    """He has a user id that a careless comparison takes for hers."""
    a.raw_alexa("CheckBalance", user=spoil(a.victim.person.speaker))


@attack("her speaker after the account was taken off", FAMILY, (ALEXA,), SOME, fresh=True)
def without_account(a: Attempt, ask: Ask) -> None:
    """She linked her account, and unlinked it when she gave the speaker away; he asks what it used to tell."""
    stored, link = a.victim.stored(), a.victim.link(AddressKind.ALEXA)
    by_account = replace(link, evidence=LOGIN)
    with a.hers():
        a.world.store.save(replace(stored, links={**stored.links, link.id: by_account}), a.world.clock())
    a.user = a.victim.person.speaker
    a.asks(ask)
    a.say("yes")


@attack("the words of a person in the room", FAMILY, (ALEXA,), SOME)
def a_guest(a: Attempt, ask: Ask) -> None:
    """A speaker of his, that nobody linked, is asked for what is hers."""
    a.asks(ask)
    a.say("yes")


@control("her speaker, with the account that it was linked by", FAMILY, (ALEXA,))
def linked(a: Attempt) -> bool:
    """Tells her balance."""
    stored, link = a.victim.stored(), a.victim.link(AddressKind.ALEXA)
    links = {**stored.links, link.id: replace(link, evidence=LOGIN)}
    a.world.store.save(replace(stored, links=links), a.world.clock())
    a.raw_alexa(BALANCE.intent, user=a.victim.person.speaker, token=a.victim.token)
    return a.heard_hers()
