"""All checks, run at once, told in one order."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from deployment.doctor import alexa, channels, names, quotas, region
from deployment.doctor.account import Account, Clients
from deployment.doctor.check import Check, Target
from deployment.doctor.finding import Finding, State
from deployment.doctor.identity import identify, region_of
from deployment.doctor.plan import Planned
from deployment.doctor.unanswered import Unanswered
from deployment.environment import Environment

CHECKS: tuple[Check, ...] = (*region.CHECKS, *names.CHECKS, *quotas.CHECKS, *alexa.CHECKS, *channels.CHECKS)
_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Examination:
    """Everything that was found, and what was not looked at."""

    target: Target
    findings: tuple[Finding, ...]
    untouched: tuple[str, ...]
    """Checks that were not made, because nobody was signed in to the right account."""

    def of(self, state: State) -> tuple[Finding, ...]:
        """The findings in a state."""
        return tuple(finding for finding in self.findings if finding.state is state)

    @property
    def status(self) -> int:
        """The exit status: 0 ready, 1 something needed is missing, 2 not everything needed could be looked at."""
        if self.untouched:
            return 2
        if self.of(State.MISSING):
            return 1
        return 2 if self.of(State.UNKNOWN) else 0


def examine(environment: Environment, planned: Planned, clients: Clients, *, profile_region: str) -> Examination:
    """Look at the account and region that the environment is deployed to; reads only."""
    where = region_of(environment, profile_region)
    account = Account(clients, where, planned.stacks)
    who = identify(environment, profile_region, account)
    target = Target(environment, planned, where, who.account)
    if not who.account:
        offline = tuple(check.offline(target) for check in CHECKS if check.offline)
        untouched = tuple(check.name for check in CHECKS if not check.offline)
        return Examination(target, (*who.findings, *offline), untouched)
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        found = tuple(pool.map(lambda check: made(check, account, target), CHECKS))
    return Examination(target, (*who.findings, *found), ())


def made(check: Check, account: Account, target: Target) -> Finding:
    """One check's finding; a question without an answer is unknown, and the others go on."""
    if check.look is None:
        assert check.offline is not None
        return check.offline(target)
    try:
        return check.look(account, target)
    except Unanswered as reason:
        state = State.LATER if check.later else State.UNKNOWN
        return Finding(check.name, state, f"could not be looked at: {reason.told}", reason.mend)
