"""What is wrong with the telephone's settings only in the light of others."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Final

from compiler.places import Path
from compiler.problems import Findings
from compiler.source import Located
from deployment.phone_certificate import UnusableCertificate, read
from deployment.phone_shapes import PhoneShape
from deployment.settings_secrets import shown

INSTANCE: Final[Path] = ("phone", "instance_arn")
CERTIFICATE: Final[Path] = ("phone", "capture_certificate")
_ALIAS: Final[Path] = ("phone", "instance_alias")
_USERS: Final[Path] = ("phone", "users")
_HOLIDAYS: Final[Path] = ("phone", "holidays")
_REGIONS_AT: Final = 3
_ACCOUNT_AT: Final = 4
"""Where an ARN has its region and its account."""


def check(
    phone: PhoneShape, target: Mapping[str, str | None], broken: frozenset[Path], file: Located, findings: Findings
) -> None:
    """Look at the settings together; `target` is the environment's `region` and `account`.

    What rests upon a setting that was not understood, one of `broken`, is not judged.
    """
    if INSTANCE not in broken and phone.instance_arn:
        _existing(phone, target, file, findings)
    for path, values in ((_USERS, [it.email.casefold() for it in phone.users]), (_HOLIDAYS, phone.holidays)):
        for index, value in enumerate(values):
            if value in values[:index]:
                findings.error(file.at((*path, index)), f"{shown(value)} is here twice. Keep one of them.")


def certificate(root: FilePath, phone: PhoneShape, file: Located, findings: Findings) -> str:
    """What the certificate's file holds; empty where none is named, or where it can't be used, with the reason."""
    if not phone.capture_certificate:
        return ""
    try:
        return read(root / phone.capture_certificate)
    except UnusableCertificate as unusable:
        findings.error(file.at(CERTIFICATE), f"{shown(phone.capture_certificate)}: {unusable}")
        return ""


def _existing(phone: PhoneShape, target: Mapping[str, str | None], file: Located, findings: Findings) -> None:
    parts = phone.instance_arn.split(":")
    for name, at in (("region", _REGIONS_AT), ("account", _ACCOUNT_AT)):
        wanted = target[name]
        if wanted is not None and wanted != parts[at]:
            findings.error(
                file.at(INSTANCE),
                f"this instance is in the {name} {shown(parts[at])}, and this environment in {shown(wanted)}. Flows "
                f"reach only what is beside them: name another instance, or another `{name}`.",
            )
    if phone.instance_alias:
        findings.error(
            file.key(_ALIAS),
            "`phone.instance_alias` names an instance that is made, but `instance_arn` names one that is there "
            "already. Take one of them out.",
        )
    if phone.users:
        findings.error(
            file.key(_USERS),
            "`phone.users` are made with an instance of our own, but `instance_arn` names one that is there already "
            "and has its own way of signing in. Make them there, and take `users` out.",
        )
