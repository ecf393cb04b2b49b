"""What a message with a code says: the model's own phrases, or plain words where it has none."""

from __future__ import annotations

from typing import Final

from throughline.affairs.delivery import Message
from throughline.dialogue.model import Model
from throughline.privacy.sealed import Sealed
from throughline.rendering import shown
from throughline.reply import Line, Reply, Typed

MESSAGE: Final = "phrases.code_message"
"""Given {business} and {code}. Short and in plain letters: a text message's 160 characters are billed as one part."""
SUBJECT: Final = "phrases.code_subject"
"""Given {business}."""
_PLAIN: Final = {
    "en": (
        "{business}: your code is {code}. It is good for 5 minutes. "
        "Never tell it to anybody who calls you: we never ask for it.",
        "Your code from {business}",
    ),
    "es": (
        "{business}: su codigo es {code}. Vale 5 minutos. No se lo diga nunca a quien le llame: nunca lo pedimos.",
        "Su código de {business}",
    ),
}
"""Language to text and subject."""


class CodeWording:
    """Words in the model's voice."""

    def __init__(self, model: Model) -> None:
        self._model = model

    def __call__(self, code: Sealed, locale: str) -> Message:
        """See `throughline.affairs.delivery.Wording`."""
        text, subject = _PLAIN.get(locale[:2], _PLAIN["en"])
        business = self._model.name
        return Message(
            self._phrase(SUBJECT, {"business": business}, locale) or subject.format(business=business),
            Sealed(
                self._phrase(MESSAGE, {"business": business, "code": code.reveal()}, locale)
                or text.format(business=business, code=code.reveal())
            ),
        )

    def _phrase(self, prompt: str, given: dict[str, str], locale: str) -> str:
        if self._model.prompt(locale, prompt) is None:
            return ""
        line = Line(prompt, {name: Typed("text", value) for name, value in given.items()})
        return " ".join(shown(self._model, Reply((line,)), locale))
