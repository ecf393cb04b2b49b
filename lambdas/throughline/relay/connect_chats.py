"""The contact centre's chat, by Amazon Connect and its Participant Service.

A participant's calls need no permission of ours: the token that a contact was begun with, and the connection's, are all
that they go by (API reference of the Amazon Connect Participant Service).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from throughline.errors import EventError
from throughline.outbound.carriers import failure
from throughline.relay.chat import ChatOver, Chats, ChatUnavailable, Connection, Message, Started
from throughline.relay.events import entry

CONNECT_SECONDS: Final = 2.0
READ_SECONDS: Final = 3.0
NAME: Final = "Customer"
MINUTES: Final = 1_500
"""How long a chat may last: Amazon Connect's own default of 25 hours (API reference, StartChatContact)."""
PAGE: Final = 100
"""Entries that one look at a transcript gives at most (GetTranscript, MaxResults)."""
PAGES: Final = 5
OVER: Final = frozenset({"AccessDeniedException", "ResourceNotFoundException"})
"""What a contact answers that has ended, or a token that was one of it."""


def client(service: str) -> Any:
    """A botocore client of that service, which doesn't try again by itself."""
    import botocore.session
    from botocore.config import Config

    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"total_max_attempts": 1, "mode": "standard"},
    )
    return botocore.session.get_session().create_client(service, config=config)


class ConnectChats:
    """Chats of one instance."""

    def __init__(self, instance: str, flow: str, topic: str, make: Callable[[str], Any] = client) -> None:
        """`instance` and `flow` by id, `topic` by ARN; the clients are made at first use."""
        self._instance = instance
        self._flow = flow
        self._topic = topic
        self._make = make
        self._made: dict[str, Any] = {}

    def start(self, *, key: str, attributes: Mapping[str, str], first: str) -> Started:
        """See `Chats.start`."""
        answer = self._ask(
            "connect", "start_chat_contact", over=False,
            InstanceId=self._instance, ContactFlowId=self._flow, Attributes=dict(attributes),
            ParticipantDetails={"DisplayName": NAME}, InitialMessage={"ContentType": "text/plain", "Content": first},
            ClientToken=key, ChatDurationInMinutes=MINUTES,
            SupportedMessagingContentTypes=["text/plain", "text/markdown"],
        )  # fmt: skip
        return Started(answer["ContactId"], answer["ParticipantToken"])

    def stream(self, contact: str, *, key: str) -> None:
        """See `Chats.stream`."""
        self._ask(
            "connect", "start_contact_streaming", InstanceId=self._instance, ContactId=contact, ClientToken=key,
            ChatStreamingConfiguration={"StreamingEndpointArn": self._topic},
        )  # fmt: skip

    def connect(self, participant: str) -> Connection:
        """See `Chats.connect`."""
        made = self._participant(
            "create_participant_connection",
            Type=["CONNECTION_CREDENTIALS"],
            ParticipantToken=participant,
            ConnectParticipant=True,
        )
        credentials = made["ConnectionCredentials"]
        return Connection(credentials["ConnectionToken"], _until(credentials["Expiry"]))

    def say(self, connection: str, text: str, *, key: str) -> None:
        """See `Chats.say`."""
        self._participant(
            "send_message", ContentType="text/plain", Content=text, ClientToken=key, ConnectionToken=connection
        )  # fmt: skip

    def read(self, connection: str, known: Callable[[Message], bool]) -> tuple[Message, ...]:
        """See `Chats.read`."""
        found: list[Message] = []
        more: dict[str, str] = {}
        for _ in range(PAGES):
            page = self._participant(
                "get_transcript", MaxResults=PAGE, ScanDirection="BACKWARD", SortOrder="ASCENDING",
                ConnectionToken=connection, **more,
            )  # fmt: skip
            entries = _entries(page.get("Transcript", ()))
            found[:0] = entries
            if not page.get("NextToken") or any(map(known, entries)):
                break
            more = {"NextToken": page["NextToken"]}
        return tuple(found)

    def leave(self, connection: str) -> None:
        """See `Chats.leave`."""
        try:
            self._participant("disconnect_participant", ConnectionToken=connection)
        except ChatOver:
            return

    def _participant(self, what: str, **request: Any) -> Any:
        return self._ask("connectparticipant", what, **request)

    def _ask(self, service: str, what: str, *, over: bool = True, **request: Any) -> Any:
        """`over`: whether a contact that has ended can be why it is refused."""
        if service not in self._made:
            self._made[service] = self._make(service)
        try:
            return getattr(self._made[service], what)(**request)
        except Exception as error:
            reason = failure(error)
            if not reason:
                raise
        # Not from within the handler: the refusal's own words may quote what was said.
        if over and reason in OVER:
            raise ChatOver(f"the contact has ended ({what}: {reason})")
        raise ChatUnavailable(f"the contact centre did not take it ({what}: {reason}): check the flow and the role")


def _entries(items: Any) -> list[Message]:
    found = []
    for item in items:
        try:
            found.append(entry(item))
        except EventError:
            continue  # nothing that could be told
    return found


def _until(expiry: str) -> float:
    return datetime.fromisoformat(expiry).timestamp()


_: type[Chats] = ConnectChats
