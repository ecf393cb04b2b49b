"""What a question offers to choose from: yes and no, what can be done here, a slot's values; and the key for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from throughline.dialogue.model import Intent, Model, Role, Slot
from throughline.dialogue.values import slot_type, unlike
from throughline.reply import Choice, Typed

MOST_KEYS = 9
"""Keys 1 to 9 choose; 0 calls a person."""


def to_do(intent: str) -> Choice:
    """An intent to choose, by what it is called."""
    return Choice(Typed(f"label:{intent}", intent), intent)


def menu(model: Model) -> tuple[Choice, ...]:
    """What can be done here."""
    return tuple(map(to_do, model.menu))


def yes_no(model: Model) -> tuple[Choice, ...]:
    """Yes and no."""
    roles = ((Role.YES, "yes"), (Role.NO, "no"))
    return tuple(Choice(Typed("phrase", word), model.by_role[role]) for role, word in roles if role in model.by_role)


def values_of(model: Model, intent: Intent, slot: Slot, given: Mapping[str, str]) -> tuple[Choice, ...]:
    """A slot's values: none that another slot's given value forbids, unless nothing else were left."""
    every = slot_type(model, slot.type).values
    taken = {given.get(other) for other in unlike(intent, slot)}
    values = tuple(value for value in every if value not in taken) or every
    return tuple(Choice(Typed(f"choice:{slot.type}", value), intent.name, slot.name, value) for value in values)


def keyed(model: Model, choices: tuple[Choice, ...]) -> Iterator[tuple[int, Choice]]:
    """The choices that a telephone's keys can choose, each with its key."""
    for place, choice in enumerate(choices[:MOST_KEYS], start=1):
        yield _key(model, choice) or place, choice


def _key(model: Model, choice: Choice) -> int:
    """A value's key is its place in its type, whichever others are offered; 0 for what is no slot's value."""
    intent = model.intent(choice.intent) if choice.slot else None
    slot = intent.slot(choice.slot) if intent is not None else None
    if slot is None:
        return 0
    values = slot_type(model, slot.type).values
    return values.index(choice.value) + 1 if choice.value in values else 0
