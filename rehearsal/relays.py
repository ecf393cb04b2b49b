"""The rehearsal's side of text channels' conversations with agents: Amazon Connect's chats, their stream, and desks.

The functions begin chats by AWS's own protocols; here agents sign in, talk and end, and what the functions are to be
told is brought to them.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from rehearsal.assembly import Assembly
from rehearsal.clock import Clock
from rehearsal.connect.agents import AVAILABLE, OFFLINE, Slot
from rehearsal.connect.chat_stream import ChatStream
from rehearsal.connect.chat_wire import ChatWire
from rehearsal.connect.chats import Chats
from rehearsal.connect.state import Phase
from rehearsal.connect.subscribers import rules, subscriptions
from rehearsal.courier import Courier
from rehearsal.lex.http import Request, Response
from rehearsal.permissions.roles import Roles
from rehearsal.stream import Poller
from rehearsal.telephone import Telephone

POINTER: Final = "pointer"
"""The contact attribute that says whose chat it is."""
FILE: Final = "terms.pdf"
"""What agents send here."""
PATIENCE: Final = 20.0
"""Seconds in which something must have happened that does in a moment."""
MOMENT: Final = 0.03
PAUSE: Final = 10.0
"""Seconds that a flow may pause for and nobody waits for here."""
QUIET: Final = 3
"""Looks in a row at which nothing was under way."""


class NobodyThere(AssertionError):
    """No agent has the customer's chat, or it did not come about in time."""


class ChatDoor:
    """Where functions find Amazon Connect, before there is a contact centre to answer."""

    def __init__(self) -> None:
        self.wire: ChatWire | None = None

    def speaks(self, request: Request) -> bool:
        """Whether the request is for chats."""
        return self.wire is not None and self.wire.speaks(request)

    def handle(self, request: Request) -> Response:
        """Answer it."""
        if self.wire is None:
            return Response(501, {"x-amzn-ErrorType": "NotRehearsed"}, b'{"Message": "there is no contact centre"}')
        return self.wire.handle(request)


@dataclass(slots=True)
class Relays:
    """Chats that functions began, and who talks in them."""

    line: Telephone
    chats: Chats
    stream: ChatStream
    courier: Courier
    changes: Poller | None
    """What brings conversations to the function that begins chats; None where the templates have none."""
    clock: Clock
    """The rehearsal's."""
    called: list[str] = field(default_factory=list)
    """Agents who were signed in for a chat alone."""

    def chat_of(self, links: Iterable[str]) -> str:
        """The newest open chat of whoever has one of these links; empty if there is none."""
        known = set(links)
        found = ""
        for id in self.chats.open():
            token = self.line.centre.contact(id).data.attributes.get(POINTER, "")
            # Who minted it is not checked: an attribute of ours, of which only the link is of interest here.
            if len(token.split(".")) > 3 and token.split(".")[3] in known:
                found = id
        return found

    def agent_at(self, links: Callable[[], Iterable[str]]) -> tuple[str, str]:
        """The customer's chat, and the agent who has it; who is signed in, and takes it, if nobody did yet.

        Raises NobodyThere if there is none in time.
        """
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            self.bring()
            chat = self.chat_of(links())
            if chat:
                who = self._at_desk(chat) or self._taken(chat)
                if who:
                    return chat, who
            time.sleep(MOMENT)
        raise NobodyThere("no agent has the customer's chat")

    def hand_back(self, links: Callable[[], Iterable[str]], has: Callable[[], bool]) -> None:
        """The agent ends the customer's chat, and the conversation comes back; `has` says whether a person has it.

        A chat may end by itself: outside of hours nobody takes it. Raises NobodyThere if it doesn't come back in time.
        """
        ends = time.monotonic() + PATIENCE
        while has() and time.monotonic() < ends:
            self.bring()
            chat = self.chat_of(links())
            agent = (self._at_desk(chat) or self._taken(chat)) if chat else ""
            if agent:
                self.finish(chat, agent)
            time.sleep(MOMENT)
        self.settle()
        if has():
            raise NobodyThere("the conversation did not come back from the agent in time")

    def finish(self, chat: str, agent: str) -> None:
        """The agent ends it, and is done with it; who was signed in for it goes again."""
        centre = self.line.centre
        centre.end(agent, chat)
        centre.complete(agent, chat)
        if agent in self.called:
            view = next(it for it in centre.view().agents if it.username == agent)
            if not view.contacts:
                self.called.remove(agent)
                centre.status(agent, OFFLINE)

    def bring(self) -> None:
        """What conversations came to is with the functions by then."""
        if self.changes is not None:
            self.changes.drain()
        self._past_pauses()
        self.line.centre.advance()
        self.chats.follow()

    def _past_pauses(self) -> None:
        """A flow that pauses for a moment has done so: the telephone's own time may stand still meanwhile."""
        for chat in self.chats.open():
            it = self.line.centre.contact(chat)
            seconds = it.waiting.seconds if it.waiting is not None and it.waiting.kind == "time" else None
            if it.phase is Phase.FLOW and seconds is not None and seconds <= PAUSE:
                self.clock.pass_(seconds)

    def settle(self) -> None:
        """Return when nothing is under way any more, or nothing that comes to an end."""
        ends, quiet = time.monotonic() + PATIENCE, 0
        self.bring()
        while quiet < QUIET and time.monotonic() < ends and not (self.stream.idle and not self.chats.open()):
            time.sleep(MOMENT)
            self.bring()
            quiet = quiet + 1 if self.stream.idle else 0

    def until(self, done: Callable[[], bool]) -> bool:
        """Wait for it, in which the functions are brought what they must know; whether it came about."""
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            self.bring()
            if done():
                return True
            time.sleep(MOMENT)
        return False

    def _at_desk(self, chat: str) -> str:
        """Who talks in it."""
        states = (Slot.CONNECTED, Slot.HELD)
        return next((it.username for it in self.line.centre.view().agents if it.contacts.get(chat) in states), "")

    def _taken(self, chat: str) -> str:
        """It is taken where it rings; where it rings nowhere, somebody more is signed in for the next look."""
        centre = self.line.centre
        if centre.contact(chat).phase is not Phase.QUEUED:
            return ""
        view = centre.view()
        for it in view.agents:
            if it.contacts.get(chat) is Slot.OFFERED:
                centre.accept(it.username, chat)
                return it.username
        away = next((it.username for it in view.agents if it.status != AVAILABLE and not it.contacts), "")
        if away:
            self.called.append(away)
            self.line.sign_in(away)
        return ""


@contextmanager
def relaying(
    assembly: Assembly,
    line: Telephone,
    door: ChatDoor,
    changes: Poller | None,
    roles: Callable[[], Roles],
    invoke: Callable[[str, object], object],
    clock: Clock,
) -> Iterator[Relays]:
    """Chats, their stream and what brings it to functions, while the block lasts."""
    told: list[ChatStream] = []
    seen: list[Chats] = []

    def beside() -> None:
        for chats in seen:
            chats.follow()
        for stream in told:
            stream.release(time.monotonic())

    courier = Courier(invoke, beside=beside)
    resources = assembly.resources
    stream = ChatStream(
        courier, tuple(subscriptions(resources)), tuple(rules(resources)), roles, line.instance, clock
    )  # fmt: skip
    names: Mapping[str, str] = {one.arn: one.username.capitalize() for one in line.agents}
    chats = Chats(
        line.centre, line.instance, stream, clock=clock, new_id=lambda: str(uuid.uuid4()), agents=names
    )  # fmt: skip
    door.wire = ChatWire(chats)
    told.append(stream)
    seen.append(chats)
    with courier:
        yield Relays(line, chats, stream, courier, changes, clock)
    door.wire = None
