"""Blocks that say something: prompts, and messages that go round while somebody waits."""

from __future__ import annotations

from collections.abc import Mapping

from rehearsal.connect.events import (
    AskedFor,
    Music,
    Party,
    Spoke,
    Whispered,
)
from rehearsal.connect.run import ADMIN, LANGUAGE, Block, Chose, Failed, Outcome, Role, Run, Steps, Success, Waiting

KINDS = (("Text", "text"), ("SSML", "ssml"), ("PromptId", "prompt"), ("Media", "media"))
LONGEST_CHAT_MESSAGE = 1024
"""Characters of a chat message that a flow sends (service quotas: chat message in a flow)."""


def message(run: Run, parameters: Mapping[str, object]) -> tuple[str, str] | None:
    """Kind and content of what a block's parameters say; None for nothing."""
    for name, kind in KINDS:
        value = parameters.get(name)
        if value:
            content = value.get("Uri") if isinstance(value, Mapping) else value
            return kind, run.read(content)
    return None


def speak(run: Run, kind: str, content: str, *, barge_in: bool = False) -> None:
    """Say it to whom the flow speaks."""
    if run.role is Role.WHISPER:
        run.emit(Whispered(run.to, content, kind))
    else:
        run.emit(Spoke(content, kind, barge_in, run.to))


def prompt(run: Run, *, barge_in: bool) -> Failed | None:
    """Say what the block's own parameters say, if anything; an error where the channel can't carry it."""
    said = message(run, run.action.parameters)
    if said is None:
        return None
    kind, content = said
    if not run.voice and kind != "text":
        return Failed("NoMatchingError", f"{run.data.channel} carries text only, and the prompt is {kind}")
    speak(run, kind, content if run.voice else content[:LONGEST_CHAT_MESSAGE], barge_in=barge_in)
    return None


def _played(run: Run) -> Outcome:
    if run.data.channel in ("TASK", "EMAIL"):
        return Success()
    if message(run, run.action.parameters) is None:
        return Failed("NoMatchingError", "there is nothing to say")
    return prompt(run, barge_in=False) or Success()


def _looped(run: Run) -> Steps:
    if not run.voice:
        return Failed("NoMatchingError", "only calls have looped prompts")
    given = run.given("Messages")
    entries = [it for it in given if isinstance(it, Mapping)] if isinstance(given, list) else []
    said = [found for it in entries if (found := message(run, it)) is not None]
    if not said:
        return Failed("NoMatchingError", "there is nothing to play")
    seconds = run.number("InterruptFrequencySeconds", 0) or None
    for kind, content in said:
        run.emit(Music(content, kind))
    # Without an interruption the messages go round until something else ends the wait.
    yield Waiting("music", seconds)
    return Chose("MessagesInterrupted")


def asked(run: Run, kind: str, seconds: float | None, *, encrypted: bool = False, maximum: int = 0) -> None:
    """Tell that the customer is waited for."""
    run.emit(AskedFor(kind, seconds, encrypted, maximum))


def hears(run: Run) -> bool:
    """Whether the party of this flow is one that can answer."""
    return run.to is Party.CUSTOMER and run.role in (Role.MAIN, Role.QUEUE)


BLOCKS = (
    Block(
        "MessageParticipant",
        _played,
        "Says text, SSML, a prompt or media; SSML, prompts and media on chat take the error branch.",
        f"{LANGUAGE}participant-actions-messageparticipant.html",
    ),
    Block(
        "MessageParticipantIteratively",
        _looped,
        "Plays the messages until the interruption, or until the wait is over.",
        f"{ADMIN}loop-prompts.html",
    ),
)
