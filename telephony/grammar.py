"""The words in which the flow language of Amazon Connect is described: parameters, conditions, errors, blocks.

`telephony.language` holds the catalogue itself. Source of the grammar: the pages "Connect Customer Flow language"
and "Actions" of the developer guide, docs.aws.amazon.com/connect/latest/devguide/flow-language.html.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class FlowType(StrEnum):
    """Kinds of flow, by the names that CreateContactFlow takes (botocore model of `connect`, ContactFlowType)."""

    CONTACT_FLOW = "CONTACT_FLOW"
    CUSTOMER_QUEUE = "CUSTOMER_QUEUE"
    CUSTOMER_HOLD = "CUSTOMER_HOLD"
    CUSTOMER_WHISPER = "CUSTOMER_WHISPER"
    AGENT_HOLD = "AGENT_HOLD"
    AGENT_WHISPER = "AGENT_WHISPER"
    OUTBOUND_WHISPER = "OUTBOUND_WHISPER"
    AGENT_TRANSFER = "AGENT_TRANSFER"
    QUEUE_TRANSFER = "QUEUE_TRANSFER"
    CAMPAIGN = "CAMPAIGN"


class Channel(StrEnum):
    """Channels of a contact, as `$.Channel` reads."""

    VOICE = "VOICE"
    CHAT = "CHAT"
    TASK = "TASK"
    EMAIL = "EMAIL"


class ErrorType(StrEnum):
    """Names of the branches that a block takes when it can't do its work."""

    NO_MATCHING_ERROR = "NoMatchingError"
    NO_MATCHING_CONDITION = "NoMatchingCondition"
    INPUT_TIME_LIMIT_EXCEEDED = "InputTimeLimitExceeded"
    INVALID_PHONE_NUMBER = "InvalidPhoneNumber"
    QUEUE_AT_CAPACITY = "QueueAtCapacity"
    INVALID_CALLBACK_NUMBER = "InvalidCallbackNumber"
    CALLBACK_NUMBER_NOT_DIALABLE = "CallbackNumberNotDialable"
    CHANNEL_MISMATCH = "ChannelMismatch"
    IN_FLIGHT_REDACTION_FAILED = "InFlightRedactionConfigurationFailed"
    TIME_LIMIT_EXCEEDED = "TimeLimitExceeded"
    PARTICIPANT_NOT_FOUND = "ParticipantNotFound"
    CALL_FAILED = "CallFailed"
    CONNECTION_TIME_LIMIT_EXCEEDED = "ConnectionTimeLimitExceeded"
    CONTACT_NOT_LINKED = "ContactNotLinked"
    NONE_FOUND = "NoneFoundError"
    MULTIPLE_FOUND = "MultipleFoundError"
    NO_CASE_FOUND = "NoneFound"
    SEVERAL_CASES_FOUND = "MultipleFound"


class Operator(StrEnum):
    """How a condition compares the block's result with its operand."""

    EQUALS = "Equals"
    TEXT_STARTS_WITH = "TextStartsWith"
    TEXT_ENDS_WITH = "TextEndsWith"
    TEXT_CONTAINS = "TextContains"
    NUMBER_GREATER_THAN = "NumberGreaterThan"
    NUMBER_GREATER_OR_EQUAL_TO = "NumberGreaterOrEqualTo"
    NUMBER_LESS_THAN = "NumberLessThan"
    NUMBER_LESS_OR_EQUAL_TO = "NumberLessOrEqualTo"


class ValueKind(StrEnum):
    """What a parameter's value may be. Wherever a text is wanted, a JSONPath such as `$.Attributes.x` is one."""

    TEXT = "a text"
    SPOKEN = "words to say"
    SSML = "SSML"
    PATH = "a JSONPath"
    CHOICE = "one of a few words"
    WHOLE = "a whole number"
    TEXTS = "a list of texts"
    CHOICES = "a list of a few words"
    OBJECT = "an object with known keys"
    MAP = "an object with keys of one's own"
    OBJECTS = "a list of objects"


class ConditionStyle(StrEnum):
    """Which conditions a block may have."""

    NONE = "none"
    EQUALS = "Equals only"
    FIXED = "Equals on fixed names, each of them required"
    NUMBERS = "Equals and the Number operators"
    ANY = "every operator"


@dataclass(frozen=True, slots=True)
class ParameterRule:
    """One parameter of a block."""

    name: str
    kind: ValueKind = ValueKind.TEXT
    required: bool = False
    choices: tuple[str, ...] = ()
    """Values of CHOICE and CHOICES; for a MAP, its keys where they are fixed."""
    least: int | None = None
    """Smallest WHOLE; for a MAP, TEXTS or OBJECTS the smallest number of entries."""
    most: int | None = None
    fields: tuple[ParameterRule, ...] = ()
    """Keys of an OBJECT, or of each of OBJECTS."""
    one_of: tuple[tuple[str, ...], ...] = ()
    """Groups of keys of an OBJECT of which exactly one is given."""
    dynamic: bool = True
    """Whether a JSONPath may stand for the value."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """The conditions that a block's result may be compared with."""

    style: ConditionStyle = ConditionStyle.NONE
    names: tuple[str, ...] = ()
    """Operands of FIXED; for EQUALS the only operands there are, or none if any will do."""
    required: bool = False
    """Whether every name needs a condition (FIXED), or at least one condition is needed (otherwise)."""

    @property
    def operators(self) -> tuple[Operator, ...]:
        """The operators that Connect accepts here."""
        numbers = tuple(o for o in Operator if o.startswith("Number"))
        return {
            ConditionStyle.NONE: (),
            ConditionStyle.EQUALS: (Operator.EQUALS,),
            ConditionStyle.FIXED: (Operator.EQUALS,),
            ConditionStyle.NUMBERS: (Operator.EQUALS, *numbers),
            ConditionStyle.ANY: tuple(Operator),
        }[self.style]


ALL_FLOWS = frozenset(FlowType)
INBOUND = frozenset({FlowType.CONTACT_FLOW})
TRANSFERS = frozenset({FlowType.AGENT_TRANSFER, FlowType.QUEUE_TRANSFER})
QUEUES = frozenset({FlowType.CUSTOMER_QUEUE})
HOLDS = frozenset({FlowType.CUSTOMER_HOLD, FlowType.AGENT_HOLD})
WHISPERS = frozenset({FlowType.CUSTOMER_WHISPER, FlowType.AGENT_WHISPER, FlowType.OUTBOUND_WHISPER})
ALL_CHANNELS = frozenset(Channel)
VOICE = frozenset({Channel.VOICE})
CHAT = frozenset({Channel.CHAT})
TALK = frozenset({Channel.VOICE, Channel.CHAT})


PRESENT = "*"


@dataclass(frozen=True, slots=True)
class BlockSpec:
    """One action type of the flow language."""

    type: str
    title: str
    """What Connect's editor calls it."""
    source: str
    """Address of the page that says so."""
    parameters: tuple[ParameterRule, ...] = ()
    one_of: tuple[tuple[str, ...], ...] = ()
    """Groups of parameters of which exactly one is given."""
    at_most_one: tuple[tuple[str, ...], ...] = ()
    conditions: Conditions = Conditions()
    errors: tuple[ErrorType, ...] = ()
    """Error branches without which Connect refuses the flow, or which it may take and nobody would answer."""
    more_errors: tuple[ErrorType, ...] = ()
    """Error branches that may be there as well."""
    next: bool = True
    """Whether it goes on to a NextAction."""
    terminal: bool = False
    """Whether the flow ends here, with empty transitions."""
    hands_over: bool = False
    """Whether success leaves the flow, although a NextAction is written."""
    waits: bool = False
    """Whether the customer (or an agent, at a view) is waited for, listened to, or has time pass."""
    channels: frozenset[Channel] = ALL_CHANNELS
    flow_types: frozenset[FlowType] = ALL_FLOWS
    variants: tuple[tuple[str, str, BlockSpec], ...] = field(default=(), repr=False)
    """(parameter, value, spec): the spec that holds where the parameter has the value; PRESENT for any value."""
    ended: str = ""
    """If AWS has ended the service behind it: when and what."""

    @property
    def required(self) -> tuple[ParameterRule, ...]:
        """Parameters that must be there."""
        return tuple(rule for rule in self.parameters if rule.required)

    @property
    def allowed(self) -> frozenset[str]:
        """Names of all parameters."""
        return frozenset(rule.name for rule in self.parameters)

    @property
    def known_errors(self) -> frozenset[str]:
        """Names of all error branches."""
        return frozenset((*self.errors, *self.more_errors))

    def of(self, parameters: Mapping[str, object]) -> BlockSpec:
        """The spec for these parameters: some blocks have two forms."""
        for name, value, spec in self.variants:
            if parameters.get(name) == value or (value == PRESENT and name in parameters):
                return spec
        return self
