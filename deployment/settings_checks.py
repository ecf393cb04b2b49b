"""What is wrong with settings only in the light of others."""

from __future__ import annotations

from compiler.documents import Plain, mapping
from compiler.places import Path
from compiler.problems import Findings
from compiler.source import Located
from deployment import phone_checks
from deployment.environment import Shifting, Teardown
from deployment.settings_errors import Fitted
from deployment.settings_secrets import shown
from deployment.settings_values import ALEXA_REGIONS, is_production

_REGION: Path = ("region",)
_ENABLED: Path = ("alexa", "enabled")
_VENDOR: Path = ("alexa", "vendor")
_TEARDOWN: Path = ("kept", "on_teardown")
_EMAILS: Path = ("watched", "alarm_emails")
_SHIFTING: Path = ("running", "traffic_shifting")
_SKILL_ID: Path = ("alexa", "skill_id")
_ALEXA_TURN: Path = ("running", "reserved_concurrency", "alexa_turn")
_ALARMS: Path = ("watched", "alarms")
_RESTORED: Path = ("kept", "restored_table")
_STREAM: Path = ("kept", "restored_stream")


def check(name: str | None, found: Fitted, data: Plain, file: Located, findings: Findings) -> None:
    """Look at the settings together; what rests upon a setting that was not understood is not judged."""
    _alexa(found, file, findings)
    _alarms(found, file, findings)
    _restored(found, file, findings)
    shape = found.shape
    target = {"region": shape.region, "account": shape.account}
    phone_checks.check(shape.phone, target, found.broken, file, findings)
    if name is not None and is_production(name):
        _production(name, found, file, findings)
    _twice(data, file, findings)


def _alexa(found: Fitted, file: Located, findings: Findings) -> None:
    if not _understood(_ENABLED, found):
        return
    alexa, region = found.shape.alexa, found.shape.region
    if alexa.enabled and region is not None and region not in ALEXA_REGIONS:
        findings.error(
            file.at(_REGION),
            f"Alexa can't reach functions in `{region}`. Deploy to one of {', '.join(ALEXA_REGIONS)}, "
            "or set `alexa.enabled` to false.",
        )
    if alexa.enabled:
        return
    off = "but `alexa.enabled` is false. Switch Alexa on, or take"
    if alexa.vendor is not None:
        findings.error(file.key(_VENDOR), f"`alexa.vendor` deploys a skill, {off} `vendor` out.")
    if alexa.skill_id:
        findings.error(file.key(_SKILL_ID), f"`alexa.skill_id` names the skill that is answered, {off} `skill_id` out.")
    if _ALEXA_TURN[-1] in found.shape.running.reserved_concurrency:
        findings.error(
            file.key(_ALEXA_TURN),
            f"this keeps instances free for `alexa_turn`, {off} `alexa_turn` out: there is no such function then.",
        )


def _alarms(found: Fitted, file: Located, findings: Findings) -> None:
    if found.shape.watched.alarms or not _understood(_ALARMS, found):
        return
    shifting = found.shape.running.traffic_shifting
    if shifting is not Shifting.ALL_AT_ONCE:
        findings.error(
            file.key(_SHIFTING),
            f"`{shifting}` moves calls step by step so that an alarm can bring the old version back, but "
            "`watched.alarms` is false: nothing could. Switch alarms on, or set `traffic_shifting` to `all_at_once`.",
        )
    if found.shape.watched.alarm_emails:
        findings.error(
            file.key(_EMAILS),
            "`watched.alarm_emails` says whom alarms write to, but `watched.alarms` is false: nobody would be written "
            "to. Switch alarms on, or take `alarm_emails` out.",
        )


def _restored(found: Fitted, file: Located, findings: Findings) -> None:
    if not (_understood(_RESTORED, found) and _understood(_STREAM, found)):
        return
    table, stream = found.shape.kept.restored_table, found.shape.kept.restored_stream
    if table and not stream:
        findings.error(
            file.key(_RESTORED),
            "`kept.restored_table` takes the customers' table's place, but without `restored_stream` no transcript, "
            "erasure or export would follow from it. Switch its stream on (new and old images), and name the stream.",
        )
    if stream and not table:
        findings.error(
            file.key(_STREAM),
            "`kept.restored_stream` is a restored table's, but `restored_table` is empty: another table would be "
            "followed than the one that serves. Name the table, or empty this as well.",
        )
    if table and stream and f":table/{table}/stream/" not in stream:
        findings.error(
            file.at(_STREAM),
            f"this is not a stream of {shown(table)}, which `restored_table` names. Copy that table's "
            "`LatestStreamArn`.",
        )


def _understood(path: Path, found: Fitted) -> bool:
    return not any(broken == path[: len(broken)] for broken in found.broken)


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
