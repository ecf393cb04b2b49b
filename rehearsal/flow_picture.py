"""The synthesised flows as pictures: blocks with readable words, where Connect's editor puts them, and their branches.

Places come from the flow's own metadata (see `telephony.layout`). A flow without any is laid out by distance from its
start, so that flows of other makers can be looked at, too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from rehearsal.assembly import Assembly
from rehearsal.connect.flows import Action, Flow, content_of
from telephony.language import BLOCKS

_COLUMN, _ROW = 320, 190
_OTHERWISE: Final = "NoMatchingCondition"
_ERRORS: Final = {
    "NoMatchingError": "on an error",
    "NoMatchingCondition": "otherwise",
    "InputTimeLimitExceeded": "after a silence",
    "QueueAtCapacity": "the queue is full",
    "ChannelMismatch": "another channel",
    "InvalidNumber": "no such number",
    "InvalidPhoneNumber": "no such number",
}
"""Branches as a stranger reads them."""
_MARKS: Final = re.compile(r"<[^>]+>")
_LONGEST: Final = 160


@dataclass(frozen=True, slots=True)
class Way:
    """A branch of a block."""

    branch: str
    """As events name it: `Success`, an operand, an error type."""
    label: str
    """As a person reads it; empty for what simply follows."""
    to: str
    """The block's id."""
    error: bool
    """Whether something has failed there."""


@dataclass(frozen=True, slots=True)
class Block:
    """A block of the picture."""

    id: str
    title: str
    """Its id as words: it is named so by whoever wrote the flow."""
    type: str
    """As in `MessageParticipant`."""
    kind: str
    """As Connect's editor calls the type: "Play prompt"."""
    says: str
    """What is said, asked or called there; may be empty."""
    x: int
    """Editor units, of the upper left corner; at least 240 between columns."""
    y: int
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A flow."""

    name: str
    """As in events."""
    title: str
    """Without what names the deployment."""
    start: str
    blocks: tuple[Block, ...]


def names(assembly: Assembly) -> dict[str, str]:
    """What things are called among people, by ARN: flows, queues, functions."""
    resources = assembly.resources
    kinds = ("AWS::Connect::ContactFlow", "AWS::Connect::ContactFlowModule", "AWS::Connect::Queue")
    called = {resources.ref(it): str(resources.resolved(it, "Name", it.id)) for it in resources.of_type(*kinds)}
    prefix = _shared(list(called.values()))
    found = {arn: _words(name.removeprefix(prefix)) for arn, name in called.items()}
    modules = {it.logical_id: _words(it.module) for it in assembly.functions}
    for alias in resources.of_type("AWS::Lambda::Alias"):
        function = resources.pointed_at(alias.properties["FunctionName"], alias.stack)
        if function is not None and function.id in modules:
            found[resources.ref(alias)] = modules[function.id]
    return found


def pictures(assembly: Assembly) -> dict[str, Picture]:
    """Every flow of the templates by its name. Raises BrokenFlow and AssemblyError as `content_of` does."""
    flows = list(content_of(assembly).values())
    resources, called = assembly.resources, names(assembly)
    places = {}
    for it in resources.of_type("AWS::Connect::ContactFlow", "AWS::Connect::ContactFlowModule"):
        places[str(resources.resolved(it, "Name", it.id))] = _places(json.loads(resources.resolved(it, "Content")))
    return {flow.name: picture(flow, places.get(flow.name, {}), called) for flow in flows}


def picture(flow: Flow, places: Mapping[str, tuple[int, int]], called: Mapping[str, str]) -> Picture:
    """A flow as it is drawn; `places` of blocks that have one, `called` as of `names`."""
    laid = places if all(id in places for id in flow.actions) else _by_depth(flow)
    blocks = tuple(_block(action, laid[action.id], called) for action in flow.actions.values())
    return Picture(flow.name, called.get(flow.arn) or _words(flow.name), flow.start, blocks)


def _block(action: Action, place: tuple[int, int], called: Mapping[str, str]) -> Block:
    spec = BLOCKS.get(action.type)
    kind = (spec.title if spec else "").partition(", ")[0] or _spaced(action.type)
    title = _words(action.id) if re.search(r"[a-z]{2}", action.id) and len(action.id) < 36 else kind
    return Block(action.id, title, action.type, kind, _says(action, called), *place, _ways(action))


def _ways(action: Action) -> tuple[Way, ...]:
    ways = [Way(one.operands[0], _condition(one.operator, one.operands), one.next, False) for one in action.conditions]
    if action.next is not None and not (ways and action.errors.get(_OTHERWISE) == action.next):
        ways.append(Way("Success", "otherwise" if ways else "", action.next, False))
    for error, to in action.errors.items():
        ways.append(Way(error, _ERRORS.get(error, _spaced(error).lower()), to, error != _OTHERWISE))
    return tuple(ways)


def _condition(operator: str, operands: tuple[str, ...]) -> str:
    value = " or ".join(_spaced(one) if re.fullmatch(r"([A-Z][a-z]+){2,}", one) else one for one in operands)
    return value if operator == "Equals" else f"{_spaced(operator).lower()} {value}"


def _says(action: Action, called: Mapping[str, str]) -> str:
    parameters = action.parameters
    for name in ("Text", "SSML"):
        if isinstance(said := parameters.get(name), str) and said:
            return _cut(" ".join(_MARKS.sub(" ", said).split()))
    for name in ("LambdaFunctionARN", "ContactFlowId", "QueueId"):
        if isinstance(named := parameters.get(name), str) and named in called:
            return called[named]
    compared = parameters.get("ComparisonValue")
    if isinstance(compared, str):
        return _cut(compared.removeprefix("$.").replace(".", ", "))
    values = parameters.get("Attributes")
    if isinstance(values, Mapping):
        return _cut(", ".join(str(name) for name in values))
    return ""


def _places(content: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    told = content.get("Metadata", {}).get("ActionMetadata", {})
    return {
        id: (round(one["position"]["x"]), round(one["position"]["y"])) for id, one in told.items() if "position" in one
    }


def _by_depth(flow: Flow) -> dict[str, tuple[int, int]]:
    depths, waiting = {flow.start: 0}, [flow.start]
    for id in waiting:
        for to in flow.actions[id].targets():
            if to not in depths:
                depths[to] = depths[id] + 1
                waiting.append(to)
    last = max(depths.values()) + 1
    rows: dict[int, int] = {}
    places = {}
    for id in flow.actions:
        column = depths.get(id, last)
        row = rows[column] = rows.get(column, -1) + 1
        places[id] = (column * _COLUMN, row * _ROW)
    return places


def _shared(names: list[str]) -> str:
    """What all names begin with, up to a hyphen: the deployment's prefix."""
    if len(names) < 2:
        return ""
    first, last = min(names), max(names)
    same = next((at for at, letter in enumerate(first) if last[at : at + 1] != letter), len(first))
    return first[: first.rfind("-", 0, same) + 1]


def _words(name: str) -> str:
    words = re.sub(r"[-_\s]+", " ", name).strip()
    return words[:1].upper() + words[1:]


def _spaced(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).capitalize()


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"
