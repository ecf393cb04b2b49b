"""The telephone's settings: the Amazon Connect instance, who answers and when, what is kept of a call.

Part of `deployment.environment`, which see.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class NumberType(StrEnum):
    """What kind of number is claimed; which kinds a country has, Amazon Connect's pricing page says."""

    DID = "DID"
    """A number with an area."""
    TOLL_FREE = "TOLL_FREE"
    """The business pays for its callers."""


@dataclass(frozen=True, slots=True)
class ClaimedNumber:
    """With it, a number is claimed and attached to the flow; without it, nothing is."""

    country: str
    """Two capital letters, such as US."""
    type: NumberType = NumberType.DID


@dataclass(frozen=True, slots=True)
class OpenHours:
    """When people answer, in place of the hours that the dialogue tells customers."""

    time_zone: str
    """IANA name."""
    weekdays: str
    """From and until, as in 08:00-20:00."""
    saturday: str | None = None
    """None: closed."""
    sunday: str | None = None
    """None: closed."""


@dataclass(frozen=True, slots=True)
class PhoneUser:
    """A member of the staff who is made a user of the instance."""

    name: str
    """Given name, a space, family name."""
    team: str
    """One of stacks.team's."""
    email: str
    """Also what they sign in with."""


@dataclass(frozen=True, slots=True)
class Phone:
    """The telephone and its chat."""

    enabled: bool = True
    """Costs nothing to speak of while nobody calls and no number is claimed."""
    instance_arn: str = ""
    """An instance that is there already; empty: one is made."""
    instance_alias: str = ""
    """What a new instance is called, unlike any other on earth; empty: the environment's prefix and the account."""
    number: ClaimedNumber | None = None
    hours: OpenHours | None = None
    """None: as the dialogue's bank.yaml says."""
    holidays: tuple[str, ...] = ()
    """Days on which nobody answers, as in 2026-12-25."""
    queue_capacity: int = 20
    """How many customers a queue takes before it is full."""
    queues: Mapping[str, int] = field(default_factory=dict)
    """Queue of the dialogue's telephone.yaml to its own number of customers."""
    users: tuple[PhoneUser, ...] = ()
    recordings_days: int = 365
    """How long recordings, transcripts, reports and evaluations are kept."""
    capture_certificate: str = ""
    """The certificate itself, in PEM, that card numbers and PINs are encrypted with as they are keyed in; empty: none
    can be keyed in on the telephone. The settings file names the file that holds it."""

    def capacity(self, queue: str) -> int:
        """How many customers that queue takes."""
        return self.queues.get(queue, self.queue_capacity)
