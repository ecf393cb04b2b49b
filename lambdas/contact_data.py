"""Who is calling: the data dip of a contact flow, before anything is said. A stranger, if it can't be found out."""

from __future__ import annotations

import cold_start  # isort: skip - before all else, which it makes cheaper

import os
from collections.abc import Mapping

import phone_wiring
from settings import ContactDataSettings
from throughline.calls.arriving import UNKNOWN, arrived
from throughline.channels import connect

PARTS = phone_wiring.parts(ContactDataSettings.from_environment(os.environ))
cold_start.done()


def handler(event: object, context: object) -> Mapping[str, str]:
    """Connect's event in, the contact's attributes out."""
    del context
    return PARTS.answered(lambda: _arrived(event), UNKNOWN)


def _arrived(event: object) -> Mapping[str, str]:
    contact = connect.parse(event)
    return arrived(contact, PARTS.store, PARTS.keys.pointer_keys(), PARTS.model, PARTS.clock())
