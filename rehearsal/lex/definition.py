"""A Lex bot as its template defines it, in as much as it governs a conversation.

Field names follow AWS::Lex::Bot, AWS::Lex::BotVersion and AWS::Lex::BotAlias.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from rehearsal.lex.values import DialogAction, Message

TEST_ALIAS_ID = "TSTALIASID"
TEST_ALIAS_NAME = "TestBotAlias"
FALLBACK_SIGNATURE = "AMAZON.FallbackIntent"
ID_CHARACTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
ID_LENGTH = 10


class BotDefinitionError(ValueError):
    """The template's bot cannot be rehearsed; the message says which resource and what to change."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the bot says by itself at one point."""

    messages: tuple[Message, ...] = ()
    """The first message of each group: Lex draws a variation, a rehearsal must repeat itself."""
    max_retries: int = 0
    """How often the question is asked again before the fallback intent, 0 to 5."""


@dataclass(frozen=True, slots=True)
class SlotType:
    """A custom slot type."""

    name: str
    """As slots refer to it."""
    strategy: str
    """ORIGINAL_VALUE, TOP_RESOLUTION or CONCATENATION."""
    values: Mapping[str, tuple[str, ...]]
    """Synonyms by sample value."""
    parent: str | None = None
    """ParentSlotTypeSignature, e.g. AMAZON.AlphaNumeric."""
    pattern: str | None = None
    """Regular expression filter."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot of an intent."""

    name: str
    """Unique in the intent."""
    type_name: str
    """A custom type or an AMAZON built-in."""
    required: bool
    """SlotConstraint Required: Lex asks for it by itself."""
    prompt: Prompt
    """How it is asked for."""
    defaults: tuple[str, ...] = ()
    """Default values: text, `#context.parameter` or `[session attribute]`."""
    many: bool = False
    """AllowMultipleValues: the slot's shape is List."""


@dataclass(frozen=True, slots=True)
class OutputContext:
    """A context that the intent's fulfilment activates."""

    name: str
    """As input contexts name it."""
    seconds: int
    """Time to live, seconds."""
    turns: int
    """Time to live, turns."""


@dataclass(frozen=True, slots=True)
class Intent:
    """An intent of a locale."""

    name: str
    """Unique in the locale."""
    utterances: tuple[str, ...] = ()
    """Sample utterances."""
    slots: Mapping[str, Slot] = field(default_factory=dict)
    """By name, in the order of SlotPriorities."""
    parent: str | None = None
    """ParentIntentSignature."""
    dialog_hook: bool = False
    """Whether the Lambda hears of every turn."""
    fulfillment_hook: bool = False
    """Whether the Lambda fulfils it."""
    invocation_label: str | None = None
    """InvocationLabel of the initial response's code hook."""
    confirmation: Prompt | None = None
    """The yes-or-no question before fulfilment, where there is one."""
    declination: Prompt = field(default_factory=Prompt)
    """Said after a no to the confirmation."""
    closing: Prompt = field(default_factory=Prompt)
    """Said when the intent is closed without a message from the Lambda."""
    failure: Prompt = field(default_factory=Prompt)
    """Said when fulfilment failed without a message from the Lambda."""
    initial: Prompt = field(default_factory=Prompt)
    """Said before the first question."""
    first_step: DialogAction | None = None
    """InitialResponseSetting.NextStep where it is more than Lex's own order."""
    input_contexts: tuple[str, ...] = ()
    """All of these must be active for the intent to be recognised."""
    output_contexts: tuple[OutputContext, ...] = ()
    """Activated when the intent is fulfilled."""

    @property
    def is_fallback(self) -> bool:
        """Whether it is what Lex falls back to."""
        return self.parent == FALLBACK_SIGNATURE


@dataclass(frozen=True, slots=True)
class Locale:
    """A bot in one language."""

    id: str
    """E.g. en_US."""
    threshold: float
    """NluConfidenceThreshold: the fallback intent stands before readings below it."""
    intents: Mapping[str, Intent]
    """By name, in the template's order."""
    slot_types: Mapping[str, SlotType]
    """Custom types by name."""

    @property
    def fallback(self) -> Intent:
        """The locale's fallback intent (a template without one is refused when it is read)."""
        return next(intent for intent in self.intents.values() if intent.is_fallback)


@dataclass(frozen=True, slots=True)
class Alias:
    """A bot alias: which version, which Lambda, sentiment or not."""

    id: str
    """Ten letters and digits, derived from the names."""
    name: str
    """BotAliasName."""
    version: str
    """A number as text, or DRAFT."""
    hooks: Mapping[str, str]
    """Lambda by enabled locale: the function's logical id, or the ARN where the template has only that."""
    locales: frozenset[str]
    """The enabled locales."""
    sentiment: bool = False
    """DetectSentiment."""


@dataclass(frozen=True, slots=True)
class Bot:
    """A bot with its locales and aliases."""

    id: str
    """Ten letters and digits, derived from the name."""
    name: str
    """Of the bot."""
    logical_id: str
    """Of the AWS::Lex::Bot resource."""
    session_seconds: int
    """IdleSessionTTLInSeconds, 60 to 86,400."""
    locales: Mapping[str, Locale]
    """By locale id."""
    aliases: Mapping[str, Alias]
    """By alias id; the test alias is always among them."""

    def alias_named(self, name: str) -> Alias:
        """The alias called `name`; raises BotDefinitionError with the names there are."""
        for alias in self.aliases.values():
            if alias.name == name:
                return alias
        known = ", ".join(sorted(alias.name for alias in self.aliases.values()))
        raise BotDefinitionError(f"bot {self.name} has no alias {name}; it has {known}")


def stable_id(*names: str) -> str:
    """Ten letters and digits (botocore: BotIdentifier), the same for the same names on every machine."""
    number = int.from_bytes(hashlib.sha256("\x1f".join(names).encode()).digest(), "big")
    characters = []
    for _ in range(ID_LENGTH):
        number, place = divmod(number, len(ID_CHARACTERS))
        characters.append(ID_CHARACTERS[place])
    return "".join(characters)
