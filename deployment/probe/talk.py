"""Speaking to a Lex bot as any client does, and forgetting the session afterwards, come what may."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from botocore.exceptions import BotoCoreError, ClientError

from deployment.probe.found import LexAlias
from deployment.probe.refusals import code, told


@dataclass(frozen=True, slots=True)
class Reading:
    """One interpretation of what was said."""

    intent: str
    confidence: object
    """As botocore gave it; None if absent."""
    confirmation: str
    """None, Confirmed or Denied."""
    slots: Mapping[str, str]
    """The filled ones, interpreted."""
    mood: str
    """Sentiment; empty if there is none."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What RecognizeText gave."""

    action: str
    """The next step's type, e.g. ElicitSlot; empty if none is named."""
    elicits: str
    """The slot asked for; empty if none is."""
    intent: str
    """The session's intent; empty if none."""
    state: str
    """That intent's state, e.g. InProgress."""
    slots: Mapping[str, str]
    """That intent's filled slots, interpreted."""
    attributes: Mapping[str, str]
    """Session attributes."""
    texts: tuple[str, ...]
    """The messages that are text."""
    buttons: tuple[int, ...]
    """Of each response card: how many."""
    readings: tuple[Reading, ...]
    """Best first."""

    @property
    def best(self) -> str:
        """The best reading's intent; empty without any."""
        return self.readings[0].intent if self.readings else ""

    def __str__(self) -> str:
        step = f"{self.action} {self.intent}.{self.elicits}" if self.elicits else f"{self.action} {self.intent}".strip()
        return f"heard {self.best or 'nothing'}, next {step or 'nothing'}"


class Conversation:
    """A session with a bot; use it in `with`, so that it is deleted when the block is left, however it is left."""

    def __init__(self, client: Any, alias: LexAlias, locale: str, session: str, left: list[str]) -> None:
        """`client` is lexv2-runtime's; `left` is told if the session could not be deleted."""
        self._client = client
        self._place = {"botId": alias.bot, "botAliasId": alias.id, "localeId": locale, "sessionId": session}
        self._left = left

    def say(self, text: str, state: Mapping[str, Any] | None = None) -> Answer:
        """Say it, with a sessionState of the client's own if there is one. Raises what botocore does."""
        own = {"sessionState": dict(state)} if state is not None else {}
        return _answer(self._client.recognize_text(**self._place, text=text, **own))

    def speech(self, text: str) -> tuple[str, int]:
        """Say it in writing and be answered in speech: the content type, and how many bytes of audio came."""
        answer = self._client.recognize_utterance(
            **self._place,
            requestContentType="text/plain; charset=utf-8",
            responseContentType="audio/mpeg",
            inputStream=text.encode(),
        )
        stream = answer.get("audioStream")
        return str(answer.get("contentType", "")), len(stream.read()) if stream is not None else 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            self._client.delete_session(**self._place)
        except (ClientError, BotoCoreError) as problem:
            if not isinstance(problem, ClientError) or code(problem) != "ResourceNotFoundException":
                self._left.append(f"the Lex session {self._place['sessionId']}, until it expires ({told(problem)})")


def _answer(response: Mapping[str, Any]) -> Answer:
    state = response.get("sessionState") or {}
    action, intent = state.get("dialogAction") or {}, state.get("intent") or {}
    messages = response.get("messages") or []
    return Answer(
        action=str(action.get("type") or ""),
        elicits=str(action.get("slotToElicit") or ""),
        intent=str(intent.get("name") or ""),
        state=str(intent.get("state") or ""),
        slots=_filled(intent),
        attributes=dict(state.get("sessionAttributes") or {}),
        texts=tuple(str(each["content"]) for each in messages if each.get("content")),
        buttons=tuple(
            len(each["imageResponseCard"].get("buttons") or []) for each in messages if each.get("imageResponseCard")
        ),
        readings=tuple(_reading(each) for each in response.get("interpretations") or []),
    )


def _reading(entry: Mapping[str, Any]) -> Reading:
    intent = entry.get("intent") or {}
    return Reading(
        intent=str(intent.get("name") or ""),
        confidence=entry.get("nluConfidence"),
        confirmation=str(intent.get("confirmationState") or "None"),
        slots=_filled(intent),
        mood=str((entry.get("sentimentResponse") or {}).get("sentiment") or ""),
    )


def _filled(intent: Mapping[str, Any]) -> dict[str, str]:
    slots = intent.get("slots") or {}
    values = {name: ((slot or {}).get("value") or {}) for name, slot in slots.items()}
    return {name: str(value.get("interpretedValue") or "") for name, value in values.items() if value}
