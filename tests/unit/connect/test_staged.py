"""What a rehearsal arranges in its contact centre."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from rehearsal.connect.errors import NoSuchResource, QueueFull
from rehearsal.connect.flows import Flows
from rehearsal.connect.layout import AgentSpec, HoursSpec, Layout, Opening, ProfileSpec, QueueSpec, Routed
from rehearsal.connect.ports import Ticket
from rehearsal.connect.staged import StagedCentre
from rehearsal.connect.stand_ins import stand_ins

QUEUE = "arn:aws:connect:us-east-1:123456789012:instance/i/queue/q"


@pytest.fixture
def centre() -> StagedCentre:
    services = stand_ins()
    day = datetime.fromtimestamp(services.clock(), UTC).strftime("%A").upper()
    return StagedCentre(
        Layout(
            (HoursSpec("hours", "hours", "UTC", (Opening(day, time(0, 0), time(23, 59)),)),),
            (QueueSpec(QUEUE, "throughline-dev-everyday", "hours", 3),),
            (ProfileSpec("profile", "answering", (Routed(QUEUE, "VOICE"),)),),
            (AgentSpec("agent", "morgan", "profile"),),
        ),
        Flows(()),
        services,
    )


def test_a_holiday_closes_what_would_be_open(centre: StagedCentre) -> None:
    assert centre.open("hours")
    centre.holiday(datetime.fromtimestamp(centre.now(), centre.zone()).date())
    assert not centre.open("hours")
    centre.close()
    assert centre.open("hours")


def test_a_queue_is_found_by_its_short_name(centre: StagedCentre) -> None:
    assert centre.queue_named("everyday") == QUEUE
    with pytest.raises(NoSuchResource, match="known are"):
        centre.queue_named("cards")


def test_others_wait_and_are_offered_to_nobody(centre: StagedCentre) -> None:
    centre.status("morgan", "available")
    centre.crowd(QUEUE, 3)
    view = centre.view()
    assert view.queues[0].waiting == 3 and not view.agents[0].contacts
    with pytest.raises(QueueFull):
        centre.join(Ticket("one more", QUEUE, "VOICE"))
    centre.close()
    assert centre.view().queues[0].waiting == 0 and centre.view().agents[0].status == "offline"
