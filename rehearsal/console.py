"""Port 8700: the rehearsal's page and what it asks for, as `handle(Request) -> Response`.

Every answer is JSON but the page's own files. Only pages of this machine may post: a request with a foreign
Origin is refused, so that no web site can drive somebody's rehearsal.
"""

from __future__ import annotations

import hashlib
import json
import mimetypes
import uuid
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bank.fake.telephone_pins import pin_of
from rehearsal.functions import FunctionFailed
from rehearsal.lex.errors import LexError
from rehearsal.lex.http import LOCAL_ORIGIN, Request, Response
from rehearsal.people import Person
from rehearsal.portrait import customer_json, glimpses
from rehearsal.post.office import EMAIL, TEXT
from rehearsal.resources import AssemblyError
from rehearsal.speaker import SkillFault, Speaker, Spoken
from rehearsal.switchboard import Switchboard
from rehearsal.telephone_doors import NotAsked, TelephoneDoors
from rehearsal.ways import make_speaker
from rehearsal.world import SKILL_ID, World, handover_of
from throughline.customers.store import Stored
from throughline.rendering import plain
from throughline.turn import Assurance

PAGE = Path(__file__).with_name("page")
PEOPLE = ("Sam", "Alex", "Robin")
"""Invented customers to choose from."""
MOST_BROWSERS = 1_000_000_000
"""Unknown browsers that somebody may sit down at."""

Answer = Mapping[str, Any] | list[Any]


class BadRequest(ValueError):
    """The page (or whoever plays it) asked for something that can't be."""


class Console:
    """The page's server side; holds the devices of every person."""

    def __init__(
        self, world: World, after_turn: Callable[[], None] = lambda: None, board: Switchboard | None = None
    ) -> None:
        self._world = world
        self._after_turn = after_turn
        self._telephone = TelephoneDoors(
            board, _person, self._caller, lambda person: pin_of(world.customer(person).customer)
        )
        self._speakers: dict[str, Speaker] = {}
        self._tokens: dict[str, str] = {}
        self._strange: dict[str, int] = {}
        self._lock = Lock()
        self._run = uuid.uuid4().hex
        self._posts: dict[str, Callable[[Mapping[str, Any]], Answer]] = {
            "/api/chat": self._chat,
            "/api/sign_in": self._sign_in,
            "/api/text": self._text,
            "/api/post": self._fail_post,
            "/api/desk": self._desk,
            "/api/speaker": self._speak,
            "/api/phone": self._phone,
            "/api/clock": self._pass_time,
            "/api/hand_back": self._hand_back,
            **self._telephone.posts(),
        }
        self._gets: dict[str, Callable[[Mapping[str, str]], Answer]] = {
            "/healthz": lambda _: self.health(),
            "/api/people": lambda _: list(PEOPLE),
            "/api/about": lambda _: self._about(),
            "/api/state": self._state,
            "/api/turn": self._turn,
            "/api/customer": self._customer,
            "/api/timeline": self._timeline,
            "/api/events": lambda query: self._world.recorder.since(int(query.get("since", "0") or 0)),
            "/api/logs": lambda _: list(self._world.functions.logs),
            "/api/figures": lambda _: self._world.figures.told(),
            **self._telephone.gets(),
        }

    def health(self) -> dict[str, Any]:
        """Ids for clients: the bot with its `guest` alias (or `live`, where there is none), its locales, the skill."""
        world = self._world
        alias = world.guest if any(one.name == "guest" for one in world.bot.aliases.values()) else world.live
        return {
            "bot_id": world.bot.id,
            "bot_alias_id": alias.id,
            "locale_ids": sorted(world.bot.locales),
            "alexa_skill_id": SKILL_ID,
            "business": world.model.name,
            "model_version": world.model.version,
        }

    def handle(self, request: Request) -> Response:
        """Answer one request; what is wrong with it is said in its answer."""
        url = urlsplit(request.path)
        origin = request.headers.get("origin")
        if origin is not None and not LOCAL_ORIGIN.fullmatch(origin):
            return _json(403, {"error": "only pages of this machine may use the rehearsal"})
        try:
            if request.method == "POST":
                return self._posted(url.path, request.body)
            if request.method in ("GET", "HEAD"):
                query = {name: values[-1] for name, values in parse_qs(url.query).items()}
                return self._got(url.path, query)
        except (BadRequest, NotAsked, LexError) as error:
            return _json(400, {"error": str(error)})
        except FunctionFailed as error:
            return _json(502, {"error": str(error), "type": error.type})
        except SkillFault as error:
            return _json(502, {"error": str(error), "type": "SkillFault"})
        return _json(405, {"error": f"{request.method} is not for this path"})

    def _got(self, path: str, query: Mapping[str, str]) -> Response:
        if path in self._gets:
            return _json(200, self._gets[path](query))
        name = "index.html" if path == "/" else path.removeprefix("/")
        file = (PAGE / name).resolve()
        if not file.is_relative_to(PAGE) or not file.is_file():
            return _json(404, {"error": f"there is no {path} here"})
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        policy = "default-src 'self'; style-src 'self'; img-src 'self' data:; frame-ancestors 'none'"
        headers = {"Content-Type": kind, "Cache-Control": "no-cache", "Content-Security-Policy": policy}
        return Response(200, headers, file.read_bytes())

    def _posted(self, path: str, body: bytes) -> Response:
        try:
            asked = json.loads(body or b"{}")
        except ValueError:
            raise BadRequest("the body is not JSON") from None
        if path == "/alexa":
            answer = self._world.alexa(asked)
            self._after_turn()
            return _json(200, answer)
        todo = self._posts.get(path)
        if todo is None and path != "/api/speech":
            return _json(404, {"error": f"there is no {path} here"})
        if not isinstance(asked, dict):
            raise BadRequest("the body must be a JSON object")
        if todo is None:
            return self._telephone.speech(asked)
        answer = todo(asked)
        if not asked.get("collects"):
            self._after_turn()
        return _json(200, answer)

    def _caller(self, asked: Mapping[str, Any]) -> Person:
        """The person at the telephone, made known before they call."""
        person = _person(asked)
        self._world.customer(person)
        return person

    # -- devices ---------------------------------------------------------------------------------

    def _chat(self, asked: Mapping[str, Any]) -> Answer:
        person = self._at_browser(asked)
        token = self._tokens.get(person.browser, "")
        transport = Assurance.VERIFIED if token else Assurance.LINKED
        if asked.get("collects"):
            looked = {name: asked.get(name) for name in ("id", "session", "after", "collects")}
            return self._world.collect(person, looked, transport=transport, token=token)
        message = {
            "id": asked.get("id"), "session": asked.get("session"), "text": asked.get("text"),
            "locale": asked.get("locale", self._world.model.default_locale), "tap": asked.get("tap"),
            "opens": asked.get("opens", False), "question": asked.get("question", ""),
            "attachments": asked.get("attachments", 0),
        }  # fmt: skip
        return self._world.chat(person, message, transport=transport, token=token)

    def _at_browser(self, asked: Mapping[str, Any]) -> Person:
        """The person at their own browser, or at the unknown one that they are at."""
        person = _person(asked)
        self._world.customer(person)
        place = asked.get("browser", 0)
        if not isinstance(place, int) or not 0 <= place <= MOST_BROWSERS:
            raise BadRequest(f"`browser` is 0 for their own, or a number up to {MOST_BROWSERS} for an unknown one")
        return person.at_strange_devices(f"{self._run[:6]}-{place}") if place else person

    def _sign_in(self, asked: Mapping[str, Any]) -> Answer:
        """Sign in at the browser, or out with `out`; `as` is who signs in there, if it isn't whose browser it is."""
        person = self._at_browser(asked)
        who = _person({"person": asked.get("as", person.name)})
        if asked.get("out"):
            self._tokens.pop(person.browser, None)
        elif self._world.accounts is None:
            raise BadRequest("nobody can sign in: the templates have no user pool for customers")
        else:
            self._tokens[person.browser] = self._world.sign_in(who)
        return {"signed_in": person.browser in self._tokens}

    def _text(self, asked: Mapping[str, Any]) -> Answer:
        person, text, id = _person(asked), asked.get("text"), asked.get("id", "")
        if not isinstance(text, str) or not text.strip() or not isinstance(id, str):
            raise BadRequest("give `text`")
        self._world.customer(person)
        return self._world.text(person, text[:1_600], id=id)

    def _fail_post(self, asked: Mapping[str, Any]) -> Answer:
        """Let text messages or mail fail, or work again."""
        way, failing = asked.get("way"), asked.get("failing", True)
        if way not in (TEXT, EMAIL) or not isinstance(failing, bool):
            raise BadRequest(f"give `way` ({TEXT} or {EMAIL}) and `failing`")
        self._world.post.fail(way, failing=failing)
        return {"failing": sorted(self._world.post.failing)}

    def _desk(self, asked: Mapping[str, Any]) -> Answer:
        """What a member of the staff asks of the desk about the person's customer."""
        team, request = asked.get("team"), asked.get("request")
        if not isinstance(team, str) or not isinstance(request, dict):
            raise BadRequest("give `team` and `request`")
        stored = self._world.customer(_person(asked))
        if request.get("other") in PEOPLE:
            request = {**request, "other": self._world.customer(Person.called(request["other"])).customer}
        try:
            status, told = self._world.desk(team, f"{team}-in-rehearsal", {"customer": stored.customer, **request})
        except AssemblyError as error:
            raise BadRequest(str(error)) from None
        return {"status": status, "told": told}

    def _speak(self, asked: Mapping[str, Any]) -> Answer:
        person = _person(asked)
        self._world.customer(person)
        speaker = self.speaker(person)
        if asked.get("silence"):
            return _spoken(speaker.silence())
        if asked.get("exit"):
            return _spoken(speaker.exit())
        said = asked.get("say")
        if not isinstance(said, str) or not said.strip():
            raise BadRequest("give `say`, `silence` or `exit`")
        return _spoken(speaker.say(said[:500]))

    def speaker(self, person: Person) -> Speaker:
        """The person's smart speaker."""
        with self._lock:
            if person.name not in self._speakers:
                self._speakers[person.name] = make_speaker(self._world, person)
            return self._speakers[person.name]

    def _phone(self, asked: Mapping[str, Any]) -> Answer:
        known = _person(asked) if asked.get("person") else None
        contact, keys, said = asked.get("contact"), asked.get("keys"), asked.get("say", "")
        if not isinstance(contact, str) or not isinstance(said, str) or not isinstance(keys, str | None):
            raise BadRequest("give `contact` and one of `say` (empty is silence) and `keys`")
        answer = self._world.phone(
            known, contact, said if keys is None else keys, mode="Speech" if keys is None else "DTMF",
            assurance=_assurance(asked.get("assurance", "linked")),
            locale=self._world.model.default_locale,
        )  # fmt: skip
        lines = [plain(message["content"]) for message in answer.get("messages", ()) if "content" in message]
        closed = answer["sessionState"]["dialogAction"]["type"] == "Close"
        return {"lines": lines, "closed": closed, "handover": handover_of(answer)}

    # -- the rest --------------------------------------------------------------------------------

    def _pass_time(self, asked: Mapping[str, Any]) -> Answer:
        seconds = asked.get("seconds")
        if not isinstance(seconds, int | float) or not 0 <= seconds <= 400 * 86_400:
            raise BadRequest("give `seconds` from 0 to 400 days")
        self._world.clock.pass_(float(seconds))
        return {"ahead": self._world.clock.ahead}

    def _hand_back(self, asked: Mapping[str, Any]) -> Answer:
        return {"handed_back": self._world.hand_back(_person(asked))}

    def _customer(self, query: Mapping[str, str]) -> Answer:
        return self._portrait(_person(query), self._world.customer(_person(query)))

    def _portrait(self, person: Person, stored: Stored) -> dict[str, Any]:
        world = self._world
        return customer_json(
            stored, world.model, world.clock(), glimpses(stored, person.addresses().values(), world.keys)
        )

    def _about(self) -> Answer:
        """What the page must know once."""
        model = next(iter(self._world.assembly.alexa_models.values()))
        language = model.get("interactionModel", model)["languageModel"]
        return {**self.health(), "people": list(PEOPLE), "invocation": language["invocationName"]}

    def _state(self, query: Mapping[str, str]) -> Answer:
        """All that the page shows of one person; of their turns those after the first `turns` ones.

        `run` changes when the rehearsal is started anew: then the page begins again, too.
        """
        person, world = _person(query), self._world
        stored = world.customer(person)
        links = set(stored.links)
        place = int(query.get("browser", "0") or 0)
        visitor = world.customer(self._at_browser({"person": person.name, "browser": place})) if place else stored
        links |= set(visitor.links)
        # Whose turns are shown changes when links do: then the page begins again.
        run = f"{self._run}-{hashlib.sha256(' '.join(sorted(links)).encode()).hexdigest()[:8]}"
        turns = sorted(world.timeline.turns(links), key=lambda turn: float(turn["at"]))
        seen = int(query.get("turns", "0") or 0) if query.get("run") == run else 0
        speaker = self._speakers.get(person.name)
        return {
            "run": run,
            "now": world.clock(),
            "ahead": world.clock.ahead,
            "customer": self._portrait(person, stored),
            "visitor": self._portrait(person, visitor) if visitor.customer != stored.customer else None,
            "reached_at": {"phone": person.phone, "email": person.email},
            "speaker_open": speaker is not None and speaker.open,
            "turns": turns[seen:],
            "total": len(turns),
            "post": [asdict(one) | {"to": "", "code": one.code} for one in world.post.at(person.phone, person.email)],
            "failing": sorted(world.post.failing),
            "signs_in": world.accounts is not None,
            "figures": world.figures.told(),
        }

    def _turn(self, query: Mapping[str, str]) -> Answer:
        """The raw events behind one turn of the timeline."""
        turn = next((t for t in self._world.timeline.turns() if t["id"] == query.get("id")), None)
        if turn is None:
            raise BadRequest("there is no such turn")
        return {"turn": turn, "events": self._world.recorder.behind(turn)}

    def _timeline(self, query: Mapping[str, str]) -> Answer:
        return self._world.timeline.turns(self._world.customer(_person(query)).links)


def _person(asked: Mapping[str, Any]) -> Person:
    name = asked.get("person", PEOPLE[0])
    if name not in PEOPLE:
        raise BadRequest(f"`person` is one of {', '.join(PEOPLE)}")
    return Person.called(name)


def _assurance(name: object) -> Assurance:
    try:
        return Assurance.named(str(name))
    except KeyError:
        raise BadRequest("`assurance` is anonymous, claimed, linked or verified") from None


def _spoken(spoken: Spoken) -> dict[str, Any]:
    return {
        "speech": spoken.speech,
        "reprompt": spoken.reprompt,
        "card": spoken.card,
        "open": spoken.open,
        "not_for_us": spoken.not_for_us,
    }


def _json(status: int, answer: object) -> Response:
    body = json.dumps(answer, ensure_ascii=False).encode()
    return Response(status, {"Content-Type": "application/json", "Cache-Control": "no-store"}, body)
