"""What a command that looks at an account is about: an environment's settings, and who is signed in."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import botocore.session

    from deployment import Environment

ROOT = Path()
"""Where cdk.json and environments/ are: every command runs in the project's folder."""


class NoSuchProfile(LookupError):
    """The AWS profile that was named is in no configuration file of this machine."""


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the options that say it."""
    parser.add_argument(
        "-c", "--context", action="append", default=[], metavar="KEY=VALUE",
        help="as for cdk: environment=NAME chooses the settings, any other key overrides one",
    )  # fmt: skip
    parser.add_argument("--profile", help="of the AWS credentials (AWS_PROFILE, or the default one)")


def settings(words: Sequence[str]) -> Environment:
    """The environment that cdk.json and, over it, the `words` KEY=VALUE choose. Raises Problems."""
    import deployment

    file = ROOT / "cdk.json"
    said: dict[str, object] = json.loads(file.read_text("utf-8"))["context"] if file.is_file() else {}
    return deployment.load(ROOT, said | dict(word.partition("=")[::2] for word in words))


def session(profile: str | None) -> botocore.session.Session:
    """A session of the profile. Raises NoSuchProfile."""
    import botocore.session
    from botocore.exceptions import ProfileNotFound

    found = botocore.session.Session(profile=profile)
    try:
        found.get_scoped_config()
    except ProfileNotFound:
        raise NoSuchProfile("There is no such AWS profile: `aws configure list-profiles` names them.") from None
    return found
