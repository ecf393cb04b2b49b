"""The contact centre as supervisors and pages see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rehearsal.connect.agents import Slot
from rehearsal.connect.mood import Alert
from rehearsal.connect.ports import Callback, Metrics
from rehearsal.connect.state import Phase


@dataclass(frozen=True, slots=True)
class Disposition:
    """How an agent closed a contact."""

    contact: str
    agent: str
    """The username."""
    code: str
    note: str
    at: float
    """Epoch seconds."""


@dataclass(frozen=True, slots=True)
class ContactView:
    """A contact as a supervisor sees it."""

    id: str
    channel: str
    phase: Phase
    queue: str
    """The queue's name, or empty."""
    position: int
    """In the queue, from 1; 0 where it doesn't wait."""
    agent: str
    """Username, or empty."""
    began: float
    """Epoch seconds."""
    sentiments: tuple[str, ...]
    """The customer's turns, oldest first."""


@dataclass(frozen=True, slots=True)
class AgentView:
    """An agent as a supervisor sees them."""

    username: str
    team: str
    status: str
    contacts: Mapping[str, Slot]
    """By contact id."""


@dataclass(frozen=True, slots=True)
class CentreView:
    """Everything at once."""

    contacts: tuple[ContactView, ...]
    """Those that are not over, or still at a desk."""
    queues: tuple[Metrics, ...]
    agents: tuple[AgentView, ...]
    alerts: tuple[Alert, ...]
    callbacks: tuple[Callback, ...]
    """Not yet due."""
