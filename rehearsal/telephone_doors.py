"""The page's HTTP doors to the contact centre: what is asked is checked here, then the switchboard answers.

| path | what |
| --- | --- |
| GET /api/telephone | person, agent, seen: calls, desks, queues, alerts (see `Switchboard.told`) |
| GET /api/telephone/about | flows as pictures, names, outcomes: what doesn't change |
| POST /api/telephone/dial | person, channel VOICE or CHAT, withheld |
| POST /api/telephone/do | contact and one of keys, say, type, silence, hang_up |
| POST /api/telephone/pick_up | person, answers |
| POST /api/telephone/agent | agent, act, contact and what the act takes |
| POST /api/speech | words: answers a WAV |
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from rehearsal.connect.errors import ConnectError
from rehearsal.connect.inputs import HangUp, Input, Keys, Said, Silence, Typed
from rehearsal.lex.http import Response
from rehearsal.people import Person
from rehearsal.speech import NoVoice, spoken
from rehearsal.switchboard import Switchboard

LONGEST: Final = 1_000
"""Characters that are said or typed at once."""
_KEYS: Final = re.compile(r"[0-9*#]{1,40}")
_SEEN: Final = re.compile(r"([\w-]{1,64}):(\d{1,7})")

T = TypeVar("T")
PersonOf = Callable[[Mapping[str, Any]], Person]


class NotAsked(ValueError):
    """What was asked of the telephone can't be."""


class TelephoneDoors:
    """The telephone's part of the page's server side."""

    def __init__(
        self, board: Switchboard | None, person: PersonOf, enrolled: PersonOf, pin: Callable[[Person], str]
    ) -> None:
        """`board` is None where the templates have no contact centre; `enrolled` makes the person known, too.

        `pin` is the telephone PIN of somebody who is known: whoever plays them can't know it by heart.
        """
        self._board, self._person, self._enrolled, self._pin = board, person, enrolled, pin

    def gets(self) -> dict[str, Callable[[Mapping[str, str]], Mapping[str, Any]]]:
        """By path."""
        return {"/api/telephone": self._told, "/api/telephone/about": lambda _: self._known().about()}

    def posts(self) -> dict[str, Callable[[Mapping[str, Any]], Mapping[str, Any]]]:
        """By path."""
        return {
            "/api/telephone/dial": self._dial,
            "/api/telephone/do": self._do,
            "/api/telephone/pick_up": self._pick_up,
            "/api/telephone/agent": self._act,
        }

    def speech(self, asked: Mapping[str, Any]) -> Response:
        """A WAV of some words; 404 where nothing here can speak, so that the page speaks itself."""
        words = asked.get("words")
        if not isinstance(words, str) or not words.strip():
            raise NotAsked("give `words`")
        try:
            sound = spoken(words)
        except ValueError as long:
            raise NotAsked(str(long)) from None
        except NoVoice as why:
            return Response(404, {"Content-Type": "text/plain; charset=utf-8"}, str(why).encode())
        return Response(200, {"Content-Type": "audio/wav", "Cache-Control": "no-store"}, sound)

    def _known(self) -> Switchboard:
        if self._board is None:
            raise NotAsked("nobody can be called: the templates have no contact centre")
        return self._board

    def _told(self, query: Mapping[str, str]) -> Mapping[str, Any]:
        seen = {id: int(count) for id, count in _SEEN.findall(query.get("seen", ""))}
        person = self._person(query)
        told = self._known().told(person, query.get("agent", ""), seen)
        return {**told, "pin": self._pin(person) if told["mine"] else ""}

    def _dial(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        channel, withheld = asked.get("channel", "VOICE"), asked.get("withheld", False)
        if channel not in ("VOICE", "CHAT") or not isinstance(withheld, bool):
            raise NotAsked("`channel` is VOICE or CHAT, `withheld` true or false")
        return {"contact": _asked(lambda: self._known().dial(self._enrolled(asked), channel, withheld))}

    def _do(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        contact, given = asked.get("contact"), _input(asked)
        if not isinstance(contact, str):
            raise NotAsked("give `contact`")
        _asked(lambda: self._known().do(contact, given))
        return {}

    def _pick_up(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        answers = asked.get("answers")
        if not isinstance(answers, bool):
            raise NotAsked("`answers` is true or false")
        _asked(lambda: self._known().pick_up(self._person(asked), answers=answers))
        return {}

    def _act(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        agent, act, contact = asked.get("agent"), asked.get("act"), asked.get("contact", "")
        if not isinstance(agent, str) or not isinstance(act, str) or not isinstance(contact, str):
            raise NotAsked("give `agent`, `act` and, but for the status, `contact`")
        more = {
            name: ("true" if value else "false") if isinstance(value, bool) else str(value)[:LONGEST]
            for name, value in asked.items()
            if isinstance(value, str | bool)
        }
        _asked(lambda: self._known().act(agent, act, contact, more))
        return {}


def _input(asked: Mapping[str, Any]) -> Input:
    """What the customer does. Raises NotAsked."""
    keys, said, typed = asked.get("keys"), asked.get("say"), asked.get("type")
    if isinstance(keys, str) and _KEYS.fullmatch(keys):
        return Keys(keys)
    if isinstance(said, str) and said.strip():
        return Said(said[:LONGEST])
    if isinstance(typed, str) and typed.strip():
        return Typed(typed[:LONGEST])
    if asked.get("silence") is True:
        return Silence()
    if asked.get("hang_up") is True:
        return HangUp()
    raise NotAsked("give one of `keys` (0-9, * and #), `say`, `type`, `silence` and `hang_up`")


def _asked(do: Callable[[], T]) -> T:
    try:
        return do()
    except (ConnectError, ValueError) as refused:
        raise NotAsked(str(refused)) from None
