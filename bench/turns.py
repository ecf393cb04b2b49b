"""What a turn costs by itself: our own CPU over the store in memory, with no network and no disk."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bench import figures
from bench.callers import AlexaCaller, Caller, ChatCaller, Clock, LexCaller, converse, heard
from bench.figures import Row, Section, milliseconds
from bench.functions import (
    CHATTER,
    KEYS,
    PHONE,
    SPEAKER,
    Function,
    alexa_function,
    ear_function,
    enrolled,
    lex_function,
    quiet,
    token,
)
from bench.script import CONVERSATION, Said
from throughline.customers.memory import MemoryStore

P50_MS: Final = 0.3
P99_MS: Final = 1.0
WARM_UP: Final = 5
"""Conversations before anything is measured."""


@dataclass(frozen=True, slots=True)
class Costs:
    """Seconds of CPU, turn by turn."""

    turns: tuple[float, ...]
    json: tuple[float, ...]
    """Of the floor: reading and writing the very event and answer of that turn, and nothing else."""
    kinds: tuple[Said, ...]
    """What was said in each."""


def measure_turns(conversations: int) -> Section:
    """CPU of each way for so many conversations, and turns a second on one core."""
    ways = {"Lex hook": over_lex, "Alexa": over_alexa, "recogniser path": over_the_ear}
    costs = {name: cpu(*way(), conversations) for name, way in ways.items()}
    rows = [row for name, cost in costs.items() for row in _rows(name, cost)]
    lex = costs["Lex hook"]
    rows.append(figures.told("Lex hook, turns per second on one core", f"{len(lex.turns) / sum(lex.turns):.0f}"))
    return Section("Own CPU of a turn without I/O (store in memory)", tuple(rows), (_dearest(lex),))


def over_lex() -> tuple[Function, Caller]:
    """The code hook with a caller whom Connect's flow has found."""
    clock, store = Clock(), MemoryStore(KEYS)
    pointer = enrolled(store, PHONE, clock)
    function = lex_function(store, clock)
    return function, LexCaller(function.model, alias="live", pointer=token(pointer))


def over_alexa() -> tuple[Function, Caller]:
    """The skill with a linked account."""
    clock, store = Clock(), MemoryStore(KEYS)
    enrolled(store, SPEAKER, clock)
    function = alexa_function(store, clock)
    return function, AlexaCaller(function.model)


def over_the_ear() -> tuple[Function, Caller]:
    """The web chat with a known browser."""
    clock, store = Clock(), MemoryStore(KEYS)
    enrolled(store, CHATTER, clock)
    function = ear_function(store, clock)
    return function, ChatCaller(function.model)


def cpu(
    function: Function, caller: Caller, conversations: int, clock: Callable[[], float] = time.process_time
) -> Costs:
    """CPU (by `clock`, of all threads) of every turn of so many conversations.

    Interleaved with it, that of their JSON alone.
    """
    turns: list[float] = []
    floor: list[float] = []
    kinds: list[Said] = []
    with quiet():
        for number in range(WARM_UP + conversations):
            for said in converse(function.clock, caller):
                sent = json.dumps(caller.event(said))
                before = clock()
                answer = function.handler(json.loads(sent))
                reply = json.dumps(answer)
                between = clock()
                json.dumps(json.loads(sent))
                json.dumps(json.loads(reply))
                after = clock()
                heard(caller, said, answer)
                if number >= WARM_UP:
                    turns.append(between - before)
                    floor.append(after - between)
                    kinds.append(said)
    return Costs(tuple(turns), tuple(floor), tuple(kinds))


def _rows(name: str, costs: Costs) -> list[Row]:
    ratio = figures.paired_ratio(costs.turns, costs.json)
    floor = milliseconds(figures.percentile(costs.json, 50))
    return [
        figures.at_most(
            f"{name}, p50",
            figures.percentile(costs.turns, 50) * 1000,
            P50_MS,
            unit="ms",
            beside=f"{ratio:.1f} x the JSON of its event and answer alone ({floor}); "
            f"at the machine's best {milliseconds(_undisturbed(costs))}",
        ),
        figures.at_most(
            f"{name}, p99",
            figures.percentile(costs.turns, 99) * 1000,
            P99_MS,
            unit="ms",
            beside=f"{len(costs.turns)} turns",
        ),
    ]


def _undisturbed(costs: Costs) -> float:
    """The median over the script of each turn's least cost: what is left when nobody disturbs."""
    least = [
        min(cost for cost, kind in zip(costs.turns, costs.kinds, strict=True) if kind is said) for said in CONVERSATION
    ]
    return figures.percentile(least, 50)


def _dearest(costs: Costs) -> str:
    medians = {
        said.text: figures.percentile([c for c, s in zip(costs.turns, costs.kinds, strict=True) if s is said], 50)
        for said in CONVERSATION
    }
    dearest = sorted(medians, key=lambda text: -medians[text])[:3]
    return "dearest of the script: " + ", ".join(f'"{text}" {milliseconds(medians[text])}' for text in dearest)
