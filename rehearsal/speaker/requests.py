"""The requests that the service sends.

Shapes: Alexa Skills Kit, "Request and response JSON reference" and "Request types reference". The API's
endpoint and token are invented: nothing answers there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from rehearsal.speaker.question import Understood
from rehearsal.speaker.session import Session
from rehearsal.speaker.slots import Json

USER_INITIATED, SILENT, ERROR = "USER_INITIATED", "EXCEEDED_MAX_REPROMPTS", "ERROR"
API_ENDPOINT = "https://api.alexa.example"
API_TOKEN = "rehearsal-api-access-token"  # noqa: S105 - invented, opens nothing


@dataclass(frozen=True, slots=True)
class Device:
    """Who speaks to which skill, through what."""

    skill_id: str
    """The skill's application id."""
    user_id: str
    """The person's id, the skill's own."""
    device_id: str
    """The speaker's id, the skill's own."""
    locale: str
    """As Alexa writes it: en-US."""


def launch() -> Json:
    """The skill was opened without a request."""
    return {"type": "LaunchRequest", "shouldLinkResultBeReturned": False}


def intent(understood: Understood) -> Json:
    """Something was said to the skill."""
    state = {"dialogState": understood.dialog_state} if understood.dialog_state else {}
    return {"type": "IntentRequest", **state, "intent": understood.intent}


def ended(reason: str, error: str = "") -> Json:
    """The session is over, and not by the skill's own doing."""
    problem = {"error": {"type": "INVALID_RESPONSE", "message": error}} if reason == ERROR else {}
    return {"type": "SessionEndedRequest", "reason": reason, **problem}


def envelope(
    device: Device, session: Session, request: Json, *, new: bool, token: str, request_id: str, at: float
) -> Json:
    """The whole request. `at` is in epoch seconds; `token` is the linked account's, if one is."""
    application = {"applicationId": device.skill_id}
    user: dict[str, Any] = {"userId": device.user_id, **({"accessToken": token} if token else {})}
    return {
        "version": "1.0",
        "session": {
            "new": new,
            "sessionId": session.id,
            "application": application,
            "attributes": session.attributes,
            "user": user,
        },
        "context": {
            "System": {
                "application": application,
                "user": user,
                "device": {"deviceId": device.device_id, "supportedInterfaces": {}},
                "apiEndpoint": API_ENDPOINT,
                "apiAccessToken": API_TOKEN,
            }
        },
        "request": {
            "type": request["type"],
            "requestId": f"amzn1.echo-api.request.{request_id}",
            "timestamp": f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}",
            "locale": device.locale,
            **{name: value for name, value in request.items() if name != "type"},
        },
    }
