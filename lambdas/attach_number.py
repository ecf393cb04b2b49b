"""Attaches the telephone number to the flow that answers it, which CloudFormation has no resource type for.

CloudFormation calls it for a custom resource whose properties are `Number`, an ARN of a phone number, and `Flow`, an
ARN of a flow, and waits for an answer at the address that the event holds (CloudFormation user guide, "Custom
resource request and response objects"). Whatever happens, an answer is sent: what is never answered hangs the
deployment for as long as the resource's timeout says.

Attaching replaces what was attached before, and letting go of what was not attached is no error, so that each
request may come twice. The number is the resource's physical id: for another number CloudFormation asks to attach
that, and afterwards to let go of the former one.
"""

from __future__ import annotations

import json
import os
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from settings import AttachNumberSettings

LONGEST_REASON: Final = 250
"""Characters: an answer may have 4096 bytes in all, and JSON writes some characters in twelve."""
TRIES: Final = 3
"""To send the answer: nobody else would."""
SECONDS: Final = 5
"""For each try."""
UNKNOWN: Final = "not-attached"
"""The physical id of what was never made; CloudFormation asks to delete it again when it rolls back."""


class Refused(Exception):
    """Amazon Connect would not do it; the text says why."""


class Gone(Exception):
    """The number, or the instance that it was claimed to, is not there any more."""


class Foreign(ValueError):
    """The event is about something that is not this function's."""


class Numbers(Protocol):
    """What is asked of Amazon Connect."""

    def attach(self, number: str, flow: str) -> None:
        """Have the flow answer the number. Raises Refused, and Gone."""

    def let_go(self, number: str) -> None:
        """Have nothing answer the number. Raises Refused, and Gone."""


Send = Callable[[str, bytes], None]
"""Puts a body to an address. Raises OSError."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """The resource's requests, answered."""

    instance: str
    """ARN of the only instance whose flows are attached."""
    numbers: Numbers
    send: Send

    def answer(self, event: Mapping[str, Any]) -> None:
        """Do what is asked, and tell how it went. Raises OSError if nobody takes the answer, after all tries."""
        former = str(event.get("PhysicalResourceId") or UNKNOWN)
        try:
            id, status, reason = self._done(event, former), "SUCCESS", ""
        except Exception as failed:  # noqa: BLE001 - whatever it is, CloudFormation waits for an answer
            id, status, reason = former, "FAILED", f"{type(failed).__name__}: {failed}"
        answer = {
            "Status": status,
            "Reason": reason[:LONGEST_REASON],
            "PhysicalResourceId": id,
            **{name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")},
        }
        self._tell(str(event["ResponseURL"]), json.dumps(answer).encode())

    def _done(self, event: Mapping[str, Any], former: str) -> str:
        """The resource's physical id, once it is as asked."""
        properties = event["ResourceProperties"]
        number, flow = str(properties["Number"]), str(properties["Flow"])
        if event["RequestType"] == "Delete":
            if former != UNKNOWN:
                self._let_go(former)
            return former
        if not flow.startswith(f"{self.instance}/contact-flow/"):
            raise Foreign("the flow is not of the instance that this function is for: look at the stack's template")
        self.numbers.attach(number, flow)
        return number

    def _let_go(self, number: str) -> None:
        try:
            self.numbers.let_go(number)
        except Gone:
            """What was to be: the number was released, or went with its instance."""

    def _tell(self, url: str, body: bytes) -> None:
        for left in reversed(range(TRIES)):
            try:
                self.send(url, body)
                return
            except OSError:
                if not left:
                    raise


def put(url: str, body: bytes) -> None:
    """Put the body to an address of Amazon S3, signed by CloudFormation. Raises OSError, and Foreign for no https."""
    if not url.startswith("https://"):
        raise Foreign("the answer's address is not https: the event is not CloudFormation's")
    # No content type: it is not among what CloudFormation signed.
    request = urllib.request.Request(url, body, {"Content-Type": ""}, method="PUT")  # noqa: S310 - https, as seen
    with urllib.request.urlopen(request, timeout=SECONDS):  # noqa: S310 - https, as seen
        pass


class ConnectNumbers:
    """`Numbers` by botocore."""

    def __init__(self, client: Any, instance: str) -> None:
        """`client` is one of Amazon Connect, `instance` the instance's ARN."""
        self._client = client
        self._instance = instance

    def attach(self, number: str, flow: str) -> None:
        """See `Numbers.attach`."""
        self._call("associate", PhoneNumberId=number, InstanceId=self._instance, ContactFlowId=flow)

    def let_go(self, number: str) -> None:
        """See `Numbers.let_go`."""
        self._call("disassociate", PhoneNumberId=number, InstanceId=self._instance)

    def _call(self, what: str, **parameters: str) -> None:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            getattr(self._client, f"{what}_phone_number_contact_flow")(**parameters)
        except ClientError as error:
            told = error.response["Error"]
            kind = Gone if told["Code"] == "ResourceNotFoundException" else Refused
            raise kind(f"{told['Code']}: {told.get('Message', '')}") from None
        except BotoCoreError as error:
            raise Refused(f"Amazon Connect did not answer: {type(error).__name__}") from None


def connect_client() -> Any:
    """A client that gives up within the function's time."""
    import botocore.session
    from botocore.config import Config

    config = Config(connect_timeout=2, read_timeout=8, retries={"total_max_attempts": 3, "mode": "standard"})
    return botocore.session.get_session().create_client("connect", config=config)


def handler(event: Mapping[str, Any], context: object) -> None:
    """CloudFormation's event; the answer goes to the address that it holds."""
    del context
    settings = AttachNumberSettings.from_environment(os.environ)
    Attachment(settings.instance, ConnectNumbers(connect_client(), settings.instance), put).answer(event)
