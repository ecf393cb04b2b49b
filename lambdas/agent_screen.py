"""What an agent sees as a contact comes: each look is in the trail."""

from __future__ import annotations

import cold_start  # isort: skip - before all else, which it makes cheaper

import os
from collections.abc import Mapping

import phone_wiring
from settings import AgentScreenSettings
from throughline.calls.latest import words_of
from throughline.calls.screen import NOBODY, screen
from throughline.channels import connect

SETTINGS = AgentScreenSettings.from_environment(os.environ)
PARTS = phone_wiring.parts(SETTINGS)
AUDIT, LATEST = phone_wiring.audit(PARTS, SETTINGS), phone_wiring.latest(PARTS, SETTINGS)
WORDS = words_of(PARTS.model)
cold_start.done()


def handler(event: object, context: object) -> Mapping[str, str]:
    """Connect's event in, the view's data out; an empty screen if it can't be had."""
    del context
    return PARTS.answered(lambda: _screen(event), NOBODY)


def _screen(event: object) -> Mapping[str, str]:
    contact = connect.parse(event)
    keys = PARTS.keys.pointer_keys()
    return screen(contact, PARTS.store, LATEST, AUDIT, keys, PARTS.model, WORDS, PARTS.clock())
