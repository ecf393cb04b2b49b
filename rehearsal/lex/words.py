"""What the bot's definition says by itself: prompts and closings, with slots and attributes filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from rehearsal.lex.definition import Intent, Prompt
from rehearsal.lex.values import DialogAction, IntentState, Message

LONGEST_MESSAGE = 1024
"""Characters (botocore: Text)."""


def words_for(
    intent: Intent, action: DialogAction, state: IntentState, attributes: Mapping[str, str]
) -> tuple[Message, ...]:
    """What the bot's definition says for `action`."""
    prompt: Prompt | None = None
    match action.type:
        case "ElicitSlot":
            slot = intent.slots.get(action.slot or "")
            prompt = slot.prompt if slot else None
        case "ConfirmIntent":
            prompt = intent.confirmation
        case "Close" if state.confirmation == "Denied":
            prompt = intent.declination
        case "Close" if state.state == "Failed":
            prompt = intent.failure
        case "Close":
            prompt = intent.closing
    return filled(prompt, state, attributes) if prompt else ()


def filled(prompt: Prompt, state: IntentState, attributes: Mapping[str, str]) -> tuple[Message, ...]:
    """The prompt's messages with `{slot}` and `[session attribute]` filled in."""

    def slot(match: re.Match[str]) -> str:
        value = state.slots.get(match[1])
        return (value.interpreted or "") if value else ""

    def attribute(match: re.Match[str]) -> str:
        return attributes.get(match[1], match[0])

    messages = []
    for message in prompt.messages:
        if message.content is not None and message.content_type != "CustomPayload":
            content = re.sub(r"\[([\w:.-]+)\]", attribute, re.sub(r"\{(\w+)\}", slot, message.content))
            message = replace(message, content=content[:LONGEST_MESSAGE] or " ")
        messages.append(message)
    return tuple(messages)
