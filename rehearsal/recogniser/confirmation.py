"""Reads a yes or a no, as Lex does while it confirms an intent or asks for an AMAZON.Confirmation."""

from __future__ import annotations

from enum import StrEnum

from rehearsal.recogniser.words import cut, opened

YES = frozenset({
    "yes", "yeah", "yep", "yup", "ya", "sure", "correct", "right", "ok", "okay", "absolutely", "definitely",
    "exactly", "affirmative", "confirm", "confirmed", "proceed", "aye", "y", "fine", "perfect", "indeed",
    "certainly",
})  # fmt: skip
NO = frozenset({
    "no", "nope", "nah", "never", "negative", "not", "don't", "dont", "wrong", "incorrect", "n", "stop",
})  # fmt: skip
MAYBE = frozenset({"maybe", "perhaps", "possibly", "probably"})
YES_PHRASES = (
    "go ahead", "do it", "of course", "sounds good", "that is right", "that is correct", "please do",
    "go for it", "all right", "you bet", "by all means", "that is fine", "looks good", "that works",
)  # fmt: skip
NO_PHRASES = (
    "do not", "not right", "not correct", "not really", "no way", "hold on", "rather not", "not now",
    "forget it", "that is wrong", "is not right", "not that",
)  # fmt: skip
UNSURE_PHRASES = ("do not know", "not sure", "no idea", "i am unsure")
POLITE = frozenset({
    "please", "thanks", "thank", "you", "it", "is", "that", "i", "do", "the", "go", "ahead", "of", "course",
    "um", "uh", "oh", "well", "sir", "then", "and", "am", "all", "good", "sounds", "that's", "just", "very",
    "much", "way", "really", "works", "looks", "by", "means", "bet", "for",
})  # fmt: skip


class Answer(StrEnum):
    """As Lex resolves AMAZON.Confirmation."""

    YES = "Yes"
    NO = "No"
    MAYBE = "Maybe"
    UNSURE = "Don't know"


def read_confirmation(text: str) -> Answer | None:
    """The yes or no that the whole text amounts to; None when it says something else as well."""
    words = opened(cut(text).lower)
    spoken = " ".join(words)
    if any(phrase in spoken for phrase in UNSURE_PHRASES):
        return Answer.UNSURE
    if not words or len(words) > 6:
        return None
    rest = [word for word in words if word not in POLITE | YES | NO | MAYBE]
    if any(phrase in spoken for phrase in NO_PHRASES) and len(rest) <= 1:
        return Answer.NO
    if any(phrase in spoken for phrase in YES_PHRASES) and not rest and not NO & set(words):
        return Answer.YES
    if rest:
        return None
    return _by_word(set(words))


def leading_answer(text: str) -> tuple[Answer, str] | None:
    """A yes or no at the beginning with something else behind it ("no, friday"): both parts."""
    utterance = cut(text)
    if len(utterance.words) < 2:
        return None
    first = utterance.words[0]
    answer = Answer.NO if first.text in NO - {"not", "don't", "dont", "stop", "never"} else None
    answer = Answer.YES if first.text in YES - {"right", "fine"} else answer
    if answer is None:
        return None
    return answer, utterance.text[utterance.words[1].start :]


def _by_word(words: set[str]) -> Answer | None:
    if words & NO:
        return Answer.NO
    if words & MAYBE:
        return Answer.MAYBE
    return Answer.YES if words & YES else None
