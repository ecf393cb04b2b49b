"""Customers on text channels who speak with an agent: they make the relay ask for everything that it is granted."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Final

from rehearsal.people import Person
from rehearsal.relay_steps import act
from rehearsal.relays import Relays
from rehearsal.ways import TextPhone, WebChat
from rehearsal.world import World
from throughline.customers.rules import Retention
from throughline.turn import Assurance

from .customers import enrolled, follow
from .staff import Desk

ASKS: Final = "I want to talk to a person"
HOUR: Final = 3600.0
SATURDAY: Final = 5
MOMENT: Final = 0.05
PATIENCE: Final = 30.0


def relayed(world: World) -> None:
    """On the web and by text: there and back, with a file on the way; one is forgotten meanwhile, one long silent."""
    at_work(world)
    talks_and_comes_back(world, WebChat(world, enrolled(world, "Chatter"), Assurance.LINKED))
    talks_and_comes_back(world, TextPhone(world, enrolled(world, "Texter"), Assurance.CLAIMED))
    is_forgotten_meanwhile(world, enrolled(world, "Leaver"))
    is_answered_when_the_way_to_them_is_due(world)


def at_work(world: World) -> Relays:
    """At whichever hour it is tested, somebody is there."""
    assert world.relays is not None
    world.relays.line.patience.wait(False)  # a flow that waits for some seconds goes on after them
    world.clock.pass_(world.relays.line.centre.opens_in())
    return world.relays


def is_forgotten_meanwhile(world: World, person: Person) -> None:
    """The desk erases somebody who speaks with an agent: the chat is left, and nothing is kept of it."""
    device = WebChat(world, person, Assurance.LINKED)
    device.say(ASKS)
    act(world, person, {"agent_says": "Good morning."})
    until_it_comes(world, device, "Good morning.")
    customer = world.customer(person).customer
    Desk(world, set()).about("erase", person)
    follow(world)
    world.settle()
    assert world.store.by_customer(customer, world.clock()) is None


def is_answered_when_the_way_to_them_is_due(world: World) -> None:
    """The way to a customer is kept for longer as it comes due, also if that is between a question and its answer."""
    centre = at_work(world).line.centre
    world.clock.pass_(3 * HOUR)
    while datetime.fromtimestamp(world.clock(), centre.zone()).weekday() >= SATURDAY:
        world.clock.pass_(24 * HOUR)  # of a year and a month later, the day after must be one on which people work
    person = enrolled(world, "Waiter")
    device = WebChat(world, person, Assurance.LINKED)
    device.say("hello")
    world.clock.pass_(Retention().proved - HOUR)
    device.say(ASKS)
    act(world, person, {"agent_reads": [ASKS]})
    world.clock.pass_(2 * HOUR)
    act(world, person, {"agent_says": "Good evening.", "agent_ends": True})
    until_it_comes(world, device, "Good evening.")


def talks_and_comes_back(world: World, device: WebChat | TextPhone) -> None:
    """Both ways, until the agent ends it."""
    device.say(ASKS)
    device.say("is anybody there")
    act(world, device.person, {"agent_reads": ["is anybody there"], "agent_says": "Good morning."})
    until_it_comes(world, device, "Good morning.")
    act(world, device.person, {"agent_sends_file": True, "agent_ends": True})
    until_it_comes(world, device, "assistant")
    assert not world.with_person(device.person)


def until_it_comes(world: World, device: WebChat | TextPhone, words: str) -> None:
    """Look for what arrives outside of a turn. Raises AssertionError if it doesn't in time."""
    assert world.relays is not None
    came: list[str] = []
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends and not any(words in text for text in came):
        world.relays.bring()
        came += device.arrived()
        time.sleep(MOMENT)
    assert any(words in text for text in came), (words, came)
