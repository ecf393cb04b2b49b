"""What Amazon Connect tells of a chat: messages by its streaming topic, entries of a transcript, a contact's end.

Sources: Amazon Connect Administrator Guide, "Use the Amazon SNS payload after enabling message streaming" and "Amazon
Connect contact events"; API reference of the Amazon Connect Participant Service, "Item".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from throughline.channels.shapes import identifier, mapping, string
from throughline.errors import EventError
from throughline.privacy.masking import mask
from throughline.relay.chat import Kind, Message, Role

LONGEST_KEPT: Final = 4_000
"""Characters of a message that are told: cut once it is masked, so that no cut falls into a secret."""
LONGEST_NAME: Final = 100
LONGEST_TEXT: Final = 16_384
"""Characters of a message that are read (SendMessage, Content)."""
LARGEST: Final = 262_144
"""Characters of a notification that are read: what Amazon SNS carries at most."""
SHOWN: Final = frozenset({"text/plain", "text/markdown"})
_EVENT: Final = "application/vnd.amazonaws.connect.event."
JOINED, ENDED = f"{_EVENT}participant.joined", f"{_EVENT}chat.ended"


@dataclass(frozen=True, slots=True)
class Told:
    """A message by the stream, and where it came from."""

    topic: str
    """The topic's ARN, as the platform that delivers it says."""
    contact: str
    """The contact that the chat began with: transfers make further ones."""
    message: Message


def streamed(record: object) -> Told:
    """What a record of Amazon SNS's event says. Raises EventError, quoting nothing."""
    sns = mapping(mapping(record).get("Sns"))
    text = sns.get("Message")
    try:
        told = json.loads(text) if isinstance(text, str) and len(text) <= LARGEST else None
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise EventError("a notification of the chat's stream holds a JSON object of at most 256 KB")
    contact = identifier(told.get("InitialContactId")) or identifier(told.get("ContactId"))
    if not contact:
        raise EventError("a notification of the chat's stream names its contact")
    visible = string(mapping(mapping(sns.get("MessageAttributes")).get("MessageVisibility")).get("Value"), 20)
    return Told(string(sns.get("TopicArn"), 300), contact, entry(told, hidden=visible == "AGENT"))


def entry(item: Mapping[str, object], *, hidden: bool = False) -> Message:
    """One entry of a transcript, masked; `hidden` is not the customer's to see. Raises EventError."""
    id, at = identifier(item.get("Id")), _at(item.get("AbsoluteTime"))
    if not id or at is None:
        raise EventError("an entry of a chat has an id and a time")
    role = _role(item.get("ParticipantRole"))
    kind = Kind.OTHER if hidden else _kind(item, role)
    words = string(item.get("Content"), LONGEST_TEXT) if kind is Kind.WORDS else ""
    text = mask(words).text.strip()[:LONGEST_KEPT]
    if kind is Kind.WORDS and not text:
        kind = Kind.OTHER
    return Message(id, at, role, kind, text, mask(string(item.get("DisplayName"))).text[:LONGEST_NAME])


def ended(event: object) -> tuple[str, str]:
    """The instance's ARN and the contact of a contact event that says so; ("", "") if it says anything else.

    The contact is the one that the chat began with. Raises EventError for what is no contact event.
    """
    told = mapping(event)
    detail = mapping(told.get("detail"))
    if told.get("source") != "aws.connect" or not detail:
        raise EventError("an event of a contact comes from aws.connect and has a detail")
    if detail.get("eventType") != "DISCONNECTED" or detail.get("channel") != "CHAT":
        return "", ""
    contact = identifier(detail.get("initialContactId")) or identifier(detail.get("contactId"))
    return string(detail.get("instanceArn"), 300), contact


def _kind(item: Mapping[str, object], role: Role) -> Kind:
    sort, content = string(item.get("Type"), 40), string(item.get("ContentType"), 200)
    # The end is told as the chat's own event, by whomever; all else that a customer did is theirs already.
    if sort == "EVENT" and content == ENDED:
        return Kind.ENDED
    if role is Role.CUSTOMER:
        return Kind.OTHER
    if sort == "ATTACHMENT":
        return Kind.FILE
    if sort == "MESSAGE" and content in SHOWN:
        return Kind.WORDS
    if sort == "EVENT" and content == JOINED and role is Role.AGENT:
        return Kind.JOINED
    return Kind.OTHER


def _role(value: object) -> Role:
    name = string(value, 40)
    return next((role for role in Role if role.value == name), Role.SYSTEM)


def _at(value: object) -> float | None:
    text = string(value, 40)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return round(moment.timestamp(), 3) if moment.tzinfo is not None else None
