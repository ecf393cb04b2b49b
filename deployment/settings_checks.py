"""What is wrong with settings only in the light of others."""

from __future__ import annotations

from compiler.documents import Plain, mapping
from compiler.places import Path
from compiler.problems import Findings
from compiler.source import Located
from deployment.environment import Teardown
from deployment.settings_errors import Fitted
from deployment.settings_secrets import shown
from deployment.settings_values import ALEXA_REGIONS

_REGION: Path = ("region",)
_ENABLED: Path = ("alexa", "enabled")
_VENDOR: Path = ("alexa", "vendor")
_TEARDOWN: Path = ("kept", "on_teardown")
_EMAILS: Path = ("watched", "alarm_emails")


def check(name: str | None, found: Fitted, data: Plain, file: Located, findings: Findings) -> None:
    """Look at the settings together; what rests upon a setting that was not understood is not judged."""
    _alexa(found, file, findings)
    if name is not None and name.split("-")[0] in ("prod", "production"):
        _production(name, found, file, findings)
    _twice(data, file, findings)


def _alexa(found: Fitted, file: Located, findings: Findings) -> None:
    if any(path == _ENABLED[: len(path)] for path in found.broken):
        return
    alexa, region = found.shape.alexa, found.shape.region
    if alexa.enabled and region is not None and region not in ALEXA_REGIONS:
        findings.error(
            file.at(_REGION),
            f"Alexa can't reach functions in `{region}`. Deploy to one of {', '.join(ALEXA_REGIONS)}, "
            "or set `alexa.enabled` to false.",
        )
    if not alexa.enabled and alexa.vendor is not None:
        findings.error(
            file.key(_VENDOR),
            "`alexa.vendor` deploys a skill, but `alexa.enabled` is false. Switch Alexa on, or take `vendor` out.",
        )


def _production(name: str, found: Fitted, file: Located, findings: Findings) -> None:
    if found.shape.kept.on_teardown is Teardown.DESTROY:
        findings.error(
            file.at(_TEARDOWN),
            f"`destroy` is refused in an environment called `{name}`: `cdk destroy` would delete customers' data and "
            "the key that their backups need, for good. Keep `retain` and delete the data by hand, or rename the file.",
        )


def _twice(data: Plain, file: Located, findings: Findings) -> None:
    emails = mapping(mapping(data).get(str(_EMAILS[0]))).get(str(_EMAILS[1]))
    seen: set[str] = set()
    for index, email in enumerate(emails if isinstance(emails, list) else []):
        if not isinstance(email, str):
            continue
        if email.casefold() in seen:
            findings.error(file.at((*_EMAILS, index)), f"{shown(email)} is here twice. Keep one of them.")
        seen.add(email.casefold())
