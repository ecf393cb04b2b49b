"""Secrets that are keyed: nothing listens, nothing logs, nothing keeps them, and all is as before afterwards.

Whether an earlier flow logged or recorded isn't known here, so both count as on until this flow turns them off.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from telephony.checks.paths import Ways
from telephony.checks.states import states
from telephony.findings import Finding
from telephony.flow import Action
from telephony.paths import KEYED

_FLOW_ATTRIBUTES = "$.FlowAttributes."
RECORDERS = ("UpdateContactRecordingAndAnalyticsBehavior", "UpdateContactRecordingBehavior")


@dataclass(frozen=True, slots=True)
class Ears:
    """What may be listening, and whether a secret has been keyed."""

    logging: bool = True
    recording: bool = True
    keyed: bool = False
    """The last digits stored were a secret."""
    ever: bool = False


def secrets(graph: Ways) -> Iterator[Finding]:
    """Findings about secrets, on every way through the flow."""
    for id_, known in sorted(states(graph, Ears(), _step).items()):
        action, spec = graph.actions[id_], graph.specs.get(id_)
        if is_secret(action):
            if any(ears.logging for ears in known):
                yield Finding("logging-while-secret", id_, "flow logging may be on. Turn it off on every way here.")
            if any(ears.recording for ears in known):
                yield Finding("recording-while-secret", id_, "recording may be on. Turn it off on every way here.")
        elif _stores(action) and not _phone(action):
            yield Finding("secret-unencrypted", id_, "these digits are kept as keyed. Add InputEncryption.")
        if action.type == "UpdateContactAttributes":
            kept = str(action.parameters.get("Attributes"))
            if (KEYED in kept and any(e.keyed for e in known)) or (
                _FLOW_ATTRIBUTES in kept and any(e.ever for e in known)
            ):
                yield Finding("secret-kept", id_, "keyed digits would stay with the contact. Use flow attributes.")
        goes_on = spec is not None and (spec.hands_over or spec.type == "ConnectParticipantWithLexBot")
        if goes_on and any(e.ever and not e.logging for e in known):
            yield Finding("logging-left-off", id_, "flow logging may still be off. Turn it on again before.")


def _stores(action: Action) -> bool:
    return action.type == "GetParticipantInput" and action.parameters.get("StoreInput") == "True"


def is_secret(action: Action) -> bool:
    """Whether digits are encrypted as they are keyed here."""
    return _stores(action) and "InputEncryption" in action.parameters


def _phone(action: Action) -> bool:
    validation = action.parameters.get("InputValidation")
    return isinstance(validation, Mapping) and "PhoneNumberValidation" in validation


def _step(action: Action, way: str, ears: Ears) -> Ears:
    if action.type == "UpdateFlowLoggingBehavior":
        return replace(ears, logging=action.parameters.get("FlowLoggingBehavior") != "Disabled")
    if action.type in RECORDERS and way == "next":
        heard = records(action)
        return ears if heard is None else replace(ears, recording=heard)
    if _stores(action):
        secret = is_secret(action)
        return replace(ears, keyed=secret, ever=ears.ever or secret)
    return ears


def records(action: Action) -> bool | None:
    """Whether this block starts recording a voice, stops it, or leaves it as it is (None)."""
    voice = action.parameters.get("VoiceBehavior")
    behavior = voice.get("VoiceRecordingBehavior") if isinstance(voice, Mapping) else None
    if action.type == "UpdateContactRecordingBehavior":
        behavior = action.parameters.get("RecordingBehavior")
    if not isinstance(behavior, Mapping):
        return None
    automated = behavior.get("IVRRecordingBehavior")
    if behavior.get("RecordedParticipants") or automated == "Enabled":
        return True
    # Leaving the automated part unsaid leaves it running.
    return False if automated == "Disabled" else None


def listens(action: Action) -> bool:
    """Whether this block starts recording or analysing anything."""
    return bool(records(action)) or any(
        isinstance(analytics, Mapping) and analytics.get("Enabled") == "True" for analytics in _analytics(action)
    )


def _analytics(action: Action) -> Iterator[object]:
    for behavior, key in (("VoiceBehavior", "VoiceAnalyticsBehavior"), ("ChatBehavior", "ChatAnalyticsBehavior")):
        outer = action.parameters.get(behavior)
        if isinstance(outer, Mapping):
            yield outer.get(key)
    yield action.parameters.get("AnalyticsBehavior")
