"""What the stand-in refuses, under the names and statuses of the service (botocore model `lexv2-runtime`).

LexError
├── ValidationFailed        ValidationException, 400
├── UnreadableBody          SerializationException, 400 (of the protocol, not of the service's model)
├── BodyTooLarge            RequestEntityTooLargeException, 413 (of the front end)
├── NotFound                ResourceNotFoundException, 404
├── Conflict                ConflictException, 409
├── DependencyFailed        DependencyFailedException, 424
├── Throttled               ThrottlingException, 429
├── StandInFault            InternalServerException, 500
└── BadGateway              BadGatewayException, 502
"""

from __future__ import annotations

from typing import ClassVar


class LexError(Exception):
    """An answer other than 200, with the message that the caller reads."""

    code: ClassVar[str] = "InternalServerException"
    status: ClassVar[int] = 500

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class ValidationFailed(LexError):
    """The request breaks a constraint of its shape, or names something that the bot lacks."""

    code = "ValidationException"
    status = 400


class UnreadableBody(LexError):
    """The request's body is no JSON object, or a member has the wrong JSON type."""

    code = "SerializationException"
    status = 400


class BodyTooLarge(LexError):
    """The request's body is larger than the front end reads."""

    code = "RequestEntityTooLargeException"
    status = 413


class NotFound(LexError):
    """There is no such bot, alias, locale, session or route."""

    code = "ResourceNotFoundException"
    status = 404


class Conflict(LexError):
    """Another turn of the same session is under way."""

    code = "ConflictException"
    status = 409


class DependencyFailed(LexError):
    """The code hook failed, took longer than its limit, or answered what Lex does not accept."""

    code = "DependencyFailedException"
    status = 424


class Throttled(LexError):
    """More requests than the quota allows, or a throttle that a rehearsal asked for."""

    code = "ThrottlingException"
    status = 429


class StandInFault(LexError):
    """A bug of the stand-in itself, or a failure of the service that a rehearsal asked for."""


class BadGateway(LexError):
    """A service behind Lex could not be reached."""

    code = "BadGatewayException"
    status = 502
