"""Runs that are the same each time but for the secrets in them, and all that they leave, to be compared byte for byte.

What can't be the same is not ours, and is taken out by name: Lambda's reports with their durations, times that the
table's stream and the metrics' library put in, and how sure Lex was of its readings, since Lex hears words in the
clear. Two things of ours can't be, either: the keyed hash of the last guess at a code or a PIN, by which a turn that
comes again is known, and the id of a turn of Lex's, a keyed hash of its words, since Lex gives none. Neither tells
anybody the digits who hasn't the key.
"""

from __future__ import annotations

import json
import re
import secrets
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pytest

from rehearsal import second_step
from rehearsal import world as worlds
from rehearsal.assembly import FunctionSpec
from rehearsal.clock import Clock
from rehearsal.functions import ROOT
from rehearsal.people import Person, enrol
from rehearsal.world import World, running
from tests.leakage.determined.sitecustomize import chances
from tests.leakage.everywhere import items, listen, stream
from tests.spoofing.attempt import Attempt
from tests.spoofing.oracle import Oracle
from tests.spoofing.victim import Victim
from throughline.channels.capabilities import EAR, LEX_KEYS, LEX_SPEECH, LEX_TEXT, TEXTING

NOW: Final = 1_800_000_000.0
_FOLDER: Final = Path(__file__).with_name("determined")
_NOT_OURS: Final = re.compile(r'"(Timestamp|timestamp|TurnTime|Failures)":\s*("[^"]*"|\[?[0-9.]+\]?)')
CODE: Final = "<the code that came>"


@dataclass(frozen=True, slots=True)
class Case:
    """Words on a way, with a place for the secret."""

    name: str
    way: str
    said: tuple[str, ...]
    """What is said before and with it: a tap as "tap:intent:slot:value"."""
    secrets: tuple[str, str]
    """In the one run and in the other."""


_PIN = ("tap:ChangePin:card:debit", CODE, "tap:Yes::", "{}", "tap:Goodbye::")
_ASKED = {
    EAR: "tap:ChangePin:card:debit",
    TEXTING: "what's my balance",
    LEX_TEXT: "what's my balance",
    LEX_SPEECH: "what's my balance",
    LEX_KEYS: "1",
}
_CODES = {LEX_SPEECH: ("four eight two nine one three", "seven three nine one oh two")}
CASES: Final = (
    Case("a PIN", EAR, _PIN, ("4829", "9037")),
    Case("a PIN in a sentence", EAR, (*_PIN[:3], "it should be {} please"), ("4829", "9037")),
    Case("a weak PIN", EAR, (*_PIN[:3], "{}"), ("1111", "2222")),
    *(
        Case("a wrong code", way, (asked, "{}"), _CODES.get(way, ("482913", "739102")))
        for way, asked in _ASKED.items()
    ),
    *(
        Case(name, way, (words,), pair)
        for way in (EAR, TEXTING, LEX_TEXT, LEX_SPEECH)
        for name, words, pair in (
            ("a CVV", "cvv {}", ("123", "987")),
            ("a password", "my password is {}", ("hunter2", "swordfish9")),
            ("a PIN told unasked", "my pin is {}", ("4829", "9037")),
            ("a code told unasked", "the code is {}", ("482913", "739102")),
        )
    ),
)  # fmt: skip


class Standing(Clock):
    """A clock that goes only when it is moved on."""

    def __call__(self) -> float:
        return NOW + self.ahead


def run(which: int, cases: tuple[Case, ...] = CASES) -> dict[str, str]:
    """All that a run leaves, by place, where each case has its first (0) or second (1) secret."""
    with determined() as world:
        told: list[str] = []
        for number, case in enumerate(cases):
            told.append(_held(world, case, number, case.secrets[which]))
            if world.records is not None:
                world.records.drain()
        return {**left_by(world), "replies": "\n".join(told)}


def _held(world: World, case: Case, number: int, secret: str) -> str:
    world.clock.pass_(120.0)
    person = replace(Person.called(f"case-{number}"), phone=f"+1{300 + number}5550101")
    stored = enrol(person, world.store, world.keys, world.clock())
    world.enrolled.add(person.email)
    victim = Victim(world, person, stored.customer, {}, "0")
    attempt = Attempt(world, victim, case.way, case.name, Oracle(world, victim))
    attempt.device = person.browser
    attempt.claims()
    for words in case.said:
        if words.startswith("tap:"):
            attempt.tap(*words.split(":")[1:])
        elif case.way == LEX_KEYS:
            attempt.key(words.replace("{}", secret))
        else:
            attempt.say(victim.code() if words == CODE else words.replace("{}", secret))
    answers = [json.loads(text) for text in attempt.oracle.told]
    # What Lex itself heard goes back to whoever said it, past us.
    return json.dumps([{k: v for k, v in one.items() if k not in ("interpretations", "requestId")} for one in answers])


@contextmanager
def determined() -> Iterator[World]:
    chance = chances("the rehearsal's own")
    patch = pytest.MonkeyPatch()
    plain = second_step.filled
    path = ":".join(map(str, (_FOLDER, ROOT / "lambdas", ROOT)))

    def filled(spec: FunctionSpec) -> FunctionSpec:
        known = plain(spec)
        return replace(known, environment={**known.environment, "PYTHONPATH": path, "DETERMINED_NOW": str(NOW)})

    patch.setattr(second_step, "filled", filled)
    patch.setattr(worlds, "filled", filled)
    patch.setattr(worlds, "Clock", Standing)
    try:
        with running(key="k" * 64) as world:
            if world.records is not None:
                world.records.__exit__()  # it reads when it is told to, not when it comes to it
            listen(world)
            patch.setattr(uuid, "uuid4", lambda: uuid.UUID(int=chance().getrandbits(128), version=4))
            patch.setattr(secrets, "token_urlsafe", lambda length=32: f"{chance().getrandbits(8 * (length or 32)):x}")
            yield world
    finally:
        patch.undo()


def left_by(world: World) -> Mapping[str, str]:
    left: dict[str, str] = {}
    turns = [str(turn["id"]) for turn in world.timeline.turns()]
    names = {id: f"turn-{place}" for place, id in enumerate(dict.fromkeys(turns)) if id.startswith("lex-")}

    def plain(text: str) -> str:
        return _LEX_HEARD.sub(r"\1", _LEX_TURN.sub(lambda found: names.get(found[0], found[0]), text))

    for name in world.cloud.dynamodb.list_tables()["TableNames"]:
        left[f"table {name}"] = "\n".join(sorted(plain(_text(_without_the_guess(one))) for one in items(world, name)))
        arn = world.cloud.dynamodb.describe_table(TableName=name)["Table"].get("LatestStreamArn")
        if arn:
            changes = [[_without_the_guess(record.get(part, {})) for part in IMAGES] for record in stream(world, arn)]
            left[f"stream of {name}"] = plain("\n".join(map(_text, changes)))
    lines = [line for line in world.functions.logs if '"platform.report"' not in line]
    left["logs and metrics"] = plain(_NOT_OURS.sub("", "\n".join(lines)))
    told = [{name: part for name, part in turn.items() if name != "understood"} for turn in world.timeline.dump()]
    left["timeline"] = plain(_text(told))
    left["inboxes"] = _text([[message["to"], message["text"]] for message in world.post.dump()])
    return left


_LEX_HEARD: Final = re.compile(r'(channel\\*":\s*\\*"lex\\*".{0,400}?heard\\*":\s*)\[\[.*?\]\]')
_LEX_TURN: Final = re.compile(r"lex-[0-9a-f]{24}")
IMAGES: Final = ("Keys", "OldImage", "NewImage")


def _without_the_guess(item: Mapping[str, Any]) -> dict[str, Any]:
    guessed = item.get("pk", {}).get("S", "").startswith(("P#", "R#pin."))
    return {name: value for name, value in item.items() if not (guessed and name == "last")}


def _text(found: Any) -> str:
    return json.dumps(found, sort_keys=True, default=str)
