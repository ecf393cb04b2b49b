"""Every way to the one customer, behind one face: say it, key it, stay silent, leave and come back.

A device plays what stands between a person and our functions on that way. The terminal chat and the
rehearsal files talk to devices; what each can carry is the capability table's.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Protocol

from rehearsal.caller import Caller
from rehearsal.cloud import client
from rehearsal.lex.session import SessionKey
from rehearsal.people import Person, phone_pointer, proved_in
from rehearsal.post.office import TEXT
from rehearsal.speaker import Speaker, Spoken
from rehearsal.told import CantCarry, Told
from rehearsal.world import SKILL_ID, World, speaker_ear
from throughline.channels.capabilities import ALEXA, EAR, LEX_GUEST, LEX_KEYS, LEX_SPEECH, LEX_TEXT, TEXTING
from throughline.channels.lex import LIVE, POINTER
from throughline.rendering import plain
from throughline.turn import Assurance


class Device(Protocol):
    """One way to be a customer."""

    way: str

    def open(self) -> Told:
        """Arrive and say nothing of substance yet."""

    def say(self, text: str) -> Told:
        """Say or type something."""

    def key(self, digits: str) -> Told:
        """Press telephone keys. Raises CantCarry."""

    def silence(self) -> Told:
        """Say nothing. Raises CantCarry."""

    def again(self) -> Told:
        """The platform delivers the last event once more. Raises CantCarry."""

    def leave(self) -> None:
        """The session ends; the next words begin a new one. Raises CantCarry."""

    def sign_in(self) -> None:
        """The person signs in to their account. Raises CantCarry."""


@dataclass(slots=True)
class WebChat:
    """The web chat: recognised by the ear, answered richly.

    Its browser is linked at most; with `assurance` verified the person has signed in at each session's beginning.
    """

    world: World
    person: Person
    assurance: Assurance
    way: str = EAR
    session: str = field(default_factory=lambda: uuid.uuid4().hex)
    question: str = ""
    last: Mapping[str, Any] | None = None
    token: str = ""
    after: str = ""
    """Place of the last message that came outside of a turn."""

    def open(self) -> Told:
        return self._send({"opens": True})

    def say(self, text: str) -> Told:
        return self._send({"text": text, "question": self.question})

    def tap(self, intent: str, slot: str = "", value: str = "") -> Told:
        """Tap a button of the last answer."""
        return self._send({"tap": {"intent": intent, "slot": slot, "value": value}, "question": self.question})

    def attach(self, count: int, text: str = "") -> Told:
        """Send files, and say something beside them or nothing."""
        return self._send({"text": text, "question": self.question, "attachments": count})

    def arrived(self) -> tuple[str, ...]:
        """What came outside of a turn since the last look."""
        asked = {"id": uuid.uuid4().hex, "session": self.session, "collects": True, "after": self.after}
        transport = Assurance.VERIFIED if self.token else min(self.assurance, Assurance.LINKED)
        came = self.world.collect(self.person, asked, transport=transport, token=self.token)["arrived"]
        self.after = came[-1]["sort"] if came else self.after
        return tuple(" ".join(one["lines"]) for one in came)

    def key(self, digits: str) -> Told:
        raise CantCarry("a web chat has no telephone keys")

    def silence(self) -> Told:
        raise CantCarry("a web chat is not told of silence")

    def again(self) -> Told:
        if self.last is None:
            raise CantCarry("nothing was sent yet")
        return self._sent(self.last)

    def leave(self) -> None:
        self.session, self.question, self.token = uuid.uuid4().hex, "", ""

    def sign_in(self) -> None:
        self.token = self.world.sign_in(self.person)

    def _send(self, said: Mapping[str, Any]) -> Told:
        self.last = {
            "id": uuid.uuid4().hex,
            "session": self.session,
            "locale": self.world.model.default_locale,
            **said,
        }
        return self._sent(self.last)

    def _sent(self, message: Mapping[str, Any]) -> Told:
        if self.assurance is Assurance.VERIFIED and not self.token and not self.person.strange:
            self.sign_in()
        transport = Assurance.VERIFIED if self.token else min(self.assurance, Assurance.LINKED)
        answer = self.world.chat(self.person, message, transport=transport, token=self.token)
        self.question = answer["question"]
        labels = tuple(choice["label"] for choice in answer["choices"])
        return Told(tuple(answer["lines"]), answer["awaits"] != "nothing", labels)


@dataclass(slots=True)
class TextPhone:
    """Text messages from the person's number: one thread without an end, claimed until a code is entered."""

    world: World
    person: Person
    assurance: Assurance
    way: str = TEXTING
    last: tuple[str, str, int] = ("", "", 0)
    seen: int = -1
    """Texts that were on the phone at the last look."""

    def __post_init__(self) -> None:
        self.seen = len(self._texts())

    def open(self) -> Told:
        return self.say("hello")

    def say(self, text: str) -> Told:
        self.last = text, uuid.uuid4().hex, 0
        return self.again()

    def attach(self, count: int, text: str = "") -> Told:
        """Send pictures, and write something beside them or nothing."""
        self.last = text, uuid.uuid4().hex, count
        return self.again()

    def arrived(self) -> tuple[str, ...]:
        """What came that was no answer to a text, since the last look."""
        texts = self._texts()
        fresh, self.seen = texts[self.seen :], len(texts)
        return tuple(fresh)

    def _texts(self) -> list[str]:
        return [one.text for one in self.world.post.at(self.person.phone) if one.way == TEXT]

    def key(self, digits: str) -> Told:
        raise CantCarry("a text has no telephone keys")

    def silence(self) -> Told:
        raise CantCarry("nobody is told of a text that isn't sent")

    def again(self) -> Told:
        text, id, media = self.last
        if not id:
            raise CantCarry("nothing was sent yet")
        answer = self.world.text(self.person, text, id=id, media=media)
        return Told(tuple(answer["texts"]), answer["awaits"] != "nothing")

    def leave(self) -> None:
        raise CantCarry("a thread of texts has no end")

    def sign_in(self) -> None:
        raise CantCarry("nobody signs in by text")


@dataclass(slots=True)
class LexText:
    """Lex by text, through AWS's own protocol: Connect's chat on `live`, any Lex client on `guest`."""

    world: World
    person: Person | None
    assurance: Assurance
    way: str = LEX_TEXT
    session: str = field(default_factory=lambda: str(uuid.uuid4()))

    def open(self) -> Told:
        return self.say("hello")

    def say(self, text: str) -> Told:
        world = self.world
        alias = world.live if self.way == LEX_TEXT else world.guest
        request: dict[str, Any] = {}
        key = SessionKey(world.bot.id, alias.id, world.model.default_locale, self.session)
        kept = world.lex.store.read(key, world.bot.session_seconds)
        begun = kept is not None and POINTER in kept.attributes
        if self.person is not None and self.way == LEX_TEXT and not begun:
            stored = world.customer(self.person)
            if self.assurance is Assurance.VERIFIED:
                stored = proved_in(stored, f"{LIVE}:{self.session}", "pin", world.store, world.clock())
            token = phone_pointer(stored, self.session, self.assurance, world.keys, world.clock())
            request["sessionState"] = {"sessionAttributes": {POINTER: token}}
        answer = _lex_client(world.lex_url).recognize_text(
            botId=world.bot.id, botAliasId=alias.id, localeId=world.model.default_locale,
            sessionId=self.session, text=text, **request,
        )  # fmt: skip
        return _told(answer)

    def key(self, digits: str) -> Told:
        raise CantCarry("text has no telephone keys")

    def silence(self) -> Told:
        raise CantCarry("Lex is not called where nothing is typed")

    def again(self) -> Told:
        if self.way == LEX_GUEST:
            raise CantCarry("a guest's repeated event can't be told from a new turn")
        return _told(self.world.lex_again())

    def leave(self) -> None:
        self.session = str(uuid.uuid4())

    def sign_in(self) -> None:
        raise CantCarry("Lex is told of no account")


@dataclass(slots=True)
class SmartSpeaker:
    """Alexa; opens the skill by its name whenever the session is closed."""

    world: World
    person: Person
    speaker: Speaker
    way: str = ALEXA

    @classmethod
    def of(cls, world: World, person: Person) -> SmartSpeaker:
        """The person's speaker, with the skill that would be deployed."""
        return cls(world, person, make_speaker(world, person))

    def open(self) -> Told:
        return _heard(self.speaker.say(f"open {self._name}"))

    def say(self, text: str) -> Told:
        if not self.speaker.open:
            self.open()
        return _heard(self.speaker.say(text))

    def key(self, digits: str) -> Told:
        raise CantCarry("a smart speaker has no telephone keys")

    def silence(self) -> Told:
        raise CantCarry("Alexa does not call the skill on silence")

    def again(self) -> Told:
        return _heard(self.speaker.replay())

    def leave(self) -> None:
        self.speaker.exit()

    def sign_in(self) -> None:
        """Link the account in Alexa's app: requests bear its token from now on."""
        self.speaker.link_account(self.world.sign_in(self.person))

    @property
    def _name(self) -> str:
        locale = next(iter(self.world.assembly.alexa_models))
        model: Mapping[str, Any] = self.world.assembly.alexa_models[locale]
        return str(model["interactionModel"]["languageModel"]["invocationName"])


def make_speaker(world: World, person: Person) -> Speaker:
    """A smart speaker in that person's home."""
    locale = next(iter(world.assembly.alexa_models))
    return Speaker(
        world.assembly.alexa_models[locale], SKILL_ID, world.alexa, ear=speaker_ear(world, locale),
        user_id=person.speaker, device_id=f"amzn1.ask.device.{person.name.upper()}", locale=locale,
        clock=world.clock, new_id=lambda: str(uuid.uuid4()),
    )  # fmt: skip


WAYS: Mapping[str, Callable[[World, Person, Assurance], Device]] = {
    LEX_TEXT: LexText,
    LEX_SPEECH: Caller,
    LEX_KEYS: lambda world, person, assurance: Caller(world, person, assurance, LEX_KEYS),
    EAR: WebChat,
    ALEXA: lambda world, person, _: SmartSpeaker.of(world, person),
    TEXTING: TextPhone,
}
"""How to be a customer on each way."""


@cache
def _lex_client(url: str) -> Any:  # botocore makes its clients' types at run time
    return client("lexv2-runtime", url)


def _told(answer: Mapping[str, Any]) -> Told:
    messages = answer.get("messages", ())
    lines = tuple(plain(message["content"]) for message in messages if "content" in message)
    cards = [message["imageResponseCard"] for message in messages if "imageResponseCard" in message]
    labels = tuple(button["text"] for card in cards for button in card.get("buttons", ()))
    return Told(lines, answer["sessionState"]["dialogAction"]["type"] != "Close", labels)


def _heard(spoken: Spoken) -> Told:
    return Told((spoken.speech,) if spoken.speech else (), spoken.open)
