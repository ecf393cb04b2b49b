"""Random flows, written with the builder: any blocks, any branches, everything reached."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

from telephony import blocks
from telephony.flow import Block, Flow, FlowBuilder
from telephony.language import FlowType

Kind = tuple[Callable[[], Block], tuple[str, ...]]
KINDS: tuple[Kind, ...] = (
    (lambda: blocks.play_prompt("Hello there."), ()),
    (lambda: blocks.get_customer_input("Press 1 or 2."), ("1", "2")),
    (lambda: blocks.invoke_function("arn:aws:lambda:us-east-1:111122223333:function:f", {}, seconds=2), ()),
    (lambda: blocks.set_contact_attributes(tier="standard"), ()),
    (lambda: blocks.check_contact_attributes("$.Attributes.tier"), ("priority", "standard")),
    (blocks.check_hours, ("True", "False")),
    (lambda: blocks.loop(2), ("ContinueLooping", "DoneLooping")),
    (lambda: blocks.set_logging(True), ()),
    (lambda: blocks.set_queue("arn:aws:connect:us-east-1:111122223333:instance/i/queue/q"), ()),
    (blocks.transfer_to_queue, ()),
    (lambda: blocks.set_priority(1), ()),
)


@st.composite
def built(draw: st.DrawFn) -> Flow:
    """A flow of up to 40 blocks: each leads to the next one, and by its branches anywhere."""
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=40))
    names = [f"block {i}" for i in range(len(kinds))] + ["end"]
    anywhere = st.sampled_from(names)
    flow = FlowBuilder("random", FlowType.CONTACT_FLOW, "Any flow.")
    for name, after, (make, results) in zip(names, names[1:], kinds, strict=False):
        when = {result: after if i == 0 else draw(anywhere) for i, result in enumerate(results)}
        flow.add(name, make(), None if results else after, when=when, otherwise=draw(anywhere))
    flow.add("end", blocks.disconnect())
    return flow.build()
