"""Whether a secret is there; its value is never read."""

from __future__ import annotations

from deployment.doctor.account import Account
from deployment.doctor.call import SECRET
from deployment.doctor.unanswered import Unanswered, Why


def fault(account: Account, name: str) -> str:
    """What is wrong with the secret of that name; empty if nothing."""
    try:
        found = account.ask(SECRET, SecretId=name)
    except Unanswered as reason:
        if reason.why is not Why.ABSENT:
            raise
        return f"there is no secret {name}"
    if found.get("DeletedDate"):
        return f"the secret {name} is scheduled for deletion"
    if not found.get("VersionIdsToStages"):
        return f"the secret {name} has no value yet"
    return ""
