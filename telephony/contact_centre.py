"""All flows of the contact centre, in the order in which they can be created: each leads only to earlier ones.

The way back (from a closed queue to the assistant) goes by the contact attribute `home`, so that no two flows need
each other's ARN.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from compiler.source import Source
from compiler.telephone_shapes import Telephone
from telephony.flow import Flow, FlowProblem
from telephony.flows.conversation import conversation
from telephony.flows.guides import after_contact, agent_screen
from telephony.flows.hand_over import hand_over
from telephony.flows.inbound import inbound
from telephony.flows.relay import relay
from telephony.flows.returning import after_agent, callback, follow_up
from telephony.flows.waiting import customer_queue
from telephony.flows.whispers import agent_whisper, callback_whisper, customer_whisper
from telephony.places import FUNCTIONS, VIEWS, Places, Setting

__all__ = ["FLOWS", "FUNCTIONS", "VIEWS", "Places", "build", "flows", "names", "telephones"]

FLOWS: Mapping[str, Callable[[Setting], Flow]] = {
    "agent_whisper": agent_whisper,
    "customer_whisper": customer_whisper,
    "callback_whisper": callback_whisper,
    "follow_up": follow_up,
    "agent_screen": agent_screen,
    "after_contact": after_contact,
    "callback": callback,
    "customer_queue": customer_queue,
    "hand_over": hand_over,
    "conversation": conversation,
    "relay": relay,
    "disconnect": after_agent,
    "inbound": inbound,
}
"""Name of a flow to what writes it, in the order of creation."""
Telephones = tuple[Telephone, ...]
"""The words of each locale, the default one first."""


def telephones(source: Source) -> Telephones:
    """The words of a model's flows. Raises FlowProblem if a locale has none."""
    found = tuple(edition.telephone for edition in source.editions.values() if edition.telephone is not None)
    if len(found) != len(source.editions):
        raise FlowProblem(f"{source.folder} has no telephone.yaml. Write one, or leave the telephone out.")
    return found


def names(words: Telephones) -> tuple[str, ...]:
    """Every flow's name in the order of creation: further locales first, as the default one leads to them."""
    return tuple(name + _suffix(telephone, words) for telephone in (*words[1:], words[0]) for name in FLOWS)


def build(name: str, words: Telephones, places: Places) -> Flow:
    """One flow, by a name of `names`. `places.flows` needs the ARNs of those before it only.

    Raises FlowProblem if there is no such flow, or a place that it needs is missing.
    """
    for telephone in words:
        suffix = _suffix(telephone, words)
        base = name.removesuffix(suffix) if suffix else name
        if name.endswith(suffix) and base in FLOWS:
            setting = Setting(telephone, places, suffix)
            if not suffix:
                setting = replace(setting, others=words[1:])
            return FLOWS[base](setting)
    raise FlowProblem(f"there is no flow {name!r}. Known: {', '.join(names(words))}.")


def flows(words: Telephones, places: Places) -> tuple[Flow, ...]:
    """Every flow, in the order of creation. `places.flows` must hold all of their ARNs."""
    return tuple(build(name, words, places) for name in names(words))


def _suffix(telephone: Telephone, words: Telephones) -> str:
    return "" if telephone is words[0] else f"-{telephone.locale}"
