"""The business's side: plain functions with slots in and an outcome out.

This is all that a business's package may import. An action is a function from `Call` to
`Outcome`; an irreversible one comes with `settle`, which the engine asks when it doesn't know
whether an earlier call went through.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from throughline.dialogue.changes import Change, Noted, Proved
from throughline.privacy.payment_card import Flaw, PaymentCard, said_card
from throughline.privacy.sealed import Sealed
from throughline.reply import Param, Records, Typed
from throughline.turn import Assurance

__all__ = [
    "Action",
    "Actions",
    "Assurance",
    "Call",
    "Done",
    "Failed",
    "Flaw",
    "Invalid",
    "NeedsPerson",
    "NotDone",
    "Noted",
    "Outcome",
    "Param",
    "PaymentCard",
    "Proved",
    "Records",
    "Refused",
    "Sealed",
    "Typed",
    "Unknown",
    "said_card",
]


@dataclass(frozen=True, slots=True)
class Call:
    """What an action is given."""

    intent: str
    slots: Mapping[str, str]
    """Canonical values: decimal strings, ISO dates, value ids. Never a sensitive slot."""
    customer: str
    """The customer's id, pseudonymous."""
    assurance: Assurance
    key: str
    """Idempotency key: two calls with the same key are one deed."""
    now: float
    """Epoch seconds."""
    deadline: float
    """Epoch seconds by which the answer is needed; later than that it is not known to the customer."""
    locale: str
    secret: Sealed | None = None
    """The sensitive slot's answer, for an intent that has one."""
    session: str = ""
    """The channel's session, pseudonymous."""
    link: str = ""
    """Id of the link that the customer came through."""
    turn: str = ""
    """Id of the turn: the same for a turn that is delivered again."""
    guest: bool = False
    """Whether they came by no address at all, neither a number nor a device: only by a session."""
    profile: Mapping[str, str] = field(default_factory=dict)
    """What may be used of the customer's profile at this assurance: "name", "locale", "trait.<name>", …"""


@dataclass(frozen=True, slots=True)
class Done:
    """It worked; `params` fill the intent's `done` prompt (or the one named by `variant`)."""

    params: Mapping[str, Param] = field(default_factory=dict)
    variant: str = ""
    """"" for `done`, else the key of the intent's `done_<variant>` prompt."""
    changes: tuple[Change, ...] = ()
    """What is to be kept of the customer from now on; written together with the reply."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The business says no. `code` picks the intent's `refused.<code>` prompt."""

    code: str
    params: Mapping[str, Param] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Invalid:
    """A slot's value is not acceptable: it is asked again, after the intent's `refused.<code>` prompt."""

    slot: str
    code: str
    params: Mapping[str, Param] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NeedsPerson:
    """Only a person can do this."""

    reason: str


@dataclass(frozen=True, slots=True)
class Failed:
    """It did not happen, for a technical reason; trying again is safe."""


@dataclass(frozen=True, slots=True)
class NotDone:
    """`settle` only: it never happened, and now never will under this key."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Whether it happened is not known (yet)."""


Outcome = Done | Refused | Invalid | NeedsPerson | Failed | NotDone | Unknown


@dataclass(frozen=True, slots=True)
class Action:
    """A business action as the engine knows it."""

    run: Callable[[Call], Outcome]
    """Does it. May raise: that counts as `Failed` for a reading action and as `Unknown` for an irreversible one."""
    settle: Callable[[Call], Outcome] | None = None
    """For irreversible ones: the outcome under the call's key; if it never began, makes sure that it never
    will and returns NotDone. Slots are those confirmed; `secret` is absent."""


Actions = Mapping[str, Action]
NO_ACTIONS: Actions = MappingProxyType({})
