"""Reads the intents, slots, prompts and slot types of an AWS::Lex::Bot locale."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rehearsal.lex.definition import Intent, OutputContext, Prompt, Slot, SlotType
from rehearsal.lex.values import Button, Card, DialogAction, Message

Properties = Mapping[str, Any]


def read_intents(found: Iterable[Properties]) -> dict[str, Intent]:
    """Intents by name, in the template's order."""
    return {each["Name"]: _intent(each) for each in found}


def read_slot_types(found: Iterable[Properties]) -> dict[str, SlotType]:
    """Custom slot types by name."""
    return {each["Name"]: _slot_type(each) for each in found}


def _intent(data: Properties) -> Intent:
    initial = data.get("InitialResponseSetting") or {}
    confirmation = data.get("IntentConfirmationSetting") or {}
    closing = data.get("IntentClosingSetting") or {}
    fulfillment = data.get("FulfillmentCodeHook") or {}
    after = fulfillment.get("PostFulfillmentStatusSpecification") or {}
    first_hook = initial.get("CodeHook") or {}
    return Intent(
        name=data["Name"],
        utterances=tuple(each["Utterance"] for each in data.get("SampleUtterances") or ()),
        slots=_slots(data),
        parent=data.get("ParentIntentSignature"),
        dialog_hook=_enabled(data.get("DialogCodeHook") or {}) or _enabled(first_hook, "EnableCodeHookInvocation"),
        fulfillment_hook=_enabled(fulfillment),
        invocation_label=first_hook.get("InvocationLabel"),
        confirmation=_prompt(confirmation.get("PromptSpecification")) if _active(confirmation) else None,
        declination=_prompt(confirmation.get("DeclinationResponse")),
        closing=_prompt(closing.get("ClosingResponse")) if _active(closing) else Prompt(),
        failure=_prompt(after.get("FailureResponse")),
        initial=_prompt(initial.get("InitialResponse")),
        first_step=_first_step(initial),
        input_contexts=tuple(each["Name"] for each in data.get("InputContexts") or ()),
        output_contexts=tuple(
            OutputContext(each["Name"], int(each["TimeToLiveInSeconds"]), int(each["TurnsToLive"]))
            for each in data.get("OutputContexts") or ()
        ),
    )


def _enabled(data: Properties, key: str = "Enabled") -> bool:
    return bool(data.get(key)) and data.get("IsActive", True) is not False


def _active(data: Properties) -> bool:
    return bool(data) and data.get("IsActive", True) is not False


def _first_step(initial: Properties) -> DialogAction | None:
    step = (initial.get("NextStep") or {}).get("DialogAction")
    if not step or step["Type"] == "InvokeDialogCodeHook":
        return None
    wire_types = {"CloseIntent": "Close", "EvaluateConditional": "Delegate", "StartIntent": "Delegate"}
    known = {"ElicitIntent", "ElicitSlot", "ConfirmIntent", "Close"}
    kind = wire_types.get(step["Type"], step["Type"])
    return DialogAction(kind, step.get("SlotToElicit")) if kind in known else None


def _slots(data: Properties) -> dict[str, Slot]:
    order = {each["SlotName"]: int(each["Priority"]) for each in data.get("SlotPriorities") or ()}
    found = [_slot(each) for each in data.get("Slots") or ()]
    found.sort(key=lambda slot: order.get(slot.name, len(order) + 1))
    return {slot.name: slot for slot in found}


def _slot(data: Properties) -> Slot:
    setting = data.get("ValueElicitationSetting") or {}
    defaults = (setting.get("DefaultValueSpecification") or {}).get("DefaultValueList") or ()
    return Slot(
        name=data["Name"],
        type_name=data.get("SlotTypeName", ""),
        required=setting.get("SlotConstraint") == "Required",
        prompt=_prompt(setting.get("PromptSpecification")),
        defaults=tuple(each["DefaultValue"] for each in defaults),
        many=bool((data.get("MultipleValuesSetting") or {}).get("AllowMultipleValues")),
    )


def _slot_type(data: Properties) -> SlotType:
    selection = data.get("ValueSelectionSetting") or {}
    return SlotType(
        name=data["Name"],
        strategy=selection.get("ResolutionStrategy", "ORIGINAL_VALUE"),
        values={
            each["SampleValue"]["Value"]: tuple(synonym["Value"] for synonym in each.get("Synonyms") or ())
            for each in data.get("SlotTypeValues") or ()
        },
        parent=data.get("ParentSlotTypeSignature"),
        pattern=(selection.get("RegexFilter") or {}).get("Pattern"),
    )


def _prompt(data: Properties | None) -> Prompt:
    groups = (data or {}).get("MessageGroupsList") or ()
    return Prompt(
        messages=tuple(_message(group["Message"]) for group in groups),
        max_retries=int((data or {}).get("MaxRetries", 0)),
    )


def _message(data: Properties) -> Message:
    if card := data.get("ImageResponseCard"):
        buttons = tuple(Button(each["Text"], each["Value"]) for each in card.get("Buttons") or ())
        return Message(
            "ImageResponseCard",
            card=Card(card["Title"], card.get("Subtitle"), card.get("ImageUrl"), buttons),
        )
    for key, content_type in (
        ("PlainTextMessage", "PlainText"),
        ("SSMLMessage", "SSML"),
        ("CustomPayload", "CustomPayload"),
    ):
        if key in data:
            return Message(content_type, data[key]["Value"])
    raise ValueError(f"a message needs PlainTextMessage, SSMLMessage, CustomPayload or ImageResponseCard: {data}")
