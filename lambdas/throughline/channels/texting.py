"""Text messages (SMS): one message to a `Turn`, a `Reply` to the texts that go back. No buttons, no links.

A message: `{"from": phone number, "id", "text", "sent_at", "media": how many files came with it}`. Its sender is
claimed and never more: anybody may write any number as an originator. What proves something is a code, since it goes to
the real phone.

What could be tapped elsewhere is numbered and answered by its number. Carriers act upon some words themselves
(AWS End User Messaging SMS user guide, "Keywords": STOP, CANCEL, END, QUIT, HELP and others begin an opt-out or an
answer of theirs), so none of those is ever suggested: another word that means the same is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from throughline.channels.capabilities import TEXTING, WAYS
from throughline.channels.fitting import packed, pieces
from throughline.channels.shapes import count, identifier, mapping, number, string
from throughline.conversation import Exchange, Sender
from throughline.customers.addresses import Address, AddressKind
from throughline.customers.keys import KeyRing
from throughline.dialogue.model import Base, Model, Role
from throughline.dialogue.state import Asked, Frame, Question, State
from throughline.dialogue.values import fold, slot_type
from throughline.errors import EventError
from throughline.privacy.masking import mask
from throughline.rendering import label, shown
from throughline.reply import Awaits, Choice, Reply
from throughline.turn import Assurance, Heard, InputMode, Turn

CHANNEL: Final = "sms"
LONGEST: Final = 1_600
"""Characters of one message (botocore pinpoint-sms-voice-v2: TextMessageBody)."""
MOST_NUMBERED: Final = 9
CARRIERS_WORDS: Final = frozenset(
    {"arret", "cancel", "end", "help", "opt-out", "optout", "quit", "remove", "revoke", "stop", "td", "unsubscribe"}
)
"""What a carrier takes for itself where a message begins with it."""
_SUGGESTED: Final = re.compile(
    rf"(?P<before>\"|\bsay |\btext )(?P<word>{'|'.join(sorted(CARRIERS_WORDS))})\b", re.IGNORECASE
)
_PLAINER: Final = str.maketrans(
    {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2022": "-", "\u2026": "..."}
)
"""Signs beyond the carriers' own alphabet (3GPP 23.038) halve what fits into a text."""
Hear = Callable[[Model, State, Turn], tuple[Heard, ...]]


def to_turn(message: object, *, at: float, locale: str, keys: KeyRing) -> tuple[Turn, Sender]:
    """The turn and who claims to have sent it; `keys` hash the number, which stands nowhere else.

    Raises EventError if the message has no id, no text, or no phone number as its sender.
    """
    told = mapping(message)
    turn_id, text, files = identifier(told.get("id")), told.get("text"), count(told.get("media"))
    if not turn_id or not (isinstance(text, str) or files):
        raise EventError("a text message has an id, and a text or media")
    address = Address(AddressKind.PHONE, string(told.get("from"), 40))
    masked = mask(string(text))
    turn = Turn(
        id=f"sms-{turn_id}",
        at=at,
        channel=CHANNEL,
        session=f"sms:{address.hashed(keys)}",
        locale=locale,
        mode=InputMode.TEXT,
        can=WAYS[TEXTING].back,
        text=masked.text[:LONGEST],
        sealed=masked.sealed,
        sent_at=number(told.get("sent_at")),
        attachments=files,
        forgeable=True,
    )
    return turn, Sender(Assurance.CLAIMED, address=address, steps_up=True)


def to_texts(exchange: Exchange, model: Model) -> list[str]:
    """The texts that go back, in order; none while a person has the conversation."""
    reply, locale = exchange.reply, exchange.turn.locale
    lines = [_safe(line, model, locale) for line in shown(model, reply, locale)]
    options = _options(model, reply, locale)
    return packed([piece for line in (*lines, *options) for piece in pieces(line, LONGEST)], "\n", LONGEST)


def numbered(hear: Hear) -> Hear:
    """The same, but a bare number picks what was numbered so in the open question; else what `hear` understands."""

    def heard(model: Model, state: State, turn: Turn) -> tuple[Heard, ...]:
        picked = _picked(model, state, turn)
        return (picked,) if picked is not None else hear(model, state, turn)

    return heard


def _options(model: Model, reply: Reply, locale: str) -> list[str]:
    """The choices under their numbers; "anything else?" needs none, and a menu is told in words."""
    if reply.awaits is Awaits.INTENT:
        return []
    choices = reply.choices[:MOST_NUMBERED]
    return [f"{_number(model, choice) or place}: {label(model, choice, locale)}" for place, choice in _placed(choices)]


def _placed(choices: tuple[Choice, ...]) -> enumerate[Choice]:
    return enumerate(choices, start=1)


def _number(model: Model, choice: Choice) -> int:
    """A value's number is its place in its type, whichever others are offered; 0 for what is no slot's value."""
    intent = model.intent(choice.intent) if choice.slot else None
    slot = intent.slot(choice.slot) if intent is not None else None
    values = slot_type(model, slot.type).values if slot is not None else ()
    return values.index(choice.value) + 1 if choice.value in values else 0


def _picked(model: Model, state: State, turn: Turn) -> Heard | None:
    question, said = state.question, turn.text.strip().rstrip(".)")
    if question is None or question.session != turn.session or question.secret:
        return None
    if not (len(said) == 1 and said.isascii() and said.isdigit() and said != "0"):
        return None
    return _by_place(model, next((f for f in state.frames if f.id == question.frame), None), question, int(said))


def _by_place(model: Model, frame: Frame | None, question: Question, place: int) -> Heard | None:
    match question.asked:
        case Asked.CONFIRM | Asked.RESUME:
            role = {1: Role.YES, 2: Role.NO}.get(place)
            return Heard(model.by_role[role]) if role in model.by_role and role is not None else None
        case Asked.SLOT if frame is not None:
            return _value(model, frame, question, place)
        case Asked.CHANGE | Asked.WHICH_SLOT | Asked.WHICH_INTENT if place <= len(question.options):
            option = question.options[place - 1]
            if option.intent:
                return Heard(option.intent, None, option.slots)
            correct = model.by_role.get(Role.CORRECT)
            return Heard(correct, None, {"which": option.slot}) if correct is not None else None
    return None


def _value(model: Model, frame: Frame, question: Question, place: int) -> Heard | None:
    intent = model.intent(frame.intent)
    slot = intent.slot(question.slot) if intent is not None else None
    if intent is None or slot is None:
        return None
    kind = slot_type(model, slot.type)
    if kind.base is not Base.CHOICE or place > len(kind.values):
        return None
    return Heard(intent.name, None, {slot.name: kind.values[place - 1]})


def _safe(line: str, model: Model, locale: str) -> str:
    """The line in the carriers' alphabet, with no word of theirs suggested."""

    def another(match: re.Match[str]) -> str:
        word = match["word"]
        instead = _instead(word, model, locale)
        return match["before"] + (instead if word[:1].islower() else instead.capitalize())

    return _SUGGESTED.sub(another, line.translate(_PLAINER))


def _instead(word: str, model: Model, locale: str) -> str:
    """The shortest phrase of several words that means the same here and that no carrier takes; else the word."""
    keywords = model.words(locale).keywords
    meant = keywords.get(fold(word))
    same = [
        said for said, intent in keywords.items()
        if intent == meant and " " in said and said.split(" ")[0] not in CARRIERS_WORDS
    ]  # fmt: skip
    return min(same, key=lambda said: (len(said), said)) if meant is not None and same else word
