"""Faults between flows and what they call."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from rehearsal.connect.faults import FAILS, LATE, LEX, REFUSED, SLOW, THROTTLED, Faults
from rehearsal.connect.ports import LambdaFailed, LexFailed, LexInput, Services
from rehearsal.connect.stand_ins import AnsweringLambdas, stand_ins

ARN = "arn:aws:lambda:us-east-1:123456789012:function:dip:live"


def wrapped(faults: Faults) -> Services:
    return faults.wrapped(replace(stand_ins(), lambdas=AnsweringLambdas(otherwise={"known": "true"})))


def test_what_works_is_passed_through() -> None:
    services = wrapped(Faults({ARN: "dip"}))
    assert services.lambdas.invoke(ARN, {}, 2.0).payload == {"known": "true"}
    assert services.lex.say("alias", "s", LexInput(text="Hello"), {}, "VOICE", "en-US").closed


def test_a_broken_function_fails_until_it_is_healed() -> None:
    faults = Faults({ARN: "dip"}, {"dip": FAILS})
    services = wrapped(faults)
    with pytest.raises(LambdaFailed):
        services.lambdas.invoke(ARN, {}, 2.0)
    faults.heal()
    assert services.lambdas.invoke(ARN, {}, 2.0).payload
    assert faults.made == {"dip fails": 1}


def test_a_slow_function_answers_too_late() -> None:
    services = wrapped(Faults({ARN: "dip"}, {"dip": SLOW}))
    assert services.lambdas.invoke(ARN, {}, 2.0).seconds > LATE


def test_a_throttled_function_lets_a_later_attempt_through() -> None:
    services = wrapped(Faults({ARN: "dip"}, {"dip": THROTTLED}))
    for _ in range(REFUSED):
        with pytest.raises(LambdaFailed, match="throttled"):
            services.lambdas.invoke(ARN, {}, 2.0)
    assert services.lambdas.invoke(ARN, {}, 2.0).payload


def test_lex_fails_by_its_own_name() -> None:
    services = wrapped(Faults({}, {LEX: FAILS}))
    with pytest.raises(LexFailed):
        services.lex.say("alias", "s", LexInput(text="Hello"), {}, "VOICE", "en-US")


def test_about_so_many_calls_fail_at_random_as_the_rate_says() -> None:
    faults = Faults({}, rate=0.2, dice=random.Random(5))
    failed = sum(bool(faults.drawn(LEX)) for _ in range(2_000))
    assert 330 < failed < 470
