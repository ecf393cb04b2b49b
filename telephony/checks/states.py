"""What may be true when a block is reached, whatever way was taken: a small fixpoint over the flow's graph."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from telephony.checks.paths import Ways
from telephony.flow import Action

S = TypeVar("S")
Step = Callable[[Action, str, S], S | None]
"""The state behind an action on one of its ways, named `next`, `when:<operand>` or an error; None: no such way."""


def ways_out(action: Action) -> tuple[tuple[str, str], ...]:
    """Name and target of each transition."""
    after = (("next", action.next),) if action.next is not None else ()
    return (
        *after,
        *((f"when:{' '.join(c.operands)}", c.next) for c in action.conditions),
        *((branch.type, branch.next) for branch in action.errors),
    )


def states(graph: Ways, first: S, step: Step[S]) -> Mapping[str, frozenset[S]]:
    """Identifier to every state in which it may be reached. The states must be finitely many."""
    found: dict[str, set[S]] = {}
    waiting: list[tuple[str, S]] = [(graph.flow.start, first)] if graph.flow.start in graph.actions else []
    while waiting:
        id_, state = waiting.pop()
        if state in found.setdefault(id_, set()):
            continue
        found[id_].add(state)
        action = graph.actions[id_]
        for name, target in ways_out(action):
            behind = step(action, name, state)
            if behind is not None and target in graph.actions:
                waiting.append((target, behind))
    return {id_: frozenset(known) for id_, known in found.items()}
