"""Where codes are texted to."""

from __future__ import annotations

import pytest

from throughline.affairs.countries import HOME, texted


@pytest.mark.parametrize("number", ["+12125550143", "+14165550143", "+19075550143", "+18085550143"])
def test_numbers_of_the_usa_and_canada_are_texted_unless_told_otherwise(number: str) -> None:
    assert texted(number, HOME)


@pytest.mark.parametrize(
    "number",
    [
        "+18765550143",
        "+18095550143",
        "+12685550143",
        "+17875550143",
        "+19005550143",
        "+18005550143",
        "+1",
        "+442079460143",
    ],
)
def test_islands_that_share_their_code_premium_numbers_and_other_countries_are_not(number: str) -> None:
    assert not texted(number, HOME)


def test_countries_are_told_apart_by_area_or_calling_code() -> None:
    assert [texted(number, ("CA",)) for number in ("+14165550143", "+12125550143")] == [True, False]
    assert [texted(number, ("US",)) for number in ("+14165550143", "+12125550143")] == [False, True]
    assert [texted(number, ("+44", "+1787")) for number in ("+442079460143", "+17875550143", "+12125550143")] == [
        True, True, False,
    ]  # fmt: skip
    assert not texted("+12125550143", ())
