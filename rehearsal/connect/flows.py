"""Contact flows as they are deployed: the flow language read into frozen values, and found in what was synthesised.

The language is the one of version 2019-10-30 (Amazon Connect developer guide, "Flow language"). Exports of Connect's
older editor ("modules" with "branches") are read too, see `legacy`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rehearsal.connect.errors import BrokenFlow, UnknownFlow
from rehearsal.connect.legacy import is_legacy, modern

if TYPE_CHECKING:
    from rehearsal.assembly import Assembly

VERSION: Final = "2019-10-30"
MOST_ACTIONS: Final = 250
"""Actions in one flow (Amazon Connect developer guide, Flow language: example flow)."""
MODULE: Final = "MODULE"
CONTACT_FLOW: Final = "CONTACT_FLOW"
_KINDS: Final = {
    "contactFlow": CONTACT_FLOW,
    "customerQueue": "CUSTOMER_QUEUE",
    "customerHold": "CUSTOMER_HOLD",
    "customerWhisper": "CUSTOMER_WHISPER",
    "agentHold": "AGENT_HOLD",
    "agentWhisper": "AGENT_WHISPER",
    "outboundWhisper": "OUTBOUND_WHISPER",
    "agentTransfer": "AGENT_TRANSFER",
    "queueTransfer": "QUEUE_TRANSFER",
    "flowModule": MODULE,
}
"""Types as the editor exports them, and as the API and CloudFormation name them."""
_TELLING: Final = {
    "EndFlowModuleExecution": MODULE,
    "DequeueContactAndTransferToQueue": "CUSTOMER_QUEUE",
    "MessageParticipantIteratively": "CUSTOMER_QUEUE",
}
"""Blocks that only such flows may have, where neither the file nor the caller says what it is (administrator guide,
"Return", "Transfer to queue" and "Loop prompts")."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A branch that is taken when a block's result matches."""

    operator: str
    """As in `Equals`."""
    operands: tuple[str, ...]
    """One, usually; may hold references."""
    next: str
    """The action that follows; empty where a draft leaves the branch unconnected."""


@dataclass(frozen=True, slots=True)
class Action:
    """A block of a flow."""

    id: str
    """Unique in its flow."""
    type: str
    """As in `MessageParticipant`."""
    parameters: Mapping[str, object]
    """As they stand in the content, references unresolved."""
    next: str | None
    """The action that follows on success; None where the block has no such branch."""
    conditions: tuple[Condition, ...]
    """In the order in which they are tried."""
    errors: Mapping[str, str]
    """Error type to the action that follows."""

    def targets(self) -> tuple[str, ...]:
        """Every action that may follow."""
        ways = (self.next, *(it.next for it in self.conditions), *self.errors.values())
        return tuple(it for it in ways if it)


@dataclass(frozen=True, slots=True)
class Flow:
    """A contact flow or a flow module."""

    arn: str
    """By which other flows name it."""
    name: str
    """As a person reads it."""
    kind: str
    """CONTACT_FLOW, CUSTOMER_QUEUE, AGENT_WHISPER, …, or MODULE."""
    start: str
    """The id of the first action."""
    actions: Mapping[str, Action]
    """By id, in the content's order."""


class Flows:
    """Flows by ARN; found by id or name as well, since flow files of other instances name each other so."""

    def __init__(self, flows: Iterable[Flow]) -> None:
        self._by_arn = {flow.arn: flow for flow in flows}

    def __iter__(self) -> Iterator[Flow]:
        """Every flow."""
        return iter(self._by_arn.values())

    def __len__(self) -> int:
        return len(self._by_arn)

    def find(self, reference: str) -> Flow:
        """The flow of that ARN (with or without alias), id or name. Raises UnknownFlow."""
        found = self._by_arn.get(reference)
        if found is not None:
            return found
        bare = reference.partition(":$")[0].rpartition("/")[2]
        for flow in self._by_arn.values():
            if reference in (flow.name, flow.arn.partition(":$")[0]) or (bare and flow.arn.rpartition("/")[2] == bare):
                return flow
        raise UnknownFlow(f"no flow {reference}: known are {', '.join(sorted(it.name for it in self)) or 'none'}")


def read_flow(content: str | Mapping[str, object], *, name: str = "", arn: str = "", kind: str = "") -> Flow:
    """A flow of its content. `name`, `arn` and `kind` stand in where the content's metadata says nothing.

    Raises BrokenFlow with the flow's name and the action's id.
    """
    flow = name or "flow"
    document = _document(content, flow)
    if is_legacy(document):
        document = modern(document, flow)
    metadata = document.get("Metadata")
    said = metadata if isinstance(metadata, dict) else {}
    flow = name or str(said.get("name") or "flow")
    version = document.get("Version")
    if version != VERSION:
        raise BrokenFlow(flow, "", f"Version is {version!r}, and {VERSION!r} is the only one that there is")
    listed = document.get("Actions")
    if not isinstance(listed, list) or not listed:
        raise BrokenFlow(flow, "", "Actions must be a list with at least one action")
    if len(listed) > MOST_ACTIONS:
        raise BrokenFlow(flow, "", f"{len(listed)} actions, and a flow may have {MOST_ACTIONS}")
    actions: dict[str, Action] = {}
    for entry in listed:
        action = _action(entry, flow)
        if action.id in actions:
            raise BrokenFlow(flow, action.id, "two actions have this Identifier")
        actions[action.id] = action
    start = document.get("StartAction")
    if not isinstance(start, str) or start not in actions:
        raise BrokenFlow(flow, "", f"StartAction names {start!r}, which is no action of the flow")
    for action in actions.values():
        for target in action.targets():
            if target not in actions:
                raise BrokenFlow(flow, action.id, f"a transition leads to {target!r}, which is no action of the flow")
    given = str(said.get("type") or "")
    types = {it.type for it in actions.values()}
    told = next((_TELLING[it] for it in _TELLING if it in types), CONTACT_FLOW)
    return Flow(arn or f"flow/{flow}", flow, kind or _KINDS.get(given, given) or told, start, actions)


def content_of(assembly: Assembly) -> dict[str, Flow]:
    """Every flow and module of the synthesised templates, keyed by ARN.

    Raises BrokenFlow, and AssemblyError where a name in the content can't be resolved.
    """
    resources = assembly.resources
    found = {}
    for it in resources.of_type("AWS::Connect::ContactFlow", "AWS::Connect::ContactFlowModule"):
        name = str(resources.resolved(it, "Name", it.id))
        module = it.type.endswith("Module")
        kind = MODULE if module else str(resources.resolved(it, "Type", CONTACT_FLOW))
        arn = resources.ref(it)
        found[arn] = read_flow(resources.resolved(it, "Content"), name=name, arn=arn, kind=kind)
    return found


def _document(content: str | Mapping[str, object], flow: str) -> Mapping[str, object]:
    if not isinstance(content, str):
        return content
    try:
        document = json.loads(content)
    except ValueError as broken:
        raise BrokenFlow(flow, "", f"the content is no JSON: {broken}") from broken
    if not isinstance(document, dict):
        raise BrokenFlow(flow, "", "the content must be a JSON object")
    return document


def _action(entry: object, flow: str) -> Action:
    if not isinstance(entry, dict):
        raise BrokenFlow(flow, "", f"an action must be an object, not {json.dumps(entry)[:60]}")
    id = entry.get("Identifier")
    if not isinstance(id, str) or not id:
        raise BrokenFlow(flow, "", "an action has no Identifier")
    block = entry.get("Type")
    if not isinstance(block, str) or not block:
        raise BrokenFlow(flow, id, "the action has no Type")
    parameters = _object(entry.get("Parameters"), flow, id, "Parameters")
    transitions = _object(entry.get("Transitions"), flow, id, "Transitions")
    following = transitions.get("NextAction")
    if following is not None and not isinstance(following, str):
        raise BrokenFlow(flow, id, "NextAction must be the Identifier of an action")
    conditions = tuple(_condition(it, flow, id) for it in _list(transitions.get("Conditions"), flow, id, "Conditions"))
    errors: dict[str, str] = {}
    for it in _list(transitions.get("Errors"), flow, id, "Errors"):
        error = _object(it, flow, id, "an error")
        if to := _unless_open(error, flow, id):
            errors[_text(error, "ErrorType", flow, id)] = to
    return Action(id, block, parameters, following or None, conditions, errors)


def _condition(entry: object, flow: str, id: str) -> Condition:
    it = _object(entry, flow, id, "a condition")
    condition = _object(it.get("Condition"), flow, id, "Condition")
    operands = _list(condition.get("Operands"), flow, id, "Operands")
    texts = tuple(str(operand) for operand in operands if isinstance(operand, str | int | float))
    if len(texts) != len(operands) or not texts:
        raise BrokenFlow(flow, id, "a condition's Operands must be a list of texts, at least one")
    return Condition(_text(condition, "Operator", flow, id), texts, _unless_open(it, flow, id))


def _unless_open(branch: Mapping[str, object], flow: str, id: str) -> str:
    """Where a branch leads; nowhere for one that a draft leaves unconnected."""
    return _text(branch, "NextAction", flow, id) if branch.get("NextAction") else ""


def _object(value: object, flow: str, id: str, what: str) -> Mapping[str, object]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BrokenFlow(flow, id, f"{what} must be an object")
    return value


def _list(value: object, flow: str, id: str, what: str) -> Sequence[object]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise BrokenFlow(flow, id, f"{what} must be a list")
    return value


def _text(value: Mapping[str, object], name: str, flow: str, id: str) -> str:
    found = value.get(name)
    if not isinstance(found, str) or not found:
        raise BrokenFlow(flow, id, f"{name} is missing")
    return found
