"""Each parameter by itself: there, known, and of a value that Connect takes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from compiler.speech import MOST_SECONDS, seconds, ssml_fault
from telephony.findings import Finding
from telephony.flow import Action
from telephony.language import BlockSpec, ParameterRule, ValueKind
from telephony.paths import ROOTS

_PATH = re.compile(r"^\$\.([A-Za-z]+)")
_INSIDE = re.compile(r"\$\.([A-Za-z]+)")


def values(action: Action, spec: BlockSpec) -> Iterator[Finding]:
    """Findings about the parameters of one action."""
    yield from _object(action, "", action.parameters, spec.parameters)
    for group in spec.one_of:
        yield from _exactly_one(action, "", action.parameters, group)
    for group in spec.at_most_one:
        given = [name for name in group if name in action.parameters]
        if len(given) > 1:
            yield Finding("bad-value", action.id, f"only one of {', '.join(given)} may be given. Remove the others.")


def _exactly_one(action: Action, at: str, data: Mapping[str, object], group: Sequence[str]) -> Iterator[Finding]:
    given = [name for name in group if name in data]
    if not given:
        yield Finding("missing-parameter", action.id, f"{at}one of {', '.join(group)} is wanted. Add one.")
    elif len(given) > 1:
        yield Finding("bad-value", action.id, f"{at}only one of {', '.join(given)} may be given. Remove the others.")


def _object(action: Action, at: str, data: Mapping[str, object], rules: Sequence[ParameterRule]) -> Iterator[Finding]:
    known = {rule.name: rule for rule in rules}
    for rule in rules:
        if rule.required and rule.name not in data:
            yield Finding("missing-parameter", action.id, f"{at}{rule.name} is missing. Add it.")
    for name, value in data.items():
        if name not in known:
            listed = ", ".join(known) or "none"
            yield Finding("unknown-parameter", action.id, f"{at}{name} is no parameter of {action.type}: {listed}.")
        else:
            yield from _value(action, f"{at}{name}", value, known[name])


def _value(action: Action, at: str, value: object, rule: ParameterRule) -> Iterator[Finding]:
    if isinstance(value, str):
        yield from _roots(action, at, value)
        if rule.dynamic and _PATH.match(value):
            return
        yield from _text(action, at, value, rule)
    elif isinstance(value, Mapping):
        yield from _mapping(action, at, value, rule)
    elif isinstance(value, list | tuple):
        yield from _sequence(action, at, value, rule)
    elif rule.kind is ValueKind.WHOLE and isinstance(value, int) and not isinstance(value, bool):
        yield from _text(action, at, str(value), rule)
    elif rule.kind is not ValueKind.MAP:
        yield Finding("bad-value", action.id, f"{at} wants {rule.kind}, not {value!r}.")


def _text(action: Action, at: str, value: str, rule: ParameterRule) -> Iterator[Finding]:
    kind = rule.kind
    if kind is ValueKind.PATH:
        yield Finding("bad-value", action.id, f"{at} must be a JSONPath such as $.Attributes.x, not {value!r}.")
    elif kind is ValueKind.CHOICE and value not in rule.choices:
        yield Finding("bad-value", action.id, f"{at} is {value!r}, and only {', '.join(rule.choices)} will do.")
    elif kind is ValueKind.WHOLE:
        yield from _number(action, at, value, rule)
    elif kind in (ValueKind.SPOKEN, ValueKind.SSML):
        yield from _spoken(action, at, value, kind)
    elif kind is ValueKind.TEXT and not value:
        yield Finding("bad-value", action.id, f"{at} is empty. Say what it is.")
    elif kind in (ValueKind.OBJECT, ValueKind.MAP, ValueKind.OBJECTS, ValueKind.TEXTS, ValueKind.CHOICES):
        yield Finding("bad-value", action.id, f"{at} wants {kind}, not {value!r}.")


def _number(action: Action, at: str, value: str, rule: ParameterRule) -> Iterator[Finding]:
    check = "lambda-time-limit" if at == "InvocationTimeLimitSeconds" and rule.most == 8 else "bad-value"
    if not re.fullmatch(r"-?\d+", value):
        yield Finding(check, action.id, f"{at} must be a whole number, not {value!r}.")
    elif rule.least is not None and int(value) < rule.least:
        yield Finding(check, action.id, f"{at} is {value}, and {rule.least} is the least.")
    elif rule.most is not None and int(value) > rule.most:
        yield Finding(check, action.id, f"{at} is {value}, and {rule.most} is the most.")


def _spoken(action: Action, at: str, value: str, kind: ValueKind) -> Iterator[Finding]:
    if not value.strip():
        yield Finding("bad-value", action.id, f"{at} is empty. Write the words.")
        return
    fault = ssml_fault(value) if kind is ValueKind.SSML else None
    if fault is not None:
        yield Finding("bad-ssml", action.id, f"{at}: {fault}.")
    taken = seconds(value)
    if taken > MOST_SECONDS:
        yield Finding(
            "prompt-too-long", action.id, f"{at} takes {taken:.0f} seconds to say, and {MOST_SECONDS} are the most."
        )


def _mapping(action: Action, at: str, value: Mapping[str, object], rule: ParameterRule) -> Iterator[Finding]:
    if rule.kind is ValueKind.OBJECT:
        yield from _object(action, f"{at}.", value, rule.fields)
        for group in rule.one_of:
            yield from _exactly_one(action, f"{at}: ", value, group)
    elif rule.kind is ValueKind.MAP:
        if rule.least is not None and len(value) < rule.least:
            yield Finding("bad-value", action.id, f"{at} is empty. Give it at least {rule.least}.")
        if rule.most is not None and len(value) > rule.most:
            yield Finding("bad-value", action.id, f"{at} has {len(value)} entries, and {rule.most} is the most.")
        for name, entry in value.items():
            if rule.choices and name not in rule.choices:
                yield Finding("bad-value", action.id, f"{at} has no {name!r}: {', '.join(rule.choices)}.")
            if isinstance(entry, str):
                yield from _roots(action, f"{at}.{name}", entry)
    else:
        yield Finding("bad-value", action.id, f"{at} wants {rule.kind}, not an object.")


def _sequence(action: Action, at: str, value: Sequence[object], rule: ParameterRule) -> Iterator[Finding]:
    if rule.kind not in (ValueKind.TEXTS, ValueKind.CHOICES, ValueKind.OBJECTS):
        yield Finding("bad-value", action.id, f"{at} wants {rule.kind}, not a list.")
        return
    if rule.least is not None and len(value) < rule.least:
        yield Finding("bad-value", action.id, f"{at} is empty. Give it at least {rule.least}.")
    for i, entry in enumerate(value):
        if rule.kind is ValueKind.OBJECTS and isinstance(entry, Mapping):
            yield from _object(action, f"{at}[{i}].", entry, rule.fields)
            for group in rule.one_of:
                yield from _exactly_one(action, f"{at}[{i}]: ", entry, group)
        elif rule.kind is ValueKind.OBJECTS or not isinstance(entry, str):
            yield Finding("bad-value", action.id, f"{at}[{i}] has the wrong shape.")
        elif rule.choices and entry not in rule.choices:
            yield Finding("bad-value", action.id, f"{at} has no {entry!r}: {', '.join(rule.choices)}.")


def _roots(action: Action, at: str, value: str) -> Iterator[Finding]:
    for root in _INSIDE.findall(value):
        if root not in ROOTS:
            yield Finding("bad-path", action.id, f"{at}: a contact has no $.{root}. Known: {', '.join(ROOTS)}.")
