"""What a check is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from deployment.doctor.account import Account
from deployment.doctor.call import Call
from deployment.doctor.finding import Finding
from deployment.doctor.plan import Planned
from deployment.environment import Environment


@dataclass(frozen=True, slots=True)
class Target:
    """Where the next deploy goes, and what it brings."""

    environment: Environment
    planned: Planned
    region: str
    """Empty where neither the settings nor the credentials' profile name one."""
    account: str = ""
    """Twelve digits; empty while nobody has signed in."""


@dataclass(frozen=True, slots=True)
class Check:
    """One row of the table and how it is found."""

    name: str
    calls: tuple[Call, ...] = ()
    """What `look` may ask, and nothing else."""
    look: Callable[[Account, Target], Finding] | None = None
    """The check with an account; it may let Unanswered pass."""
    offline: Callable[[Target], Finding] | None = None
    """What can be said without an account."""
    later: bool = False
    """Whether it is for a channel that is not deployed yet."""
