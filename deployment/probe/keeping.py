"""Probes of what is kept: the table, the key it lies under, and the secret that addresses are hashed with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from deployment.environment import Teardown
from deployment.probe.assumption import Assumption, NotTried, Outcome, Probe, Volume, different, judged
from deployment.probe.found import there
from deployment.probe.refusals import code, told
from deployment.probe.site import Site
from throughline.customers.table import PARTITION_KEY, SORT_KEY, TTL_ATTRIBUTE

PARTITION: Final = "PROBE#"
"""Begins the partition of an item of ours: no customer's and no address's begins so."""
SECONDS: Final = 3600
"""After which DynamoDB removes the item by itself, should we not have been able to."""
_REFUSED: Final = "ConditionalCheckFailedException"
_CANCELLED: Final = "TransactionCanceledException"


def _table(site: Site) -> str:
    return there(site.deployed.table, "customers' table", site.deployed, "customers")


def _key(site: Site) -> str:
    return there(site.deployed.key, "key", site.deployed, "customers")


def _expires(site: Site) -> Outcome:
    found = site.clients("dynamodb").describe_time_to_live(TableName=_table(site))["TimeToLiveDescription"]
    status, name = found.get("TimeToLiveStatus"), found.get("AttributeName", "none")
    return judged(status == "ENABLED" and name == TTL_ATTRIBUTE, f"{status} on the attribute {name}")


def _restorable(site: Site) -> Outcome:
    found = site.clients("dynamodb").describe_continuous_backups(TableName=_table(site))
    backups = found["ContinuousBackupsDescription"].get("PointInTimeRecoveryDescription") or {}
    status, days = backups.get("PointInTimeRecoveryStatus"), backups.get("RecoveryPeriodInDays")
    wanted = site.environment.kept.backup_days
    return judged(status == "ENABLED" and days in (None, wanted), f"{status}, {days} days; the setting is {wanted}")


def _encrypted(site: Site) -> Outcome:
    key, protected = _key(site), site.environment.kept.on_teardown is Teardown.RETAIN
    found = site.clients("dynamodb").describe_table(TableName=_table(site))["Table"]
    under = str((found.get("SSEDescription") or {}).get("KMSMasterKeyArn", ""))
    ours, kept = under.endswith(f"/{key}"), bool(found.get("DeletionProtectionEnabled"))
    stream = bool((found.get("StreamSpecification") or {}).get("StreamEnabled"))
    came = (
        f"{'our key' if ours else under or 'no key of a customer'}, stream {'on' if stream else 'off'}, "
        f"deletion protection {'on' if kept else 'off'}"
    )
    return judged(ours and stream and kept == protected, came)


def _rotated(site: Site) -> Outcome:
    found = site.clients("kms").get_key_rotation_status(KeyId=_key(site))
    on = bool(found.get("KeyRotationEnabled"))
    return judged(on, f"every {found.get('RotationPeriodInDays', '?')} days" if on else "off")


def _secret(site: Site) -> Outcome:
    secret, key = there(site.deployed.secret, "secret", site.deployed, "customers"), _key(site)
    under = str(site.clients("secretsmanager").describe_secret(SecretId=secret).get("KmsKeyId", ""))
    return judged(under.rpartition("/")[2] == key, "our key" if under.endswith(key) else under or "AWS's own key")


def _condition(site: Site) -> Outcome:
    if not site.allowed.write_item:
        raise NotTried("it writes an item of its own into the customers' table: say --write-probe-item")
    client, table = site.clients("dynamodb"), _table(site)
    key = {PARTITION_KEY: {"S": f"{PARTITION}{site.fresh()}"}, SORT_KEY: {"S": "probe"}}
    item = {**key, "version": {"N": "1"}, TTL_ATTRIBUTE: {"N": str(int(site.now()) + SECONDS)}}
    put = {"TableName": table, "Item": item}
    stale = {
        **put,
        "ConditionExpression": "version = :seen",
        "ExpressionAttributeValues": {":seen": {"N": "7"}},
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    try:
        client.put_item(**put, ConditionExpression=f"attribute_not_exists({PARTITION_KEY})")
        alone = _refusal(lambda: client.put_item(**stale))
        together = _refusal(lambda: client.transact_write_items(TransactItems=[{"Put": stale}]))
    finally:
        _remove(site, client, table, key)
    if alone is None or together is None:
        return different("a write with a condition that isn't met was accepted")
    first: Mapping[str, Any] = next(iter(together.get("CancellationReasons") or ()), {})
    came = {"PutItem": alone.get("Item") == item, "TransactWriteItems": first.get("Item") == item}
    lost = [name for name, brought in came.items() if not brought]
    return judged(not lost, f"not brought back by {' and '.join(lost)}" if lost else "brought back by both, whole")


def _refusal(write: Callable[[], object]) -> Mapping[str, Any] | None:
    """What comes with the refusal; None if the write was accepted."""
    try:
        write()
    except ClientError as error:
        if code(error) in (_REFUSED, _CANCELLED):
            refused: Mapping[str, Any] = dict(error.response)
            return refused
        raise
    return None


def _remove(site: Site, client: Any, table: str, key: Mapping[str, Any]) -> None:
    try:
        client.delete_item(TableName=table, Key=dict(key))
    except (ClientError, BotoCoreError) as error:
        name = key[PARTITION_KEY]["S"]
        site.left.append(f"the item {name} in {table}, until it expires in an hour ({told(error)})")


def _probe(assumption: Assumption, check: Callable[[Site], Outcome], *needs: str, calls: int = 1) -> Probe:
    return Probe(assumption, check, needs, Volume(calls=calls))


KEEPING: Final = (
    _probe(
        Assumption(
            "table-ttl",
            "the table forgets by itself what has expired",
            f"TTL is enabled on {TTL_ATTRIBUTE}",
            "CloudFormation, AWS::DynamoDB::Table",
            "guests' conversations and abandoned tasks would stay for ever: switch it on at the table",
        ),
        _expires,
        "dynamodb:DescribeTimeToLive",
    ),
    _probe(
        Assumption(
            "table-backups",
            "the table can be brought back to any second of the last weeks",
            "point-in-time recovery is enabled, for as many days as the setting says",
            "CloudFormation, AWS::DynamoDB::Table",
            "the README's way to restore would fail: switch it on at the table",
        ),
        _restorable,
        "dynamodb:DescribeContinuousBackups",
    ),
    _probe(
        Assumption(
            "table-key",
            "the table lies under our own key, streams its changes, and is protected as the setting says",
            "the stack's key, stream on, deletion protection on unless data is to go with the stack",
            "CloudFormation, AWS::DynamoDB::Table",
            "whoever may use AWS's own key could read it: the table of stacks/customers.py",
        ),
        _encrypted,
        "dynamodb:DescribeTable",
    ),
    _probe(
        Assumption(
            "key-rotation",
            "the key's material is renewed without anybody's doing",
            "rotation is on",
            "CloudFormation, AWS::KMS::Key",
            "rotate it by hand, and mend the key of stacks/customers.py",
        ),
        _rotated,
        "kms:GetKeyRotationStatus",
    ),
    _probe(
        Assumption(
            "secret-key",
            "the secret that addresses are hashed with lies under our key",
            "the stack's key",
            "CloudFormation, AWS::SecretsManager::Secret",
            "the functions' role would need another key: the secret of stacks/customers.py",
        ),
        _secret,
        "secretsmanager:DescribeSecret",
    ),
    _probe(
        Assumption(
            "condition-all-old",
            "a refused conditional write brings back what is there, alone and in a transaction",
            "the whole item comes with both refusals",
            "DynamoDB API reference, ReturnValuesOnConditionCheckFailure",
            "each lost race would cost a read more (customers/dynamo.py)",
        ),
        _condition,
        "dynamodb:PutItem",
        "dynamodb:DeleteItem",
        calls=4,
    ),
)
"""In the order in which they run."""
