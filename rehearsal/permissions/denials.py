"""How AWS says no, service by service, so that SDKs and handlers meet the error that they would meet there.

Wording: IAM user guide, "Troubleshoot access denied error messages"; shapes: the JSON and REST-JSON protocols
of botocore's service models (DynamoDB, Secrets Manager, Lex runtime V2).
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from rehearsal.permissions.policy import Call


@dataclass(frozen=True, slots=True)
class Denial:
    """An answer in place of the service's."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def access_denied(service: str, session: str, call: Call, because: str) -> Denial:
    """The service's answer to a request for which a call would have been needed that isn't allowed.

    `session` is the ARN of the caller's assumed role.
    """
    if service == "secretsmanager" and call.action.startswith("kms:"):
        return _json(service, 400, "AccessDeniedException", "Access to KMS is not allowed")
    message = f"User: {session} is not authorized to perform: {call.action} on resource: {call.resource} {because}"
    return _json(service, 403 if service == "lex" else 400, "AccessDeniedException", message)


def unknown_key(service: str) -> Denial:
    """The answer to a signature with an access key that nobody has."""
    message = "The security token included in the request is invalid."
    return _json(service, 403 if service == "lex" else 400, "UnrecognizedClientException", message)


def unsigned(service: str) -> Denial:
    """The answer to a request without any signature (AWS: common error types, MissingAuthenticationToken)."""
    return _json(service, 403, "MissingAuthenticationToken", "Request is missing Authentication Token")


def not_played(service: str, why: str) -> Denial:
    """The answer where the rehearsal doesn't know what AWS would do: a failure that names itself."""
    return _json(service, 501, "NotRehearsed", why)


def _json(service: str, status: int, code: str, message: str) -> Denial:
    headers = {"x-amzn-RequestId": str(uuid.uuid4())}
    if service == "lex":
        headers |= {"Content-Type": "application/json", "x-amzn-ErrorType": code}
        return Denial(status, headers, json.dumps({"message": message}).encode())
    dynamodb = service == "dynamodb"
    headers["Content-Type"] = f"application/x-amz-json-1.{0 if dynamodb else 1}"
    kind = f"com.amazon.coral.service#{code}" if dynamodb else code
    return Denial(status, headers, json.dumps({"__type": kind, "Message": message}).encode())
