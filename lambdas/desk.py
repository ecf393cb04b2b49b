"""The staff's desk: an HTTP API's route with IAM authorization, payload format 2.0."""

from __future__ import annotations

import cold_start  # isort: skip - before all else, which it makes cheaper

import base64
import json
import os
from collections.abc import Mapping
from typing import Any

import desk_wiring
from settings import DeskSettings
from throughline.desk.acts import Said
from throughline.desk.person import NotStaff, person_in

PARTS = desk_wiring.parts(DeskSettings.from_environment(os.environ))
cold_start.done()
LARGEST = 20_000
"""Characters of a request; an introduction with twenty addresses may have nearly so many."""


def handler(event: Mapping[str, Any], context: object) -> Mapping[str, Any]:
    """One request in, one answer out; nobody's data leaves but as an act's answer."""
    del context
    return PARTS.telemetry.flushed(lambda: _response(_said(event)))


def _said(event: Mapping[str, Any]) -> Said:
    try:
        person = person_in(event, prefix=PARTS.prefix, account=PARTS.account)
    except NotStaff as problem:
        return Said(403, {"error": str(problem)})
    try:
        request = _request(event)
    except ValueError:
        return Said(400, {"error": "the body is one JSON object"})
    try:
        said = PARTS.desk.answer(person, request)
    except Exception as error:  # noqa: BLE001 - an error's own text may quote somebody: it must not leave
        PARTS.telemetry.trouble("desk", error)
        return Said(500, {"error": "that went wrong here; the log says where"})
    if said.status >= 500:
        PARTS.telemetry.trouble("desk", RuntimeError("the trail or the table did not answer"))
    return said


def _request(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """The body. Raises ValueError."""
    body = event.get("body")
    if not isinstance(body, str) or len(body) > LARGEST:
        raise ValueError
    text = base64.b64decode(body, validate=True).decode() if event.get("isBase64Encoded") else body
    request = json.loads(text)
    if not isinstance(request, dict):
        raise ValueError
    return request


def _response(said: Said) -> Mapping[str, Any]:
    headers = {"content-type": "application/json", "cache-control": "no-store", "x-content-type-options": "nosniff"}
    return {"statusCode": said.status, "headers": headers, "body": json.dumps(said.body)}
