"""How a contact ended, in an agent's words: what it was about, a note, and whether somebody is to follow it up."""

from __future__ import annotations

from typing import Final

from throughline.calls.caller import caller_of
from throughline.calls.noting import kept
from throughline.calls.screen import agent_in
from throughline.channels.connect import ContactEvent, answer
from throughline.customers.keys import KeyRing
from throughline.customers.store import CustomerStore
from throughline.desk.audit import without_addresses
from throughline.dialogue.model import WANTED, Model
from throughline.dialogue.steps import Event
from throughline.errors import EventError

ENDINGS: Final = frozenset({"resolved", "not_resolved", "called_back", "wrong_number", "no_answer", "other"})
"""Codes that any business has; the others are what its customers want, by their names in the model."""
LONGEST_NOTE: Final = 500
NOT_KEPT: Final = {"kept": "false", "follow_up": "false"}


def codes(model: Model) -> tuple[str, ...]:
    """Every code that a disposition may have, in order."""
    return (*sorted(ENDINGS), *(name for name, intent in model.intents.items() if intent.role in WANTED))


def disposed(event: ContactEvent, store: CustomerStore, keys: KeyRing, model: Model, now: float) -> dict[str, str]:
    """`{kept, follow_up}`: "true" if it is with the customer's records, whether by this event or an earlier one.

    `follow_up` tells whether a task is to be made of it. Raises EventError for a code that nobody knows or without
    an agent, StoreError.
    """
    agent, code = agent_in(event), event.parameters.get("code", "")
    if code not in codes(model):
        raise EventError("a disposition has a code: how it ended, or an intent of the model")
    note = without_addresses(" ".join(event.parameters.get("note", "").split()))[:LONGEST_NOTE]
    follow_up = "true" if event.parameters.get("follow_up", "").lower() in ("true", "yes") else "false"
    caller = caller_of(event, store, keys, now, model.limits)
    if caller is None:
        return answer({"kept": "false", "follow_up": follow_up})
    kept(
        store, model, caller,
        id=f"disposition-{event.contact}", event=Event("disposition", code), by=agent, note=note,
        details={"code": code, "follow_up": follow_up}, now=now,
    )  # fmt: skip
    return answer({"kept": "true", "follow_up": follow_up})
