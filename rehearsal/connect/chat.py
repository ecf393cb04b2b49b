"""A chat contact's transcript: what Amazon Connect keeps and streams of a chat, made of the centre's events.

Roles, types and content types: API reference of the Amazon Connect Participant Service, `Item`, and administrator
guide, "Use the Amazon SNS payload after enabling message streaming". A system's message bears the name SYSTEM_MESSAGE
as the transcripts of an instance do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from rehearsal.connect.events import Connected, Ended, Event, Heard, Party, Spoke, Transferred, Whispered

AGENT, CUSTOMER, SYSTEM = "AGENT", "CUSTOMER", "SYSTEM"
ALL: Final = "ALL"
MESSAGE, EVENT, ATTACHMENT = "MESSAGE", "EVENT", "ATTACHMENT"
PLAIN: Final = "text/plain"
CARD: Final = "application/vnd.amazonaws.connect.message.interactive"
_EVENT: Final = "application/vnd.amazonaws.connect.event."
JOINED, LEFT, CHAT_ENDED = f"{_EVENT}participant.joined", f"{_EVENT}participant.left", f"{_EVENT}chat.ended"
TRANSFERRED: Final = f"{_EVENT}transfer.succeeded"
TYPING: Final = f"{_EVENT}typing"
RECEIPTS: Final = (f"{_EVENT}message.delivered", f"{_EVENT}message.read")
_SYSTEM_NAME: Final = "SYSTEM_MESSAGE"
_CONTENT: Final[Mapping[str, str]] = {"text": PLAIN, "card": CARD}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the transcript."""

    id: str
    at: str
    """ISO 8601 in UTC, to the millisecond; no two of a chat are alike."""
    type: str
    """MESSAGE, EVENT or ATTACHMENT."""
    content_type: str
    contact: str
    """The contact that it was then: another one after a transfer."""
    content: str = ""
    role: str = ""
    """AGENT, CUSTOMER or SYSTEM; empty for the end, which is nobody's."""
    participant: str = ""
    name: str = ""
    visibility: str = ALL
    """Whom it is for: CUSTOMER, AGENT or ALL."""
    attachment: str = ""
    """The name of a file."""
    kept: bool = True
    """Whether it stands in the transcript: who types does not."""

    def told(self) -> dict[str, object]:
        """What the transcript and the stream have in common of it."""
        given: dict[str, object] = {
            "AbsoluteTime": self.at, "Content": self.content, "ContentType": self.content_type, "Id": self.id,
            "Type": self.type, "ParticipantId": self.participant, "DisplayName": self.name,
            "ParticipantRole": self.role,
        }  # fmt: skip
        if self.attachment:
            file = {"AttachmentName": self.attachment, "ContentType": self.content_type, "AttachmentId": self.id}
            given["Attachments"] = [{**file, "Status": "APPROVED"}]
        return {name: value for name, value in given.items() if value != ""}


@dataclass(frozen=True, slots=True)
class Gone:
    """A contact of the chat that is over: by a transfer to the next one, or for good."""

    contact: str
    previous: str
    """The one before it; empty for the first."""
    at: float
    """Epoch seconds."""
    agent: str = ""
    """ARN of who had it."""
    why: str = ""


@dataclass(slots=True)
class Chat:
    """One chat from its beginning to its end, over all its contacts; not safe for threads by itself."""

    id: str
    """The initial contact's."""
    customer: str
    """The customer's participant id."""
    name: str
    """What the customer is called."""
    clock: Callable[[], float]
    new_id: Callable[[], str]
    entries: list[Entry] = field(default_factory=list)
    gone: list[Gone] = field(default_factory=list)
    contact: str = ""
    """The current one's id."""
    previous: str = ""
    agent: str = ""
    """ARN of the agent who is there."""
    over: bool = False
    seen: int = 0
    """Of the centre's events."""
    joined: bool = False
    """Whether the customer's side is connected."""
    last: float = 0.0

    def __post_init__(self) -> None:
        self.contact = self.contact or self.id

    def follow(self, events: Sequence[Event], names: Mapping[str, str], *, talking: bool) -> None:
        """Take in the centre's next events; `names` are the agents' by ARN, `talking` whether one has the contact."""
        self.seen += len(events)
        for event in events:
            self._one(event, names)
        if self.agent and not talking and not self.over:
            self._agent_left(names)

    def customer_joined(self) -> None:
        """The customer's side is connected, for the first time."""
        if not self.joined:
            self.joined = True
            self._add(EVENT, JOINED, role=CUSTOMER)

    def said(self, content: str, content_type: str = PLAIN) -> Entry:
        """The customer wrote."""
        return self._add(MESSAGE, content_type, content, role=CUSTOMER)

    def signalled(self, content_type: str, content: str = "") -> Entry:
        """The customer types, or has got a message."""
        return self._add(EVENT, content_type, content, role=CUSTOMER, kept=False)

    def attached(self, name: str, agents: Mapping[str, str], content_type: str = "application/pdf") -> Entry:
        """The agent who is there sent a file."""
        return self._add(ATTACHMENT, content_type, role=AGENT, names=agents, attachment=name)

    def end(self, why: str, names: Mapping[str, str]) -> None:
        """It is over, once."""
        if self.over:
            return
        agent = self.agent
        if agent:
            self._agent_left(names)
        elif why == "customer":
            self._add(EVENT, LEFT, role=CUSTOMER)
        self.over = True
        self._add(EVENT, CHAT_ENDED)
        self.gone.append(Gone(self.contact, self.previous, self.last, agent, why))

    def _one(self, event: Event, names: Mapping[str, str]) -> None:
        match event:
            case Spoke(content, kind, _, to) | Whispered(to, content, kind) if kind in _CONTENT:
                visible = AGENT if to is Party.AGENT else CUSTOMER
                self._add(MESSAGE, _CONTENT[kind], content, role=SYSTEM, visibility=visible)
            case Heard(Party.AGENT, words):
                self._add(MESSAGE, PLAIN, words, role=AGENT, names=names)
            case Connected(agent):
                self.agent = agent
                self._add(EVENT, JOINED, role=AGENT, names=names)
            case Transferred("queue" | "agent", _) if self.agent:
                before, agent = self.contact, self.agent
                self._agent_left(names)
                self.gone.append(Gone(before, self.previous, self.last, agent, "transferred"))
                self.previous, self.contact = before, self.new_id()
                self._add(EVENT, TRANSFERRED)
            case Ended(why):
                self.end(why, names)

    def _agent_left(self, names: Mapping[str, str]) -> None:
        self._add(EVENT, LEFT, role=AGENT, names=names)
        self.agent = ""

    def _add(
        self, kind: str, content_type: str, content: str = "", *, role: str = "", visibility: str = ALL,
        names: Mapping[str, str] | None = None, attachment: str = "", kept: bool = True,
    ) -> Entry:  # fmt: skip
        # To the millisecond, and never twice the same: an order that nobody could tell would be none.
        self.last = max(round(self.clock(), 3), round(self.last + 0.001, 3))
        by = {
            AGENT: (self.agent, (names or {}).get(self.agent, "")), CUSTOMER: (self.customer, self.name),
            SYSTEM: ("system", _SYSTEM_NAME),
        }.get(role, ("", ""))  # fmt: skip
        entry = Entry(
            self.new_id(), moment(self.last), kind, content_type, self.contact, content, role, by[0], by[1],
            visibility, attachment, kept,
        )  # fmt: skip
        self.entries.append(entry)
        return entry


def moment(at: float) -> str:
    """Epoch seconds as Connect writes times."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def seen_by_customer(entries: Sequence[Entry]) -> Iterator[Entry]:
    """What a customer's transcript has of them."""
    return (it for it in entries if it.kept and it.visibility in (ALL, CUSTOMER))
