"""`telephone.yaml`: what the contact flows say outside the dialogue, and which queue takes which intent.

The file is optional: a model without one has no telephone.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from pydantic import Field, create_model

from compiler.prompts import PARAMETER, Prompt, PromptField
from compiler.shapes import PHRASE, Shape

TELEPHONE = "telephone.yaml"
QUEUE = r"^[a-z][a-z_]{0,29}$"


class Heard(StrEnum):
    """Who hears or reads a phrase."""

    BOTH = "Spoken on the telephone and shown in a chat."
    SPOKEN = "Spoken on the telephone only."
    SHOWN = "Shown in a chat only."
    AGENT = "For our own people."


_B, _S, _C, _A = Heard.BOTH, Heard.SPOKEN, Heard.SHOWN, Heard.AGENT
SAID: Mapping[str, tuple[Heard, tuple[str, ...]]] = {
    "greeting": (_B, ("business",)),
    "language_option": (_S, ("key",)),
    "ask_recording": (_S, ()),
    "ask_recording_again": (_S, ()),
    "recording_agreed": (_S, ()),
    "recording_refused": (_S, ()),
    "recording_as_agreed": (_S, ()),
    "opening": (_S, ()),
    "hello": (_C, ()),
    "person_has_it": (_B, ()),
    "one_moment": (_B, ()),
    "trouble": (_B, ()),
    "still_there": (_B, ()),
    "goodbye": (_B, ("business",)),
    "to_person": (_B, ()),
    "capture_begins": (_S, ()),
    "ask_card_number": (_S, ()),
    "ask_card_expiry": (_S, ()),
    "ask_card_code": (_S, ()),
    "ask_pin": (_S, ()),
    "nothing_keyed": (_S, ()),
    "capture_ends": (_S, ()),
    "closed": (_B, ("business",)),
    "holiday": (_B, ("business",)),
    "full": (_B, ()),
    "wait_short": (_B, ()),
    "wait_some": (_B, ()),
    "wait_long": (_B, ()),
    "offer_callback": (_S, ()),
    "offer_callback_later": (_S, ()),
    "callback_number": (_S, ("number",)),
    "ask_number": (_S, ()),
    "number_wrong": (_S, ()),
    "callback_promised": (_S, ("number",)),
    "callback_failed": (_S, ()),
    "back_to_assistant": (_B, ()),
    "queue_begins": (_B, ()),
    "queue_message": (_B, ()),
    "queue_position": (_B, ("position",)),
    "queue_offer": (_S, ()),
    "whisper_verified": (_A, ("intent",)),
    "whisper_claimed": (_A, ("intent",)),
    "whisper_unknown": (_A, ("intent",)),
    "person_joins": (_B, ()),
    "person_joins_recorded": (_S, ()),
    "callback_greeting": (_S, ("business",)),
    "callback_greeting_recorded": (_S, ("business",)),
    "person_left": (_C, ()),
    "screen_missing": (_A, ()),
    "task_name": (_A, ("intent",)),
    "task_note": (_A, ("note",)),
}
"""Each phrase, who hears it, and which parameters it may hold."""


def _phrases() -> type[Shape]:
    # Prefixed, so that a phrase may be called like a method of pydantic's.
    fields: dict[str, Any] = {
        f"{PHRASE}{name}": (PromptField, Field(alias=name, description=_described(heard, parameters)))
        for name, (heard, parameters) in SAID.items()
    }
    shape: type[Shape] = create_model("TelephonePhrasesShape", __base__=Shape, **fields)
    shape.__doc__ = "What the contact flows say."
    return shape


def _described(heard: Heard, names: tuple[str, ...]) -> str:
    takes = f"May hold {', '.join('{' + n + '}' for n in names)}." if names else "Takes no parameter."
    return f"{heard.value} {takes}"


TelephonePhrasesShape = _phrases()


class TelephoneShape(Shape):
    """`telephone.yaml`: the contact flows' own words and queues."""

    country: str = Field(pattern=r"^[A-Z]{2}$", description="ISO 3166 code of the numbers that customers key in.")
    queues: dict[str, list[str]] = Field(
        min_length=1, description="Queue to the intents that go there; the first one takes all others."
    )
    phrases: Any

    def prompt(self, name: str) -> Prompt:
        """A phrase by its name."""
        found: Prompt = getattr(self.phrases, f"{PHRASE}{name}")
        return found


def _authored() -> type[TelephoneShape]:
    phrases: Any = (TelephonePhrasesShape, Field(description="What the flows say; one wording each."))
    shape: type[TelephoneShape] = create_model("AuthoredTelephone", __base__=TelephoneShape, phrases=phrases)
    shape.__doc__ = TelephoneShape.__doc__
    return shape


AuthoredTelephone = _authored()
"""The shape with its phrases, which are known by a table only."""


class Telephone:
    """The words and queues of one locale, checked, ready for flows."""

    __slots__ = ("_shape", "business", "engine", "language", "locale", "voice")

    def __init__(self, shape: TelephoneShape, *, locale: str, business: str, voice: str, engine: str) -> None:
        self._shape = shape
        self.locale = locale
        self.language = locale.replace("_", "-")
        self.business = business
        self.voice = voice
        self.engine = engine

    @property
    def country(self) -> str:
        """ISO 3166 code of the numbers that customers key in."""
        return self._shape.country

    @property
    def queues(self) -> Mapping[str, tuple[str, ...]]:
        """Queue to its intents; the first queue takes whatever no other does."""
        return {name: tuple(intents) for name, intents in self._shape.queues.items()}

    def say(self, name: str, **paths: str) -> str:
        """A phrase as SSML, each parameter replaced by what the flow has for it, such as a JSONPath."""
        return f"<speak>{self.spoken(name, **paths)}</speak>"

    def spoken(self, name: str, **paths: str) -> str:
        """The same without `<speak>`, to be put together with others."""
        business = self.business.replace("&", "&amp;").replace("<", "&lt;")
        return _filled(self._shape.prompt(name).said[0], {"business": business, **paths})

    def show(self, name: str, **paths: str) -> str:
        """A phrase as plain text."""
        return _filled(self._shape.prompt(name).shown[0], {"business": self.business, **paths})


def _filled(text: str, values: Mapping[str, str]) -> str:
    return PARAMETER.sub(lambda found: values[found.group(1)], text)
