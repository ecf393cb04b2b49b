"""Small changes to a flow, each breaking one thing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from telephony.flow import Action, Flow, Json
from telephony.language import FlowType

Change = Callable[[Flow], Flow]


def at(id_: str, change: Callable[[Action], Action]) -> Change:
    """One action changed."""

    def changed(flow: Flow) -> Flow:
        assert flow.action(id_) is not None, f"{flow.name} has no {id_!r} any more"
        return replace(flow, actions=tuple(change(a) if a.id == id_ else a for a in flow.actions))

    return changed


def with_parameters(id_: str, **given: Json) -> Change:
    return at(id_, lambda a: replace(a, parameters={**a.parameters, **given}))


def without_parameter(id_: str, name: str) -> Change:
    return at(id_, lambda a: replace(a, parameters={k: v for k, v in a.parameters.items() if k != name}))


def inside(id_: str, outer: str, **given: Json) -> Change:
    """A nested parameter changed; None removes it."""

    def changed(action: Action) -> Action:
        old = action.parameters[outer]
        assert isinstance(old, dict)
        new = {k: v for k, v in {**old, **given}.items() if v is not None}
        return replace(action, parameters={**action.parameters, outer: new})

    return at(id_, changed)


def without_error(id_: str, error: str) -> Change:
    return at(id_, lambda a: replace(a, errors=tuple(e for e in a.errors if e.type != error)))


def error_to(id_: str, error: str, target: str) -> Change:
    return at(
        id_, lambda a: replace(a, errors=tuple(replace(e, next=target) if e.type == error else e for e in a.errors))
    )


def next_to(id_: str, target: str | None) -> Change:
    return at(id_, lambda a: replace(a, next=target))


def when_to(id_: str, operand: str, target: str) -> Change:
    return at(
        id_,
        lambda a: replace(
            a, conditions=tuple(replace(c, next=target) if c.operands == (operand,) else c for c in a.conditions)
        ),
    )


def without_when(id_: str, operand: str) -> Change:
    return at(id_, lambda a: replace(a, conditions=tuple(c for c in a.conditions if c.operands != (operand,))))


def typed(id_: str, type_: str) -> Change:
    return at(id_, lambda a: replace(a, type=type_))


def added(action: Action) -> Change:
    return lambda flow: replace(flow, actions=(*flow.actions, action))


def skipped(id_: str) -> Change:
    """Whatever leads to the action leads to what follows it."""

    def changed(flow: Flow) -> Flow:
        gone = flow.action(id_)
        assert gone is not None and gone.next is not None
        onward = gone.next

        def past(target: str) -> str:
            return onward if target == id_ else target

        actions = tuple(
            replace(
                a,
                next=None if a.next is None else past(a.next),
                conditions=tuple(replace(c, next=past(c.next)) for c in a.conditions),
                errors=tuple(replace(e, next=past(e.next)) for e in a.errors),
            )
            for a in flow.actions
            if a.id != id_
        )
        return replace(flow, start=past(flow.start), actions=actions)

    return changed


def doubled(id_: str) -> Change:
    def changed(flow: Flow) -> Flow:
        action = flow.action(id_)
        assert action is not None
        return replace(flow, actions=(*flow.actions, action))

    return changed


def renamed(id_: str, to: str) -> Change:
    """The action and everything that leads to it."""
    return lambda flow: replace(
        flow,
        start=to if flow.start == id_ else flow.start,
        actions=tuple(
            replace(
                a,
                id=to if a.id == id_ else a.id,
                next=to if a.next == id_ else a.next,
                conditions=tuple(replace(c, next=to) if c.next == id_ else c for c in a.conditions),
                errors=tuple(replace(e, next=to) if e.next == id_ else e for e in a.errors),
            )
            for a in flow.actions
        ),
    )


def of_type(type_: FlowType) -> Change:
    return lambda flow: replace(flow, type=type_)


def many(count: int) -> Change:
    """A long queue of blocks before the first one."""

    def changed(flow: Flow) -> Flow:
        names = [f"more {i}" for i in range(count)]
        following = [*names[1:], flow.start]
        blocks = tuple(
            Action(name, "UpdateFlowLoggingBehavior", {"FlowLoggingBehavior": "Enabled"}, after)
            for name, after in zip(names, following, strict=True)
        )
        return replace(flow, start=names[0], actions=(*blocks, *flow.actions))

    return changed


def becoming_log_on(id_: str, then: str) -> Change:
    """The action turned into one that only turns the flow's log on."""
    on = {"FlowLoggingBehavior": "Enabled"}
    return at(id_, lambda a: Action(a.id, "UpdateFlowLoggingBehavior", on, then))
