"""What our functions are asked, as what stands before them hands it over: a browser's door, the desk's API."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from rehearsal.people import Person
from rehearsal.resources import ACCOUNT
from throughline.turn import Assurance


def from_browser(person: Person, message: Mapping[str, Any], transport: Assurance, token: str) -> dict[str, Any]:
    """A message of the web chat's page; `token` where somebody is signed in."""
    event = {"device": person.browser, "transport": transport.name.lower(), "message": dict(message)}
    return {**event, "token": token} if token else event


def from_desk(role: str, who: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """A request of somebody who has taken on one of the desk's roles."""
    caller = {"accountId": ACCOUNT, "userArn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{who}"}
    return {
        "version": "2.0",
        "routeKey": "POST /desk",
        "requestContext": {"accountId": ACCOUNT, "authorizer": {"iam": {**caller, "cognitoIdentity": None}}},
        "body": json.dumps(request),
        "isBase64Encoded": False,
    }
