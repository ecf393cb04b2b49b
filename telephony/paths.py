"""Where a flow finds what it reads: the JSONPaths of contact, function, Lex, metrics and views.

Source: docs.aws.amazon.com/connect/latest/adminguide/connect-attrib-list.html. Unproven here: names with a hyphen
after `$.Lex.SessionAttributes.` in dot notation; that `$.Metrics.Contact` is filled without the block's setting for
contact metrics, which has no documented key (so flows compare before they say it); and that an agent's guide sees
the contact attributes of the contact it belongs to.
"""

from __future__ import annotations

CHANNEL = "$.Channel"
CALLER = "$.CustomerEndpoint.Address"
KEYED = "$.StoredCustomerInput"
TIMED_OUT = "Timeout"
"""The value of KEYED when nothing was keyed in time."""
QUEUE_WAIT = "$.Metrics.Queue.EstimatedWaitTime"
"""Seconds; only there if the metrics were asked for one channel."""
CONTACT_WAIT = "$.Metrics.Contact.EstimatedWaitTime"
POSITION = "$.Metrics.Contact.PositionInQueue"
AGENT = "$.Agent.UserName"
ROOTS = (
    "Agent", "Attributes", "Campaign", "Case", "Channel", "ContactId", "Customer", "CustomerCallbackNumber",
    "CustomerEndpoint", "CustomerId", "DataTables", "Description", "External", "FlowAttributes", "InitialContactId",
    "InitiationMethod", "InstanceARN", "InvocationArguments", "LanguageCode", "Lex", "Loop", "Media", "MediaStreams",
    "Metrics", "Modules", "Name", "PreviousContactId", "Queue", "References", "RelatedContactId", "SegmentAttributes",
    "StoredCustomerInput", "SystemEndpoint", "Tags", "Task", "TextToSpeechVoiceId", "Views", "Wisdom",
)  # fmt: skip
"""What may follow `$.`."""


def kept(name: str) -> str:
    """A contact attribute."""
    return f"$.Attributes.{name}"


def answered(name: str) -> str:
    """A value of the last function's answer."""
    return f"$.External.{name}"


def held(name: str) -> str:
    """A flow attribute: gone when the flow ends, and no part of the contact's record."""
    return f"$.FlowAttributes.{name}"


def heard(name: str) -> str:
    """A session attribute that Lex gave back."""
    return f"$.Lex.SessionAttributes.{name}"


def chosen(name: str) -> str:
    """A field of the view that was answered last."""
    return f"$.Views.ViewResultData.{name}"
