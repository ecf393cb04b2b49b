"""What a contact carries from block to block, and how the flow language's references read it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from rehearsal.connect.inputs import Keys, Said, Typed

LARGEST_ATTRIBUTES: Final = 32 * 1024
"""Bytes of a contact's attributes (Amazon Connect service quotas, "Contact attributes")."""
_STEP: Final = r"(?:\.[A-Za-z_][\w\-]*|\['[^']*'\]|\[\"[^\"]*\"\]|\[\d+\])"
_PATH: Final = re.compile(rf"\$(?:{_STEP})+")
_STEPS: Final = re.compile(r"\.([A-Za-z_][\w\-]*)|\['([^']*)'\]|\[\"([^\"]*)\"\]|\[(\d+)\]")
_DOTTED: Final = ("Attributes", "FlowAttributes", "SessionAttributes")
"""Maps whose keys people write with dots in them."""


class Phase(StrEnum):
    """Where a contact is."""

    NEW = "new"
    FLOW = "flow"
    QUEUED = "queued"
    JOINING = "joining"
    TALKING = "talking"
    HELD = "held"
    OVER = "over"


@dataclass(slots=True)
class LexState:
    """What the last bot left behind."""

    intent: str = ""
    state: str = ""
    slots: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    sentiment: str = ""
    confidence: float | None = None

    def seen(self) -> dict[str, object]:
        """As `$.Lex` shows it."""
        return {
            "IntentName": self.intent,
            "DialogState": self.state,
            "Slots": self.slots,
            "SessionAttributes": self.attributes,
            "SentimentResponse": {"Label": self.sentiment},
            "IntentConfidence": {"Score": self.confidence},
        }


@dataclass(slots=True)
class AgentCard:
    """The agent that has the contact."""

    arn: str
    username: str


@dataclass(slots=True)
class Records:
    """What Connect would keep of a contact outside of it."""

    log: list[dict[str, object]] = field(default_factory=list)
    """Flow log entries, while logging is on."""
    tape: list[str] = field(default_factory=list)
    """What a recording of the automated part holds: words, and keys as tones."""
    transcript: list[str] = field(default_factory=list)
    """A chat's or a talk's lines."""

    def hear(self, given: Keys | Said | Typed, *, automated: bool) -> None:
        """What a customer did in a flow; `automated` says whether that part of a call is recorded."""
        match given:
            case Typed(text):
                self.transcript.append(f"customer: {text}")
            case Keys(said) | Said(said) if automated:
                self.tape.append(f"customer: {said}")


@dataclass(slots=True)
class ContactData:
    """One contact: what its record, its attributes and its flows know."""

    id: str
    channel: str = "VOICE"
    """VOICE, CHAT, TASK or EMAIL."""
    customer: str = ""
    """The customer's endpoint: E.164 for a call, an id for a chat."""
    system: str = ""
    """The instance's endpoint."""
    initial: str = ""
    previous: str = ""
    initiation: str = "INBOUND"
    """INBOUND, OUTBOUND, TRANSFER, CALLBACK, API, QUEUE_TRANSFER, DISCONNECT."""
    instance: str = ""
    """The instance's ARN."""
    attributes: dict[str, str] = field(default_factory=dict)
    flow_attributes: dict[str, str] = field(default_factory=dict)
    external: object = field(default_factory=dict)
    lex: LexState = field(default_factory=LexState)
    stored: str = ""
    media: dict[str, str] = field(default_factory=dict)
    customer_id: str = ""
    name: str = ""
    description: str = ""
    language: str = "en-US"
    references: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    queue: str = ""
    """The target queue's ARN."""
    queue_name: str = ""
    target_agent: str = ""
    """The target where it is an agent's own queue."""
    agent: AgentCard | None = None
    hooks: dict[str, str] = field(default_factory=dict)
    callback_number: str = ""
    priority: int = 5
    ahead: float = 0.0
    logging: bool = False
    recorded: tuple[str, ...] = ()
    """Who is recorded once agent and customer talk."""
    automated_recorded: bool = False
    """Whether the time in flows is recorded."""
    analytics: bool = False
    streaming: bool = False
    voice: str = "Joanna"
    """The Polly voice; Joanna where no block says otherwise (developer guide, UpdateContactTextToSpeechVoice)."""
    loops: dict[str, int] = field(default_factory=dict)
    """How often each Loop block has let go on, by flow and action."""
    metrics: dict[str, object] = field(default_factory=dict)
    profile: dict[str, str] = field(default_factory=dict)
    case: dict[str, str] = field(default_factory=dict)
    segment: dict[str, str] = field(default_factory=dict)
    """Segment attributes, as in `connect:Subtype`."""
    views: dict[str, object] = field(default_factory=dict)
    wisdom: str = ""
    outbound_status: str = ""
    """What an outbound campaign's detector said; empty outside of one."""
    related: ContactData | None = None
    """The contact whose agent's screen this one is."""

    def tree(self) -> dict[str, object]:
        """All that references can read."""
        agent = self.agent
        return {
            "Attributes": self.attributes,
            "FlowAttributes": self.flow_attributes,
            "External": self.external,
            "Lex": self.lex.seen(),
            "StoredCustomerInput": self.stored,
            "Media": self.media,
            "CustomerEndpoint": {"Address": self.customer, "Type": self._endpoint()},
            "SystemEndpoint": {"Address": self.system, "Type": self._endpoint()},
            "CustomerCallbackNumber": self.callback_number or self.customer,
            "Channel": self.channel,
            "ContactId": self.id,
            "InitialContactId": self.initial or self.id,
            "PreviousContactId": self.previous,
            "RelatedContactId": self.related.id if self.related else "",
            "InitiationMethod": self.initiation,
            "InstanceARN": self.instance,
            "CustomerId": self.customer_id,
            "Name": self.name,
            "Description": self.description,
            "LanguageCode": self.language,
            "TextToSpeechVoiceId": self.voice,
            "References": self.references,
            "Tags": self.tags,
            "Queue": {"Name": self.queue_name, "ARN": self.queue, "OutboundCallerId": {"Address": self.system}},
            "Agent": {"ARN": agent.arn, "UserName": agent.username, "FirstName": agent.username} if agent else {},
            "Metrics": self.metrics,
            "Customer": self.profile,
            "Case": self.case,
            "Views": self.views,
            "Wisdom": {"SessionArn": self.wisdom},
            "SegmentAttributes": self.segment,
            "MediaStreams": {"Customer": {"Audio": {}}},
            "LambdaInvocation": {},
            "Modules": {},
            "DataTables": {},
            "Email": {},
            "Task": {},
            "Contact": {},
            "AdditionalEmailRecipients": {},
            "Campaign": {},
            "InvocationArguments": {},
            "Loop": {},
        }

    def _endpoint(self) -> str:
        return "TELEPHONE_NUMBER" if self.channel == "VOICE" else "CONTACT_FLOW"

    def set_attributes(self, values: Mapping[str, str]) -> bool:
        """All of them or, where that would be more than 32 KB, none: whether they were set."""
        merged = {**self.attributes, **values}
        if len(json.dumps(merged, ensure_ascii=False).encode()) > LARGEST_ATTRIBUTES:
            return False
        self.attributes = merged
        return True

    def screen(self, id: str) -> ContactData:
        """The chat contact in which an agent's guide runs; it starts with this one's attributes."""
        return replace(
            ContactData(id, channel="CHAT", initial=self.initial or self.id, instance=self.instance, related=self),
            attributes=dict(self.attributes),
            agent=self.agent,
            queue=self.queue,
            queue_name=self.queue_name,
            customer=self.customer,
            customer_id=self.customer_id,
            language=self.language,
            logging=self.logging,
        )


def is_reference(value: str) -> bool:
    """Whether a parameter is one reference and nothing else."""
    return _PATH.fullmatch(value) is not None


def steps_of(path: str) -> tuple[str, ...]:
    """A reference's steps, its root first: `Attributes` and `tier` of `$.Attributes['tier']`."""
    return tuple(next(part for part in found if part) for found in _STEPS.findall(path) if any(found))


def looked_up(path: str, tree: Mapping[str, object]) -> object:
    """What a reference reads; None for nothing there. Raises KeyError for a root that doesn't exist."""
    steps = steps_of(path)
    if not steps or steps[0] not in tree:
        raise KeyError(path)
    value: object = tree[steps[0]]
    for index, step in enumerate(steps[1:], 1):
        if isinstance(value, Mapping):
            dotted = ".".join(steps[index:])
            if steps[index - 1] in _DOTTED and dotted in value:
                return value[dotted]
            value = value.get(step)
        elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def as_text(value: object) -> str:
    """A value as flows write it into a text: nothing for null, JSON for what is no scalar."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case int() | float():
            return str(value)
        case _:
            return json.dumps(value, ensure_ascii=False)


def filled(text: str, tree: Mapping[str, object]) -> str:
    """A text with its references read; what names no root stays as it is written."""

    def read(match: re.Match[str]) -> str:
        try:
            return as_text(looked_up(match[0], tree))
        except KeyError:
            return match[0]

    return _PATH.sub(read, text)
