"""The telephone's time stands still while somebody types what others would say."""

from __future__ import annotations

from rehearsal.patience import PatientClock


def test_seconds_that_go_by_while_it_waits_do_not_count() -> None:
    laptop, ahead = [0.0], [0.0]
    clock = PatientClock(lambda: 1_000 + laptop[0] + ahead[0], lambda: laptop[0])
    laptop[0] = 5
    assert clock() == 1_005
    clock.wait(True)
    laptop[0] = 65
    assert clock() == 1_005
    clock.wait(True)
    laptop[0] = 70
    clock.wait(False)
    laptop[0] = 72
    assert clock() == 1_007


def test_time_that_is_passed_on_purpose_counts_even_then() -> None:
    laptop, ahead = [0.0], [0.0]
    clock = PatientClock(lambda: laptop[0] + ahead[0], lambda: laptop[0])
    clock.wait(True)
    laptop[0], ahead[0] = 60, 1_200
    assert clock() == 1_200
