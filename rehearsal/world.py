"""The whole system on a laptop, joined: the synthesised assembly, its functions, AWS's stand-ins, the devices.

`with running(...) as world` starts it; the page, the terminal and the rehearsal files talk to a `World`.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rehearsal import assembly as assemblies
from rehearsal import cloud as clouds
from rehearsal.accounts import Accounts
from rehearsal.asking import from_browser, from_desk
from rehearsal.assembly import Assembly
from rehearsal.clock import Clock
from rehearsal.cloud import Cloud
from rehearsal.connect.ports import Services
from rehearsal.figures import Figures
from rehearsal.functions import ROOT, Functions
from rehearsal.lex.definition import Alias, Bot
from rehearsal.lex.doors import Door
from rehearsal.lex.ears import Ears, agreed
from rehearsal.lex.server import LexServer
from rehearsal.lex.service import Lex
from rehearsal.lex.session import SessionKey
from rehearsal.lex.template import read_bots
from rehearsal.lex.wire import LexWire
from rehearsal.people import Person, enrol, handed_back_by_hand, phone_pointer, proved_in, signed_up
from rehearsal.permissions import invocations
from rehearsal.permissions.door import Asked, guarded
from rehearsal.permissions.door import Door as PermissionDoor
from rehearsal.permissions.roles import Roles
from rehearsal.post import PostOffice, PostWire
from rehearsal.recogniser import Recogniser, from_alexa
from rehearsal.recogniser.shared import shared
from rehearsal.relays import ChatDoor, Relays, relaying
from rehearsal.resources import AssemblyError
from rehearsal.second_step import (
    EMAIL_FROM,
    SKILL_ID,
    SMS_FROM,
    TEXT_DOOR,
    WEB_DOOR,
    doors,
    filled,
    granted,
)
from rehearsal.starting import accounts_of, check_hook, fetch_from, key_of
from rehearsal.stream import Poller, pollers
from rehearsal.telephone import Telephone, telephone
from rehearsal.timeline import Recorder, Timeline
from throughline.channels.lex import HANDOVER, LIVE, POINTER
from throughline.customers.addresses import Address, AddressKind
from throughline.customers.dynamo import DynamoStore
from throughline.customers.keys import Keys
from throughline.customers.secret_keys import SecretKeys
from throughline.customers.store import Stored
from throughline.dialogue.model import Model
from throughline.dialogue.state import decode
from throughline.turn import Assurance

__all__ = ["SKILL_ID", "TEXT_DOOR", "WEB_DOOR", "World", "handover_of", "running", "speaker_ear"]

CACHE = ROOT / ".cache" / "recogniser"
HOOK_SOURCE = "Lex → lex_turn"
RELAYED = ("web", "sms")
"""Beginnings of the sessions of channels on which what agents write gets to customers by us."""


@dataclass(slots=True)
class World:
    """Everything that runs, and the doors into it."""

    model: Model
    assembly: Assembly
    clock: Clock
    cloud: Cloud
    functions: Functions
    lex: Lex
    wire: LexWire
    bot: Bot
    store: DynamoStore
    keys: Keys
    recorder: Recorder
    timeline: Timeline
    figures: Figures
    alexa_function: str
    hook_function: str
    lex_url: str
    """Where the Lex protocol is served for the functions."""
    roles: Roles
    """Who may do what: what the templates grant, and what the rehearsal's own doors need."""
    lex_door: PermissionDoor
    """What the functions may ask of Lex and of the carriers."""
    post: PostOffice
    """Where codes arrive."""
    post_wire: PostWire
    """The protocols of what carries them."""
    accounts: Accounts | None
    """Who signs in; None where the templates have no user pool."""
    records: Poller | None
    """What reads the customers' table's stream; None where the templates have no such function."""
    line: Telephone | None = None
    """Calls and chats through the contact flows; None where the templates have no instance."""
    chat_door: ChatDoor = field(default_factory=ChatDoor)
    """Amazon Connect's protocols of chats."""
    relays: Relays | None = None
    """Text channels' conversations with agents; None where the templates have no instance."""
    enrolled: set[str] = field(default_factory=set)
    """Mailboxes of those who were enrolled: who was forgotten since isn't enrolled anew."""
    speaker_ears: dict[str, Recogniser] = field(default_factory=dict)
    """What plays Alexa's ear, by locale, once a speaker was made."""

    @property
    def live(self) -> Alias:
        """The alias that Connect uses."""
        return self.bot.alias_named("live")

    @property
    def guest(self) -> Alias:
        """The alias that anybody may use."""
        return self.bot.alias_named("guest")

    def chat(
        self, person: Person, message: Mapping[str, Any], *, transport: Assurance = Assurance.LINKED, token: str = ""
    ) -> dict[str, Any]:
        """A message of the web chat from the person's browser; with a token where they are signed in."""
        event = from_browser(person, message, transport, token)
        return dict(self._invoke("web chat", WEB_DOOR, event))

    def collect(
        self, person: Person, message: Mapping[str, Any], *, transport: Assurance = Assurance.LINKED, token: str = ""
    ) -> dict[str, Any]:
        """What came to the person's browser outside of a turn; asked so often that nobody notes it."""
        return dict(self.functions.invoke(WEB_DOOR, from_browser(person, message, transport, token)))

    def text(self, person: Person, text: str, *, id: str = "", media: int = 0) -> dict[str, Any]:
        """A text message from the person's phone; `id` where the carrier delivers one once more."""
        event = {"from": person.phone, "id": id or uuid.uuid4().hex, "text": text, "sent_at": self.clock()}
        event |= {"media": media} if media else {}
        return dict(self._invoke("text message", TEXT_DOOR, event))

    def sign_in(self, person: Person) -> str:
        """The token of a sign-in just now. Raises AssemblyError where the templates have no user pool."""
        if self.accounts is None:
            raise AssemblyError("nobody can sign in: the templates have no user pool for customers")
        self.customer(person)
        return self.accounts.token(person)

    def alexa(self, request: object) -> Any:  # whatever the skill answers
        """A raw request to the skill, by Alexa. Raises NotInvoked where Alexa is not let in for our skill."""
        skill = self.assembly.function("alexa_turn").environment["SKILL_ID"] or SKILL_ID
        invocations.check_alexa(self.roles.policies, self.roles.aliases[self.alexa_function], skill)
        return self._invoke("Alexa → alexa_turn", self.alexa_function, request)

    def desk(self, team: str, who: str, request: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        """A request of a member of the staff's, as the API in front of the desk would hand it over; status and answer.

        Raises AssemblyError where the templates have no desk.
        """
        spec = self.assembly.function("desk")
        event = from_desk(f"{spec.environment['SERVICE']}-{team}", who, request)
        answer = self._invoke(f"desk ({team})", spec.logical_id, event)
        return int(answer["statusCode"]), json.loads(answer["body"])

    def asked(self) -> tuple[Asked, ...]:
        """What the functions asked of AWS so far, with what became of it."""
        return (*self.cloud.asked(), *self.lex_door.asked())

    def phone(
        self, person: Person | None, contact: str, said: str, *, mode: str, assurance: Assurance, locale: str
    ) -> dict[str, Any]:
        """Something said or keyed on the telephone, as Connect's flow would hand it to Lex on `live`.

        The pointer is put into the session by the first turn of a contact, as the flow's Lex block does.
        """
        key = SessionKey(self.bot.id, self.live.id, locale, contact)
        session = self.lex.store.read(key, self.bot.session_seconds)
        attributes = None
        if person is not None and (session is None or POINTER not in session.attributes):
            own = self.customer(person)
            there, _ = self.store.by_address(Address(AddressKind.PHONE, person.phone), self.clock())
            stored = there if there.version else own  # a number leads to whoever it is known to be of
            if assurance is Assurance.VERIFIED:
                stored = proved_in(stored, f"{LIVE}:{contact}", "pin", self.store, self.clock())
            attributes = {POINTER: phone_pointer(stored, contact, assurance, self.keys, self.clock())}
        started = time.perf_counter()
        answer = Door(self.lex).say(
            self.bot.id, self.live.id, locale, contact, said, mode=mode, session_attributes=attributes
        )
        self.recorder.note(f"Connect → Lex ({mode})", {"text": said}, answer, _ms(started))
        return dict(answer)

    def lex_again(self) -> dict[str, Any]:
        """The last event for the code hook, delivered once more; its answer in the shape of Lex's own."""
        event = next(e for e in reversed(self.recorder.since(0)) if e["source"] == HOOK_SOURCE)["request"]
        answer: dict[str, Any] = self._invoke(HOOK_SOURCE, self.hook_function, event)
        return answer

    def ledger(self, customer: str) -> dict[str, Any] | None:
        """What the reference bank's back end keeps of a customer; None if nothing yet."""
        table = self.assembly.function("lex_turn").environment["LEDGER"]
        found = self.cloud.dynamodb.get_item(TableName=table, Key={"pk": {"S": customer}}).get("Item")
        return json.loads(found["document"]["S"]) if found else None

    def customer(self, person: Person) -> Stored:
        """The person as a customer; enrolled if they were not yet.

        Who is at strange devices, or was forgotten, is whoever their browser leads to.
        """
        now = self.clock()
        if not person.strange:
            fresh = person.email not in self.enrolled
            stored, _ = self.store.by_address(person.home, now)
            if stored.version:
                self.enrolled.add(person.email)
                if self.accounts is None or self.accounts.knows(person):
                    return stored
                # The pool is made anew with each start, and the person signs up in it once more.
                return signed_up(stored, self.accounts.subject(person), self.store, self.keys, now)
            if fresh:
                self.enrolled.add(person.email)
                subject = self.accounts.subject(person) if self.accounts is not None else ""
                return enrol(person, self.store, self.keys, now, subject=subject)
        return self.store.by_address(Address(AddressKind.WEB, person.browser), now)[0]

    def hand_back(self, person: Person) -> bool:
        """The agent who has the conversation ends it, and it comes back; whether somebody had it.

        Raises NobodyThere where it doesn't come back.
        """
        stored = self.customer(person)
        state = decode(stored.state)
        if state.person is None:
            return False
        relayed = state.person.session.partition(":")[0] in RELAYED
        if self.relays is None or self.relays.changes is None or not relayed:
            # On Connect's own channels the flow brings the bot back, and here nothing stands for it.
            handed_back_by_hand(self.model, self.store, stored, self.clock())
            return True
        self.relays.hand_back(lambda: self.customer(person).links, lambda: self.with_person(person))
        return True

    def with_person(self, person: Person) -> bool:
        """Whether a person has the conversation."""
        return decode(self.customer(person).state).person is not None

    def settle(self) -> None:
        """Return when no message to or from an agent is under way."""
        if self.relays is not None:
            self.relays.settle()

    def snapshot(self) -> dict[str, Any]:
        """All that a later rehearsal needs to go on here."""
        return {
            "tables": self.cloud.dump(),
            "sessions": self.lex.store.dump(),
            "timeline": self.timeline.dump(),
            "figures": self.figures.dump(),
            "ahead": self.clock.ahead,
            "key": key_of(self.cloud, self.assembly),
            "post": self.post.dump(),
            "enrolled": sorted(self.enrolled),
        }

    def _invoke(self, source: str, logical_id: str, event: object) -> Any:  # any JSON
        started = time.perf_counter()
        answer = self.functions.invoke(logical_id, event)
        self.recorder.note(source, event, answer, _ms(started))
        return answer


@contextmanager
def running(
    folder: Path = ROOT / "cdk.out",
    *,
    snapshot: Mapping[str, Any] | None = None,
    key: str | None = None,
    web_door: bool = True,
    wrapped: Callable[[Services], Services] = lambda services: services,
) -> Iterator[World]:
    """Start everything while the block lasts; `snapshot` goes on where an earlier one was left, `wrapped` may put
    faults between contact flows and what they call.

    Raises AssemblyError if the assembly is missing or can't be rehearsed.
    """
    kept = snapshot or {}
    found = assemblies.read(folder)
    model = Model.from_json(json.loads((ROOT / "lambdas" / "model.json").read_bytes()))
    clock = Clock(float(kept.get("ahead", 0.0)))
    recorder = Recorder(clock)
    bots = read_bots(*found.templates)
    main = next(bot for bot in bots if any(alias.hooks for alias in bot.aliases.values()))
    ear = next(bot for bot in bots if bot is not main)
    CACHE.mkdir(parents=True, exist_ok=True)
    ears = Ears(CACHE, *found.templates, today=clock.today)

    with ExitStack() as stack:
        coming = stack.enter_context(clouds.starting(found, kept.get("key") or key))
        for locale in main.locales.values():
            ears(main, locale)
        cloud = coming.ready()
        functions: Functions | None = None

        def hook(logical_id: str, event: object, /) -> object:
            if functions is None:
                raise RuntimeError("the functions are not started yet")
            started = time.perf_counter()
            check_hook(roles, logical_id, event)
            answer = functions.invoke(logical_id, event)
            recorder.note(HOOK_SOURCE, event, answer, _ms(started))
            return answer

        lex = Lex.of(bots, ears, agreed, hook, clock=clock)
        wire = LexWire(lex)
        specs = [filled(spec) for spec in found.functions]
        roles = granted(cloud.roles, found, ear)
        cloud.admit(roles)
        lex_door = PermissionDoor(roles)
        server = stack.enter_context(LexServer(guarded(lex_door, recorder.overhearing(wire.handle))))
        post = PostOffice(clock)
        post.load(kept.get("post", ()))
        post_wire = PostWire(post, frozenset({SMS_FROM}), frozenset({EMAIL_FROM}))
        carriers = stack.enter_context(LexServer(guarded(lex_door, post_wire.handle)))
        chat_door = ChatDoor()
        chatting = stack.enter_context(LexServer(guarded(lex_door, chat_door.handle)))
        if web_door:
            specs.extend(doors(found, ear))
        specs = [cloud.placed(spec) for spec in specs]
        environment = {
            **cloud.environment(),
            "AWS_ENDPOINT_URL_LEX_RUNTIME_V2": server.url,
            "AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2": carriers.url,
            "AWS_ENDPOINT_URL_SESV2": carriers.url,
            "AWS_ENDPOINT_URL_CONNECT": chatting.url,
            "AWS_ENDPOINT_URL_CONNECTPARTICIPANT": chatting.url,
        }
        counted = Figures(sentiment=any(alias.sentiment for alias in main.aliases.values()))
        counted.load(kept.get("figures", []))
        functions = stack.enter_context(Functions(specs, environment, ahead=lambda: clock.ahead, heed=counted.heed))
        cloud.load(kept.get("tables", {}))
        lex.store.load(kept.get("sessions", []))
        settings = cloud.named_here(found.function("lex_turn").environment)
        keys = SecretKeys(settings["KEYS"], fetch=fetch_from(cloud))
        store = DynamoStore(cloud.dynamodb, settings["TABLE"], keys)
        changes = cloud.stream_of(settings["TABLE"])
        timeline = Timeline(changes, model)
        timeline.load(kept.get("timeline", []))
        functions.warm()
        read = pollers(found.resources, settings["TABLE"], changes, functions.invoke, cloud.written)
        modules = {spec.logical_id: spec.module for spec in found.functions}
        followed = {modules[poller.delivery.mapped.function]: poller for poller in read}
        for poller in read:
            stack.enter_context(poller)
        records = followed.get("records")
        line = telephone(found, cloud, functions, lex, lambda: roles, clock, wrapped=wrapped)
        relays = (
            stack.enter_context(
                relaying(found, line, chat_door, followed.get("relay"), lambda: roles, functions.invoke, clock)
            )
            if line is not None
            else None
        )
        counted.stream = records.delivery if records is not None else None
        yield World(
            model=model, assembly=found, clock=clock, cloud=cloud, functions=functions, lex=lex, wire=wire,
            bot=main, store=store, keys=keys, recorder=recorder, timeline=timeline, figures=counted,
            alexa_function=found.function("alexa_turn").logical_id,
            hook_function=found.function("lex_turn").logical_id, lex_url=server.url,
            roles=roles, lex_door=lex_door, post=post, post_wire=post_wire,
            accounts=accounts_of(found, cloud, clock), records=records, enrolled=set(kept.get("enrolled", ())),
            line=line, chat_door=chat_door, relays=relays,
        )  # fmt: skip


def speaker_ear(world: World, locale: str) -> Recogniser:
    """What plays Alexa's ear: trained on the interaction model that would be deployed."""
    if locale not in world.speaker_ears:
        grammar = from_alexa(world.assembly.alexa_models[locale])
        world.speaker_ears[locale] = shared(CACHE, grammar, world.clock.today)
    return world.speaker_ears[locale]


def handover_of(answer: Mapping[str, Any]) -> str:
    """The hand-over's reason in a Lex answer, as the contact flow would compare it; empty if there is none."""
    attributes = answer.get("sessionState", {}).get("sessionAttributes", {})
    return str(attributes.get(HANDOVER, ""))


def _ms(started: float) -> float:
    return (time.perf_counter() - started) * 1000
