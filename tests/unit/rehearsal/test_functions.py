"""Functions as Lambda runs them: with their own environment, timeout and memory, as the template says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rehearsal.assembly import FunctionSpec
from rehearsal.functions import FunctionFailed, Functions

SPEC = FunctionSpec(
    logical_id="Told",
    module="tests.unit.rehearsal.a_function",
    environment={"WHAT": "as the template says"},
    seconds=2,
    megabytes=256,
)


@pytest.fixture(scope="module")
def functions() -> Iterator[Functions]:
    with Functions([SPEC], {}) as running:
        yield running


def test_a_function_has_the_templates_environment_and_time(functions: Functions) -> None:
    told = functions.invoke("Told", {"do": "tell"})
    assert told["variable"] == "as the template says"
    assert 0 < told["left"] <= 2000


@pytest.mark.parametrize(
    ("what", "kind"),
    [
        ("sleep", "Sandbox.Timedout"),
        ("hoard", "Runtime.OutOfMemory"),
        ("fail", "LookupError"),
        ("die", "Runtime.ExitError"),
    ],
)
def test_one_that_breaks_its_bounds_fails_as_lambda_says_and_the_next_call_is_served(
    functions: Functions, what: str, kind: str
) -> None:
    with pytest.raises(FunctionFailed) as failed:
        functions.invoke("Told", {"do": what})
    assert failed.value.type == kind
    assert functions.invoke("Told", {"do": "tell"})["variable"] == "as the template says"
