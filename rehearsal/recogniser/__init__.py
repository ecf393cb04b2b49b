"""Understands utterances from a Lex bot's or an Alexa skill's own definition, on this machine alone."""

from rehearsal.recogniser.confirmation import Answer, read_confirmation
from rehearsal.recogniser.explanation import Explanation, explain
from rehearsal.recogniser.from_alexa import from_alexa
from rehearsal.recogniser.from_lex import from_lex
from rehearsal.recogniser.grammar import Grammar, Intent, ListedValue, Slot, SlotType
from rehearsal.recogniser.readings import SlotReading
from rehearsal.recogniser.recogniser import Interpretation, Recogniser

__all__ = [
    "Answer",
    "Explanation",
    "Grammar",
    "Intent",
    "Interpretation",
    "ListedValue",
    "Recogniser",
    "Slot",
    "SlotReading",
    "SlotType",
    "explain",
    "from_alexa",
    "from_lex",
    "read_confirmation",
]
