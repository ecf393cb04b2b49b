"""`throughline chat`: a conversation in the terminal, on any way to the customer.

    throughline chat --way alexa --assurance linked

A line is said or typed; `/keys 12` presses telephone keys, `/silence` says nothing, `/wait 20 minutes` lets
time pass, `/leave` ends the session, `/way alexa` goes on elsewhere as the same customer, `/again` delivers
the last event once more, `/state` shows the open conversation, `/quit` ends.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from commands import Subparsers

if TYPE_CHECKING:
    from rehearsal.people import Person
    from rehearsal.told import Told
    from rehearsal.ways import Device
    from rehearsal.world import World
    from throughline.turn import Assurance


def add(subparsers: Subparsers) -> None:
    """Declare the subcommand."""
    found = subparsers.add_parser(
        "chat", help="a conversation in the terminal", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    found.add_argument("--way", default="ear", help="ear (text channels), lex-text, lex-speech, lex-keys, alexa")
    found.add_argument("--person", default="Sam", help="who you are; invented (Sam)")
    found.add_argument("--assurance", default="verified", help="anonymous, claimed, linked, verified")
    found.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Talk until the input ends; 2 for an unknown way or assurance."""
    from rehearsal.people import Person
    from rehearsal.ways import WAYS
    from rehearsal.world import running
    from throughline.turn import Assurance

    if args.way not in WAYS or args.assurance.upper() not in Assurance.__members__:
        print(
            f"ways: {', '.join(WAYS)}; assurances: {', '.join(a.name.lower() for a in Assurance)}",
            file=sys.stderr,
        )
        return 2
    print("starting …", file=sys.stderr)
    with running() as world:
        person = Person.called(args.person)
        world.customer(person)
        talk = Talk(world, person, Assurance.named(args.assurance), args.way)
        talk.show(talk.device.open())
        for line in sys.stdin if not sys.stdin.isatty() else iter(_prompted, ""):
            if line.strip() == "/quit":
                break
            if line.strip():
                talk.take(line.strip())
    return 0


class Talk:
    """One person at the terminal."""

    def __init__(self, world: World, person: Person, assurance: Assurance, way: str) -> None:
        from rehearsal.ways import WAYS

        self._world = world
        self._person = person
        self._make: Callable[[str], Device] = lambda name: WAYS[name](world, person, assurance)
        self._devices: dict[str, Device] = {}
        self.device = self._on(way)

    def take(self, line: str) -> None:
        """Do what the line says."""
        from rehearsal.replay import RehearsalError, seconds
        from rehearsal.told import CantCarry
        from rehearsal.ways import WAYS

        command, _, rest = line.partition(" ")
        try:
            if command == "/keys":
                self.show(self.device.key(rest.strip()))
            elif command == "/silence":
                self.show(self.device.silence())
            elif command == "/again":
                self.show(self.device.again())
            elif command == "/leave":
                self.device.leave()
            elif command == "/wait":
                self._world.clock.pass_(seconds(rest.strip()))
            elif command == "/way" and rest.strip() in WAYS:
                self.device = self._on(rest.strip())
                self.show(self.device.open())
            elif command == "/state":
                self._state()
            elif line.startswith("/"):
                print(f"  ways: {', '.join(WAYS)}; commands: /keys /silence /again /leave /wait /way /state /quit")
            else:
                self.show(self.device.say(line))
        except (CantCarry, RehearsalError) as error:
            print(f"  ({error})")

    def show(self, told: Told) -> None:
        """Print what came back."""
        for text in told.lines:
            print("  " + text.replace("\n", "\n  "))
        if told.choices:
            print("  " + "  ".join(f"[{label}]" for label in told.choices))
        if not told.open:
            print("  (the channel has closed)")
        sys.stdout.flush()

    def _on(self, way: str) -> Device:
        if way not in self._devices:
            self._devices[way] = self._make(way)
        return self._devices[way]

    def _state(self) -> None:
        from rehearsal.portrait import customer_json

        shown = customer_json(self._world.customer(self._person), self._world.model, self._world.clock())
        print("  " + json.dumps(shown, indent=2).replace("\n", "\n  "))


def _prompted() -> str:
    try:
        return input("> ") + "\n"
    except EOFError:
        return ""
