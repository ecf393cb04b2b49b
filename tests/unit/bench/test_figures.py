"""The bench's arithmetic, and that its conversation is the one it says it is."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import figures
from bench.callers import Caller, ConversationBroke, LexCaller, heard
from bench.functions import Function, quiet
from bench.script import CONFIRM, CONFIRMING, CONVERSATION
from bench.shipped import zipped
from bench.starts import Import, dearest
from bench.turns import cpu, over_alexa, over_lex, over_the_ear

amounts = st.lists(st.floats(0.001, 1000), min_size=1, max_size=50)


@given(amounts, st.floats(1, 100))
def test_a_percentile_is_a_value_that_enough_others_do_not_exceed(values: list[float], percent: float) -> None:
    found = figures.percentile(values, percent)
    assert found in values
    assert sum(value <= found for value in values) * 100 >= percent * len(values) - 1e-6


def test_the_median_and_the_extremes_are_percentiles() -> None:
    assert figures.percentile([3, 1, 2], 50) == 2
    assert figures.percentile([3, 1, 2], 100) == 3
    assert figures.percentile([3, 1, 2], 0) == 1
    with pytest.raises(ValueError, match="nothing"):
        figures.percentile([], 50)


@given(amounts, st.floats(0.1, 10))
def test_a_ratio_is_taken_pair_by_pair_so_that_drift_falls_out(floor: list[float], ratio: float) -> None:
    assert figures.paired_ratio([one * ratio for one in floor], floor) == pytest.approx(ratio)


def test_one_outlier_does_not_move_a_ratio() -> None:
    assert figures.paired_ratio([1.1, 1.1, 50.0], [1.0, 1.0, 1.0]) == pytest.approx(1.1)


@pytest.mark.parametrize(("ours", "floor"), [([], []), ([1.0], [1.0, 2.0]), ([1.0], [0.0])])
def test_what_can_not_be_paired_is_refused(ours: list[float], floor: list[float]) -> None:
    with pytest.raises(ValueError, match=r"paired|floor"):
        figures.paired_ratio(ours, floor)


def test_a_row_says_whether_its_target_is_met() -> None:
    assert figures.at_most("x", 1.1, 1.1).met is True
    assert figures.at_most("x", 1.11, 1.1).met is False
    assert figures.at_least("x", 0.88, 0.88).met is True
    assert figures.at_least("x", 0.879, 0.88).met is False
    assert figures.told("x", "1").met is None


def test_a_table_is_aligned_and_ascii() -> None:
    rows = (figures.at_most("short", 1, 2, unit="MB", beside="so"), figures.told("somewhat longer", "12"))
    text = figures.table([figures.Section("Heading", rows, ("a note",))])
    assert text.isascii()
    assert text.splitlines() == [
        "Heading",
        "-------",
        "short            1.00 MB  <= 2.00 MB  met     so",
        "somewhat longer       12",
        "    a note",
    ]


def test_the_dearest_imports_come_first() -> None:
    report = (
        "import time: self [us] | cumulative | imported package\n"
        "import time:        20 |         20 |     inner\n"
        "import time:       700 |        720 |   outer.module\n"
        "import time:        30 |        750 | top\n"
    )
    assert dearest(report, 2) == [Import("outer.module", 700), Import("top", 30)]


def test_a_zip_is_measured_without_byte_code(tmp_path: Path) -> None:
    (tmp_path / "code.py").write_text("x = 1\n" * 100)
    size = zipped(tmp_path)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "code.pyc").write_bytes(bytes(range(256)) * 100)
    assert zipped(tmp_path) == size
    with zipfile.ZipFile(tmp_path / "real.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(tmp_path / "code.py", "code.py")
    assert (tmp_path / "real.zip").stat().st_size == size


@pytest.mark.parametrize("way", [over_lex, over_alexa, over_the_ear])
def test_the_conversation_goes_as_its_script_says_on_every_way(
    way: Callable[[], tuple[Function, Caller]],
) -> None:
    function, caller = way()
    costs = cpu(function, caller, 2, clock=iter(range(10**6)).__next__)
    assert len(costs.turns) == len(costs.json) == 2 * len(CONVERSATION)
    assert set(costs.turns) == set(costs.json) == {1}


def test_the_irreversible_turn_is_the_one_after_the_confirmation() -> None:
    assert CONVERSATION[CONFIRMING - 1].asks == CONFIRM
    assert CONVERSATION[CONFIRMING].confirmed


def test_an_answer_that_the_script_does_not_expect_stops_the_bench() -> None:
    function, caller = over_lex()
    assert isinstance(caller, LexCaller)
    with quiet():
        answer = function.handler(caller.event(CONVERSATION[2]))
    with pytest.raises(ConversationBroke, match="amount"):
        heard(caller, CONVERSATION[-1], answer)
