"""What masking costs grows with the text and no faster; counted in executed lines, never in time."""

import re
import sys
from collections.abc import Iterator
from re import _constants as opcodes  # type: ignore[attr-defined]  # typeshed does not know the parser's modules
from re import _parser as parser  # type: ignore[attr-defined]  # typeshed does not know the parser's modules
from types import FrameType
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from throughline.privacy import digits, folding, ibans, mask, masking, named, pans, ssns

# fmt: off
PIECES = [
    "1 2 ", "1,", "4111 ", "4", "one ", "double ", "forty ", "and ", "my pin is ", "pin 123 to ", "code ",
    "de89 ", "d e 8 9 ", "password is ", "password not ", "is my password ", "123-45-6789 ",
    "123 45 6789, ", "ssn ", "\u0664\u0661 ", "4\u200b", "- ", "$1 ", "4111111111111111 ",
    "4111 1111 1111 1111, ", "1.00 ", "pin is 4821, ", "12/27 ", "[pin] ", "a", "\u00e9", "[", "o ", "p.",
    "s-", "202-555-0143, ", "1234567890123, ", "my ", "is ", ". ", "1-",
]
# fmt: on


def lines(text: str) -> int:
    """How many lines of Python one call of mask executes."""
    count = 0

    def step(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        return step

    before = sys.gettrace()
    sys.settrace(step)
    try:
        mask(text)
    finally:
        sys.settrace(before)
    return count


def test_ordinary_talk_costs_next_to_nothing() -> None:
    assert lines("I want to move fifty dollars to savings") < 60


@settings(deadline=None)  # lines are counted, which is slow; time is not what this is about
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=4))
@example(["123 45 6789, ", "1.00 "])
def test_twice_the_text_takes_twice_the_steps(pieces: list[str]) -> None:
    unit = "".join(pieces)
    once = unit * (512 // len(unit) + 1)
    folding._fold_character.cache_clear()
    few = lines(once)
    many = lines(once * 4)
    assert many < 6 * few + 500


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=60))
def test_a_text_is_read_at_most_four_times(pieces: list[str]) -> None:
    text = "".join(pieces)
    reads = 0
    while spans := masking._find((after := folding.fold(text)).text):
        text, _ = masking._replace(after, spans)
        reads += 1
    assert reads < 4


def _patterns() -> Iterator[re.Pattern[str]]:
    for module in (digits, folding, ibans, masking, named, pans, ssns):
        for value in vars(module).values():
            if isinstance(value, re.Pattern):
                yield value


def _unbounded(tree: Any, inside: bool) -> Iterator[str]:
    """Repeats without a bound, within such a repeat, that no literal sign parts from the round before."""
    for opcode, argument in tree:
        if opcode in (opcodes.MAX_REPEAT, opcodes.MIN_REPEAT):
            _, most, body = argument
            endless = most is opcodes.MAXREPEAT
            parted = body[0][0] is opcodes.LITERAL or (
                body[0][0] is opcodes.SUBPATTERN and body[0][1][3][0][0] is opcodes.LITERAL
            )
            if inside and endless:
                yield str(body)
            yield from _unbounded(body, inside or (endless and not parted))
        elif opcode is opcodes.SUBPATTERN:
            yield from _unbounded(argument[3], inside)
        elif opcode is opcodes.BRANCH:
            for branch in argument[1]:
                yield from _unbounded(branch, inside)


@pytest.mark.parametrize("pattern", [pattern.pattern for pattern in _patterns()])
def test_no_pattern_repeats_a_repeat_without_bound(pattern: str) -> None:
    assert list(_unbounded(parser.parse(pattern), False)) == []
