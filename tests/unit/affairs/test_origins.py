"""Where in the network a request came from, as it is counted."""

from __future__ import annotations

import pytest

from throughline.affairs.origins import Told, place_of


@pytest.mark.parametrize(
    ("ip", "place"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("", ""),
        ("203.0.113.9, 198.51.100.1", ""),
        ("somewhere", ""),
    ],
)
def test_a_place_is_an_address_or_a_households_network(ip: str, place: str) -> None:
    assert place_of(ip) == place


def test_each_request_tells_its_own_origin() -> None:
    origin = Told()
    seen = [origin()]
    for ip in ("203.0.113.9", ""):
        origin.tell(ip)
        seen.append(origin())
    assert seen == ["", "203.0.113.9", ""]
