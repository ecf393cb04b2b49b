"""Whether the names that the deploy wants are free, or its own."""

from __future__ import annotations

from deployment.doctor.account import DEPLOYED_CALLS, Account
from deployment.doctor.call import BOTS
from deployment.doctor.check import Check, Target
from deployment.doctor.finding import Finding, missing, ok, warning

_STACKS, _BOTS = "stacks of this environment", "bots' names"
_STUCK = ("DELETE_FAILED", "CREATE_FAILED", "UPDATE_FAILED", "UPDATE_ROLLBACK_FAILED", "IMPORT_ROLLBACK_FAILED")
_NEVER_MADE = ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED")
"""`cdk deploy` deletes a stack whose creation failed and makes it anew."""


def stacks(account: Account, _: Target) -> Finding:
    """In which state those are that exist."""
    there = account.deployed().stacks
    if not there:
        return ok(_STACKS, "none yet: this is the first deploy")
    told = ", ".join(f"{name} {status}" for name, status in there.items())
    states = frozenset(there.values())
    if states & frozenset(_STUCK):
        return missing(
            _STACKS,
            told,
            "see the stack's events for why; then `aws cloudformation continue-update-rollback --stack-name NAME` "
            "for an update, delete-stack for a deletion",
        )
    if any(state.endswith("_IN_PROGRESS") and state != "REVIEW_IN_PROGRESS" for state in states):
        return missing(_STACKS, told, "somebody deploys right now: wait until it has ended")
    if states & frozenset(_NEVER_MADE):
        return warning(
            _STACKS,
            f"{told}: its creation failed, and `cdk deploy` deletes it and begins anew",
            "what it retained (tables, key, secret) stays behind, unused: delete it by hand if it is empty",
        )
    if "UPDATE_ROLLBACK_COMPLETE" in states:
        return warning(_STACKS, f"{told}: the last update was rolled back", "see its events before trying again")
    return ok(_STACKS, told)


def bots(account: Account, target: Target) -> Finding:
    """Whether another bot has the name of one of ours."""
    wanted = target.planned.bots
    ours = frozenset(account.deployed().of("AWS::Lex::Bot"))
    others = [bot for bot in account.every(BOTS) if bot["botName"] in wanted and bot["botId"] not in ours]
    if others:
        taken = ", ".join(sorted(str(bot["botName"]) for bot in others))
        return missing(
            _BOTS,
            f"taken by bots that this environment's stacks did not make: {taken}",
            "choose another environment name, or delete them if nobody needs them",
        )
    return ok(_BOTS, f"{', '.join(wanted)}: {'our own' if ours else 'free'}")


CHECKS = (
    Check(_STACKS, DEPLOYED_CALLS, stacks),
    Check(_BOTS, (BOTS, *DEPLOYED_CALLS), bots),
)
