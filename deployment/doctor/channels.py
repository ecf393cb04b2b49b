"""What the channels to come will need of the account: told early, because each takes days or weeks to get.

Nothing here is deployed yet, so none of it fails a run.
"""

from __future__ import annotations

from deployment.doctor.account import Account
from deployment.doctor.call import MAIL, SECRET, SMS_ACCOUNT, SMS_NUMBERS
from deployment.doctor.check import Check, Target
from deployment.doctor.finding import Finding, counted, later
from deployment.doctor.secret import fault

_MAIL, _SMS, _MESSENGER = "e-mail (SES)", "SMS", "Messenger"


def mail(account: Account, _: Target) -> Finding:
    """Whether SES writes to anybody, or only to verified addresses."""
    found = account.ask(MAIL)
    if found.get("ProductionAccessEnabled"):
        stopped = "" if found.get("SendingEnabled") else ", but sending is switched off"
        return later(_MAIL, f"out of the sandbox{stopped}")
    return later(
        _MAIL,
        "in the sandbox: only verified addresses are written to, 200 a day",
        "request production access, about a day: docs.aws.amazon.com/ses/latest/dg/request-production-access.html",
    )


def sms(account: Account, _: Target) -> Finding:
    """Whether SMS leaves the sandbox, and whether there is a number that can be answered."""
    attributes = {one["Name"]: one["Value"] for one in account.every(SMS_ACCOUNT)}
    sandbox = attributes.get("ACCOUNT_TIER", "SANDBOX") != "PRODUCTION"
    numbers = [
        one for one in account.every(SMS_NUMBERS) if one["Status"] == "ACTIVE" and "SMS" in one["NumberCapabilities"]
    ]
    two_way = sum(1 for one in numbers if one["TwoWayEnabled"])
    told = (
        f"{'in the sandbox: only verified numbers are written to' if sandbox else 'out of the sandbox'}; "
        f"{counted(len(numbers), 'number')} for SMS, {two_way} of them two-way"
    )
    steps = (
        (sandbox, "request production access: docs.aws.amazon.com/sms-voice/latest/userguide/sandbox.html"),
        (
            not two_way,
            "request a number with two-way SMS: registering one in the USA takes weeks, a SIMULATOR number no time",
        ),
    )
    return later(_SMS, told, "; ".join(step for needed, step in steps if needed))


def meta_secret(target: Target) -> str:
    """The name under which Messenger will look for its app's secret."""
    return f"{target.environment.prefix}-meta-app"


def messenger(account: Account, target: Target) -> Finding:
    """Whether the Meta app's secret is kept already."""
    wrong = fault(account, meta_secret(target))
    if wrong:
        return later(
            _MESSENGER,
            wrong,
            "make a Meta app with Messenger at developers.facebook.com, and keep its app secret under that name",
        )
    return later(_MESSENGER, f"the secret {meta_secret(target)} is there; its value was not read")


CHECKS = (
    Check(_MAIL, (MAIL,), mail, later=True),
    Check(_SMS, (SMS_ACCOUNT, SMS_NUMBERS), sms, later=True),
    Check(_MESSENGER, (SECRET,), messenger, later=True),
)
