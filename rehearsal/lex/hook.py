"""Calls the code hook as Lex does, and takes of its answer only what Lex would accept.

The wording of the refusals is the service's where it is known from reports of its users ("Invalid Lambda
Response: Received error response from Lambda: Unhandled", "… Lambda response exceeds maximum size (27509
vs. 25K)", "… Received null response from Lambda", "… Received invalid response from Lambda: …"). Where
Lex's leniency is unknown (numbers in place of strings), the stand-in is strict.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from rehearsal.lex.errors import BadGateway, DependencyFailed
from rehearsal.lex.shapes import pruned, shape_named, violations
from rehearsal.lex.values import Json, Message, SessionState, read_message, read_session_state

log = logging.getLogger(__name__)

LIMIT_SECONDS = 30.0
"""Lex waits this long for a code hook (Amazon Lex V2 developer guide)."""
LARGEST_ANSWER = 25 * 1024
"""Bytes (Amazon Lex V2 quotas: output of a Lambda function)."""
LARGEST_ATTRIBUTES = 12 * 1024
"""Bytes of keys and values (Amazon Lex V2 quotas: session attributes)."""
PREFIX = "Invalid Lambda Response: "


class HookUnreachable(Exception):
    """Raised by a Hook when the function cannot be invoked at all; Lex answers BadGatewayException."""


class Hook(Protocol):
    """Invokes Lambda functions."""

    def __call__(self, logical_id: str, event: Json, /) -> object:
        """The function's answer to `event`; raises what the function raises."""


@dataclass(frozen=True, slots=True)
class HookAnswer:
    """A code hook's answer whose shape is sound."""

    state: SessionState
    """sessionState; members that the hook left out are None."""
    messages: tuple[Message, ...]
    """Messages, possibly none."""
    request_attributes: Mapping[str, str] | None
    """None where the hook named none."""


def ask(hook: Hook, logical_id: str, event: Json, limit_seconds: float = LIMIT_SECONDS) -> HookAnswer:
    """The hook's answer to `event`.

    Raises DependencyFailed if it raises, overruns or answers nonsense, BadGateway if it cannot be reached.
    """
    return read_answer(_invoke(hook, logical_id, json.dumps(event), limit_seconds))


def read_answer(text: str) -> HookAnswer:
    """A hook's answer from its JSON text; raises DependencyFailed where Lex would not accept it."""
    size = len(text.encode())
    if size > LARGEST_ANSWER:
        raise DependencyFailed(f"{PREFIX}Lambda response exceeds maximum size ({size} vs. 25K)")
    try:
        answer = json.loads(text)
    except RecursionError as error:
        raise _invalid("the response is nested too deeply") from error
    if answer is None:
        raise DependencyFailed(f"{PREFIX}Received null response from Lambda")
    if not isinstance(answer, dict):
        raise _invalid("the response must be a JSON object")
    if answer.get("sessionState") is None:
        raise _invalid("sessionState must not be null")
    for member, shape in (
        ("sessionState", "SessionState"),
        ("messages", "Messages"),
        ("requestAttributes", "StringMap"),
    ):
        if answer.get(member) is not None:
            found = violations(answer[member], shape_named(shape), member)
            if found:
                raise _invalid("; ".join(str(each) for each in found))
            answer[member] = pruned(answer[member], shape_named(shape))
    state = read_session_state(answer["sessionState"])
    messages = tuple(read_message(each) for each in answer.get("messages") or ())
    _check(state, messages)
    return HookAnswer(state, messages, answer.get("requestAttributes"))


def attributes_size(attributes: Mapping[str, str]) -> int:
    """Bytes of all keys and values."""
    return sum(
        len(key.encode("utf-8", "surrogatepass")) + len(value.encode("utf-8", "surrogatepass"))
        for key, value in attributes.items()
    )


def _check(state: SessionState, messages: tuple[Message, ...]) -> None:
    action = state.action
    if action is None:
        raise _invalid("sessionState.dialogAction must not be null")
    if action.type == "None":
        raise _invalid("dialogAction.type None is not for a Lambda function to return")
    if state.intent is None and action.type != "ElicitIntent":
        raise _invalid(f"sessionState.intent is required for dialogAction.type {action.type}")
    if action.type == "ElicitSlot" and action.slot is None:
        raise _invalid("dialogAction.slotToElicit is required for dialogAction.type ElicitSlot")
    if action.type in {"ElicitIntent", "ConfirmIntent"} and not messages:
        raise _invalid(f"messages are required for dialogAction.type {action.type}")
    for number, message in enumerate(messages, 1):
        if message.content_type == "ImageResponseCard":
            if message.card is None:
                raise _invalid(f"messages.{number}: imageResponseCard is required for an ImageResponseCard")
        elif message.content is None:
            raise _invalid(f"messages.{number}: content is required for {message.content_type}")
    if state.attributes and attributes_size(state.attributes) > LARGEST_ATTRIBUTES:
        raise _invalid(f"session attributes exceed {LARGEST_ATTRIBUTES} bytes")
    names = [context.name for context in state.contexts or ()]
    if len(names) != len(set(names)):
        raise _invalid("activeContexts names a context twice")


def _invalid(detail: str) -> DependencyFailed:
    return DependencyFailed(f"{PREFIX}Received invalid response from Lambda: {detail}")


def _invoke(hook: Hook, logical_id: str, event: str, limit_seconds: float) -> str:
    """The function's answer as JSON text. When it overruns, its thread is left behind, as Lambda would."""
    outcome: list[str | BaseException] = []

    def run() -> None:
        try:
            outcome.append(_marshalled(hook(logical_id, json.loads(event))))
        except BaseException as error:  # noqa: BLE001 - whatever a handler raises must reach the customer as Lex's answer
            outcome.append(error)

    thread = threading.Thread(target=run, name=f"hook-{logical_id}", daemon=True)
    thread.start()
    thread.join(limit_seconds)
    if not outcome:
        raise DependencyFailed(
            f"{PREFIX}Received error response from Lambda: Task timed out after {limit_seconds:.2f} seconds"
        )
    result = outcome[0]
    if isinstance(result, HookUnreachable):
        raise BadGateway(f"The Lambda function {logical_id} could not be invoked: {result}") from result
    if isinstance(result, BaseException):
        log.error("the code hook %s failed", logical_id, exc_info=result)
        raise DependencyFailed(f"{PREFIX}Received error response from Lambda: Unhandled") from result
    return result


def _marshalled(answer: Any) -> str:
    """The answer as Lambda's runtime would send it; raises where it cannot be JSON."""
    return json.dumps(answer, ensure_ascii=False, allow_nan=False).encode().decode()
