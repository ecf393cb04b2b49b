"""Each action by itself, and the flow as a whole: names, types, branches, transitions, limits."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

from telephony.checks.values import values
from telephony.findings import Finding
from telephony.flow import PLAYS_ON, Action, Flow
from telephony.language import (
    FORBIDDEN_IDENTIFIERS,
    FORBIDDEN_IN_IDENTIFIER,
    MOST_ACTIONS,
    MOST_CHARACTERS,
    MOST_IN_IDENTIFIER,
    BlockSpec,
    ConditionStyle,
    spec_of,
)


def shape(flow: Flow) -> Iterator[Finding]:
    """Findings about what stands in the flow, whatever path is taken."""
    ids = Counter(action.id for action in flow.actions)
    for action in flow.actions:
        yield from _identifier(action)
        spec = spec_of(action.type, action.parameters)
        if spec is None:
            yield Finding("unknown-type", action.id, f"the flow language has no {action.type!r}.")
        else:
            yield from values(action, spec)
            yield from _branches(action, spec)
            if flow.type not in spec.flow_types:
                allowed = ", ".join(sorted(spec.flow_types))
                yield Finding(
                    "wrong-flow-type", action.id, f"{action.type} may stand in {allowed}, not in {flow.type}."
                )
            if spec.ended:
                yield Finding("ended-service", action.id, spec.ended)
        for target in action.leads_to:
            if target not in ids:
                yield Finding("unresolved-transition", action.id, f"it leads to {target!r}, which is not there.")
    for id_, count in ids.items():
        if count > 1:
            yield Finding("duplicate-identifier", id_, f"{count} actions are called so. Rename all but one.")
    if flow.start not in ids:
        yield Finding("unresolved-transition", "", f"it starts with {flow.start!r}, which is not there.")
    if len(flow.actions) > MOST_ACTIONS:
        yield Finding(
            "too-many-actions", "", f"{len(flow.actions)} actions, and {MOST_ACTIONS} are the most. Split it."
        )
    length = len(json.dumps(flow.content()))
    if length > MOST_CHARACTERS:
        yield Finding("content-too-long", "", f"{length} characters, and {MOST_CHARACTERS} are the most. Split it.")


def _identifier(action: Action) -> Iterator[Finding]:
    bad = sorted(FORBIDDEN_IN_IDENTIFIER & set(action.id))
    if bad:
        yield Finding("bad-identifier", action.id, f"it holds {' '.join(bad)}, which Connect refuses.")
    if len(action.id) > MOST_IN_IDENTIFIER:
        yield Finding(
            "bad-identifier", action.id, f"{len(action.id)} characters, and {MOST_IN_IDENTIFIER} are the most."
        )
    if action.id in FORBIDDEN_IDENTIFIERS:
        yield Finding("bad-identifier", action.id, "Connect refuses this name.")


def _branches(action: Action, spec: BlockSpec) -> Iterator[Finding]:
    given = Counter(branch.type for branch in action.errors)
    for error in spec.errors:
        if error not in given:
            yield Finding("missing-error-branch", action.id, f"nothing answers {error}. Add a branch.")
    for name, count in given.items():
        if name not in spec.known_errors:
            known = ", ".join(spec.known_errors) or "none"
            yield Finding("unknown-error", action.id, f"{action.type} never has the error {name!r}: {known}.")
        elif count > 1:
            yield Finding("unknown-error", action.id, f"{name} has {count} branches. Keep one.")
    yield from _conditions(action, spec)
    if spec.terminal:
        if action.leads_to:
            yield Finding("after-the-end", action.id, f"{action.type} ends the flow. Remove its transitions.")
    elif spec.next and action.next is None and action.type != PLAYS_ON:
        yield Finding("dead-end", action.id, "it has no next action, and does not end the flow. Say what follows.")


def _conditions(action: Action, spec: BlockSpec) -> Iterator[Finding]:
    rules = spec.conditions
    for condition in action.conditions:
        if condition.operator not in rules.operators:
            known = ", ".join(rules.operators) or "no conditions at all"
            yield Finding(
                "unknown-condition-operator",
                action.id,
                f"{action.type} can't compare by {condition.operator!r}: {known}.",
            )
            continue
        if len(condition.operands) != 1:
            yield Finding("unknown-condition", action.id, f"{len(condition.operands)} operands, and one is wanted.")
        for operand in condition.operands:
            if rules.names and operand not in rules.names:
                known = ", ".join(rules.names)
                yield Finding("unknown-condition", action.id, f"its result is never {operand!r}: {known}.")
    compared = [c.operands for c in action.conditions]
    if rules.style is ConditionStyle.FIXED and rules.required:
        for name in rules.names:
            if (name,) not in compared:
                yield Finding("missing-condition", action.id, f"nothing follows {name!r}. Add a condition.")
    elif rules.required and not compared:
        yield Finding("missing-condition", action.id, "it compares with nothing. Add a condition.")
    if action.type == "Wait":
        for event in ("WaitCompleted", *_events(action)):
            if (event,) not in compared:
                yield Finding("missing-condition", action.id, f"nothing follows {event!r}. Add a condition.")
    doubled = [c for c, n in Counter((c.operator, c.operands) for c in action.conditions).items() if n > 1]
    for operator, operands in doubled:
        yield Finding("unknown-condition", action.id, f"{operator} {' '.join(operands)} stands there twice. Keep one.")


def _events(action: Action) -> tuple[str, ...]:
    events = action.parameters.get("Events", ())
    return tuple(e for e in events if isinstance(e, str)) if isinstance(events, list | tuple) else ()
