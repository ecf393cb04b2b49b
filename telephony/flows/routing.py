"""What contacts that wait for a person have in common: their queue, their place in it, and what runs around it."""

from __future__ import annotations

from telephony.blocks import check_contact_attributes, set_hook, set_priority, set_queue
from telephony.flow import FlowBuilder
from telephony.language import ErrorType
from telephony.paths import kept
from telephony.places import Setting

HOOKS = (
    ("CustomerQueue", "customer_queue"),
    ("AgentWhisper", "agent_whisper"),
    ("CustomerWhisper", "customer_whisper"),
    ("DefaultAgentUI", "agent_screen"),
    ("DisconnectAgentUI", "after_contact"),
)
"""Events of a contact with a person, and the flow of each."""
CALLED = tuple(hook for hook in HOOKS if not hook[0].startswith("Customer"))
"""The same for a customer who is called: nobody waits in the queue, and the outbound whisper greets."""
FIRST = 1
"""Place in the queue of a customer of the tier `priority`; 5 is everybody else's."""


def choose_queue(flow: FlowBuilder, setting: Setting, then: str, failed: str) -> None:
    """By what the customer was doing, then by the customer's tier. Begins at `intent`."""
    default, *special = setting.words.queues.items()
    names = {intent: f"queue {name}" for name, intents in (default, *special) for intent in intents}
    first = f"queue {default[0]}"
    flow.add(
        "intent",
        check_contact_attributes(kept("intent")),
        when=names or {"": first},
        errors={ErrorType.NO_MATCHING_CONDITION: first},
    )
    for name, intents in (default, *special):
        if intents or name == default[0]:
            flow.add(f"queue {name}", set_queue(setting.queue(name)), "tier", otherwise=failed)
    flow.add("tier", check_contact_attributes(kept("tier")), when={"priority": "goes first"}, otherwise=then)
    flow.add("goes first", set_priority(FIRST), then)


def hang_hooks(flow: FlowBuilder, setting: Setting, then: str, hooks: tuple[tuple[str, str], ...] = HOOKS) -> None:
    """The flows around a contact with a person. Begins at `hook <the first event>`."""
    for (event, name), after in zip(hooks, (*(f"hook {event}" for event, _ in hooks[1:]), then), strict=True):
        flow.do(f"hook {event}", set_hook(event, setting.flow(name)), after)
