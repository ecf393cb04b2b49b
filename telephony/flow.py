"""A contact flow in memory, the builder that flows are written with, and the JSON that Connect takes.

A parameter's value may be an unresolved token of the synthesis: nothing here looks into texts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from telephony.language import (
    VERSION,
    Channel,
    ConditionStyle,
    ErrorType,
    FlowType,
    Operator,
    spec_of,
)

Json = str | int | float | bool | None | Sequence["Json"] | Mapping[str, "Json"]
"""What a parameter may hold."""


PLAYS_ON = "MessageParticipantIteratively"
"""The one block that needs no next action: it plays until something else happens to the contact."""


class FlowProblem(Exception):
    """A flow that can't be put together, or content that is no flow. The message says what to mend."""


@dataclass(frozen=True, slots=True)
class Condition:
    """Where a block goes if its result compares so."""

    operator: str
    operands: tuple[str, ...]
    next: str


@dataclass(frozen=True, slots=True)
class ErrorBranch:
    """Where a block goes if it can't do its work."""

    type: str
    next: str


@dataclass(frozen=True, slots=True)
class Action:
    """One block in its place."""

    id: str
    type: str
    parameters: Mapping[str, Json]
    next: str | None = None
    conditions: tuple[Condition, ...] = ()
    errors: tuple[ErrorBranch, ...] = ()

    @property
    def leads_to(self) -> tuple[str, ...]:
        """Every identifier that a transition names, each once, success first."""
        first = (self.next,) if self.next is not None else ()
        rest = (*(c.next for c in self.conditions), *(e.next for e in self.errors))
        return tuple(dict.fromkeys((*first, *rest)))

    def error(self, type_: str) -> str | None:
        """Where that error leads; None if it has no branch."""
        return next((branch.next for branch in self.errors if branch.type == type_), None)


@dataclass(frozen=True, slots=True)
class Flow:
    """A contact flow."""

    name: str
    type: FlowType
    description: str
    start: str
    actions: tuple[Action, ...]
    channels: frozenset[Channel] = frozenset({Channel.VOICE, Channel.CHAT})
    """Channels whose contacts may enter it."""

    def action(self, id_: str) -> Action | None:
        """The action with that identifier, the first if there are several."""
        return next((action for action in self.actions if action.id == id_), None)

    def content(self) -> dict[str, Json]:
        """The flow language's JSON, with the positions of the editor: what CreateContactFlow takes as Content."""
        from telephony.layout import metadata

        return {
            "Version": VERSION,
            "StartAction": self.start,
            "Metadata": metadata(self),
            "Actions": [_written(action) for action in self.actions],
        }


def _written(action: Action) -> dict[str, Json]:
    transitions: dict[str, Json] = {}
    if action.next is not None:
        transitions["NextAction"] = action.next
    if action.conditions:
        transitions["Conditions"] = [
            {"NextAction": c.next, "Condition": {"Operator": c.operator, "Operands": list(c.operands)}}
            for c in action.conditions
        ]
    if action.errors:
        transitions["Errors"] = [{"NextAction": e.next, "ErrorType": e.type} for e in action.errors]
    return {
        "Identifier": action.id,
        "Type": action.type,
        "Parameters": dict(action.parameters),
        "Transitions": transitions,
    }


def read_flow(
    name: str, type_: FlowType, content: Mapping[str, object], channels: frozenset[Channel] | None = None
) -> Flow:
    """A flow from its JSON. Raises FlowProblem, naming the place, if the content has no flow's shape."""
    actions = tuple(_read(item, i) for i, item in enumerate(_list(content.get("Actions"), "Actions")))
    start = _text(content.get("StartAction"), "StartAction")
    if content.get("Version") != VERSION:
        raise FlowProblem(f"Version is {content.get('Version')!r}, and only {VERSION!r} is known.")
    flow = Flow(name, type_, "", start, actions)
    return flow if channels is None else replace(flow, channels=channels)


def _read(item: object, index: int) -> Action:
    at = f"Actions[{index}]"
    data = _mapping(item, at)
    transitions = _mapping(data.get("Transitions", {}), f"{at}.Transitions")
    conditions = []
    for i, entry in enumerate(_list(transitions.get("Conditions", []), f"{at}.Conditions")):
        place = f"{at}.Conditions[{i}]"
        condition = _mapping(_mapping(entry, place).get("Condition"), f"{place}.Condition")
        operands = tuple(str(o) for o in _list(condition.get("Operands", []), f"{place}.Operands"))
        target = _text(_mapping(entry, place).get("NextAction"), f"{place}.NextAction")
        conditions.append(Condition(_text(condition.get("Operator"), f"{place}.Operator"), operands, target))
    errors = []
    for i, entry in enumerate(_list(transitions.get("Errors", []), f"{at}.Errors")):
        branch = _mapping(entry, f"{at}.Errors[{i}]")
        target = _text(branch.get("NextAction"), f"{at}.Errors[{i}].NextAction")
        errors.append(ErrorBranch(_text(branch.get("ErrorType"), f"{at}.Errors[{i}].ErrorType"), target))
    after = transitions.get("NextAction")
    return Action(
        _text(data.get("Identifier"), f"{at}.Identifier"),
        _text(data.get("Type"), f"{at}.Type"),
        cast(Mapping[str, Json], _mapping(data.get("Parameters", {}), f"{at}.Parameters")),
        None if after is None else _text(after, f"{at}.NextAction"),
        tuple(conditions),
        tuple(errors),
    )


def _mapping(value: object, at: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise FlowProblem(f"{at} must be an object.")
    return value


def _list(value: object, at: str) -> Sequence[object]:
    if not isinstance(value, list | tuple):
        raise FlowProblem(f"{at} must be a list.")
    return value


def _text(value: object, at: str) -> str:
    if not isinstance(value, str) or not value:
        raise FlowProblem(f"{at} must be a text.")
    return value


@dataclass(frozen=True, slots=True)
class Test:
    """A condition's comparison, where it is not plain equality."""

    operator: Operator
    operand: str


def above(number: int) -> Test:
    """More than so much."""
    return Test(Operator.NUMBER_GREATER_THAN, str(number))


def up_to(number: int) -> Test:
    """So much or less."""
    return Test(Operator.NUMBER_LESS_OR_EQUAL_TO, str(number))


def beginning(text: str) -> Test:
    """Beginning with these characters."""
    return Test(Operator.TEXT_STARTS_WITH, text)


@dataclass(frozen=True, slots=True)
class Block:
    """What a block does, before it has a place. `telephony.blocks` makes them."""

    type: str
    parameters: Mapping[str, Json]


Tests = Mapping[str, str] | Mapping[Test, str] | Mapping[str | Test, str]
"""Result, or comparison with it, to where that leads."""


class FlowBuilder:
    """Writes a flow block by block; the first one is where it starts.

    A target may be named before its block is added. `otherwise` is where every error goes that has no branch of
    its own in `errors`. Blocks that compare take their default branch as next action too, as Connect's editor
    exports them.
    """

    def __init__(
        self, name: str, type_: FlowType, description: str, channels: frozenset[Channel] | None = None
    ) -> None:
        self._empty = Flow(name, type_, description, "", ())
        if channels is not None:
            self._empty = replace(self._empty, channels=channels)
        self._actions: dict[str, Action] = {}

    def add(
        self,
        id_: str,
        block: Block,
        then: str | None = None,
        *,
        when: Tests | None = None,
        errors: Mapping[ErrorType, str] | None = None,
        otherwise: str | None = None,
    ) -> None:
        """Put a block in its place: where it goes on success, on each condition, and on each error.

        Raises FlowProblem if the identifier is taken, the block is unknown, or a required error has no branch.
        """
        if id_ in self._actions:
            raise FlowProblem(f"{self._empty.name}: there is another block called {id_!r}. Rename one of them.")
        spec = spec_of(block.type, block.parameters)
        if spec is None:
            raise FlowProblem(f"{self._empty.name}: {id_!r} is of the unknown type {block.type!r}.")
        given = dict(errors or {})
        for error in spec.errors:
            if error not in given:
                if otherwise is None:
                    raise FlowProblem(f"{self._empty.name}: {id_!r} says nothing about {error}. Add it to `errors`.")
                given[error] = otherwise
        conditions = tuple(_condition(test, target) for test, target in (when or {}).items())
        fallback = given.get(ErrorType.NO_MATCHING_CONDITION) or given.get(ErrorType.NO_MATCHING_ERROR)
        if then is None and spec.next and block.type != PLAYS_ON:
            then = conditions[-1].next if spec.conditions.style is ConditionStyle.FIXED and conditions else fallback
        branches = tuple(ErrorBranch(type_, target) for type_, target in given.items())
        self._actions[id_] = Action(id_, block.type, block.parameters, then, conditions, branches)

    def do(self, id_: str, block: Block, then: str) -> None:
        """Put a block in its place after which the flow goes on, whether it worked or not."""
        self.add(id_, block, then, otherwise=then)

    def build(self) -> Flow:
        """The flow. Raises FlowProblem if it is empty or a transition names no block."""
        if not self._actions:
            raise FlowProblem(f"{self._empty.name}: there are no blocks. Add one.")
        for action in self._actions.values():
            for target in action.leads_to:
                if target not in self._actions:
                    raise FlowProblem(f"{self._empty.name}: {action.id!r} leads to {target!r}, which is not there.")
        return replace(self._empty, start=next(iter(self._actions)), actions=tuple(self._actions.values()))


def _condition(test: str | Test, target: str) -> Condition:
    if isinstance(test, Test):
        return Condition(test.operator, (test.operand,), target)
    return Condition(Operator.EQUALS, (test,), target)
