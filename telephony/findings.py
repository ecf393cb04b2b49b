"""What a check found in a flow, and where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

CHECKS: Mapping[str, str] = {
    "unknown-type": "The flow language has no such action.",
    "ended-service": "The service behind the block has ended.",
    "missing-parameter": "A parameter that Connect wants is not there.",
    "unknown-parameter": "A parameter that the block does not have.",
    "bad-value": "A parameter's value is not one that Connect takes.",
    "bad-path": "A JSONPath that begins with nothing that a contact has.",
    "bad-ssml": "SSML that Polly would not read.",
    "missing-error-branch": "An error that nobody would answer.",
    "unknown-error": "An error that the block never has.",
    "unknown-condition-operator": "A comparison that the block can't make.",
    "unknown-condition": "A result that the block never has.",
    "missing-condition": "A result that leads nowhere.",
    "duplicate-identifier": "Two actions of one name.",
    "bad-identifier": "A name that Connect refuses.",
    "unresolved-transition": "A transition to an action that is not there.",
    "dead-end": "An action after which nothing comes, and which does not end the flow.",
    "after-the-end": "A transition out of a block that ends the flow.",
    "unreachable-action": "An action that nothing leads to.",
    "never-ends": "An action from which no end can be reached.",
    "loop-without-customer": "A circle in which nobody is ever waited for.",
    "too-many-actions": "More actions than a flow may have.",
    "content-too-long": "A flow longer than Connect takes.",
    "logging-while-secret": "Flow logging may be on while a secret is keyed.",
    "recording-while-secret": "Recording may be on while a secret is keyed.",
    "logging-left-off": "Flow logging may still be off when the flow goes on.",
    "secret-unencrypted": "Digits that are kept as they are keyed.",
    "secret-kept": "Keyed digits that would stay in the contact's record.",
    "recording-before-consent": "Recording may begin before the customer agreed.",
    "prompt-too-long": "Words that take longer to say than anyone listens.",
    "wrong-flow-type": "A block that this kind of flow may not have.",
    "wrong-channel": "A block that a contact of this channel can't use.",
    "lambda-time-limit": "A function that may take longer than Connect waits.",
    "silence": "Nothing is heard for too long.",
    "no-way-out": "A question from which no person can be reached.",
    "error-without-words": "A failure that ends the contact without a word.",
}
"""Name of each check to what it means."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing to mend in a flow."""

    check: str
    """One of CHECKS."""
    action: str
    """Identifier of the action; empty for the flow as a whole."""
    message: str

    def __str__(self) -> str:
        """As shown to whoever synthesises."""
        return f"{self.check}: {self.action or 'the flow'}: {self.message}"


class FlowsRefused(Exception):
    """Flows that may not be deployed. Holds every finding, by flow."""

    def __init__(self, findings: Iterable[tuple[str, Finding]]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(f"{flow}: {finding}" for flow, finding in self.findings))
