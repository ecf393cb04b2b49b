"""The phrases that every model must have, whatever its business, with the parameters each is given.

The engine names them; the compiler refuses a model that lacks one or uses another parameter.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

TIERS = 3
"""A miss is answered by rising tiers, then by a person."""

PHRASES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "welcome": ("business",),
        "welcome_back": (),
        "anything_else": (),
        "what_else": (),
        "goodbye": (),
        "help": (),
        "resume_offer": ("doing",),
        "resumed": ("doing",),
        "back_to": ("doing",),
        "dropped": ("doing",),
        "cancelled": ("doing",),
        "nothing_to_cancel": (),
        "nothing_to_repeat": (),
        "nothing_to_go_back_to": (),
        "started_over": ("doing",),
        "changed_since": (),
        "not_confirmed": ("doing",),
        "what_to_change": ("slots",),
        "which_intent": ("first", "second"),
        "which_slot": ("first", "second"),
        "asked_again": (),
        "corrected": ("slot",),
        "must_differ": ("slot", "other"),
        "too_small": ("slot", "least"),
        "too_large": ("slot", "most"),
        "handed_over": (),
        "call_back": (),
        "person_gone": (),
        "nobody_there": (),
        "asked_for_person": (),
        "person_here": (),
        "person_says": ("words",),
        "file_from_person": (),
        "file_from_customer": (),
        "file_not_delivered": (),
        "no_files": (),
        "need_claimed": (),
        "need_linked": (),
        "need_verified": (),
        "prove_elsewhere": (),
        "person_can_help": (),
        "prove_offer": (),
        "new_code_offer": (),
        "pin_ask": (),
        "pin_wrong": (),
        "pin_spent": (),
        "already_proved": (),
        "code_message": ("business", "code"),
        "code_subject": ("business",),
        "not_repeated": (),
        "secret_elsewhere": ("doing",),
        "working": (),
        "outcome_unknown": ("doing",),
        "still_unknown": ("doing",),
        "not_done_after_all": ("doing",),
        "failed": ("doing",),
        "trouble": (),
        "keys_menu": (),
        "key_option": ("key", "option"),
        "yes": (),
        "no": (),
    }
)
"""Phrase name to its parameters. `trouble` is what is said when the store or the engine fails."""

TIERED: Mapping[str, tuple[str, ...]] = MappingProxyType({"not_understood": (), "silence": ()})
"""Phrases with one prompt a tier: `phrases.not_understood.0` to `.2`, mildest first."""
