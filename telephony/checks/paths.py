"""The ways through a flow: what is reached, what ends, what goes in circles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from telephony.findings import Finding
from telephony.flow import PLAYS_ON, Action, Flow
from telephony.language import BlockSpec, ErrorType, spec_of


@dataclass(frozen=True, slots=True)
class Ways:
    """A flow's actions as a graph. Unknown types and broken transitions are left out: other checks name them."""

    flow: Flow
    actions: Mapping[str, Action]
    specs: Mapping[str, BlockSpec]

    def after(self, id_: str) -> tuple[str, ...]:
        """Where an action may lead."""
        return tuple(target for target in self.actions[id_].leads_to if target in self.actions)

    def reached(self, start: str) -> frozenset[str]:
        """Everything that can follow, the start included."""
        found: set[str] = set()
        waiting = [start] if start in self.actions else []
        while waiting:
            id_ = waiting.pop()
            if id_ not in found:
                found.add(id_)
                waiting.extend(self.after(id_))
        return frozenset(found)


def ways(flow: Flow) -> Ways:
    """The flow as a graph."""
    actions = {action.id: action for action in reversed(flow.actions)}
    specs = {id_: spec for id_, a in actions.items() if (spec := spec_of(a.type, a.parameters)) is not None}
    return Ways(flow, actions, specs)


def paths(graph: Ways) -> Iterator[Finding]:
    """Findings about reaching, ending and going round."""
    reached = graph.reached(graph.flow.start)
    for id_ in graph.actions:
        if id_ not in reached:
            yield Finding("unreachable-action", id_, "nothing leads to it. Remove it, or lead to it.")
    for id_ in sorted(reached):
        if not any(_ends(graph, other) for other in graph.reached(id_)):
            yield Finding("never-ends", id_, "no end can be reached from it. Lead to one.")
    yield from _circles(graph, reached)


def _ends(graph: Ways, id_: str) -> bool:
    spec = graph.specs.get(id_)
    return spec is None or spec.terminal or spec.hands_over or spec.type == PLAYS_ON


def _at_once(graph: Ways, id_: str) -> tuple[str, ...]:
    """Where an action leads without anybody having been waited for, or a count running out."""
    action, spec = graph.actions[id_], graph.specs.get(id_)
    if action.type == "Loop":
        return ()
    if spec is not None and spec.waits:
        # Failing takes no time, and nobody answered who keyed nothing: only an answer breaks the circle.
        unanswered = (ErrorType.NO_MATCHING_ERROR, ErrorType.INPUT_TIME_LIMIT_EXCEEDED)
        return tuple(t for e in unanswered if (t := action.error(e)) is not None and t in graph.actions)
    return graph.after(id_)


def _circles(graph: Ways, reached: frozenset[str]) -> Iterator[Finding]:
    found: set[str] = set()
    for start in sorted(reached):
        if start in found:
            continue
        seen: set[str] = set()
        waiting = list(_at_once(graph, start))
        while waiting:
            id_ = waiting.pop()
            if id_ == start:
                found |= seen | {start}
                yield Finding(
                    "loop-without-customer",
                    start,
                    "it comes back to itself without anybody being waited for. Count the rounds with a Loop block.",
                )
                break
            if id_ not in seen:
                seen.add(id_)
                waiting.extend(_at_once(graph, id_))
