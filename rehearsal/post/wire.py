"""The wire of what carries codes: SendTextMessage of AWS End User Messaging SMS, and SendEmail of SES v2.

An unmodified AWS SDK with its endpoint overridden talks to `PostWire.handle`. Requests and answers are checked
against botocore's own service models (pinpoint-sms-voice-v2, JSON 1.0; sesv2, REST-JSON); any other operation is
refused by its name, never answered as if it had worked. The laptop delivers to nobody but the rehearsal.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from botocore.loaders import Loader
from botocore.model import ServiceModel, Shape

from rehearsal.lex.http import Request, Response
from rehearsal.lex.shapes import summary, violations
from rehearsal.post.office import EMAIL, TEXT, PostOffice, Undelivered

SMS: Final = "pinpoint-sms-voice-v2"
MAIL: Final = "sesv2"
_TARGET: Final = "PinpointSMSVoiceV2."
_E164: Final = re.compile(r"\+[1-9][0-9]{6,14}")
_ADDRESS: Final = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")
_NAMED: Final = re.compile(r".*<([^<>]+)>\s*")


class Refusal(Exception):
    """An error as the service answers it."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


@dataclass(frozen=True, slots=True)
class PostWire:
    """Both services' HTTP face."""

    office: PostOffice
    numbers: frozenset[str]
    """Phone numbers (or their ids or ARNs) that the account may send from."""
    identities: frozenset[str]
    """Mail addresses that the account may send from."""
    new_id: Callable[[], str] = lambda: str(uuid.uuid4())

    def speaks(self, request: Request) -> bool:
        """Whether the request is for one of these services, so that a port can be shared."""
        return request.headers.get("x-amz-target", "").startswith(_TARGET) or request.path.startswith("/v2/email/")

    def handle(self, request: Request) -> Response:
        """Answer one request; what is wrong with it is said as the service says it."""
        target = request.headers.get("x-amz-target", "")
        rest = not target.startswith(_TARGET)
        try:
            if not rest:
                return _answered(self._sms(target.removeprefix(_TARGET), _body(request)), rest=False)
            return _answered(self._mail(request), rest=True)
        except Refusal as refusal:
            return _refused(refusal, rest=rest)

    def _sms(self, operation: str, told: Mapping[str, Any]) -> Mapping[str, Any]:
        if operation != "SendTextMessage":
            raise Refusal("NotRehearsed", f"{operation} isn't played here: write it in rehearsal/post/wire.py", 501)
        _check(SMS, operation, told, "ValidationException")
        number, sender = told["DestinationPhoneNumber"], told.get("OriginationIdentity", "")
        if not _E164.fullmatch(number):
            raise Refusal("ValidationException", "DestinationPhoneNumber must be in E.164 format")
        if sender not in self.numbers:
            raise Refusal("ResourceNotFoundException", f"OriginationIdentity {sender or 'is missing'} was not found")
        if not told.get("MessageBody"):
            raise Refusal("ValidationException", "MessageBody must not be empty")
        message_id = self.new_id()
        if not told.get("DryRun"):
            self._deliver(TEXT, number, sender, told["MessageBody"], message_id, "InternalServerException", 500)
        return _checked(SMS, operation, {"MessageId": message_id})

    def _mail(self, request: Request) -> Mapping[str, Any]:
        path = request.path.split("?", 1)[0]
        if (request.method, path) != ("POST", "/v2/email/outbound-emails"):
            raise Refusal("NotRehearsed", f"{request.method} {path} isn't played here: write it in wire.py", 501)
        told = _body(request)
        _check(MAIL, "SendEmail", told, "BadRequestException")
        simple = told["Content"].get("Simple")
        to = told.get("Destination", {}).get("ToAddresses", [])
        sender = _bare(told.get("FromEmailAddress", ""))
        if simple is None:
            raise Refusal("NotRehearsed", "only simple content is played here: write the rest in wire.py", 501)
        if not to or not all(_ADDRESS.fullmatch(_bare(one)) for one in to):
            raise Refusal("BadRequestException", "Destination has no address, or one that is none")
        if sender not in self.identities:
            raise Refusal("MessageRejected", f"Email address is not verified: {sender}")
        body = simple["Body"].get("Text") or simple["Body"].get("Html")
        if body is None:
            raise Refusal("BadRequestException", "the message has no body")
        message_id, subject = self.new_id(), simple["Subject"]["Data"]
        for one in to:
            self._deliver(EMAIL, _bare(one), sender, body["Data"], message_id, "SendingPausedException", 400, subject)
        return _checked(MAIL, "SendEmail", {"MessageId": message_id})

    def _deliver(
        self, way: str, to: str, sender: str, text: str, id: str, code: str, status: int, subject: str = ""
    ) -> None:
        try:
            self.office.deliver(way, to, sender, text, id=id, subject=subject)
        except Undelivered as problem:
            raise Refusal(code, str(problem), status) from None


@cache
def _shapes(service: str, operation: str) -> tuple[Shape, Shape]:
    """What goes in and what comes out of an operation."""
    model = ServiceModel(Loader().load_service_model(service, "service-2"), service).operation_model(operation)
    if model.input_shape is None or model.output_shape is None:
        raise ValueError(f"{operation} takes or gives nothing")
    return model.input_shape, model.output_shape


def _check(service: str, operation: str, told: Mapping[str, Any], code: str) -> None:
    """Raises Refusal where the request breaks the service's own model, or names what it doesn't know."""
    found = violations(told, _shapes(service, operation)[0], closed=True)
    if found:
        raise Refusal(code, summary(found))


def _checked(service: str, operation: str, answer: Mapping[str, Any]) -> Mapping[str, Any]:
    found = violations(answer, _shapes(service, operation)[1], closed=True)
    if found:
        raise RuntimeError(f"the stand-in's own answer breaks the model: {summary(found)}")
    return answer


def _bare(address: str) -> str:
    """The address of "Somebody <address>", in small letters."""
    named = _NAMED.fullmatch(address)
    return (named[1] if named else address).strip().casefold()


def _body(request: Request) -> Mapping[str, Any]:
    try:
        told = json.loads(request.body or b"{}")
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise Refusal("SerializationException", "the body is not a JSON object")
    return told


def _answered(answer: Mapping[str, Any], *, rest: bool) -> Response:
    return Response(200, _headers(rest=rest), json.dumps(answer).encode())


def _refused(refusal: Refusal, *, rest: bool) -> Response:
    headers = _headers(rest=rest)
    if rest:
        return Response(
            refusal.status,
            {**headers, "x-amzn-ErrorType": refusal.code},
            json.dumps({"message": str(refusal)}).encode(),
        )
    body = {"__type": refusal.code, "Message": str(refusal)}
    return Response(refusal.status, headers, json.dumps(body).encode())


def _headers(*, rest: bool) -> dict[str, str]:
    kind = "application/json" if rest else "application/x-amz-json-1.0"
    return {"Content-Type": kind, "x-amzn-RequestId": str(uuid.uuid4())}
