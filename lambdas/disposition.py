"""How a contact ended, in the agent's words: kept with the customer's records."""

from __future__ import annotations

import cold_start  # isort: skip - before all else, which it makes cheaper

import os
from collections.abc import Mapping

import phone_wiring
from settings import DispositionSettings
from throughline.calls.disposing import NOT_KEPT, disposed
from throughline.channels import connect

PARTS = phone_wiring.parts(DispositionSettings.from_environment(os.environ))
cold_start.done()


def handler(event: object, context: object) -> Mapping[str, str]:
    """Connect's event in; out, whether it is kept."""
    del context
    return PARTS.answered(lambda: _disposed(event), NOT_KEPT)


def _disposed(event: object) -> Mapping[str, str]:
    contact = connect.parse(event)
    return disposed(contact, PARTS.store, PARTS.keys.pointer_keys(), PARTS.model, PARTS.clock())
