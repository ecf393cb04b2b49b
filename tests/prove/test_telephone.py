"""The telephone at length: payments that leave no number, and calls while a fifth of what they ask for fails."""

from __future__ import annotations

import os

import pytest

from rehearsal.telephone_trials import ANSWER, CALLBACK, PERSON, failing_calls
from rehearsal.world import running
from tests.leakage.everywhere import listen, places
from tests.leakage.payments import KINDS, centre_places, left, pay
from tests.leaks import leaks

PART = int(250 * float(os.environ.get("PROVE", "1")))


@pytest.mark.parametrize("seed", range(4))
def test_no_card_number_is_found_after_payments_by_telephone(seed: int) -> None:
    with running() as world:
        listen(world)
        assert world.line is not None
        world.line.patience.wait(True)
        paid = pay(world, PART, seed)
        everywhere = [*places(world), *centre_places(world)]
        assert set(paid.kinds) == set(KINDS)
        assert left(everywhere, paid.secrets) == []
        assert not any(leaks(text, paid.secrets[:2]) for _, text in everywhere)
    sizes = sum(len(text) for _, text in everywhere)
    print(f"{PART} payments, {len(paid.secrets)} numbers, {len(everywhere)} places, {sizes:,} characters: {paid.ended}")


@pytest.mark.parametrize("seed", range(4))
def test_calls_end_in_an_answer_a_person_or_a_callback_whatever_fails(seed: int) -> None:
    with running() as world:
        trial = failing_calls(world, PART, seed=seed)
    print(f"{trial.calls} calls, {trial.inputs} inputs, {sum(trial.faults.values())} faults: {dict(trial.ended)}")
    assert set(trial.ended) <= {ANSWER, PERSON, CALLBACK}, "\n".join(trial.bad)
    assert trial.calls == PART and trial.ended[CALLBACK] and trial.ended[PERSON] and trial.ended[ANSWER]
