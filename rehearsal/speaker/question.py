"""The open question of a dialog: read from a directive, answered by the next utterance.

Rules: Alexa Skills Kit, "Dialog interface reference" and "Dialog management". Not documented, and assumed
here: a dialog goes on while its intent is the one understood, so that a second value said to a confirmation
joins those that stand; dialogState is COMPLETED as soon as all that the dialog model demands is there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rehearsal.speaker.ear import Ear, HeardSlot, Interpretation
from rehearsal.speaker.faults import SkillFault
from rehearsal.speaker.skill import BUILT_IN, FALLBACK, Skill
from rehearsal.speaker.slots import UNFILLABLE, Json, filled, kept, unfilled

ELICIT_SLOT, CONFIRM_SLOT, CONFIRM_INTENT = "Dialog.ElicitSlot", "Dialog.ConfirmSlot", "Dialog.ConfirmIntent"
_SLOT_MEMBER = {ELICIT_SLOT: "slotToElicit", CONFIRM_SLOT: "slotToConfirm"}
_STATUSES = ("NONE", "CONFIRMED", "DENIED")

Agreed = Callable[[str], bool | None]
"""Tells a yes (True) and a no (False) from any other answer (None)."""


@dataclass(frozen=True, slots=True)
class Question:
    """What the skill's last directive asked for."""

    type: str
    """The directive's type."""
    intent: Json
    """The updated intent, with every slot of the model."""
    slot: str = ""
    """The slot to elicit or to confirm; empty for a whole intent."""

    @property
    def confirms(self) -> bool:
        """Whether it asked for yes or no."""
        return self.type != ELICIT_SLOT


@dataclass(frozen=True, slots=True)
class Understood:
    """What became of an utterance."""

    intent: Json
    """The intent as the request carries it."""
    dialog_state: str | None
    """None for an intent without a dialog."""


def read_question(skill: Skill, directives: Sequence[Mapping[str, Any]], before: Json | None) -> Question | None:
    """The question that a response's directives ask; `before` is the intent of the request they answer.

    Raises SkillFault for a directive that the service, or this speaker, does not take.
    """
    if not directives:
        return None
    for directive in directives:
        if directive.get("type") == "Dialog.Delegate":
            raise SkillFault(
                "the response delegates the dialog (Dialog.Delegate): this skill keeps every dialog in its "
                "own hands, so that it is the same on all channels. Elicit or confirm instead"
            )
        if directive.get("type") not in (ELICIT_SLOT, CONFIRM_SLOT, CONFIRM_INTENT):
            raise SkillFault(f"this device has no interface for the directive {directive.get('type')!r}")
    if len(directives) > 1:
        raise SkillFault("the response has more than one dialog directive")
    directive = directives[0]
    kind = str(directive["type"])
    intent = _intent(skill, kind, directive.get("updatedIntent") or before)
    slot = _slot(skill, kind, directive, intent)
    return Question(kind, intent, slot)


def understand(skill: Skill, ear: Ear, agreed: Agreed, question: Question | None, text: str) -> Understood:
    """The intent that an utterance in the open session means."""
    if question is not None and question.confirms and (answer := agreed(text)) is not None:
        return _understood(skill, _settled(question, "CONFIRMED" if answer else "DENIED"), begun=False)
    asked = question is not None and not question.confirms
    readings = ear.recognise(
        text,
        eliciting=(question.intent["name"], question.slot) if question is not None and asked else None,
        confirming=question is not None and not asked,
    )
    top = _best(skill, readings)
    if top is None:
        return Understood({"name": FALLBACK, "confirmationStatus": "NONE"}, None)
    said = _heard_slots(skill, top.intent, top.slots)
    goes_on = question is not None and question.intent["name"] == top.intent
    standing = question.intent["slots"] if question is not None and goes_on else {}
    slots = {name: said.get(name) or standing.get(name) or unfilled(name) for name in skill.intents[top.intent]}
    intent: Json = {"name": top.intent, "confirmationStatus": "NONE", **({"slots": slots} if slots else {})}
    return _understood(skill, intent, begun=not goes_on)


def _best(skill: Skill, readings: Sequence[Interpretation]) -> Interpretation | None:
    """The first reading that the model knows; None for the fallback."""
    known = next((each for each in readings if each.intent in skill.intents), None)
    return None if known is None or known.intent == FALLBACK else known


def _heard_slots(skill: Skill, intent: str, slots: Mapping[str, HeardSlot | None]) -> dict[str, Json]:
    return {
        name: filled(skill, intent, name, heard)
        for name in skill.intents[intent]
        if (heard := slots.get(name)) is not None and (heard.original or heard.interpreted)
    }


def _settled(question: Question, status: str) -> Json:
    intent = question.intent
    if question.type == CONFIRM_INTENT:
        return {**intent, "confirmationStatus": status}
    slot = {**intent["slots"][question.slot], "confirmationStatus": status}
    return {**intent, "slots": {**intent["slots"], question.slot: slot}}


def _understood(skill: Skill, intent: Json, *, begun: bool) -> Understood:
    rules = skill.dialogs.get(intent["name"])
    if rules is None:
        return Understood(intent, None)
    if begun:
        return Understood(intent, "STARTED")
    slots = intent.get("slots", {})
    complete = (
        all(slots[name].get("value", UNFILLABLE) != UNFILLABLE for name in rules.required)
        and all(slots[name]["confirmationStatus"] == "CONFIRMED" for name in rules.confirmed)
        and (not rules.confirms or intent["confirmationStatus"] != "NONE")
    )
    return Understood(intent, "COMPLETED" if complete else "IN_PROGRESS")


def _intent(skill: Skill, kind: str, given: object) -> Json:
    if not isinstance(given, Mapping):
        raise SkillFault(f"{kind} has no updatedIntent, and the request had no intent to go on with")
    name = given.get("name")
    if not isinstance(name, str) or name not in skill.intents:
        raise SkillFault(f"{kind}: the interaction model has no intent {name!r}")
    if name.startswith(BUILT_IN):
        raise SkillFault(f"{kind} goes into the built-in intent {name}, which has no dialog")
    if name not in skill.dialogs:
        raise SkillFault(f"{kind}: {name} is not in the dialog model")
    slots = given.get("slots") or {}
    if not isinstance(slots, Mapping):
        raise SkillFault(f"{kind}: the slots of {name} are no JSON object")
    for slot_name, slot in slots.items():
        _check_slot(skill, kind, name, slot_name, slot)
    status = given.get("confirmationStatus", "NONE")
    if status not in _STATUSES:
        raise SkillFault(f"{kind}: {name} has the confirmationStatus {status!r}")
    return {
        "name": name,
        "confirmationStatus": status,
        "slots": {each: kept(slots[each]) if each in slots else unfilled(each) for each in skill.intents[name]},
    }


def _check_slot(skill: Skill, kind: str, intent: str, name: str, slot: object) -> None:
    if name not in skill.intents[intent]:
        raise SkillFault(f"{kind}: {intent} has no slot {name} in the interaction model")
    if not isinstance(slot, Mapping) or slot.get("name") != name:
        raise SkillFault(f"{kind}: the slot {name} of {intent} does not carry its own name")
    if slot.get("confirmationStatus", "NONE") not in _STATUSES:
        raise SkillFault(f"{kind}: the slot {name} has the confirmationStatus {slot['confirmationStatus']!r}")
    if "value" in slot and not isinstance(slot["value"], str):
        raise SkillFault(f"{kind}: the value of the slot {name} is no text")


def _slot(skill: Skill, kind: str, directive: Mapping[str, Any], intent: Json) -> str:
    member = _SLOT_MEMBER.get(kind)
    if member is None:
        return ""
    slot = directive.get(member)
    if not isinstance(slot, str) or not slot:
        raise SkillFault(f"{kind} has no {member}")
    if slot not in skill.dialogs[intent["name"]].slots:
        raise SkillFault(f"{kind}: the dialog model of {intent['name']} has no slot {slot!r}")
    if kind == CONFIRM_SLOT and not intent["slots"][slot].get("value"):
        raise SkillFault(f"{kind}: the slot {slot} has no value to confirm")
    return slot
