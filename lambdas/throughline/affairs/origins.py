"""Where in the network a request came from: what bounds guests, who can be anybody else with their next request.

A channel that lets strangers in tells it with each request: the IP that its own front saw (an API gateway's
`sourceIp`), and never a header that the client writes. What comes by Lex or by Connect has none.
"""

from __future__ import annotations

from collections.abc import Callable

Origin = Callable[[], str]
"""The origin of the request being served; "" if the channel can't tell. It is hashed before it is counted."""


class Told:
    """An `Origin` that the channel's handler tells with each request: a function serves one at a time."""

    def __init__(self) -> None:
        self._place = ""

    def __call__(self) -> str:
        """See `Origin`."""
        return self._place

    def tell(self, ip: str) -> None:
        """The next request came from that IP: "" or what is none is no origin."""
        self._place = place_of(ip)


def place_of(ip: str) -> str:
    """An IPv4 address as it is, an IPv6 address' first 64 bits: the rest is one household's; "" for neither."""
    import ipaddress

    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address.packed[:8] + bytes(8), 64)))
