"""What can go wrong, as one tree:

ThroughlineError
├── ModelError            the compiled dialogue model can't be used
├── EventError            a channel's event is not one that we understand
├── StoreError            the customer store did not do what was asked
│   ├── Conflict          somebody else wrote first; carries what they wrote
│   └── StoreUnavailable  throttled, timed out or unreachable
├── PointerError          a pointer is forged, expired or not for this contact
└── RecogniserUnavailable the recogniser throttled, failed or timed out
"""

from __future__ import annotations


class ThroughlineError(Exception):
    """Anything this package raises on purpose. Messages never hold what a customer said."""


class ModelError(ThroughlineError):
    """The compiled dialogue model can't be used: compile it again with `throughline compile`."""


class EventError(ThroughlineError):
    """A channel's event lacks what a turn needs."""


class StoreError(ThroughlineError):
    """The customer store did not do what was asked."""


class StoreUnavailable(StoreError):
    """The store is throttled, unreachable or too slow; nothing is known to have been written."""


class PointerError(ThroughlineError):
    """A pointer is forged, expired or belongs to another contact: treat the sender as unknown."""


class RecogniserUnavailable(ThroughlineError):
    """The recogniser throttled, failed or timed out: keywords and buttons still work."""
