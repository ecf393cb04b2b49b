"""The shape of each authored file: which keys there are and what kind of value each takes.

What depends on more than one key is checked afterwards, in `compiler.checks`. The same models give
editors their JSON Schema.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    create_model,
    model_validator,
)

from compiler.prompts import PromptField, TiersField
from throughline.dialogue.phrases import PHRASES, TIERED

DONE, BEGUN = "done_", "begun_"
VARIANTS = (DONE, BEGUN)
"""What the keys of further endings, and of further ways of asking for a secret, begin with."""
PHRASE = "phrase_"
Scalar = Annotated[str, WithJsonSchema({"type": ["string", "number"]})]
"""Text that may look like a number."""
Bare = Annotated[str, WithJsonSchema({"type": ["string", "number"], "pattern": "^[^{}]*$"})]
"""The same, and an editor marks a slot in it while it is typed; the compiler's own checks say more."""
AuthoredRole = Literal[
    "task", "answer", "person", "help", "repeat", "cancel", "start_over", "go_back",
    "yes", "no", "greeting", "goodbye", "fallback", "choose", "prove", "identify",
]  # fmt: skip
BaseName = Literal["money", "number", "date", "time", "digits", "phone", "email", "name", "city", "text", "yes_no"]
ACTION = r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$"
Secret = Literal["pin", "code", "cvv", "password", "card_number"]


class Shape(BaseModel):
    """What all shapes share: no unknown keys, nothing changes afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class VoiceShape(Shape):
    """How one locale sounds and pays."""

    voice: str = Field(description="Amazon Polly voice, such as Joanna.")
    engine: Literal["standard", "neural", "long-form", "generative"] = Field(
        "neural", description="Engine of the voice; not every voice has every engine."
    )
    currency: str = Field(default="USD", pattern=r"^[A-Z]{3}$", description="ISO 4217 code of money amounts.")


class LimitsShape(Shape):
    """Times and counts of the dialogue."""

    idle_minutes: int = Field(default=15, ge=1, le=1440, description="An open task untouched so long is offered again.")
    resume_hours: int = Field(default=24, ge=1, le=720, description="After that an open task is forgotten.")
    person_hours: int = Field(
        default=4, ge=1, le=72, description="When a hand-over that nobody ended goes back to the bot."
    )
    action_seconds: float = Field(default=4.0, gt=0, le=5, description="How long an action may take within a turn.")
    frames: int = Field(default=4, ge=1, le=10, description="Open tasks at once.")
    verified_minutes: int = Field(default=10, ge=1, le=60, description="How long a proof counts in its session.")
    linked_days: int = Field(
        default=365, ge=1, le=730, description="How long a link's own proof counts before it is but a claim."
    )
    proved_hours: int = Field(
        default=24, ge=0, le=720, description="How old an address's proof is before a code may go there."
    )
    close: float = Field(default=0.08, ge=0, le=0.5, description="Confidences nearer than this are asked about.")


class HoursShape(Shape):
    """When people are there."""

    time_zone: str = Field(description="IANA name, such as America/New_York.")
    weekdays: str = Field(pattern=r"^\d\d:\d\d-\d\d:\d\d$", description="From and until, as in 08:00-20:00.")
    saturday: str | None = Field(default=None, pattern=r"^\d\d:\d\d-\d\d:\d\d$", description="Leave out when closed.")
    sunday: str | None = Field(default=None, pattern=r"^\d\d:\d\d-\d\d:\d\d$", description="Leave out when closed.")


class BankShape(Shape):
    """`bank.yaml`: the business as a whole."""

    name: str = Field(min_length=1, max_length=50, description="What the business is called.")
    invocation: str = Field(description="Alexa invocation name: two words or more, lower case.")
    default_locale: str = Field(description="One of `locales`.")
    locales: dict[str, VoiceShape] = Field(min_length=1, description="Locale, such as en_US, to its voice.")
    understands: float = Field(0.4, ge=0, le=1, description="Confidence below which Lex hears its fallback intent.")
    limits: LimitsShape = LimitsShape()
    hours: HoursShape | None = None
    menu: list[str] = Field(
        min_length=1, max_length=9, description="Intents offered when the customer needs ideas, in order."
    )
    corrections: list[str] = Field(
        min_length=1, description="How people change a value: {value} is the value, {which} the slot's label."
    )


class SlotShape(Shape):
    """One thing that an intent wants to know."""

    type: str = Field(description="A built-in type or one of slot_types.yaml.")
    label: str | None = Field(default=None, max_length=60, description="What corrections call it.")
    ask: PromptField | None = None
    again: TiersField | None = None
    help: PromptField | None = None
    least: Scalar | None = Field(None, description="Smallest value: a number; for dates and times ISO, today, now.")
    most: Scalar | None = Field(default=None, description="Largest value; for dates also +90d.")
    differs_from: str | None = Field(default=None, description="An earlier slot whose value this one may not equal.")
    required: bool = Field(default=True, description="Optional slots are taken when said, never asked.")
    when: dict[str, list[Scalar]] = Field({}, description="Asked only if earlier slots have one of these values.")
    sensitive: Secret | None = Field(default=None, description="A secret: asked last, never stored.")


class IntentShape(Shape):
    """`intents/<name>.yaml`: something a customer wants."""

    intent: str = Field(description="PascalCase, letters only; the file is called by its snake_case.")
    role: AuthoredRole = "task"
    is_: str = Field(alias="is", min_length=1, max_length=1000, description="What belongs to it, in one line.")
    is_not: str | None = Field(default=None, max_length=1000, description="What does not, and where that belongs.")
    was: list[str] = Field(default=[], description="Former names.")
    label: str | None = Field(default=None, min_length=1, description="On a button; at most 20 characters.")
    doing: str | None = Field(default=None, min_length=1, max_length=60, description='As in "you were moving money".')
    assurance: Literal["anonymous", "claimed", "linked", "verified"] = "anonymous"
    keywords: list[Bare] = Field(
        default=[],
        description="Words that mean this intent by themselves: understood even when no recogniser answers, "
        "and learned by the recognisers too. No slots. A change reaches the functions.",
    )
    utterances: list[Scalar] = Field(
        default=[],
        description="What else customers say; {slot} where a value stands. Only the recognisers learn it.",
    )
    slots: dict[str, SlotShape] = Field(default={}, description="Asked in this order.")
    confirm: PromptField | None = None
    confirm_again: TiersField | None = None
    begin: str | None = Field(
        default=None,
        pattern=ACTION,
        description="The action that runs once all but the secret is known, before that is asked for: it sends a code.",
    )
    begun: PromptField | None = None
    action: str | None = Field(
        default=None, pattern=ACTION, description="Function of the business; with a dot in its name, one of our own."
    )
    irreversible: bool = False
    protective: bool = Field(
        default=False, description="It only ever protects: a claimed customer may do it, a verified one undo it."
    )
    done: PromptField | None = None
    variants: dict[str, PromptField] = {}
    item: PromptField | None = None
    refused: dict[str, PromptField] = {}
    results: dict[str, str] = Field(default={}, description="What the action tells, with its kind.")
    answer: PromptField | None = None
    help: PromptField | None = None

    @model_validator(mode="before")
    @classmethod
    def _gather_variants(cls, data: Any) -> Any:
        if not isinstance(data, dict) or "variants" in data:
            return data
        variants = {key: value for key, value in data.items() if key.startswith(VARIANTS)}
        rest = {key: value for key, value in data.items() if key not in variants}
        return {**rest, "variants": variants} if variants else rest


class ValueShape(Shape):
    """One value of a choice, in words."""

    name: Scalar = Field(min_length=1, description="What it is called.")
    synonyms: list[Scalar] = []


def _named(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


ValueField = Annotated[ValueShape, BeforeValidator(_named, json_schema_input_type=str | ValueShape)]


class SlotTypeShape(Shape):
    """A kind of value of the business's own: a choice, or a bounded built-in."""

    values: dict[str, ValueField] | None = Field(default=None, description="Value id to its name and synonyms.")
    base: BaseName | None = None
    shortest: int | None = Field(default=None, ge=1, le=200)
    longest: int | None = Field(default=None, ge=1, le=1000)


def _phrase_shape() -> type[Shape]:
    # Prefixed, so that a phrase may be called like a method of pydantic's.
    fields: dict[str, Any] = {
        f"{PHRASE}{name}": (kind, Field(alias=name, description=_parameters(parameters)))
        for kind, group in ((PromptField, PHRASES), (TiersField, TIERED))
        for name, parameters in group.items()
    }
    shape: type[Shape] = create_model("PhrasesShape", __base__=Shape, **fields)
    shape.__doc__ = "`phrases.yaml`: what is said around the tasks."
    return shape


def _parameters(names: tuple[str, ...]) -> str:
    return f"May hold {', '.join('{' + n + '}' for n in names)}." if names else "Takes no parameter."


PhrasesShape = _phrase_shape()
