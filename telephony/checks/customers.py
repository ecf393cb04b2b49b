"""What the customer goes through: can use every block, hears something, and finds a way to a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from telephony.checks.paths import Ways
from telephony.checks.states import states
from telephony.findings import Finding
from telephony.flow import Action
from telephony.language import BlockSpec, Channel, ErrorType, FlowType
from telephony.paths import CHANNEL

MOST_SILENT = 8
"""Seconds of silence, all functions since the last word together."""
_TALKS = ("GetParticipantInput", "ConnectParticipantWithLexBot")
_SPEAKS = ("MessageParticipant", "MessageParticipantIteratively", *_TALKS)
_PEOPLE = (
    "TransferToFlow",
    "TransferContactToQueue",
    "DequeueContactAndTransferToQueue",
    "TransferContactToAgent",
    "TransferParticipantToThirdParty",
    "CreateCallbackContact",
)
_ATTENDED = (FlowType.CONTACT_FLOW, FlowType.AGENT_TRANSFER, FlowType.QUEUE_TRANSFER)
_FOREVER = 60


def customers(graph: Ways) -> Iterator[Finding]:
    """Findings about channels, silence, words and ways out."""
    yield from _channels(graph)
    if not any(action.type in _SPEAKS for action in graph.actions.values()):
        return
    yield from _silence(graph)
    if graph.flow.type in _ATTENDED:
        yield from _ways_out(graph)
        yield from _wordless(graph)


def _channels(graph: Ways) -> Iterator[Finding]:
    for id_, known in sorted(states(graph, graph.flow.channels, _narrow).items()):
        spec = graph.specs.get(id_)
        if spec is None or ErrorType.CHANNEL_MISMATCH in spec.errors:
            continue
        possible = frozenset[Channel]().union(*known)
        lost = possible - spec.channels
        if lost:
            yield Finding(
                "wrong-channel", id_, f"a {', '.join(sorted(lost))} contact may come here. Check the channel before."
            )
        elif possible - {Channel.VOICE} and _only_spoken(graph.actions[id_].parameters):
            yield Finding("wrong-channel", id_, "SSML and audio are for voice only. Check the channel before.")


def _only_spoken(parameters: Mapping[str, object]) -> bool:
    messages = parameters.get("Messages")
    said = [parameters, *(messages if isinstance(messages, list | tuple) else ())]
    return any(isinstance(m, Mapping) and ("SSML" in m or "PromptId" in m or "Media" in m) for m in said)


def _narrow(action: Action, way: str, channels: frozenset[Channel]) -> frozenset[Channel] | None:
    if action.type != "Compare" or action.parameters.get("ComparisonValue") != CHANNEL:
        return channels
    if way.startswith("when:"):
        left = channels & {Channel(o) for o in (way.removeprefix("when:"),) if o in set(Channel)}
    else:
        left = channels - {Channel(o) for c in action.conditions for o in c.operands if o in set(Channel)}
    return left or None


def _silence(graph: Ways) -> Iterator[Finding]:
    for id_, known in sorted(states(graph, 0, _quiet).items()):
        action = graph.actions[id_]
        longest = max(known) + _waits(action)
        if action.type == "InvokeLambdaFunction" and longest > MOST_SILENT:
            yield Finding("silence", id_, f"up to {longest} seconds of silence. Say something before.")


def _waits(action: Action) -> int:
    given = str(action.parameters.get("InvocationTimeLimitSeconds", ""))
    return int(given) if action.type == "InvokeLambdaFunction" and given.isdigit() else 0


def _quiet(action: Action, way: str, silent: int) -> int:
    return 0 if action.type in _SPEAKS else min(silent + _waits(action), _FOREVER)


def _ways_out(graph: Ways) -> Iterator[Finding]:
    for id_ in sorted(graph.reached(graph.flow.start)):
        if graph.actions[id_].type in _TALKS and not any(
            graph.actions[other].type in _PEOPLE for other in graph.reached(id_)
        ):
            yield Finding("no-way-out", id_, "from this question no person can be reached. Add a way.")


def _wordless(graph: Ways) -> Iterator[Finding]:
    for id_ in sorted(graph.reached(graph.flow.start)):
        action = graph.actions[id_]
        if action.type in _SPEAKS:
            continue
        for branch in action.errors:
            if branch.type != ErrorType.NO_MATCHING_CONDITION and _hangs_up(graph, branch.next):
                yield Finding(
                    "error-without-words", id_, f"{branch.type} ends the contact without a word. Say something before."
                )


def _hangs_up(graph: Ways, start: str) -> bool:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        id_ = waiting.pop()
        if id_ in seen or id_ not in graph.actions:
            continue
        seen.add(id_)
        action, spec = graph.actions[id_], graph.specs.get(id_)
        if spec is not None and spec.terminal:
            return True
        if not _speaks_or_goes(action, spec):
            waiting.extend(graph.after(id_))
    return False


def _speaks_or_goes(action: Action, spec: BlockSpec | None) -> bool:
    return action.type in _SPEAKS or (spec is not None and spec.hands_over)
