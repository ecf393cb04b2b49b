"""Any sequence of turns, outcomes and deployments keeps the engine's promises."""

from __future__ import annotations

from hypothesis import given, settings

from .walks import PURPOSEFUL, STEP_UPS, WALKS, Act, Walk


@settings(max_examples=250, deadline=None)
@given(WALKS)
def test_any_walk_keeps_every_promise(acts: list[Act]) -> None:
    walk = Walk()
    for act in acts:
        walk.take(act)


@settings(max_examples=150, deadline=None)
@given(PURPOSEFUL)
def test_a_purposeful_walk_keeps_every_promise(acts: list[Act]) -> None:
    walk = Walk()
    for act in acts:
        walk.take(act)


@settings(max_examples=250, deadline=None)
@given(STEP_UPS)
def test_a_walk_of_step_ups_in_two_sessions_keeps_every_promise(acts: list[Act]) -> None:
    walk = Walk()
    for act in acts:
        walk.take(act)
