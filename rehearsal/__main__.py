"""`make run`: the rehearsal on http://127.0.0.1:8700, AWS's protocols on http://127.0.0.1:8701.

PORT and AWS_PORT choose other ports. KEEP=1 goes on where the last rehearsal was left and keeps this one.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

from rehearsal.cloud import read_snapshot, write_snapshot
from rehearsal.console import PEOPLE, Console
from rehearsal.functions import ROOT
from rehearsal.gateway import gateway
from rehearsal.lex.server import LexServer
from rehearsal.people import Person
from rehearsal.relays import FILE
from rehearsal.switchboard import Switchboard
from rehearsal.world import World, running

KEPT = ROOT / ".cache" / "rehearsal.json"


def main() -> int:
    """Run as the environment says."""
    port, aws_port = int(os.environ.get("PORT", "8700")), int(os.environ.get("AWS_PORT", "8701"))
    return serve(port, aws_port, keep=os.environ.get("KEEP", "") not in ("", "0"))


def serve(port: int, aws_port: int, *, keep: bool) -> int:
    """Run until interrupted; `keep` goes on where the last one was left and keeps this one."""
    started = time.monotonic()
    stop = threading.Event()
    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, lambda *_: stop.set())
    print("· starting the functions and AWS's stand-ins", flush=True)
    snapshot = read_snapshot(KEPT) if keep else {}
    with running(snapshot=snapshot) as world:
        changed = threading.Event()
        console = Console(world, changed.set, board_of(world))
        # The speaker's recogniser takes some seconds to train when the model is new: not while somebody waits.
        threading.Thread(target=console.speaker, args=(Person.called(PEOPLE[0]),), daemon=True).start()
        with (
            LexServer(gateway(world.wire.handle, world.post_wire, world.chat_door, world.cloud.url), aws_port) as aws,
            LexServer(console.handle, port) as page,
        ):
            print(f"· ready after {time.monotonic() - started:.1f} s", flush=True)
            print(f"\n  {page.url}    the rehearsal: web chat, smart speaker, and the one customer")
            print(f"  {aws.url}    AWS's protocols: point any AWS SDK's endpoint here")
            print("\n  Ctrl-C ends it" + (" and keeps it for the next KEEP=1" if keep else ""), flush=True)
            while not stop.wait(0.5):
                if keep and changed.is_set():
                    changed.clear()
                    write_snapshot(KEPT, world.snapshot())
        if keep:
            write_snapshot(KEPT, world.snapshot())
    return 0


def board_of(world: World) -> Switchboard | None:
    """The page's switchboard; None where the templates have no contact centre."""
    line = world.line
    if line is None:
        return None

    def dial(person: Person, channel: str, withheld: bool) -> str:
        world.customer(person)
        return line.dial(person, channel, withheld=withheld)

    relays = world.relays
    return Switchboard(
        line.centre, world.assembly, world.clock, dial, line.answers,
        number=line.number, entry=line.entry, patience=line.patience,
        attach=(lambda contact: relays.chats.attach(contact, FILE)) if relays is not None else None,
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
