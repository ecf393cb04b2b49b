"""Recording and analytics only after the customer agreed: by a key in this flow, or earlier and kept.

What counts as agreeing: the contact attribute `recording` (or a function's answer of that name) compared with
`agreed` or `granted`; or `recording` set to `agreed` right after a key was pressed in a menu.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from telephony.checks.paths import Ways
from telephony.checks.secrets import RECORDERS, listens
from telephony.checks.states import states
from telephony.findings import Finding
from telephony.flow import Action

AGREED = "agreed"
_YES = ("when:agreed", "when:granted")
_ATTRIBUTE = "recording"


@dataclass(frozen=True, slots=True)
class Consent:
    """What the customer has said so far."""

    answered: bool = False
    """A key was pressed in the last menu."""
    agreed: bool = False


def consent(graph: Ways) -> Iterator[Finding]:
    """Findings about recording, on every way through the flow."""
    for id_, known in sorted(states(graph, Consent(), _step).items()):
        action = graph.actions[id_]
        if action.type in RECORDERS and listens(action) and not all(state.agreed for state in known):
            yield Finding("recording-before-consent", id_, "there is a way here without consent. Ask first.")


def _step(action: Action, way: str, state: Consent) -> Consent:
    if action.type == "GetParticipantInput":
        return Consent(answered=way.startswith("when:"), agreed=False)
    if action.type == "UpdateContactAttributes" and way == "next":
        attributes = action.parameters.get("Attributes")
        if isinstance(attributes, Mapping) and _ATTRIBUTE in attributes:
            return replace(state, agreed=attributes[_ATTRIBUTE] == AGREED and (state.answered or state.agreed))
    if action.type == "Compare" and str(action.parameters.get("ComparisonValue")).endswith(f".{_ATTRIBUTE}"):
        return replace(state, agreed=way in _YES)
    return state
