"""What a turn means where the conversation stands: recogniser's readings, keys and taps to one meaning.

Pure. Nothing is decided here about what happens next; that is the engine's part.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from throughline.dialogue.frames import applies
from throughline.dialogue.meanings import (
    Corrected,
    Meaning,
    No,
    NotUnderstood,
    Opened,
    Picked,
    Secret,
    Silent,
    Told,
    Torn,
    Universal,
    Wanted,
    Yes,
)
from throughline.dialogue.model import WANTED, Base, Intent, Model, Role, Slot
from throughline.dialogue.state import NONE, Asked, Frame, Question
from throughline.dialogue.values import canonical, fold, from_keys, slot_type
from throughline.privacy.masking import LABELS
from throughline.turn import Answer, Heard, InputMode, Turn

SURE = 0.85
"""A reading this confident is not asked about, however close the next one is."""
_YES_OR_NO = (Asked.CONFIRM, Asked.RESUME, Asked.MORE, Asked.PROVE, Asked.NEW_CODE)


def meaning(model: Model, frame: Frame | None, question: Question | None, turn: Turn) -> Meaning:
    """The one meaning of the turn, with that task being worked on and that question open."""
    if turn.opens:
        return Opened()
    if turn.mode is InputMode.SILENCE:
        return Silent()
    if turn.mode is InputMode.KEYS:
        return _keyed(model, question, frame, turn)
    readings = [(heard, intent) for heard in turn.heard if (intent := model.intent(heard.intent)) is not None]
    if not readings:
        return _unrecognised(model, question, frame, turn)
    heard, intent = readings[0]
    if question is not None and question.secret:
        return _to_a_secret_question(model, turn, heard, intent, frame)
    if intent.role is Role.FALLBACK:
        return _unrecognised(model, question, frame, turn)
    if intent.role is Role.YES:
        if question is not None and question.asked is Asked.CONFIRM and not _is_plain(model, turn, heard, intent):
            return meaning(model, frame, question, replace(turn, heard=turn.heard[1:], text=""))
        return _yes_no("yes", model, question, frame)
    if intent.role is Role.NO:
        return _yes_no("no", model, question, frame)
    if intent.role is Role.CHOOSE:
        return _chosen(heard, question, frame, model)
    if intent.role is Role.CORRECT:
        return _correction(model, turn, heard, frame)
    if intent.role not in WANTED:
        return Universal(intent.role)
    if heard.answer is not Answer.NONE:
        return _confirmation(model, turn, heard, intent, frame, question)
    if frame is not None and frame.intent == intent.name:
        return _about_the_task(model, turn, heard, intent, frame, question)
    close = _close_second(model, turn, readings, frame)
    wanted = _wanted(model, turn, heard, intent)
    return Torn(wanted, close) if close is not None else wanted


def _is_plain(model: Model, turn: Turn, heard: Heard, intent: Intent) -> bool:
    """Whether a yes is nothing but a yes: "yes, but make it sixty" must not confirm fifty."""
    if heard.confidence is None or heard.confidence >= SURE or not turn.text:
        return True
    return model.words(turn.locale).keywords.get(fold(turn.text)) == intent.name


def read_values(
    model: Model, turn: Turn, intent: Intent, slots: Mapping[str, str], known: Mapping[str, str] = NONE
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Heard slot values in canonical form, without those already known, and the names of unusable ones."""
    values: dict[str, str] = {}
    unfit: list[str] = []
    for slot in intent.slots:
        heard = slots.get(slot.name)
        if heard is None or slot.sensitive:
            continue
        value = canonical(model, turn.locale, slot.type, heard)
        if value is None:
            unfit.append(slot.name)
        elif known.get(slot.name) != value:
            values[slot.name] = value
    return values, tuple(unfit)


def _wanted(model: Model, turn: Turn, heard: Heard, intent: Intent) -> Wanted:
    values, unfit = read_values(model, turn, intent, heard.slots)
    return Wanted(intent, values, unfit)


def _close_second(model: Model, turn: Turn, readings: list[tuple[Heard, Intent]], frame: Frame | None) -> Wanted | None:
    first = readings[0][0].confidence
    if first is None or first >= SURE or len(readings) < 2:
        return None
    heard, intent = readings[1]
    near = heard.confidence is not None and first - heard.confidence < model.limits.close
    if not near or intent.role not in WANTED or intent.name == readings[0][1].name:
        return None
    return None if frame is not None and frame.intent == intent.name else _wanted(model, turn, heard, intent)


def _confirmation(
    model: Model, turn: Turn, heard: Heard, intent: Intent, frame: Frame | None, question: Question | None
) -> Meaning:
    """The channel's own yes or no; with a changed value only where it is about the very task."""
    said = "yes" if heard.answer is Answer.CONFIRMED else "no"
    if frame is None or frame.intent != intent.name or question is None or question.asked is not Asked.CONFIRM:
        return _yes_no(said, model, question, frame)
    values, _ = read_values(model, turn, intent, heard.slots, frame.slots)
    return Yes(values) if said == "yes" else No(values)


def _about_the_task(
    model: Model, turn: Turn, heard: Heard, intent: Intent, frame: Frame, question: Question | None
) -> Meaning:
    values, unfit = read_values(model, turn, intent, heard.slots, frame.slots)
    if values or unfit:
        return Told(values, unfit)
    if question is not None and question.asked is Asked.SLOT:
        said = _text_value(model, turn, intent.slot(question.slot))
        return Told({question.slot: said}) if said else NotUnderstood()
    if question is not None:
        return NotUnderstood() if question.asked is Asked.CONFIRM else Wanted(intent, {})
    return Wanted(intent, {})


def _text_value(model: Model, turn: Turn, slot: Slot | None) -> str:
    """Free text is its own value, and a choice may have been typed by its name though no recogniser took it."""
    if slot is None or not turn.text.strip():
        return ""
    base = slot_type(model, slot.type).base
    if base in (Base.TEXT, Base.NAME, Base.CITY) and len(fold(turn.text)) == 0:
        return ""
    return canonical(model, turn.locale, slot.type, turn.text) or ""


def _unrecognised(model: Model, question: Question | None, frame: Frame | None, turn: Turn) -> Meaning:
    if question is not None and question.secret:
        return _the_secret(model, turn, frame)
    if question is None or not turn.text.strip():
        return NotUnderstood()
    if question.options:
        index = _place(turn.text)
        if 0 <= index < len(question.options):
            return Picked(index)
    if question.asked is Asked.SLOT and frame is not None and (intent := model.intent(frame.intent)):
        slot = intent.slot(question.slot)
        index = _place(turn.text)
        if slot is not None:
            values = slot_type(model, slot.type).values
            if 0 <= index < len(values):
                return Told({slot.name: values[index]})
        said = _text_value(model, turn, slot)
        if said:
            return Told({question.slot: said})
    return NotUnderstood()


def _place(text: str) -> int:
    digit = fold(text)
    return int(digit) - 1 if len(digit) == 1 and digit.isdecimal() else -1


def _to_a_secret_question(model: Model, turn: Turn, heard: Heard, intent: Intent, frame: Frame | None) -> Meaning:
    """Whatever answers a question for a secret is the secret, unless it is plainly something else."""
    if frame is not None and frame.intent == intent.name and intent.begin:
        values, _ = read_values(model, turn, intent, heard.slots, frame.slots)
        if _no_code(turn, intent) or (values and not any(heard.slots.get(s.name) for s in intent.slots if s.sensitive)):
            return Wanted(intent, {**_named(model, turn, intent), **values})
    if intent.role in (Role.FALLBACK, Role.CORRECT, Role.CHOOSE) or (frame and frame.intent == intent.name):
        return _the_secret(model, turn, frame)
    if intent.role in (Role.YES, Role.NO):
        return NotUnderstood()
    if intent.role in WANTED:
        return Wanted(intent, {})
    return Universal(intent.role)


def _the_secret(model: Model, turn: Turn, frame: Frame | None) -> Meaning:
    """What no recogniser could make out, where a secret was asked for; words without a digit are no code."""
    intent = model.intent(frame.intent) if frame is not None else None
    if frame is not None and intent is not None and intent.begin and _no_code(turn, intent):
        values = {name: value for name, value in _named(model, turn, intent).items() if frame.slots.get(name) != value}
        return Wanted(intent, values) if values else NotUnderstood()
    return Secret() if turn.sealed is not None else NotUnderstood()


def _no_code(turn: Turn, intent: Intent) -> bool:
    """Whether these words can't hold the code: then nothing in them was masked as one."""
    kind = next((slot.sensitive for slot in intent.slots if slot.sensitive), "")
    return kind == "code" and bool(turn.text.strip()) and LABELS[kind] not in turn.text


def _named(model: Model, turn: Turn, intent: Intent) -> dict[str, str]:
    """Values of the intent's choices that stand in the text: a question for a secret has no recogniser's help."""
    said = f" {fold(turn.text)} "
    found: dict[str, str] = {}
    for slot in intent.slots:
        for value, names in model.words(turn.locale).values.get(slot.type, {}).items():
            if any(f" {fold(name)} " in said for name in names):
                found.setdefault(slot.name, value)
    return found


def _yes_no(word: str, model: Model, question: Question | None, frame: Frame | None) -> Meaning:
    if question is not None and question.asked is Asked.SLOT and frame is not None:
        intent = model.intent(frame.intent)
        slot = intent.slot(question.slot) if intent else None
        if slot is None or slot_type(model, slot.type).base is not Base.YES_NO:
            return NotUnderstood()
        return Told({slot.name: word})
    return Yes() if word == "yes" else No()


def _chosen(heard: Heard, question: Question | None, frame: Frame | None, model: Model) -> Meaning:
    place = next((int(v) for v in heard.slots.values() if v.isascii() and v.isdigit() and len(v) < 3), 0)
    if place == 0:
        place = next((n for v in heard.slots.values() if (n := _ordinal(model, v))), 0)
    if question is None or place < 1:
        return NotUnderstood()
    if question.asked in _YES_OR_NO:
        return NotUnderstood()
    if question.asked is Asked.SLOT:
        intent = model.intent(frame.intent) if frame else None
        slot = intent.slot(question.slot) if intent else None
        values = slot_type(model, slot.type).values if slot else ()
        return Told({question.slot: values[place - 1]}) if place <= len(values) else NotUnderstood()
    return Picked(place - 1) if place <= len(question.options) else NotUnderstood()


def _ordinal(model: Model, heard: str) -> int:
    choose = model.intents.get(model.by_role.get(Role.CHOOSE, ""))
    if choose is None or not choose.slots:
        return 0
    value = canonical(model, model.default_locale, choose.slots[0].type, heard)
    return int(value) if value and value.isdigit() else 0


def _correction(model: Model, turn: Turn, heard: Heard, frame: Frame | None) -> Meaning:
    intent = model.intent(frame.intent) if frame else None
    if frame is None or intent is None:
        return NotUnderstood()
    open_slots = [s for s in intent.slots if not s.sensitive and applies(s, frame.slots)]
    which = heard.slots.get("which")
    if which is not None:
        wanted = canonical(model, turn.locale, "slot_label", which) if "slot_label" in model.slot_types else None
        open_slots = [s for s in open_slots if s.name == (wanted or which)]
    said = [(name, value) for name, value in heard.slots.items() if name != "which"]
    for name, value in said:
        fitting = [
            (s, c)
            for s in open_slots
            if _of_the_kind(model, s, name) and (c := canonical(model, turn.locale, s.type, value)) is not None
        ]
        if not fitting:
            continue
        given = [(s, c) for s, c in fitting if s.name in frame.slots] or fitting[:1]
        changed = [(s, c) for s, c in given if frame.slots.get(s.name) != c] or given
        if len({c for _, c in changed}) == 1:
            return Corrected(tuple(s.name for s, _ in changed), changed[0][1])
        return Corrected((changed[0][0].name,), changed[0][1])
    if which is not None and open_slots and not said:
        return Corrected((open_slots[0].name,))
    return NotUnderstood()


def _of_the_kind(model: Model, slot: Slot, heard_as: str) -> bool:
    """Whether a correction heard as that kind can be for the slot: a phone number is never taken for a name.

    Values of a choice may belong to several choices ("savings" as an account and as a destination).
    """
    base = slot_type(model, slot.type).base
    if base is Base.CHOICE:
        return _base_of(model, heard_as) is Base.CHOICE
    if base in _FIGURES:
        # A platform may have one type for all that is said in figures.
        return _base_of(model, heard_as) in _FIGURES
    return heard_as in (slot.type, base.value)


_FIGURES = (Base.MONEY, Base.NUMBER, Base.DIGITS)


def _base_of(model: Model, name: str) -> Base | None:
    """The base of the type called so; None if there is none."""
    try:
        return slot_type(model, name).base
    except KeyError:
        return None


def _keyed(model: Model, question: Question | None, frame: Frame | None, turn: Turn) -> Meaning:
    keys = turn.keys
    if question is not None and question.secret:
        return Secret() if turn.sealed is not None else NotUnderstood()
    intent = model.intent(frame.intent) if frame else None
    slot = intent.slot(question.slot) if intent and question and question.asked is Asked.SLOT else None
    if slot is not None:
        value = from_keys(model, slot.type, keys)
        if value is not None:
            return Told({slot.name: value})
        return Universal(Role.PERSON) if keys == "0" else Told({}, (slot.name,))
    if keys == "0":
        return Universal(Role.PERSON)
    place = int(keys) if keys.isascii() and keys.isdigit() and len(keys) == 1 else 0
    if question is None:
        return _from_menu(model, place)
    if question.asked in _YES_OR_NO:
        return Yes() if place == 1 else No() if place == 2 else NotUnderstood()
    return Picked(place - 1) if 1 <= place <= len(question.options) else NotUnderstood()


def _from_menu(model: Model, place: int) -> Meaning:
    if not 1 <= place <= len(model.menu):
        return NotUnderstood()
    intent = model.intent(model.menu[place - 1])
    if intent is None:
        return NotUnderstood()
    return Wanted(intent, {}) if intent.role in WANTED else Universal(intent.role)
