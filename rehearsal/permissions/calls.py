"""What a request on the wire needs: the IAM actions, on which resources, with which context keys.

Actions, resource types and condition keys: Service Authorization Reference (DynamoDB, Secrets Manager, Lex
V2, KMS). A transaction needs what its parts would need alone (DynamoDB developer guide, "Using IAM with
DynamoDB transactions"). An operation that isn't written here is refused by its name, never let pass.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from rehearsal.permissions.patterns import Value
from rehearsal.permissions.policy import Call
from rehearsal.resources import ACCOUNT, REGION, arn

KEYS_THAT_CALLS_HAVE: Final = frozenset(
    {
        "aws:principalaccount", "aws:principalarn", "aws:principalisawsservice", "aws:principalservicename",
        "aws:requestedregion", "aws:resourceaccount", "aws:securetransport", "aws:sourceaccount", "aws:sourcearn",
        "aws:viaawsservice", "dynamodb:enclosingoperation", "dynamodb:leadingkeys", "kms:calleraccount",
        "kms:encryptioncontext:*", "kms:viaservice", "lambda:eventsourcetoken", "secretsmanager:secretid",
    }
)  # fmt: skip
"""The condition keys that calls have here where AWS gives them; a policy may name no other."""

_DYNAMODB: Final = "DynamoDB_20120810."
_SECRETS: Final = "secretsmanager."
_LEX: Final = re.compile(
    r"/bots/(?P<bot>[^/]+)/botAliases/(?P<alias>[^/]+)/botLocales/[^/]+/sessions/[^/]+(?P<rest>/text|/utterance)?/?"
)
_LEX_ACTIONS: Final = {
    ("POST", "/text"): "RecognizeText",
    ("POST", "/utterance"): "RecognizeUtterance",
    ("POST", None): "PutSession",
    ("GET", None): "GetSession",
    ("DELETE", None): "DeleteSession",
}
_OF_ONE_ITEM: Final = {"GetItem": "Key", "UpdateItem": "Key", "DeleteItem": "Key", "PutItem": "Item"}
_IN_A_TRANSACTION: Final = {
    "Get": "GetItem", "Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}  # fmt: skip


class UnknownOperation(LookupError):
    """A request whose needs aren't written in calls.py; says which."""


@dataclass(frozen=True, slots=True)
class Wire:
    """A request as it came, as far as it tells what it wants."""

    service: str
    """Its signing name, of the signature's scope, like `dynamodb`."""
    method: str
    path: str
    """Without a query string."""
    target: str
    """The header X-Amz-Target of the JSON protocols, else empty."""
    body: bytes


def calls_of(wire: Wire, role: str, partitions: Mapping[str, str], keys: Mapping[str, str]) -> tuple[Call, ...]:
    """What a function with that role needs for the request; `partitions` and `keys` are those of `Roles`.

    What lies under a KMS key needs the key too, on behalf of the caller. Raises UnknownOperation.
    """
    about = {
        "aws:PrincipalAccount": ACCOUNT,
        "aws:PrincipalArn": role,
        "aws:PrincipalIsAWSService": "false",
        "aws:RequestedRegion": REGION,
        "aws:ResourceAccount": ACCOUNT,
        # The stand-ins speak plain HTTP on this machine; deployed, the SDKs' default endpoints are HTTPS.
        "aws:SecureTransport": "true",
        "aws:ViaAWSService": "false",
    }
    needs = dict.fromkeys(_needs(wire, partitions))
    own = [Call.of(role, action, resource, {**about, **dict(more)}) for action, resource, more in needs]
    through = [call for one in own for call in through_key(one, keys)]
    return (*own, *dict.fromkeys(through))


_Need = tuple[str, str, tuple[tuple[str, Value], ...]]


def _needs(wire: Wire, partitions: Mapping[str, str]) -> Iterator[_Need]:
    if wire.service == "dynamodb" and wire.target.startswith(_DYNAMODB):
        yield from _dynamodb(wire.target.removeprefix(_DYNAMODB), json.loads(wire.body), partitions)
    elif wire.service == "secretsmanager" and wire.target == f"{_SECRETS}GetSecretValue":
        secret = str(json.loads(wire.body)["SecretId"])
        if not secret.startswith("arn:"):
            raise UnknownOperation("GetSecretValue by name: functions are told their secrets' ARNs")
        yield "secretsmanager:GetSecretValue", secret, (("secretsmanager:SecretId", secret),)
    elif wire.service == "lex" and (place := _LEX.fullmatch(wire.path)):
        action = _LEX_ACTIONS.get((wire.method, place["rest"]))
        if action is None:
            raise UnknownOperation(f"{wire.method} {wire.path} of Lex's runtime isn't known here")
        yield f"lex:{action}", arn("lex", f"bot-alias/{place['bot']}/{place['alias']}"), ()
    else:
        what = wire.target or f"{wire.method} {wire.path}"
        raise UnknownOperation(f"{what} of {wire.service} isn't known here: write what it needs in calls.py")


def _dynamodb(operation: str, body: Mapping[str, Any], partitions: Mapping[str, str]) -> Iterator[_Need]:
    def leading(table: str, item: Mapping[str, Any]) -> tuple[tuple[str, Value], ...]:
        found = item.get(partitions.get(_table_name(table), ""), {})
        return (("dynamodb:LeadingKeys", tuple(str(value) for value in found.values())),)

    if operation in _OF_ONE_ITEM:
        table = body["TableName"]
        yield f"dynamodb:{operation}", _table_arn(table), leading(table, body[_OF_ONE_ITEM[operation]])
    elif operation in ("Query", "Scan"):
        index = f"/index/{body['IndexName']}" if "IndexName" in body else ""
        yield f"dynamodb:{operation}", _table_arn(body["TableName"]) + index, ()
    elif operation == "BatchGetItem":
        for table, asked in body["RequestItems"].items():
            for key in asked["Keys"]:
                yield "dynamodb:BatchGetItem", _table_arn(table), leading(table, key)
    elif operation == "BatchWriteItem":
        for table, asked in body["RequestItems"].items():
            for request in asked:
                ((_, one),) = request.items()
                yield "dynamodb:BatchWriteItem", _table_arn(table), leading(table, one.get("Item") or one["Key"])
    elif operation in ("TransactWriteItems", "TransactGetItems"):
        for request in body["TransactItems"]:
            ((kind, one),) = request.items()
            table = one["TableName"]
            enclosing = ("dynamodb:EnclosingOperation", operation)
            item = one.get("Item") or one["Key"]
            yield f"dynamodb:{_IN_A_TRANSACTION[kind]}", _table_arn(table), (*leading(table, item), enclosing)
    else:
        raise UnknownOperation(f"DynamoDB's {operation} isn't known here: write what it needs in calls.py")


def through_key(call: Call, keys: Mapping[str, str]) -> Iterator[Call]:
    """What a service asks of KMS on behalf of a caller, who must therefore be allowed it.

    To reach a table's items DynamoDB decrypts the table's key, as the caller, whether they read or write (DynamoDB
    developer guide, "Encryption at rest usage notes", event Decrypt); a secret's value needs its data key
    decrypted (Secrets Manager user guide, "Secret encryption and decryption"); a message to an encrypted queue
    or topic needs a data key made and checked (SQS developer guide, "Key management"; SNS likewise).
    """
    service = call.action.partition(":")[0]
    whole = call.resource.partition("/index/")[0].partition("/stream/")[0]
    key = keys.get(whole)
    if key is None:
        return
    actions = ["kms:Decrypt"]
    match service:
        case "dynamodb":
            encrypted = {"aws:dynamodb:tableName": _table_name(whole), "aws:dynamodb:subscriberId": ACCOUNT}
        case "secretsmanager":
            encrypted = {"SecretARN": whole}
        case "sqs" | "sns":
            encrypted = {"aws:sqs:arn" if service == "sqs" else "aws:sns:topicArn": whole}
            if call.action in ("sqs:SendMessage", "sns:Publish"):
                actions.append("kms:GenerateDataKey")
        case _:
            raise UnknownOperation(f"what {call.action} needs of a KMS key isn't known here: write it in calls.py")
    context = {name: value for name, value in call.context if name.startswith("aws:")}
    context |= {
        "aws:viaawsservice": "true",
        "kms:viaservice": f"{service}.{REGION}.amazonaws.com",
        "kms:calleraccount": ACCOUNT,
        **{f"kms:encryptioncontext:{name}": value for name, value in encrypted.items()},
    }
    for action in actions:
        yield Call.of(call.who, action, key, context)


def _table_name(table: str) -> str:
    return table.rpartition(":table/")[2]


def _table_arn(table: str) -> str:
    return table if table.startswith("arn:") else arn("dynamodb", f"table/{table}")
