"""Protective acts (freezing a card, reporting fraud) are open to somebody who only claims to be the customer.

Whoever lost their card may have lost their phone with it, so a claim must do; whoever would annoy another
customer must not get far. Below `LINKED` such acts are counted by customer, by link, by session, by origin and
altogether; altogether those of guests apart, so that a script which changes its sessions leaves callers theirs.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from throughline.affairs.origins import Origin
from throughline.affairs.sending import Note, unheard
from throughline.customers.allowances import (
    ANYBODY,
    DAY,
    MINUTE,
    Allowance,
    Allowances,
    Crowd,
    Limited,
    ProtectLimits,
)
from throughline.dialogue.action import Action, Assurance, Call, Outcome, Refused
from throughline.errors import StoreError

TOO_MANY: Final = "too_many"


class Protecting:
    """Counts protective acts."""

    def __init__(
        self,
        allowances: Allowances,
        limits: ProtectLimits = ProtectLimits(),  # noqa: B008 - frozen, so sharing it is safe
        note: Note = unheard,
        *,
        origin: Origin,
    ) -> None:
        """`origin` tells where a request came from."""
        self._origin = origin
        self._limited = Limited(allowances)
        self._limits = limits
        self._note = note

    def allowed(self, call: Call) -> bool:
        """Whether the act may be done at the call's assurance; spends what it takes. Raises nothing.

        If the counters don't answer, the act isn't allowed: a crowd of requests that makes them fail must not
        pass by that. Who needs it in earnest is led to a person.
        """
        if call.assurance >= Assurance.LINKED:
            return True
        try:
            exhausted = self._limited.exhausted(self._narrow(call), (self._overall(call),), call.now)
        except StoreError as error:
            exhausted = type(error).__name__
        if exhausted:
            self._note(exhausted)
        return not exhausted

    def guarded(self, action: Action) -> Action:
        """The action, refused as too_many where it isn't allowed. Settling what was begun is never refused."""

        def run(call: Call) -> Outcome:
            return action.run(call) if self.allowed(call) else Refused(TOO_MANY)

        return replace(action, run=run)

    def _narrow(self, call: Call) -> tuple[Allowance, ...]:
        most = self._limits
        counted = [Allowance("protect.customer", call.customer, most.customer_day, DAY)]
        if call.link:
            counted.append(Allowance("protect.source", call.link, most.source_day, DAY))
        if call.session:
            counted.append(Allowance("protect.session", call.session, most.session_day, DAY))
        if origin := self._origin():
            counted.append(Allowance("protect.origin", origin, most.origin_day, DAY))
        return tuple(counted)

    def _overall(self, call: Call) -> Allowance:
        if call.guest and not self._origin():
            return Allowance(f"protect.{Crowd.GUESTS}", ANYBODY, self._limits.guests_minute, MINUTE)
        return Allowance("protect.overall", ANYBODY, self._limits.overall_minute, MINUTE)
