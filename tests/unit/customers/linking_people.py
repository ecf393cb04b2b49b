"""Customers made by hand for the tests of linking: their links, and what they are in the middle of."""

from __future__ import annotations

from dataclasses import replace

from throughline.customers.store import Link, Stored
from throughline.dialogue.changes import Linked
from throughline.dialogue.state import Frame, State, encode
from throughline.reply import Awaits, Line, Reply
from throughline.turn import Assurance

REPLY = Reply((Line("phrases.done"),), Awaits.INTENT)


def link(key: str, kind: str = "web", assurance: Assurance = Assurance.ANONYMOUS, **more: object) -> Link:
    made = Link(key, 1, assurance, "first contact", 1.0, f"a1.{key}", kind=kind)
    return replace(made, **more)  # type: ignore[arg-type]


def customer(name: str, *links: Link, state: State | None = None, **more: str) -> Stored:
    text = encode(state) if state is not None else ""
    return replace(Stored(name, 3, text, nonce="n", links={one.id: one for one in links}), **more)  # type: ignore[arg-type]


def task(key: str, by: str, session: str = "s1", at: float = 1.0) -> Frame:
    return Frame(key, f"Task{key}", at, at, session, by, "v1", {"amount": key})


def change(key: str = "m", kind: str = "email") -> Linked:
    return Linked(kind, f"a1.{key}", "pat@example.com", "code")


ANN = customer("ann", link("login", "login", Assurance.LINKED))
