"""The switchboard: what the page is told of calls, and whose phone rings."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest

from rehearsal.assembly import Assembly
from rehearsal.connect.centre import Centre
from rehearsal.connect.errors import NoSuchResource
from rehearsal.connect.flows import Flow, Flows, read_flow
from rehearsal.connect.inputs import HangUp, Keys, Said
from rehearsal.connect.layout import AgentSpec, Layout, ProfileSpec, QueueSpec, Routed
from rehearsal.connect.stand_ins import stand_ins
from rehearsal.people import Person
from rehearsal.resources import Resources
from rehearsal.switchboard import Switchboard

SAM, ALEX = Person.called("Sam"), Person.called("Alex")
QUEUE = "arn:queue/everyday"


def _flow(asks: dict[str, object]) -> Flow:
    """Asks for keys, then puts into the queue."""
    actions = [
        {"Identifier": "ask", "Type": "GetParticipantInput", "Parameters": asks, "Transitions": _to("queue")},
        {
            "Identifier": "queue",
            "Type": "UpdateContactTargetQueue",
            "Parameters": {"QueueId": QUEUE},
            "Transitions": _to("wait"),
        },
        {"Identifier": "wait", "Type": "TransferContactToQueue", "Parameters": {}, "Transitions": _to("end")},
        {"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}},
    ]
    document = {"Version": "2019-10-30", "StartAction": "ask", "Actions": actions}
    return read_flow(document, name="inbound", arn="arn:flow/inbound")


def _to(id: str) -> dict[str, object]:
    errors = ("NoMatchingError", "NoMatchingCondition", "InputTimeLimitExceeded", "QueueAtCapacity")
    return {"NextAction": id, "Errors": [{"NextAction": id, "ErrorType": one} for one in errors]}


SECRET: dict[str, object] = {
    "Text": "Your PIN?",
    "StoreInput": "True",
    "InputTimeLimitSeconds": "10",
    "InputValidation": {"CustomValidation": {"MaximumLength": "12"}},
    "InputEncryption": {"EncryptionKeyId": "key", "Key": "certificate"},
}
PLAIN: dict[str, object] = {"Text": "Press 1", "StoreInput": "False", "InputTimeLimitSeconds": "10"}


def _board(asks: dict[str, object]) -> Switchboard:
    numbers = count(1)
    layout = Layout(
        queues=(QueueSpec(QUEUE, "everyday"),),
        profiles=(ProfileSpec("arn:profile", "all", (Routed(QUEUE, "VOICE"), Routed(QUEUE, "CHAT"))),),
        agents=(AgentSpec("arn:agent/billie", "billie", "arn:profile", "agents"),),
    )
    services = replace(stand_ins(), clock=lambda: 1_000.0, new_id=lambda: f"contact-{next(numbers)}")
    centre = Centre(layout, Flows([_flow(asks)]), services)

    def dial(person: Person, channel: str, withheld: bool) -> str:
        return centre.start("arn:flow/inbound", customer="" if withheld else person.phone, channel=channel)

    assembly = Assembly((), (), (), (), {}, Resources({}))
    return Switchboard(centre, assembly, lambda: 1_000.0, dial, lambda *_: None, number="+18005550199", entry="inbound")


@pytest.fixture
def board() -> Switchboard:
    """One that asks for a key."""
    return _board(PLAIN)


def test_what_a_caller_does_stands_among_the_events_in_its_place(board: Switchboard) -> None:
    contact = board.dial(SAM, "VOICE", False)
    board.do(contact, Keys("1"))
    told = [event["is"] for event in board.told(SAM, "", {})["logs"][contact]["events"]]
    assert told.index("AskedFor") < told.index("Did") < told.index("Queued")


def test_keys_that_are_encrypted_are_kept_by_nobody() -> None:
    board = _board(SECRET)
    contact = board.dial(SAM, "VOICE", False)
    board.do(contact, Keys("4921"))
    board.do(contact, Keys("55#"))
    told = board.told(SAM, "", {})
    assert "4921" not in str(told) and "55#" not in str(told)
    assert [event["words"] for event in told["logs"][contact]["events"] if event["is"] == "Did"] == ["••••", "•••"]


def test_only_what_is_new_is_told(board: Switchboard) -> None:
    contact = board.dial(SAM, "VOICE", False)
    whole = board.told(SAM, "", {})["logs"][contact]["events"]
    log = board.told(SAM, "", {contact: len(whole)})["logs"][contact]
    assert (log["from"], log["events"]) == (len(whole), [])


def test_everybody_has_a_phone_of_their_own(board: Switchboard) -> None:
    mine, theirs = board.dial(SAM, "VOICE", False), board.dial(ALEX, "VOICE", False)
    assert board.told(SAM, "", {})["mine"] == mine
    assert board.told(ALEX, "", {})["mine"] == theirs
    again = board.dial(SAM, "VOICE", False)
    assert board.told(SAM, "", {})["logs"].keys() == {again}


def test_a_contact_goes_over_the_desk_to_the_supervisor_s_list(board: Switchboard) -> None:
    contact = board.dial(SAM, "VOICE", False)
    board.do(contact, Keys("1"))
    board.act("billie", "status", "", {"status": "available"})
    (rings,) = board.told(SAM, "billie", {})["desk"]
    assert (rings["contact"], rings["state"], rings["customer"]) == (contact, "offered", SAM.phone)
    board.act("billie", "accept", contact, {})
    board.do(contact, Said("hello"))
    board.act("billie", "say", contact, {"words": "good day"})
    board.act("billie", "hold", contact, {})
    assert board.told(SAM, "billie", {})["logs"][contact]["music"]
    board.act("billie", "resume", contact, {})
    board.act("billie", "end", contact, {})
    board.act("billie", "complete", contact, {"code": "resolved", "note": "all well", "follow_up": "false"})
    told = board.told(SAM, "billie", {})
    assert told["desk"] == []
    (kept,) = told["centre"]["dispositions"]
    assert (kept["code"], kept["note"], kept["agent"]) == ("resolved", "all well", "billie")


def test_nobody_picks_up_what_does_not_ring(board: Switchboard) -> None:
    with pytest.raises(NoSuchResource, match="stopped ringing"):
        board.pick_up(SAM, answers=True)


def test_an_unknown_act_is_refused_by_its_name(board: Switchboard) -> None:
    contact = board.dial(SAM, "VOICE", False)
    board.do(contact, HangUp())
    with pytest.raises(ValueError, match="'dance'"):
        board.act("billie", "dance", contact, {})
