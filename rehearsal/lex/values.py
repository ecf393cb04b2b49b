"""The state of a Lex dialogue as values: slots, intents, dialogue actions, contexts, hints, messages.

Each `read_*` takes JSON that was checked against its shape before; each `*_json` gives that JSON back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SlotValue:
    """What a slot holds."""

    shape: str = "Scalar"
    """Scalar, List or Composite."""
    original: str | None = None
    """The customer's words for it."""
    interpreted: str | None = None
    """The value by the slot type's resolution strategy; None for a List or Composite."""
    resolved: tuple[str, ...] = ()
    """Possible resolutions, the best first; empty where the type resolves nothing."""
    values: tuple[SlotValue, ...] = ()
    """The members of a List."""
    sub_slots: Mapping[str, SlotValue | None] = field(default_factory=dict)
    """The parts of a Composite."""


Slots = Mapping[str, SlotValue | None]


@dataclass(frozen=True, slots=True)
class IntentState:
    """The intent under way."""

    name: str
    """As in the bot's locale."""
    slots: Slots = field(default_factory=dict)
    """Every slot of the intent; None where unset."""
    state: str = "InProgress"
    """Failed, Fulfilled, FulfillmentInProgress, InProgress, ReadyForFulfillment or Waiting."""
    confirmation: str = "None"
    """Confirmed, Denied or None."""


@dataclass(frozen=True, slots=True)
class DialogAction:
    """What the bot does next."""

    type: str
    """Close, ConfirmIntent, Delegate, ElicitIntent, ElicitSlot or None."""
    slot: str | None = None
    """The slot to elicit, for ElicitSlot."""
    style: str | None = None
    """Default, SpellByLetter or SpellByWord."""
    sub_slot: Json | None = None
    """The part of a composite slot to elicit, as it came; the stand-in only carries it."""


@dataclass(frozen=True, slots=True)
class ActiveContext:
    """A context that the session is in."""

    name: str
    """As an intent's input or output context names it."""
    seconds: int
    """Seconds left when it was set, 5 to 86,400."""
    turns: int
    """Turns left, 1 to 20."""
    attributes: Mapping[str, str]
    """Its parameters."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button of a card."""

    text: str
    """What it shows, at most 50 characters."""
    value: str
    """What it sends, at most 50 characters."""


@dataclass(frozen=True, slots=True)
class Card:
    """An image response card."""

    title: str
    """At most 250 characters."""
    subtitle: str | None = None
    """At most 250 characters."""
    image_url: str | None = None
    """At most 250 characters."""
    buttons: tuple[Button, ...] = ()
    """At most five."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message to the customer."""

    content_type: str
    """PlainText, SSML, CustomPayload or ImageResponseCard."""
    content: str | None = None
    """At most 1,024 characters; None for a card."""
    card: Card | None = None
    """For ImageResponseCard only."""


@dataclass(frozen=True, slots=True)
class SessionState:
    """A session's state; None in a member means that the sender did not name it."""

    attributes: Mapping[str, str] | None = None
    """Session attributes."""
    contexts: tuple[ActiveContext, ...] | None = None
    """Active contexts; empty clears them."""
    intent: IntentState | None = None
    """The intent under way."""
    action: DialogAction | None = None
    """What comes next."""
    hints: Json | None = None
    """The runtimeHints member as it came: intent, slot, phrases."""


def read_slot(data: Json) -> SlotValue:
    """A slot from the Slot shape."""
    value = data.get("value") or {}
    values = tuple(read_slot(each) for each in data.get("values") or () if each)
    sub_slots = read_slots(data.get("subSlots") or {})
    guessed = "List" if values else "Composite" if sub_slots else "Scalar"
    return SlotValue(
        shape=data.get("shape") or guessed,
        original=value.get("originalValue"),
        interpreted=value.get("interpretedValue"),
        resolved=tuple(value.get("resolvedValues") or ()),
        values=values,
        sub_slots=sub_slots,
    )


def read_slots(data: Json) -> dict[str, SlotValue | None]:
    """Slots by name; null entries stay None, and so does an object that holds no value at all."""
    return {
        name: read_slot(slot) if slot and any(slot.get(part) for part in ("value", "values", "subSlots")) else None
        for name, slot in data.items()
    }


def slot_json(slot: SlotValue) -> Json:
    """The Slot shape of `slot`."""
    data: Json = {"shape": slot.shape}
    if slot.interpreted is not None:
        data["value"] = {
            "originalValue": slot.original or slot.interpreted,
            "interpretedValue": slot.interpreted,
            "resolvedValues": list(slot.resolved),
        }
    if slot.shape == "List":
        data["values"] = [slot_json(each) for each in slot.values]
    if slot.sub_slots:
        data["subSlots"] = slots_json(slot.sub_slots)
    return data


def slots_json(slots: Slots) -> Json:
    """The Slots shape: null where unset."""
    return {name: None if slot is None else slot_json(slot) for name, slot in slots.items()}


def read_intent(data: Json) -> IntentState:
    """An intent from the Intent shape."""
    return IntentState(
        name=data["name"],
        slots=read_slots(data.get("slots") or {}),
        state=data.get("state") or "InProgress",
        confirmation=data.get("confirmationState") or "None",
    )


def intent_json(intent: IntentState) -> Json:
    """The Intent shape of `intent`."""
    return {
        "name": intent.name,
        "slots": slots_json(intent.slots),
        "state": intent.state,
        "confirmationState": intent.confirmation,
    }


def read_action(data: Json) -> DialogAction:
    """A dialogue action from the DialogAction shape."""
    return DialogAction(
        data["type"], data.get("slotToElicit"), data.get("slotElicitationStyle"), data.get("subSlotToElicit")
    )


def action_json(action: DialogAction) -> Json:
    """The DialogAction shape of `action`."""
    data: Json = {"type": action.type}
    if action.slot is not None:
        data["slotToElicit"] = action.slot
    if action.style is not None:
        data["slotElicitationStyle"] = action.style
    if action.sub_slot is not None:
        data["subSlotToElicit"] = action.sub_slot
    return data


def read_context(data: Json) -> ActiveContext:
    """A context from the ActiveContext shape."""
    life = data["timeToLive"]
    return ActiveContext(
        data["name"], life["timeToLiveInSeconds"], life["turnsToLive"], dict(data["contextAttributes"])
    )


def context_json(context: ActiveContext) -> Json:
    """The ActiveContext shape of `context`."""
    return {
        "name": context.name,
        "contextAttributes": dict(context.attributes),
        "timeToLive": {"timeToLiveInSeconds": context.seconds, "turnsToLive": context.turns},
    }


def read_message(data: Json) -> Message:
    """A message from the Message shape."""
    card = data.get("imageResponseCard")
    return Message(data["contentType"], data.get("content"), read_card(card) if card else None)


def read_card(data: Json) -> Card:
    """A card from the ImageResponseCard shape."""
    buttons = tuple(Button(each["text"], each["value"]) for each in data.get("buttons") or ())
    return Card(data["title"], data.get("subtitle"), data.get("imageUrl"), buttons)


def message_json(message: Message) -> Json:
    """The Message shape of `message`."""
    data: Json = {"contentType": message.content_type}
    if message.content is not None:
        data["content"] = message.content
    if message.card is not None:
        data["imageResponseCard"] = card_json(message.card)
    return data


def card_json(card: Card) -> Json:
    """The ImageResponseCard shape of `card`."""
    data: Json = {"title": card.title}
    if card.subtitle is not None:
        data["subtitle"] = card.subtitle
    if card.image_url is not None:
        data["imageUrl"] = card.image_url
    if card.buttons:
        data["buttons"] = [{"text": each.text, "value": each.value} for each in card.buttons]
    return data


def read_session_state(data: Json) -> SessionState:
    """A state from the SessionState shape; what is absent or null stays None."""
    contexts, intent, action = data.get("activeContexts"), data.get("intent"), data.get("dialogAction")
    return SessionState(
        attributes=data.get("sessionAttributes"),
        contexts=None if contexts is None else tuple(read_context(each) for each in contexts),
        intent=read_intent(intent) if intent else None,
        action=read_action(action) if action else None,
        hints=data.get("runtimeHints"),
    )


def session_state_json(state: SessionState) -> Json:
    """The SessionState shape of `state`; members that are None are left out."""
    data: Json = {}
    if state.action is not None:
        data["dialogAction"] = action_json(state.action)
    if state.intent is not None:
        data["intent"] = intent_json(state.intent)
    if state.contexts is not None:
        data["activeContexts"] = [context_json(each) for each in state.contexts]
    if state.attributes is not None:
        data["sessionAttributes"] = dict(state.attributes)
    if state.hints:
        data["runtimeHints"] = state.hints
    return data
