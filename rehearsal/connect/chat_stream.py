"""What happens in chats, told to whom the templates say: by the topic that is streamed to, and by contact events.

A topic neither orders nor delivers exactly once, and a rehearsal can make it show: see `Weather`. Forms: administrator
guide of Amazon Connect, "Use the Amazon SNS payload after enabling message streaming" and "Amazon Connect contact
events"; Lambda developer guide, "Using AWS Lambda with Amazon SNS".
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from itertools import count
from threading import Lock
from typing import Any, Final

from rehearsal.connect.chat import AGENT, CHAT_ENDED, MESSAGE, Entry, Gone, moment
from rehearsal.connect.subscribers import Rule, Subscription
from rehearsal.courier import Courier, Parcel
from rehearsal.filters import matches
from rehearsal.permissions import invocations
from rehearsal.permissions.policy import Policies
from rehearsal.permissions.roles import Roles
from rehearsal.permissions.telling import publishing
from rehearsal.resources import ACCOUNT, REGION

HELD_BACK: Final = 0.4
"""Seconds in which what is said is told in the wrong order."""
APART: Final = 0.08
"""Seconds between what is told in the wrong order."""


class Weather(StrEnum):
    """How the stream behaves."""

    STEADY = "steady"
    DOUBLED = "doubled"
    """Each notification comes twice."""
    SHUFFLED = "shuffled"
    """What is said shortly after one another comes the other way round."""
    LOSSY = "lossy"
    """Of an agent's messages every other is lost, the first one first; and what tells of the end."""


@dataclass(frozen=True, slots=True)
class _Held:
    """A notification that is kept back."""

    subscription: Subscription
    event: Mapping[str, object]


class ChatStream:
    """Publishes; is what `Chats` tells (see `Watching`). Safe for threads."""

    def __init__(
        self,
        courier: Courier,
        subscriptions: tuple[Subscription, ...],
        rules: tuple[Rule, ...],
        roles: Callable[[], Roles],
        instance: str,
        clock: Callable[[], float],
    ) -> None:
        """`roles` say who may publish and be called; `instance` is an ARN; `clock` the rehearsal's."""
        self.weather = Weather.STEADY
        self._courier, self._subscriptions, self._rules = courier, subscriptions, rules
        self._roles, self._instance, self._clock = roles, instance, clock
        self._said = count()
        self._held: list[_Held] = []
        self._since = 0.0
        self._lock = Lock()

    @property
    def idle(self) -> bool:
        """Whether all is told."""
        with self._lock:
            return not self._held and self._courier.idle

    def may_publish(self, topic: str) -> str:
        """See `Watching`."""
        roles = self._roles()
        for call in publishing(topic, self._instance, roles.keys):
            verdict = roles.policies.decide(call)
            if not verdict.allowed:
                return f"{call.who} is not authorized to perform {call.action} on {call.resource} {verdict.because}"
        return ""

    def entered(self, topic: str, chat: str, entry: Entry) -> None:
        """See `Watching`: publish it, to all whose filter lets it pass."""
        if self.may_publish(topic) or self._lost(entry):
            return
        message = json.dumps(entry.told() | {"InitialContactId": chat, "ContactId": entry.contact})
        attributes = _attributes(chat, entry, self._instance)
        for one in self._subscriptions:
            if one.topic != topic or not one.takes(attributes, message):
                continue
            event = _notification(one, message, attributes, moment(self._clock()))
            match self.weather:
                case Weather.SHUFFLED:
                    self._hold(one, event)
                case Weather.DOUBLED:
                    self._send(one, event)
                    self._send(one, event, after=APART)
                case _:
                    self._send(one, event)

    def gone(self, chat: str, gone: Gone) -> None:
        """See `Watching`: a contact event for the rules that match."""
        event = contact_event(chat, gone, self._instance)
        for rule in self._rules:
            if matches(event, (rule.pattern,)):
                check = partial(self._check_rule, rule)
                self._courier.send(Parcel(rule.function, event, check))

    def release(self, now: float) -> None:
        """Tell what was held back long enough, the newest first; `now` are any clock's seconds, always the same's."""
        with self._lock:
            if not self._held:
                self._since = now
                return
            if now - self._since < HELD_BACK and self.weather is Weather.SHUFFLED:
                return
            held, self._held = self._held[::-1], []
            # All are at the courier's before anybody could think that nothing is under way.
            for place, one in enumerate(held):
                self._send(one.subscription, one.event, after=place * APART)

    def _hold(self, to: Subscription, event: Mapping[str, object]) -> None:
        with self._lock:
            self._held.append(_Held(to, event))

    def _send(self, to: Subscription, event: Mapping[str, object], *, after: float = 0.0) -> None:
        self._courier.send(Parcel(to.function, event, partial(self._check_topic, to)), after=after)

    def _lost(self, entry: Entry) -> bool:
        if self.weather is not Weather.LOSSY:
            return False
        if entry.type == MESSAGE and entry.role == AGENT:
            return next(self._said) % 2 == 0
        return entry.content_type == CHAT_ENDED

    def _check_topic(self, to: Subscription) -> None:
        invocations.check_sns(self._policies, to.alias, to.topic)

    def _check_rule(self, rule: Rule) -> None:
        invocations.check_events(self._policies, rule.alias, rule.arn)

    @property
    def _policies(self) -> Policies:
        return self._roles().policies


def _attributes(chat: str, entry: Entry, instance: str) -> dict[str, str]:
    """What a filter policy sees; an end is nobody's, and has no role."""
    told = {
        "InitialContactId": chat, "ContactId": entry.contact, "ParticipantRole": entry.role,
        "InstanceId": instance.rpartition("/")[2], "AccountId": ACCOUNT, "Type": entry.type,
        "ContentType": entry.content_type, "MessageVisibility": entry.visibility,
    }  # fmt: skip
    return {name: value for name, value in told.items() if value}


def _notification(to: Subscription, message: str, attributes: Mapping[str, str], at: str) -> dict[str, Any]:
    """The event that Lambda hands to the function; once more the same for the same notification."""
    sns = {
        "Type": "Notification", "MessageId": str(uuid.uuid4()), "TopicArn": to.topic, "Subject": None,
        "Message": message, "Timestamp": at, "SignatureVersion": "1", "Signature": "rehearsed",
        "SigningCertUrl": "", "UnsubscribeUrl": "",
        "MessageAttributes": {name: {"Type": "String", "Value": value} for name, value in attributes.items()},
    }  # fmt: skip
    record = {"EventSource": "aws:sns", "EventVersion": "1.0", "EventSubscriptionArn": to.arn, "Sns": sns}
    return {"Records": [record]}


def contact_event(chat: str, gone: Gone, instance: str) -> dict[str, Any]:
    """The contact event of a disconnect; contacts after a transfer name the first one and the one before."""
    at = moment(gone.at)
    detail: dict[str, Any] = {
        "eventType": "DISCONNECTED",
        "contactId": gone.contact,
        "initialContactId": chat if gone.previous else None,
        "previousContactId": gone.previous or None,
        "channel": "CHAT",
        "instanceArn": instance,
        "initiationMethod": "TRANSFER" if gone.previous else "API",
        "disconnectTimestamp": at,
        "agentInfo": {"agentArn": gone.agent} if gone.agent else None,
        "tags": {"aws:connect:instanceId": instance.rpartition("/")[2]},
    }
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Amazon Connect Contact Event",
        "source": "aws.connect",
        "account": ACCOUNT,
        "time": at,
        "region": REGION,
        "resources": [instance, f"{instance}/contact/{gone.contact}"],
        "detail": {name: value for name, value in detail.items() if value is not None},
    }
