"""Prompts as authors write them: text, a list of variations, or `say` and `show` apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from compiler.documents import Plain
from compiler.places import Path
from compiler.problems import did_you_mean
from throughline.dialogue.phrases import TIERS

PARAMETER = re.compile(r"\{([^{}]*)\}")
TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


@dataclass(frozen=True, slots=True)
class Text:
    """One wording."""

    text: str
    at: Path
    """Where it stands below its prompt."""

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names within braces, in order."""
        return tuple(PARAMETER.findall(self.text))

    @property
    def bare(self) -> str:
        """Without SSML tags."""
        return re.sub(r" {2,}", " ", TAG.sub("", self.text)).strip()


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is said and what is shown, each with its variations."""

    say: tuple[Text, ...]
    show: tuple[Text, ...]
    shared: bool
    """One wording serves both: SSML tags in it are for the voice only."""

    @property
    def said(self) -> tuple[str, ...]:
        """What a voice says."""
        return tuple(text.text for text in self.say)

    @property
    def shown(self) -> tuple[str, ...]:
        """What a screen shows: never a tag."""
        return tuple(text.bare for text in self.show)

    @property
    def texts(self) -> tuple[Text, ...]:
        """Every wording once."""
        return self.say if self.shared else (*self.say, *self.show)


def _fault(message: str, at: Path) -> PydanticCustomError:
    return PydanticCustomError("prompt", "{message}", {"message": message, "at": at})


def parse_prompt(value: Plain, at: Path = ()) -> Prompt:
    """Read a prompt. Raises pydantic's error, with the place below the prompt in its context."""
    if isinstance(value, dict):
        for key in value:
            if key not in ("say", "show"):
                raise _fault(f"unknown key `{key}` in a prompt. {did_you_mean(key, ('say', 'show'))}", (*at, key))
        if not value:
            raise _fault("an empty prompt. Write the words, or `say:` and `show:`", at)
        say = _texts(value["say"], (*at, "say")) if "say" in value else None
        show = _texts(value["show"], (*at, "show")) if "show" in value else None
        return Prompt(say or show or (), show or say or (), shared=say is None or show is None)
    texts = _texts(value, at)
    return Prompt(texts, texts, shared=True)


def _texts(value: Plain, at: Path) -> tuple[Text, ...]:
    if isinstance(value, str) and value.strip():
        return (Text(" ".join(value.split()), at),)
    if isinstance(value, list) and value:
        found: list[Text] = []
        for i, item in enumerate(value):
            if not isinstance(item, str) or not item.strip():
                raise _fault("each variation must be a text. Put it in quotes if it holds a colon", (*at, i))
            found.append(Text(" ".join(item.split()), (*at, i)))
        return tuple(found)
    if isinstance(value, dict):
        raise _fault("a text or a list of texts is wanted here, not keys. Put it in quotes if it holds a colon", at)
    raise _fault("the words are missing. Write a text or a list of texts", at)


def parse_tiers(value: Plain) -> tuple[Prompt, ...]:
    """Read three prompts that rise in explicitness."""
    if not isinstance(value, list) or len(value) != TIERS:
        count = len(value) if isinstance(value, list) else 1
        hint = ". Within [ ] a comma ends a text: put texts that hold one in quotes" if count > TIERS else ""
        here = f"here {'is' if count == 1 else 'are'} {count}"
        raise _fault(f"exactly {TIERS} prompts are wanted, mildest first; {here}{hint}", ())
    return tuple(parse_prompt(item, (i,)) for i, item in enumerate(value))


_TEXTS: dict[str, Any] = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}
_PROMPT: dict[str, Any] = {
    "description": "What the customer hears or reads: a text, variations, or `say` and `show` apart.",
    "anyOf": [
        *_TEXTS["anyOf"],
        {
            "type": "object",
            "properties": {
                "say": {"description": "Spoken; may hold SSML tags.", **_TEXTS},
                "show": {"description": "Read on a screen.", **_TEXTS},
            },
            "minProperties": 1,
            "additionalProperties": False,
        },
    ],
}
_TIERS: dict[str, Any] = {
    "description": "Three prompts, each more explicit than the one before.",
    "type": "array",
    "items": _PROMPT,
    "minItems": TIERS,
    "maxItems": TIERS,
}

PromptField = Annotated[Prompt, PlainValidator(parse_prompt), WithJsonSchema(_PROMPT)]
TiersField = Annotated[tuple[Prompt, ...], PlainValidator(parse_tiers), WithJsonSchema(_TIERS)]
