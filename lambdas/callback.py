"""A promise to call back: whom, and that it is kept with the customer's records."""

from __future__ import annotations

import cold_start  # isort: skip - before all else, which it makes cheaper

import os
from collections.abc import Mapping

import phone_wiring
from settings import CallbackSettings
from throughline.calls.calling_back import NOT_PROMISED, promised
from throughline.channels import connect

PARTS = phone_wiring.parts(CallbackSettings.from_environment(os.environ))
cold_start.done()


def handler(event: object, context: object) -> Mapping[str, str]:
    """Connect's event in; out, the number to call, if there is one that may be called."""
    del context
    return PARTS.answered(lambda: _promised(event), NOT_PROMISED)


def _promised(event: object) -> Mapping[str, str]:
    contact = connect.parse(event)
    return promised(contact, PARTS.store, PARTS.keys.pointer_keys(), PARTS.model, PARTS.clock())
