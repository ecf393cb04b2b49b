"""Behind a relay nobody sees a chat: it joins a person, and where nobody is there it ends without a question."""

from __future__ import annotations

from collections.abc import Mapping

from telephony.flow import Action, Flow
from telephony.language import Channel
from tests.unit.telephony.centre import INSTANCE


def action(flow: Flow, id_: str) -> Action:
    found = flow.action(id_)
    assert found is not None, f"{flow.name} has no block {id_!r}"
    return found


def test_it_takes_chats_alone_and_leads_to_the_hand_over(flows: Mapping[str, Flow]) -> None:
    relay = flows["relay"]
    assert relay.channels == frozenset({Channel.CHAT})
    led = [it.parameters["ContactFlowId"] for it in relay.actions if it.type == "TransferToFlow"]
    assert led == [f"{INSTANCE}/contact-flow/hand_over"]


def test_it_asks_no_function_and_no_bot_and_records_nothing(flows: Mapping[str, Flow]) -> None:
    kinds = {it.type for it in flows["relay"].actions}
    assert not kinds & {"InvokeLambdaFunction", "ConnectParticipantWithLexBot", "GetParticipantInput"}
    kept = [it.parameters["Attributes"] for it in flows["relay"].actions if it.type == "UpdateContactAttributes"]
    assert kept == [{"relayed": "true", "tier": "standard", "recording": "unknown"}]


def test_nothing_is_said_before_the_chat_can_be_heard(flows: Mapping[str, Flow]) -> None:
    relay = flows["relay"]
    seen, at = set[str](), relay.start
    while at not in seen and action(relay, at).type != "TransferToFlow":
        seen.add(at)
        here = action(relay, at)
        assert here.type != "MessageParticipant"
        at = here.conditions[0].next if here.conditions else here.next or ""
    waits = [it for it in relay.actions if it.type == "Wait"]
    assert {it.id for it in waits} <= seen and waits, "the function has yet to connect, and to have it streamed"


def test_whoever_can_not_be_handed_over_behind_a_relay_is_hung_up_on_and_asked_nothing(
    flows: Mapping[str, Flow],
) -> None:
    hand_over = flows["hand_over"]
    later = action(hand_over, "later")
    (chat,) = (it.next for it in later.conditions if "CHAT" in it.operands)
    relayed = action(hand_over, chat)
    assert relayed.parameters["ComparisonValue"] == "$.Attributes.relayed"
    (behind,) = (it.next for it in relayed.conditions if "true" in it.operands)
    assert action(hand_over, behind).type == "DisconnectParticipant"
    assert {it.next for it in relayed.errors} == {"assistant"}, "any other chat goes back to the bot, as before"
    for closed in ("say closed", "say full", "trouble"):
        assert action(hand_over, closed).next == "later"


def test_an_agent_who_leaves_ends_it_since_no_flow_takes_the_customer_over(flows: Mapping[str, Flow]) -> None:
    for name in ("relay", "hand_over"):
        hooks = [it.parameters["EventHooks"] for it in flows[name].actions if it.type == "UpdateContactEventHooks"]
        assert not [one for one in hooks if isinstance(one, dict) and "CustomerRemaining" in one], name
