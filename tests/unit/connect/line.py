"""A telephone line for tests: tiny flows, services by hand, and the events that came of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rehearsal.connect.events import Ended, Event, Left, Spoke
from rehearsal.connect.flows import CONTACT_FLOW, Flow, Flows, read_flow
from rehearsal.connect.inputs import Input
from rehearsal.connect.interpreter import Contact
from rehearsal.connect.ports import LambdaAnswer, LambdaFailed, LexAnswer, LexFailed, LexInput, Services
from rehearsal.connect.stand_ins import OpenCentre, stand_ins
from rehearsal.connect.state import ContactData

CALLER = "+15555550101"
BYE: dict[str, Any] = {"Identifier": "bye", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}


def action(
    id: str,
    block: str,
    parameters: Mapping[str, object] | None = None,
    then: str = "bye",
    on: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    operator: str = "Equals",
) -> dict[str, Any]:
    """An action of the flow language; `on` is operand to action."""
    conditions = [
        {"NextAction": to, "Condition": {"Operator": operator, "Operands": [value]}} for value, to in (on or {}).items()
    ]
    failing = [{"NextAction": to, "ErrorType": error} for error, to in (errors or {}).items()]
    transitions: dict[str, Any] = {"Conditions": conditions, "Errors": failing}
    if then:
        transitions["NextAction"] = then
    return {"Identifier": id, "Type": block, "Parameters": dict(parameters or {}), "Transitions": transitions}


def say(id: str, text: str = "", then: str = "bye") -> dict[str, Any]:
    """A prompt that says its own name unless told otherwise."""
    return action(id, "MessageParticipant", {"Text": text or id}, then)


def flow(*actions: Mapping[str, object], name: str = "main", kind: str = CONTACT_FLOW) -> Flow:
    """A flow that starts with the first action; `bye` is added."""
    listed = list(actions) if any(it["Identifier"] == "bye" for it in actions) else [*actions, BYE]
    start = listed[0]["Identifier"]
    content = {"Version": "2019-10-30", "StartAction": start, "Metadata": {}, "Actions": listed}
    return read_flow(content, name=name, arn=f"flow/{name}", kind=kind)


@dataclass
class Functions:
    """Functions that answer one after another; an exception in the list is raised."""

    answers: list[object] = field(default_factory=list)
    asked: list[tuple[str, Mapping[str, Any], float]] = field(default_factory=list)

    def invoke(self, arn: str, event: Mapping[str, Any], seconds: float) -> LambdaAnswer:
        self.asked.append((arn, event, seconds))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, LambdaFailed):
            raise answer
        return answer if isinstance(answer, LambdaAnswer) else LambdaAnswer(answer, 0.1)


@dataclass
class Bot:
    """A bot that answers one after another."""

    answers: list[LexAnswer | LexFailed]
    heard: list[tuple[LexInput, dict[str, str]]] = field(default_factory=list)

    def say(
        self, alias: str, session: str, turn: LexInput, attributes: Mapping[str, str], channel: str, language: str
    ) -> LexAnswer:
        self.heard.append((turn, dict(attributes)))
        answer = self.answers.pop(0)
        if isinstance(answer, LexFailed):
            raise answer
        return answer


class Line:
    """A contact on a line."""

    def __init__(
        self,
        *flows: Flow,
        channel: str = "VOICE",
        centre: OpenCentre | None = None,
        customer: str = CALLER,
        **services: Any,
    ) -> None:
        self.centre = centre or OpenCentre(available=1)
        given: Services = replace(stand_ins(centre=self.centre), **services)
        self.data = ContactData("contact-1", channel, customer, "+15555550100")
        self.contact = Contact(self.data, Flows(flows), given)
        self.flows = flows
        self.events: list[Event] = []

    def begin(self, *inputs: Input) -> Line:
        self.events += self.contact.begin(self.flows[0].arn)
        return self.take(*inputs)

    def take(self, *inputs: Input) -> Line:
        for it in inputs:
            self.events += self.contact.take(it)
        return self

    def of(self, kind: type[Any]) -> list[Any]:
        return [it for it in self.events if isinstance(it, kind)]

    @property
    def said(self) -> list[str]:
        return [it.content for it in self.of(Spoke)]

    @property
    def ended(self) -> Ended | None:
        found: Sequence[Ended] = self.of(Ended)
        assert len(found) < 2, "a contact ends once"
        return found[0] if found else None

    def branch(self, action: str) -> str:
        """The last way out of a block."""
        return str([it for it in self.of(Left) if it.action == action][-1].branch)
