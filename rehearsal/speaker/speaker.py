"""One smart speaker of one person: words in, requests to the skill, words out."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from rehearsal.recogniser.confirmation import Answer, read_confirmation
from rehearsal.speaker import requests
from rehearsal.speaker.answers import Checked, Speech, checked
from rehearsal.speaker.ear import Ear
from rehearsal.speaker.faults import NothingToReplay, SkillFault
from rehearsal.speaker.invocation import Invocation, unwoken
from rehearsal.speaker.question import Agreed, Understood, read_question, understand
from rehearsal.speaker.requests import Device
from rehearsal.speaker.session import Session, State, after, dumped, loaded
from rehearsal.speaker.skill import FALLBACK, bare, read_skill
from rehearsal.speaker.slots import Json, unfilled
from rehearsal.speaker.spoken import Spoken

Endpoint = Callable[[dict[str, Any]], Mapping[str, Any]]
"""The skill: a request in, its response out."""
LONGEST_WAIT = 8.0
"""Seconds that the service waits for the skill."""
PATIENCE = 300.0
"""Seconds without a word after which a session is over; a device waits eight, but nobody types so fast."""


def yes_or_no(text: str) -> bool | None:
    """True for a plain yes, False for a plain no, None for any other answer to a confirmation."""
    return {Answer.YES: True, Answer.NO: False}.get(answer) if (answer := read_confirmation(text)) else None


class Speaker:
    """Plays the Alexa service for one device; safe for threads, one utterance at a time."""

    def __init__(
        self,
        model: Mapping[str, Any],
        skill_id: str,
        endpoint: Endpoint,
        *,
        ear: Ear,
        user_id: str,
        device_id: str,
        locale: str,
        clock: Callable[[], float],
        new_id: Callable[[], str],
        agreed: Agreed = yes_or_no,
        patience: float = PATIENCE,
    ) -> None:
        """A speaker nobody has talked to yet.

        `model` is the interaction model, `clock` gives epoch seconds, `new_id` a fresh UUID at each call,
        `patience` is in seconds. Raises ModelFault for a model that Alexa would not build.
        """
        self._skill = read_skill(model, skill_id)
        self._invocation = Invocation(self._skill, locale)
        self._device = Device(skill_id, user_id, device_id, locale.replace("_", "-"))
        self._endpoint = endpoint
        self._ear = ear
        self._clock = clock
        self._new_id = new_id
        self._agreed = agreed
        self._patience = patience
        self._state = State()
        self._lock = threading.RLock()

    @property
    def open(self) -> bool:
        """Whether a session is open and not expired."""
        with self._lock:
            return self._state.session is not None and not self._expired()

    def say(self, text: str) -> Spoken:
        """The person says something.

        With the session closed, only words that call the skill by its name reach it. Raises SkillFault for a
        response that the service refuses; the session is over then, and the skill was told so.
        """
        with self._lock:
            earlier = self.expire()
            spoken = self._called(text) or self._answered(unwoken(text))
            return replace(spoken, earlier=earlier) if earlier is not None else spoken

    def silence(self) -> Spoken:
        """The person says nothing: at first the reprompt is said, the second time the session is over."""
        with self._lock:
            earlier = self.expire()
            session = self._state.session
            if earlier is not None or session is None:
                return earlier or Spoken()
            if session.reprompted:
                return self._end(requests.SILENT)
            self._state = replace(self._state, session=replace(session, reprompted=True, at=self._clock()))
            again = session.reprompt
            return Spoken(again.text, again.ssml, again.text, open=True)

    def exit(self) -> Spoken:
        """The person leaves without asking the skill; nothing happens where no session is open."""
        with self._lock:
            return self._end(requests.USER_INITIATED) if self._state.session is not None else Spoken()

    def expire(self) -> Spoken | None:
        """End the session if nothing was said for too long; None if it is not so."""
        with self._lock:
            return self._end(requests.SILENT) if self._expired() else None

    def link_account(self, token: str) -> None:
        """From now on requests carry this token of the linked account; an empty one unlinks it."""
        with self._lock:
            self._state = replace(self._state, token=token)

    def replay(self) -> Spoken:
        """Send the last request once more, byte for byte, as the service does after a lost answer.

        The answer takes the place of the one before. Raises NothingToReplay if nothing was sent yet.
        """
        with self._lock:
            if not self._state.last:
                raise NothingToReplay("no request was sent yet: say something to the skill first")
            return self._exchange(self._state.last)

    def dump(self) -> dict[str, Any]:
        """The state as JSON, for a restart."""
        with self._lock:
            return dumped(self._state)

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from a dumped state. Raises StateFault for anything else."""
        with self._lock:
            self._state = loaded(state)

    def _called(self, text: str) -> Spoken | None:
        """What came of words that call the skill by its name; None for other words."""
        called = self._invocation.called(text, listening=self._state.session is not None)
        if called is None:
            return None
        earlier = self.exit() if self._state.session is not None else None
        session = Session(f"amzn1.echo-api.session.{self._new_id()}", self._clock())
        request = requests.launch()
        if called.request:
            understood = self._understood(session, called.request)
            if understood.intent["name"] != FALLBACK:
                request = requests.intent(understood)
        return replace(self._ask(session, request, new=True), earlier=earlier)

    def _answered(self, text: str) -> Spoken:
        session = self._state.session
        if session is None:
            return Spoken(not_for_us=True)
        if not bare(text):
            return self.silence()
        if self._invocation.exits(text):
            return self._end(requests.USER_INITIATED)
        return self._ask(session, requests.intent(self._understood(session, text)), new=False)

    def _understood(self, session: Session, text: str) -> Understood:
        universal = self._invocation.universal(text)
        if universal is None:
            return understand(self._skill, self._ear, self._agreed, session.question, text)
        slots = {name: unfilled(name) for name in self._skill.intents[universal]}
        intent: Json = {
            "name": universal,
            "confirmationStatus": "NONE",
            **({"slots": slots} if slots else {}),
        }
        return Understood(intent, None)

    def _ask(self, session: Session, request: Json, *, new: bool) -> Spoken:
        whole = requests.envelope(
            self._device,
            session,
            request,
            new=new,
            token=self._state.token,
            request_id=self._new_id(),
            at=self._clock(),
        )
        return self._exchange(json.dumps(whole, ensure_ascii=False))

    def _end(self, reason: str, error: str = "") -> Spoken:
        session = self._state.session
        if session is None:
            return Spoken()
        self._state = replace(self._state, session=None)
        return self._ask(session, requests.ended(reason, error), new=False)

    def _exchange(self, wire: str) -> Spoken:
        """Send a request, check the response, go on from there."""
        self._state = replace(self._state, last=wire)
        sent = json.loads(wire)
        session_id, request = sent["session"]["sessionId"], sent["request"]
        ended = request["type"] == "SessionEndedRequest"
        try:
            answer = self._answer(wire, ended=ended)
            question = read_question(self._skill, answer.directives, request.get("intent"))
        except SkillFault as fault:
            if not ended:
                self._break_off(session_id, sent["session"]["attributes"], fault)
            raise
        self._state = after(self._state, session_id, answer, question, self._clock())
        return Spoken(
            answer.speech.text,
            answer.speech.ssml,
            answer.reprompt.text,
            answer.card,
            answer.open,
            sent,
            answer.json,
        )

    def _answer(self, wire: str, *, ended: bool) -> Checked:
        began = self._clock()
        try:
            answer = self._endpoint(json.loads(wire))
        except Exception as error:
            raise SkillFault(f"the skill's function failed with {type(error).__name__}: {error}") from error
        took = self._clock() - began
        if took > LONGEST_WAIT:
            raise SkillFault(f"the skill took {took:.1f} s, and the service waits {LONGEST_WAIT:g} s")
        return checked(answer, ended=ended)

    def _break_off(self, session_id: str, attributes: Json, fault: SkillFault) -> None:
        """Tell the skill that its session ended by its own fault."""
        self._state = replace(self._state, session=Session(session_id, self._clock(), attributes, None, Speech()))
        try:
            self._end(requests.ERROR, str(fault))
        except SkillFault as another:
            fault.add_note(f"and when told of it: {another}")

    def _expired(self) -> bool:
        session = self._state.session
        return session is not None and self._clock() - session.at > self._patience
