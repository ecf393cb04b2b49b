"""Every rehearsal file, replayed on every way that can carry it, ends in the same state with the same facts."""

from __future__ import annotations

import pytest

from rehearsal.replay import Conversation, replay, why_not
from rehearsal.ways import WAYS
from rehearsal.world import World

from .conftest import CONVERSATIONS

CARRIED = [
    pytest.param(one, way, id=f"{one.name}-{way}") for one in CONVERSATIONS for way in WAYS if not why_not(one, way)
]


@pytest.mark.xdist_group("rehearsals")
@pytest.mark.parametrize(("conversation", "way"), CARRIED)
def test_it_goes_as_the_file_says(conversation: Conversation, way: str, world: World) -> None:
    replay(conversation, way, world)


@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=lambda one: one.name)
def test_every_conversation_is_carried_by_two_ways_at_least(conversation: Conversation) -> None:
    carried = [way for way in WAYS if not why_not(conversation, way)]
    assert len(carried) >= 2 or any(step.on for step in conversation.steps), conversation.name


def test_there_are_forty_conversations_at_least() -> None:
    assert len(CONVERSATIONS) >= 40


@pytest.mark.xdist_group("rehearsals")
def test_every_task_of_the_bank_is_done_in_some_conversation(world: World) -> None:
    done = {name for one in CONVERSATIONS for name in one.ends.get("done", ())}
    # Whoever was forgotten has done nothing, as far as anything tells: tests/rehearsals/forget_me.yaml looks for that.
    tasks = {name for name, intent in world.model.intents.items() if intent.action} - {"ForgetMe"}
    assert tasks <= done, sorted(tasks - done)
