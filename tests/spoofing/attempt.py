"""What an attacker can do on each way: say, key, tap and forge, from the best position that the way gives them.

| way | position |
|---|---|
| lex-text, lex-speech, lex-keys | a contact with her caller id: the flow's pointer, claimed |
| lex-guest | any session, any attributes |
| ear | a browser of their own, whose device is proved; any message in it |
| alexa | a speaker and an account of their own; what Alexa itself writes can't be forged, but is tried |
| texting | her number as the originator |
"""

from __future__ import annotations

import copy
import json
import random
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.cloud import client
from rehearsal.functions import FunctionFailed
from rehearsal.lex.doors import Door
from rehearsal.lex.errors import LexError
from rehearsal.people import Person
from rehearsal.second_step import TEXT_DOOR, WEB_DOOR
from rehearsal.speaker import SkillFault, Speaker
from rehearsal.world import SKILL_ID, World, speaker_ear
from tests.spoofing.asks import Ask
from tests.spoofing.oracle import Oracle
from tests.spoofing.victim import Victim, seen, somebody
from throughline.channels.capabilities import EAR, LEX_GUEST, LEX_KEYS, LEX_TEXT, TEXTING
from throughline.channels.lex import POINTER
from throughline.turn import Assurance

Json = dict[str, Any]
EXPECTED = frozenset({"ForeignSkill"})
"""Errors by which a function refuses an attacker; any other would be a crash."""


class Attempt:
    """One attempt, on one way."""

    def __init__(self, world: World, victim: Victim, way: str, seed: str, oracle: Oracle) -> None:
        self.world = world
        self.victim = victim
        self.way = way
        self.random = random.Random(seed)
        self.oracle = oracle
        self.broken: list[str] = []
        """Errors that nobody should be able to bring about."""
        self.mallory: Person = somebody("mallory")
        self.contact = str(uuid.uuid4())
        self.attributes: dict[str, str] | None = None
        """Session attributes that the next words come with; None leaves the session its own."""
        self.keeps_forging = False
        """Whether they come with all the words after those, too."""
        self.number = victim.person.phone
        self.device = self.mallory.browser
        self.session = uuid.uuid4().hex
        self.token = ""
        self.question = ""
        self.user = self.mallory.speaker
        self.tamper: Callable[[Json], None] = lambda request: None
        self._speaker: Speaker | None = None

    # What he does

    def claims(self) -> Attempt:
        """Come as she would by this way, as far as that can be claimed."""
        if self.way in CALLING:
            self.attributes = {POINTER: self.victim.pointer(self.contact)}
        return self

    def asks(self, ask: Ask) -> str:
        """Ask for something, in whatever form the way has."""
        if self.way == LEX_KEYS:
            self.key("")
            return self.key(ask.keys)
        if self.way == EAR and ask.intent:
            slot, value = next(iter(ask.slots.items()), ("", ""))
            return self.tap(ask.intent, slot, value)
        return self.say(ask.words)

    def say(self, words: str) -> str:
        """Say or type something."""
        match self.way:
            case "ear":
                return self._told(self.web({"text": words, "question": self.question}))
            case "texting":
                return self._told(self.text(words))
            case "alexa":
                return self._says_to_alexa(words)
            case "lex-keys":
                return self.key(words if words.isdigit() else "")
            case _:
                return self._told(self.lex(words))

    def key(self, digits: str) -> str:
        """Press telephone keys."""
        return self._told(self.lex(digits))

    def tap(self, intent: str, slot: str = "", value: str = "") -> str:
        """Send a button, offered or not."""
        return self._told(
            self.web({"tap": {"intent": intent, "slot": slot, "value": value}, "question": self.question})
        )

    # What he sends

    def web(self, said: Mapping[str, Any], **event: Any) -> Json:
        """A message of a web page; `event` is what stands beside it."""
        message = {"id": uuid.uuid4().hex, "session": self.session, "locale": "en_US", **said}
        sent: Json = {"device": self.device, "transport": "linked", "message": message, **event}
        if self.token:
            sent["token"] = self.token
        answer = self._invoked(WEB_DOOR, sent)
        self.question = str(answer.get("question", ""))
        return answer

    def text(self, words: str, *, id: str = "", sent_at: float | None = None, **more: Any) -> Json:
        """A text message from `number`."""
        at = self.world.clock() if sent_at is None else sent_at
        return self._invoked(
            TEXT_DOOR, {"from": self.number, "id": id or uuid.uuid4().hex, "text": words, "sent_at": at, **more}
        )

    def lex(self, said: str, **request: Any) -> Json:
        """Words or keys to Lex: on `live` as Connect sends them, on `guest` as any client does."""
        world, given = self.world, self.attributes
        if not self.keeps_forging:
            self.attributes = None
        alias = world.guest if self.way == LEX_GUEST else world.live
        try:
            if self.way in (LEX_TEXT, LEX_GUEST):
                state = {"sessionState": {"sessionAttributes": given}} if given is not None else {}
                answer = lex_client(world.lex_url).recognize_text(
                    botId=world.bot.id, botAliasId=alias.id, localeId="en_US", sessionId=self.contact, text=said or "?",
                    **{**state, **request},
                )  # fmt: skip
                answer.pop("ResponseMetadata", None)
            else:
                mode = "DTMF" if self.way == LEX_KEYS else "Speech"
                answer = Door(world.lex).say(
                    world.bot.id, alias.id, "en_US", self.contact, said, mode=mode, session_attributes=given
                )
        except (ClientError, LexError) as refused:
            answer = {"refused": str(refused)}
        return self._seen(dict(answer))

    def alexa(self, request: Json) -> Json:
        """A raw request to the skill."""
        sent = copy.deepcopy(request)
        self.tamper(sent)
        try:
            return self._seen(dict(self.world.alexa(sent)))
        except FunctionFailed as failed:
            self._failed(failed)
            raise

    def raw_alexa(self, intent: str = "", **members: Any) -> Json:
        """A request of his own making; {} if refused. `members`: user, token, attributes, application, session."""
        application = {"applicationId": members.get("application", SKILL_ID)}
        user = {"userId": members.get("user", self.user)}
        if members.get("token"):
            user["accessToken"] = members["token"]
        kind: Json = {"type": "IntentRequest", "intent": {"name": intent, "slots": members.get("slots", {})}}
        request: Json = {
            "version": "1.0",
            "session": {
                "new": False, "sessionId": members.get("session", f"amzn1.{uuid.uuid4()}"), "application": application,
                "attributes": members.get("attributes", {}), "user": user,
            },
            "context": {"System": {"application": application, "user": user}},
            "request": {
                **(kind if intent else {"type": "LaunchRequest"}),
                "requestId": members.get("id", f"amzn1.{uuid.uuid4()}"), "locale": "en-US",
                "timestamp": "2026-11-22T00:00:00Z",
            },
        }  # fmt: skip
        try:
            return self.alexa(request)
        except FunctionFailed:
            return {}

    def desk(self, request: object, iam: object, **more: Any) -> tuple[int, Json]:
        """A request to the staff's desk with whatever identity."""
        event = {
            "version": "2.0",
            "routeKey": "POST /desk",
            "requestContext": {"authorizer": {"iam": iam}},
            "body": json.dumps(request),
            "isBase64Encoded": False,
            **more,
        }
        answer = self._invoked(self.world.assembly.function("desk").logical_id, event)
        return int(answer.get("statusCode", 0)), json.loads(answer.get("body", "{}"))

    # What happens meanwhile

    @contextmanager
    def hers(self) -> Iterator[Victim]:
        """She does something herself, which counts as hers."""
        known = len(self.world.timeline.turns())
        self.oracle.pause()
        yield self.victim
        self.oracle.hers |= {turn["id"] for turn in self.world.timeline.turns()[known:]}
        self.oracle.resume()

    def as_her(self, way: str) -> Attempt:
        """What she does herself on another way, claimed until she proves more; what she is told is not told to him."""
        hers = Attempt(self.world, self.victim, way, "hers", Oracle(self.world, self.victim))
        hers.device, hers.user = self.victim.person.browser, self.victim.person.speaker
        return hers.claims()

    def later(self, seconds: float) -> None:
        """Time passes."""
        self.world.clock.pass_(seconds)

    def heard_hers(self) -> bool:
        """Whether something of hers was told: what a control wants."""
        return any(True for text in self.oracle.told for _ in seen(text, self.victim.markers))

    def answers(self, code: str) -> bool:
        """Say or key that code, and the next step; whether something of hers is told."""
        said = json.dumps(self.text(code) if self.way == TEXTING else self.lex(code), ensure_ascii=False)
        if self.way == LEX_KEYS:
            said += json.dumps(self.lex("1"), ensure_ascii=False)
        return any(True for _ in seen(said, self.victim.markers))

    def got_in(self, why: str) -> None:
        """The attack itself sees that it worked."""
        self.oracle.found.append(why)

    # Behind it

    def _says_to_alexa(self, words: str) -> str:
        if self._speaker is None:
            locale = next(iter(self.world.assembly.alexa_models))
            self._speaker = Speaker(
                self.world.assembly.alexa_models[locale], SKILL_ID, self.alexa, ear=speaker_ear(self.world, locale),
                user_id=self.user, device_id="amzn1.ask.device.MALLORY", locale=locale, clock=self.world.clock,
                new_id=lambda: str(uuid.uuid4()),
            )  # fmt: skip
            if self.token:
                self._speaker.link_account(self.token)
        try:
            if not self._speaker.open:
                self._speaker.say("open meridian bank")
            return self._speaker.say(words).speech
        except (FunctionFailed, SkillFault):
            return ""

    def _invoked(self, function: str, event: Json) -> Json:
        try:
            return self._seen(dict(self.world.functions.invoke(function, event)))
        except FunctionFailed as failed:
            self._failed(failed)
            return {}

    def _failed(self, failed: FunctionFailed) -> None:
        self.oracle.told.append(str(failed))
        if failed.type not in EXPECTED:
            self.broken.append(str(failed))

    def _seen(self, answer: Json) -> Json:
        # What is said to her own number goes there: once her thread is proved, it is no attacker's to read.
        hers = self.way == TEXTING and self.number == self.victim.person.phone and "texts" in answer
        if not hers or Assurance.named(answer["assurance"]) < Assurance.LINKED:
            self.oracle.told.append(json.dumps(answer, ensure_ascii=False, default=str))
        return answer

    def _told(self, answer: Json) -> str:
        if self.way == EAR:
            return " ".join(answer.get("lines", ()))
        if self.way == TEXTING:
            return " ".join(answer.get("texts", ()))
        return " ".join(message.get("content", "") for message in answer.get("messages", ()))


CALLING = frozenset({"lex-text", "lex-speech", "lex-keys"})


@cache
def lex_client(url: str) -> Any:  # botocore makes its clients' types at run time
    """AWS's own client of Lex, as anybody has it."""
    return client("lexv2-runtime", url)
