"""How calls end while a fifth of what their flows ask for fails: every function and Lex, slow, throttled or broken."""

from __future__ import annotations

from collections import Counter
from typing import Final

from bench import figures
from bench.figures import Section
from rehearsal.telephone_trials import ANSWER, CALLBACK, LOOP, PERSON, SILENCE, failing_calls
from rehearsal.world import running

PORTION: Final = 250
"""Calls in one rehearsal, which begins with empty queues and ends with a full one."""
RATE: Final = 0.2


def measure_failing_calls(calls: int) -> Section:
    """That many calls through the synthesised flows."""
    ended: Counter[str] = Counter()
    faults = inputs = 0
    left = calls
    while left > 0:
        with running() as world:
            trial = failing_calls(world, min(PORTION, left), rate=RATE, seed=left)
        ended += trial.ended
        faults += sum(trial.faults.values())
        inputs += trial.inputs
        left -= trial.calls
    heading = f"How {calls:,} calls end while {RATE:.0%} of what they ask of functions and Lex fails"
    well = sum(ended[one] for one in (ANSWER, PERSON, CALLBACK))
    return Section(
        heading,
        (
            figures.at_least(
                "an answer, a person or a callback", well / calls, 1.0,
                beside=f"{ended[ANSWER]}, {ended[PERSON]}, {ended[CALLBACK]}; {faults:,} faults in {inputs:,} inputs",
            ),
            figures.at_most("silence", ended[SILENCE], 0),
            figures.at_most("going round", ended[LOOP], 0),
        ),
    )  # fmt: skip
