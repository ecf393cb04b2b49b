"""Tasks in progress: filling them, finding what is missing, and carrying them over a change of the model."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from throughline.dialogue.model import Intent, Model, Role, Slot
from throughline.dialogue.state import Frame
from throughline.dialogue.values import canonical


def applies(slot: Slot, values: Mapping[str, str]) -> bool:
    """Whether the slot is wanted at all, given the values of the slots it depends on."""
    return all(values.get(name) in wanted for name, wanted in slot.when.items())


def missing(intent: Intent, frame: Frame, *, secrets: bool) -> Slot | None:
    """The next slot to ask for, in the author's order; sensitive ones count only where `secrets`."""
    for slot in intent.slots:
        if bool(slot.sensitive) is not secrets or not slot.required:
            continue
        if slot.name not in frame.slots and applies(slot, frame.slots):
            return slot
    return None


def fill(intent: Intent, frame: Frame, values: Mapping[str, str]) -> Frame:
    """The frame with these values; values of slots that no longer apply go, and so does an old confirmation."""
    slots = {**frame.slots, **values}
    kept = {n: v for n, v in slots.items() if (slot := intent.slot(n)) is not None and applies(slot, slots)}
    misses = {name: count for name, count in frame.misses.items() if name not in values and name != "confirm"}
    through = {name: link for name, link in frame.through.items() if name in kept}
    return replace(frame, slots=kept, misses=misses, confirmed="", through=through)


def without(frame: Frame, name: str) -> Frame:
    """The frame with one slot open again."""
    return replace(
        frame,
        slots={n: v for n, v in frame.slots.items() if n != name},
        through={n: link for n, link in frame.through.items() if n != name},
        confirmed="",
    )


def digest(frame: Frame) -> str:
    """What a confirmation is bound to: the intent and the very values."""
    exact = json.dumps([frame.intent, sorted(frame.slots.items())], ensure_ascii=False)
    return hashlib.sha256(exact.encode()).hexdigest()[:16]


def deed_key(frame: Frame, action: str) -> str:
    """The idempotency key of an irreversible deed: frame, action and values; never the turn."""
    return f"{frame.id}.{action}.{digest(frame)}"


@dataclass(frozen=True, slots=True)
class Moved:
    """Frames carried over to today's model."""

    frames: tuple[Frame, ...]
    lost: tuple[Frame, ...]
    """Frames whose intent the model no longer has."""


def carry_over(model: Model, locale: str, frames: tuple[Frame, ...]) -> Moved:
    """Frames of another model's version made fit for this one.

    A renamed intent goes on under its new name; slots that are gone, or whose values are no longer of
    their type, are asked again; what was confirmed must be confirmed again if anything changed.
    """
    if all(frame.model == model.version for frame in frames):
        return Moved(frames, ())
    kept: list[Frame] = []
    lost: list[Frame] = []
    for frame in frames:
        intent = model.intent(frame.intent)
        if intent is None or not (intent.action or intent.role is Role.ANSWER):
            lost.append(frame)
            continue
        if frame.model == model.version:
            kept.append(frame)
            continue
        slots = {n: v for n, v in frame.slots.items() if _fits(model, locale, intent, n, v)}
        slots = {n: v for n, v in slots.items() if (s := intent.slot(n)) is not None and applies(s, slots)}
        same = slots == dict(frame.slots) and intent.name == frame.intent
        kept.append(
            replace(
                frame,
                intent=intent.name,
                slots=slots,
                model=model.version,
                misses={name: count for name, count in frame.misses.items() if intent.slot(name)},
                confirmed=frame.confirmed if same else "",
                through={name: link for name, link in frame.through.items() if name in slots},
                begun=frame.begun if same else "",
            )
        )
    return Moved(tuple(kept), tuple(lost))


def _fits(model: Model, locale: str, intent: Intent, name: str, value: str) -> bool:
    slot = intent.slot(name)
    return slot is not None and not slot.sensitive and canonical(model, locale, slot.type, value) == value
