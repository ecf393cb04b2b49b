"""What an action may change about the customer, besides what it does in the business.

An action returns these with `Done`; the one path of a turn applies them in the same write as the reply. Any
business may note facts. The others are for this package's own actions, and are ignored from any other.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Noted:
    """A fact for the customer's profile."""

    kind: str
    """name, locale, time_zone, preferred_channel, trait or consent."""
    key: str
    """Which trait; for a consent "<channel>.<purpose>"; empty for the others."""
    value: str
    """The value; for a consent "given" or "withdrawn". Empty takes the fact back."""


@dataclass(frozen=True, slots=True)
class Proved:
    """The sender proved to be this customer: verified, on this link and in this session, for some minutes."""

    how: str
    """code, login or pin."""
    link: str = ""
    """The link whose address the code went to: that it is theirs was so proved anew."""


@dataclass(frozen=True, slots=True)
class Identified:
    """The sender proved to be a customer whom we know: the link that they came through is theirs."""

    customer: str
    """That customer's id."""
    how: str
    """code or login."""
    link: str = ""
    """That customer's link whose address the code went to; empty for a login."""


@dataclass(frozen=True, slots=True)
class Linked:
    """An address was proved to be this customer's."""

    kind: str
    """An `AddressKind`'s value."""
    address: str
    """Its keyed hash under the current key."""
    reach: str = field(repr=False)
    """The raw address, for those kinds that are written to; else empty."""
    evidence: str
    """What proved it: "code", "login"."""


@dataclass(frozen=True, slots=True)
class Unlinked:
    """A way that the customer no longer comes by. What came through it stays theirs."""

    link: str


@dataclass(frozen=True, slots=True)
class Marked:
    """A job for the customer's data, done behind the table's stream."""

    job: str
    """erase or export."""


Change = Noted | Proved | Identified | Linked | Unlinked | Marked
