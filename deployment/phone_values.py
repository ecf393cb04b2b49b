"""What each of the telephone's settings must be like beyond its kind; see `settings_values`."""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from pathlib import PurePosixPath

from compiler.problems import did_you_mean
from deployment.settings_secrets import looks_secret, shown

INSTANCE = re.compile(
    r"arn:aws[-a-z0-9]*:connect:[-a-z0-9]+:[0-9]{12}:instance/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)
"""`InstanceArn` in CloudFormation's schema of AWS::Connect::*, with the id as Amazon Connect gives it."""
ALIAS = re.compile(r"(?!d-)([\da-zA-Z]+)([-]*[\da-zA-Z])*")
ALIAS_LENGTH = 45
"""`InstanceAlias` in CloudFormation's schema of AWS::Connect::Instance."""
COUNTRY = re.compile(r"[A-Z]{2}")
TEAMS = ("agent", "supervisor", "analyst", "designer", "operator", "auditor")
"""The teams of stacks.team, which this package may not import."""
_PERSON = re.compile(r"\S+( \S+)+")
_PERSON_LENGTH = 255
"""`FirstName` in CloudFormation's schema of AWS::Connect::User."""
_USER_NAME = re.compile(r"[a-zA-Z0-9_\-.@]+")
_USER_NAME_LENGTH = 64
"""`Username` in CloudFormation's schema of AWS::Connect::User; users are called like their e-mail address."""
HOURS = re.compile(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d")
QUEUE = re.compile(r"[a-z][a-z_]{0,29}")
"""As in telephone.yaml."""
HOLIDAYS = 50
"""`HoursOfOperationOverrides` in CloudFormation's schema of AWS::Connect::HoursOfOperation."""


def instance_arn(value: str) -> str:
    """An instance's ARN, or nothing."""
    if not value or INSTANCE.fullmatch(value):
        return value
    raise ValueError(
        f"{shown(value)} is not an instance's ARN. Copy it from the Amazon Connect console: arn:aws:connect:, region, "
        'account, :instance/ and its id; or leave it empty ("") to have one made.'
    )


def instance_alias(value: str) -> str:
    """What an instance is called, or nothing."""
    if not value or (ALIAS.fullmatch(value) and len(value) <= ALIAS_LENGTH):
        return value
    raise ValueError(
        f"{shown(value)} can't be an instance's alias. Use at most {ALIAS_LENGTH} letters, digits and hyphens, none at "
        "either end, and not d- at the beginning: it becomes part of the instance's address."
    )


def country(value: str) -> str:
    """A country's two letters."""
    if COUNTRY.fullmatch(value):
        return value
    hint = f" Did you mean `{value.upper()}`?" if COUNTRY.fullmatch(value.upper()) else ""
    raise ValueError(f"{shown(value)} is not a country's code. Write two capital letters, such as US.{hint}")


def time_zone(value: str) -> str:
    """An IANA time zone."""
    known = zoneinfo.available_timezones()
    if value in known:
        return value
    raise ValueError(
        f"{shown(value)} is not a time zone. {did_you_mean(value, sorted(it for it in known if '/' in it))}"
    )


def hours(value: str) -> str:
    """From when until when."""
    if not HOURS.fullmatch(value):
        raise ValueError(
            f"{shown(value)} are no hours. Write from and until, as in 08:00-20:00; leave out a closed day."
        )
    opens, _, closes = value.partition("-")
    if opens >= closes:
        raise ValueError(f"{shown(value)} ends before it begins. Hours end on the day on which they began.")
    return value


def holiday(value: object) -> str:
    """A day, which YAML may have read as a date already."""
    text = value.isoformat() if isinstance(value, dt.date) else value
    try:
        if isinstance(text, str) and dt.date.fromisoformat(text).isoformat() == text:
            return text
    except ValueError:
        pass  # said below, with the form that is wanted
    raise ValueError(f"{shown(value)} is not a day. Write it as in 2026-12-25.")


def person(value: str) -> str:
    """Somebody's name."""
    if looks_secret(value):
        raise ValueError("this name looks like a secret. Write given name and family name; passwords are drawn by AWS.")
    if _PERSON.fullmatch(value) and len(value) <= _PERSON_LENGTH:
        return value
    raise ValueError(f"{shown(value)} is no name of a person here. Write given name and family name, a space between.")


def team(value: str) -> str:
    """A team of the staff."""
    if value in TEAMS:
        return value
    raise ValueError(f"there is no team {shown(value)}. {did_you_mean(value, TEAMS)}")


def user_email(value: str) -> str:
    """The address of somebody who signs in to Amazon Connect by it."""
    if _USER_NAME.fullmatch(value) and len(value) <= _USER_NAME_LENGTH:
        return value
    raise ValueError(
        f"{shown(value)} can't be what somebody signs in to Amazon Connect with. Use an address of at most "
        f"{_USER_NAME_LENGTH} letters, digits and _-.@."
    )


def queue(value: str) -> str:
    """A queue's name, as far as its looks go: which there are, the dialogue says."""
    if QUEUE.fullmatch(value):
        return value
    raise ValueError(f"{shown(value)} can't be a queue. Write one of those in the dialogue's telephone.yaml.")


def certificate_file(value: str) -> str:
    """The path of a file below the repository's folder, or nothing."""
    if not value:
        return value
    if "-----BEGIN" in value:
        raise ValueError(
            "`capture_certificate` wants a file's path, not what is in the file. If it is a private key, draw a new "
            "one with `throughline capture-key`: whoever reads the settings has this one."
        )
    path = PurePosixPath(value)
    if path.is_absolute() or ".." in path.parts or path.suffix != ".pem":
        raise ValueError(
            f"{shown(value)} is not where a certificate may lie. Put it beside the settings, and write its path from "
            "the repository's folder on, as in environments/prod-capture.pem."
        )
    return value
