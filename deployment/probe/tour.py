"""One conversation as a guest, held once: begin a task, ask something else in between, decline, leave.

The probes of the code hook each look at a part of it. Where it stopped, the parts behind say so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError

from deployment.probe.assumption import NotTried
from deployment.probe.script import Script
from deployment.probe.site import Site
from deployment.probe.talk import Answer, Conversation
from throughline.dialogue.model import Role

BEGIN, FIRST, ASIDE, CONFIRM, DECLINE, LEAVE = "begin", "first value", "aside", "confirmation", "no", "goodbye"
ANSWERS: Final = 8
"""Questions that are answered before a task is given up."""
TEXTS: Final = 5 + ANSWERS
"""Requests of a whole tour, at most."""


@dataclass(slots=True)
class Tour:
    """What was answered at each step, as far as it got."""

    answers: dict[str, Answer] = field(default_factory=dict)
    all: list[Answer] = field(default_factory=list)
    """Every answer, in order."""
    stopped: ClientError | BotoCoreError | NotTried | None = None
    """Why it went no further."""

    def at(self, step: str) -> Answer:
        """The answer there. Raises why the conversation never got so far: an error of Lex, or NotTried."""
        if step in self.answers:
            return self.answers[step]
        if self.stopped is not None and step == self._next():
            raise self.stopped
        raise NotTried(f"the conversation ended before: {self.stopped}")

    def _next(self) -> str:
        return next(step for step in (BEGIN, FIRST, ASIDE, CONFIRM, DECLINE, LEAVE) if step not in self.answers)


def toured(site: Site) -> Tour:
    """The conversation, held now if it hasn't been. Raises NotTried if there is nobody to speak to."""
    if site.tour is None:
        guest = site.guest()
        tour = Tour()
        with site.conversation(guest) as conversation:
            try:
                for step, answer in _steps(site.script, conversation, tour):
                    tour.answers[step] = answer
            except (ClientError, BotoCoreError, NotTried) as error:
                tour.stopped = error
        site.tour = tour
    return site.tour


def _steps(script: Script, conversation: Conversation, tour: Tour) -> Iterator[tuple[str, Answer]]:
    def say(text: str) -> Answer:
        answer = conversation.say(text)
        tour.all.append(answer)
        return answer

    task = script.task()
    answer = say(script.says(task.name))
    yield BEGIN, answer
    yield FIRST, (answer := say(_reply(script, answer)))
    aside = say(script.says(script.aside().name))
    yield ASIDE, aside
    answer = aside if aside.elicits else answer
    for _ in range(ANSWERS):
        if answer.action != "ElicitSlot":
            break
        answer = say(_reply(script, answer))
    yield CONFIRM, answer
    if answer.action == "ConfirmIntent":
        yield DECLINE, say(script.role(Role.NO))
        say(script.role(Role.CANCEL))
    yield LEAVE, say(script.role(Role.GOODBYE))


def _reply(script: Script, answer: Answer) -> str:
    if not answer.elicits:
        raise NotTried(f"no question for a slot was asked ({answer})")
    return script.value(answer.intent, answer.elicits)
