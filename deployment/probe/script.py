"""What is said while probing: the deployed dialogue's own sentences, and invented values.

Made from the model, so that another business's dialogue is probed by its own words. A yes to a confirmation
is never among them: nothing irreversible runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from deployment.probe.assumption import NotTried
from throughline.dialogue.model import Base, Intent, Model, Role
from throughline.dialogue.values import slot_type
from throughline.turn import Assurance

NONSENSE: Final = "xyzzy plugh frobozz"
"""Words that no model has."""
_SAID: Final[Mapping[Base, str]] = {
    Base.MONEY: "fifty dollars",
    Base.NUMBER: "two",
    Base.DATE: "next Tuesday",
    Base.TIME: "ten in the morning",
    Base.PHONE: "202 555 0143",
    Base.EMAIL: "robin@example.com",
    Base.NAME: "Robin",
    Base.CITY: "Boston",
    Base.TEXT: "nothing in particular",
    Base.YES_NO: "yes",
}
"""Invented values in English; the number is of the range kept for fiction."""


@dataclass(frozen=True, slots=True)
class Script:
    """The dialogue's own sentences in one locale."""

    model: Model
    locale: str
    """As Lex calls it."""
    utterances: Mapping[str, tuple[str, ...]]
    """Intent to its sample utterances, as they were given to Lex."""

    def task(self) -> Intent:
        """What anybody may begin, asks for two things or more and ends in a confirmation; the shortest such.

        Raises NotTried if the dialogue has none.
        """
        fitting = [intent for intent in self.model.intents.values() if self._is_probed(intent)]
        if not fitting:
            raise NotTried("the dialogue has no confirmed task with two slots that anybody may begin")
        return min(fitting, key=lambda intent: (len(_asked(intent)), intent.name))

    def aside(self) -> Intent:
        """A question that anybody may ask in the middle of a task. Raises NotTried if there is none."""
        fitting = [
            intent
            for intent in self.model.intents.values()
            if intent.role is Role.ANSWER and intent.assurance is Assurance.ANONYMOUS and self._spoken(intent.name)
        ]
        if not fitting:
            raise NotTried("the dialogue has no ready answer that anybody may hear")
        return min(fitting, key=lambda intent: intent.name)

    def role(self, role: Role) -> str:
        """What is said for a universal intent such as yes. Raises NotTried if the dialogue hasn't got it."""
        return self.says(self.model.by_role.get(role, ""))

    def says(self, intent: str) -> str:
        """An utterance without slots. Raises NotTried if the intent has none."""
        said = self._spoken(intent)
        if not said:
            raise NotTried(f"the dialogue has no utterance without slots for {intent or 'that'}")
        return said

    def value(self, intent: str, slot: str) -> str:
        """Words for a value of the slot. Raises NotTried if none is known."""
        found = self.model.intent(intent)
        declared = found.slot(slot) if found is not None else None
        if found is None or declared is None:
            raise NotTried(f"the dialogue has no slot {intent}.{slot}: is another one deployed?")
        kind = slot_type(self.model, declared.type)
        if kind.base is Base.CHOICE:
            names = self.model.words(self.locale).values.get(declared.type, {})
            # Two slots of one type may have to differ.
            place = [each.name for each in found.slots if each.type == declared.type].index(slot)
            value = kind.values[place % len(kind.values)]
            return next(iter(names.get(value, ())), value)
        if kind.base is Base.DIGITS:
            return ("1234567890" * 20)[: kind.shortest]
        if not self.locale.startswith("en"):
            raise NotTried(f"no words for a {kind.base.value} are known in {self.locale}")
        return _SAID[kind.base]

    def _spoken(self, intent: str) -> str:
        return next((text for text in self.utterances.get(intent, ()) if "{" not in text), "")

    def _is_probed(self, intent: Intent) -> bool:
        return (
            intent.role is Role.TASK
            and intent.assurance is Assurance.ANONYMOUS
            and intent.confirms
            and len(_asked(intent)) >= 2
            and not any(slot.sensitive for slot in intent.slots)
            and bool(self._spoken(intent.name))
        )


def first_slots(intent: Intent) -> tuple[str, str]:
    """The names of the two things that are asked first."""
    first, second, *_ = _asked(intent)
    return first, second


def script(model: Model, lex_bot: Mapping[str, Any]) -> Script:
    """The script of the model's default locale; `lex_bot` is what the compiler makes for Lex."""
    locale = next(each for each in lex_bot["botLocales"] if each["localeId"] == model.default_locale)
    utterances = {
        intent["name"]: tuple(sample["utterance"] for sample in intent.get("sampleUtterances", ()))
        for intent in locale["intents"]
    }
    return Script(model, model.default_locale, utterances)


def _asked(intent: Intent) -> list[str]:
    return [slot.name for slot in intent.slots if slot.required and not slot.when]
