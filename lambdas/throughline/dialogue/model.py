"""The dialogue model at run time: frozen, compiled from YAML, loaded from one JSON file.

The compiler writes `Model.to_json`'s shape; `Model.from_json` reads it. Unknown keys are ignored
and absent optional keys have defaults, so that code and model may differ in age by one release.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from throughline.errors import ModelError
from throughline.turn import Assurance

SCHEMA = 1


class Role(StrEnum):
    """What an intent is to the engine."""

    TASK = "task"
    ANSWER = "answer"
    """A question with a ready answer; needs no slot and no action."""
    HELP = "help"
    REPEAT = "repeat"
    CANCEL = "cancel"
    START_OVER = "start_over"
    GO_BACK = "go_back"
    YES = "yes"
    NO = "no"
    GREETING = "greeting"
    GOODBYE = "goodbye"
    FALLBACK = "fallback"
    CHOOSE = "choose"
    """One of several offered things: "the second one"."""
    CORRECT = "correct"
    """A value changed without naming the intent: "no, Friday"."""
    PERSON = "person"
    PROVE = "prove"
    """The step up of somebody whom we know: a code is sent to them and asked for."""
    IDENTIFY = "identify"
    """The step up of somebody whom we don't know yet: they say where we know them, and get a code there."""


STEP_UP = frozenset({Role.PROVE, Role.IDENTIFY})
"""Roles by which somebody proves who they are, each played by one intent at most."""
WANTED = frozenset({Role.TASK, Role.ANSWER}) | STEP_UP
"""Roles of intents that a customer may want for themselves; the others are moves within the dialogue."""


class Base(StrEnum):
    """What kind of value a slot type holds, whatever the platform calls it."""

    CHOICE = "choice"
    MONEY = "money"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    DIGITS = "digits"
    PHONE = "phone"
    EMAIL = "email"
    NAME = "name"
    CITY = "city"
    TEXT = "text"
    YES_NO = "yes_no"


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is said and what is shown; each with one or more variations."""

    say: tuple[str, ...]
    """Spoken; may hold a few SSML tags."""
    show: tuple[str, ...]
    """Read on a screen."""


@dataclass(frozen=True, slots=True)
class SlotType:
    """A kind of value, with its bounds."""

    name: str
    base: Base
    values: tuple[str, ...] = ()
    """Ids of the values of a CHOICE, in the author's order (keys 1, 2, 3 … choose them)."""
    shortest: int = 1
    """Fewest characters of DIGITS or TEXT."""
    longest: int = 200
    """Most characters of DIGITS or TEXT."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing an intent wants to know."""

    name: str
    type: str
    required: bool = True
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Asked only if each named slot has one of these values."""
    differs_from: str = ""
    """Another slot of the intent whose value this one may not equal."""
    least: str = ""
    """Smallest value allowed: decimal for numbers and money; for dates and times "today", "now" or ISO."""
    most: str = ""
    """Largest value allowed; for dates also "+90d" (days from today)."""
    sensitive: str = ""
    """pin, code, cvv, password or card_number: asked last, after the confirmation, never stored."""


@dataclass(frozen=True, slots=True)
class Intent:
    """Something a customer wants."""

    name: str
    role: Role = Role.TASK
    assurance: Assurance = Assurance.ANONYMOUS
    was: tuple[str, ...] = ()
    """Names it had in earlier models; open frames under them go on as this intent."""
    slots: tuple[Slot, ...] = ()
    """In the order in which they are asked."""
    action: str = ""
    """The business action that does it."""
    begin: str = ""
    """The action that runs once all but the secrets are known, before those are asked for: it sends the code."""
    protective: bool = False
    """It only ever protects, so a claimed sender may do it, within limits, and a verified one may undo it."""
    irreversible: bool = False
    """Announced before it runs, and never run without a confirmation."""
    confirms: bool = False

    def slot(self, name: str) -> Slot | None:
        """The slot called `name`, if the intent has it."""
        return next((slot for slot in self.slots if slot.name == name), None)


@dataclass(frozen=True, slots=True)
class Limits:
    """Times and counts of the dialogue."""

    idle_minutes: int = 15
    """An open task untouched for so long is offered again rather than continued."""
    resume_hours: int = 24
    """After that an open task is forgotten."""
    person_hours: int = 4
    """A hand-over that nobody ended gives the conversation back to the bot."""
    action_seconds: float = 4.0
    """How long a business action may take within a turn."""
    frames: int = 4
    """Open tasks at once; the oldest gives way."""
    verified_minutes: int = 10
    """How long a proof in a session counts."""
    linked_days: int = 365
    """How long a link's own proof counts before it is worth a claim only."""
    proved_hours: int = 24
    """How old the proof of an address must be before a code may be sent there."""
    close: float = 0.08
    """Two intents whose confidences are nearer than this are asked about."""


@dataclass(frozen=True, slots=True)
class Words:
    """Everything of one locale."""

    prompts: Mapping[str, Prompt]
    values: Mapping[str, Mapping[str, tuple[str, ...]]]
    """Slot type to value id to its names: first the one it is called by, then its synonyms."""
    labels: Mapping[str, str]
    """"<Intent>" a short name for buttons, "<Intent>.doing" as in "you were …", "<Intent>.<slot>" a slot's name."""
    keywords: Mapping[str, str]
    """Utterances without slots, folded as `values.fold` does, to their intent: for when no recogniser answers."""
    currency: str = "USD"


@dataclass(frozen=True, slots=True)
class Model:
    """The whole dialogue."""

    name: str
    """What the business is called."""
    version: str
    """Hash of the source; frames carry it."""
    locales: Mapping[str, Words]
    default_locale: str
    intents: Mapping[str, Intent]
    slot_types: Mapping[str, SlotType]
    menu: tuple[str, ...] = ()
    """Intents offered when the customer needs ideas, in order; keys 1 to 9 choose them."""
    limits: Limits = Limits()
    platform_intents: Mapping[str, str] = field(default_factory=dict)
    """A platform's own name for an intent ("AMAZON.HelpIntent") to ours."""
    by_role: Mapping[Role, str] = field(default_factory=dict)
    """The intent that plays each universal role."""
    renamed: Mapping[str, str] = field(default_factory=dict)
    """Former names of intents to today's."""

    def words(self, locale: str) -> Words:
        """The words of `locale`, or of the default one where the model doesn't speak it."""
        return self.locales.get(locale) or self.locales[self.default_locale]

    def intent(self, name: str) -> Intent | None:
        """The intent under today's, a former or a platform's name; None if there is none."""
        name = self.platform_intents.get(name, name)
        return self.intents.get(self.renamed.get(name, name))

    def prompt(self, locale: str, prompt_id: str) -> Prompt | None:
        """The prompt, in the locale or else in the default one."""
        found = self.words(locale).prompts.get(prompt_id)
        return found or self.locales[self.default_locale].prompts.get(prompt_id)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Model:
        """Build from the compiled JSON.

        Raises ModelError if it was written for a later schema or lacks what every model has.
        """
        if data.get("schema", 0) > SCHEMA:
            raise ModelError(f"the dialogue model has schema {data.get('schema')}, this code reads up to {SCHEMA}")
        try:
            intents = {name: _intent(name, entry) for name, entry in data["intents"].items()}
            return cls(
                name=data["name"],
                version=data["version"],
                locales={name: _words(entry) for name, entry in data["locales"].items()},
                default_locale=data["default_locale"],
                intents=intents,
                slot_types={name: _slot_type(name, entry) for name, entry in data["slot_types"].items()},
                menu=tuple(data.get("menu", ())),
                limits=Limits(**{k: v for k, v in data.get("limits", {}).items() if k in Limits.__slots__}),
                platform_intents=data.get("platform_intents", {}),
                by_role={i.role: n for n, i in intents.items() if i.role not in (Role.TASK, Role.ANSWER)},
                renamed={old: name for name, intent in intents.items() for old in intent.was},
            )
        except (KeyError, TypeError, ValueError, AttributeError) as broken:
            raise ModelError(f"the dialogue model can't be read: {type(broken).__name__} {broken}") from broken


def _intent(name: str, data: Mapping[str, Any]) -> Intent:
    return Intent(
        name=name,
        role=Role(data.get("role", "task")),
        assurance=Assurance.named(data.get("assurance", "anonymous")),
        was=tuple(data.get("was", ())),
        slots=tuple(_slot(entry) for entry in data.get("slots", ())),
        action=data.get("action", ""),
        begin=data.get("begin", ""),
        protective=data.get("protective", False),
        irreversible=data.get("irreversible", False),
        confirms=data.get("confirms", False),
    )


def _slot(data: Mapping[str, Any]) -> Slot:
    return Slot(
        name=data["name"],
        type=data["type"],
        required=data.get("required", True),
        when={name: tuple(values) for name, values in data.get("when", {}).items()},
        differs_from=data.get("differs_from", ""),
        least=data.get("least", ""),
        most=data.get("most", ""),
        sensitive=data.get("sensitive", ""),
    )


def _slot_type(name: str, data: Mapping[str, Any]) -> SlotType:
    return SlotType(
        name=name,
        base=Base(data["base"]),
        values=tuple(data.get("values", ())),
        shortest=data.get("shortest", 1),
        longest=data.get("longest", 200),
    )


def _words(data: Mapping[str, Any]) -> Words:
    return Words(
        prompts={k: Prompt(tuple(v["say"]), tuple(v["show"])) for k, v in data["prompts"].items()},
        values={t: {v: tuple(names) for v, names in entry.items()} for t, entry in data["values"].items()},
        labels=data["labels"],
        keywords=data.get("keywords", {}),
        currency=data.get("currency", "USD"),
    )
