"""The flow language of Amazon Connect as data: every action type, what it takes and where it may lead.

`BLOCKS` is what the checker, the layout and the rehearsal's telephone all read, so that one place says what a block
is. Each entry names the page that it comes from. What a page leaves open is said in the module of its group.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from telephony.catalogue.contact import CONTACT
from telephony.catalogue.control import CONTROL
from telephony.catalogue.interactions import INTERACTIONS
from telephony.catalogue.participant import PARTICIPANT, STORED_INPUT
from telephony.grammar import (
    PRESENT,
    BlockSpec,
    Channel,
    Conditions,
    ConditionStyle,
    ErrorType,
    FlowType,
    Operator,
    ParameterRule,
    ValueKind,
)

__all__ = [
    "BLOCKS",
    "FORBIDDEN_IDENTIFIERS",
    "FORBIDDEN_IN_IDENTIFIER",
    "MOST_ACTIONS",
    "MOST_CHARACTERS",
    "MOST_IN_IDENTIFIER",
    "PRESENT",
    "STORED_INPUT",
    "VERSION",
    "BlockSpec",
    "Channel",
    "ConditionStyle",
    "Conditions",
    "ErrorType",
    "FlowType",
    "Operator",
    "ParameterRule",
    "ValueKind",
    "spec_of",
]

VERSION = "2019-10-30"
"""The only version there is (example flow of the developer guide)."""
MOST_ACTIONS = 250
"""Actions of one flow (example flow of the developer guide)."""
MOST_CHARACTERS = 256_000
"""Length of a flow's content (botocore model of `connect`, ContactFlowContent)."""
MOST_IN_IDENTIFIER = 50
FORBIDDEN_IN_IDENTIFIER = frozenset("%:(\\/)=$,;[]{}")
FORBIDDEN_IDENTIFIERS = frozenset(
    (
        "__proto__ constructor __defineGetter__ __defineSetter__ toString hasOwnProperty isPrototypeOf "
        "propertyIsEnumerable toLocaleString valueOf"
    ).split()
)
"""Limits of identifiers: docs.aws.amazon.com/connect/latest/devguide/flow-language-actions.html."""

BLOCKS: Mapping[str, BlockSpec] = MappingProxyType(
    {spec.type: spec for spec in (*PARTICIPANT, *CONTACT, *CONTROL, *INTERACTIONS)}
)
"""Action type to its spec."""


def spec_of(type_: str, parameters: Mapping[str, object]) -> BlockSpec | None:
    """The spec of a block in the form that its parameters choose (such as storing input); None if it is unknown."""
    spec = BLOCKS.get(type_)
    return spec.of(parameters) if spec is not None else None
