"""What a request on the wire needs: the IAM actions, on which resources, with which context keys.

Actions, resource types and condition keys: Service Authorization Reference (DynamoDB, Secrets Manager, Lex
V2, KMS, S3, Lambda, SES, End User Messaging, Connect, Cognito user pools). A transaction needs what its parts would
need alone (DynamoDB developer guide, "Using IAM with DynamoDB transactions"). An operation that isn't written here is
refused by its name, never let pass.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qs, unquote

from rehearsal.permissions.patterns import Value
from rehearsal.permissions.policy import Call, stands_at
from rehearsal.resources import ACCOUNT, PARTITION, REGION, arn

KEYS_THAT_CALLS_HAVE: Final = frozenset(
    {
        "aws:principalaccount", "aws:principalarn", "aws:principalisawsservice", "aws:principalservicename",
        "aws:requestedregion", "aws:resourceaccount", "aws:securetransport", "aws:sourceaccount", "aws:sourcearn",
        "aws:viaawsservice",
        "cognito-identity.amazonaws.com:amr", "cognito-identity.amazonaws.com:aud",
        "connect:instanceid", "dynamodb:enclosingoperation", "dynamodb:leadingkeys", "kms:calleraccount",
        "kms:encryptioncontext:*", "kms:encryptioncontextkeys", "kms:viaservice", "lambda:eventsourcetoken",
        "s3:tlsversion",
        "secretsmanager:secretid", "ses:fromaddress",
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
_COGNITO: Final = "AWSCognitoIdentityProviderService."
_OF_ONE_ITEM: Final = {"GetItem": "Key", "UpdateItem": "Key", "DeleteItem": "Key", "PutItem": "Item"}
_OF_A_SECRET: Final = ("DescribeSecret", "GetSecretValue", "PutSecretValue", "UpdateSecretVersionStage")
_OF_AN_OBJECT: Final = {"DELETE": "DeleteObject", "GET": "GetObject", "HEAD": "GetObject", "PUT": "PutObject"}
_INVOKED: Final = re.compile(r"/2015-03-31/functions/(?P<function>[^/]+)/invocations/?")
_ATTACHED: Final = re.compile(r"/phone-number/(?P<number>[^/]+)/contact-flow/?")
_OF_A_CHAT: Final = {
    ("PUT", "/contact/chat"): "StartChatContact",
    ("POST", "/contact/start-streaming"): "StartContactStreaming",
    ("POST", "/contact/stop"): "StopContact",
}
_KMS: Final = "TrentService."
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
    query: str = ""
    """What follows the path, without its question mark."""


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
    elif wire.service == "secretsmanager" and (operation := wire.target.removeprefix(_SECRETS)) in _OF_A_SECRET:
        secret = str(json.loads(wire.body)["SecretId"])
        if not secret.startswith("arn:"):
            raise UnknownOperation(f"{operation} by name: functions are told their secrets' ARNs")
        yield f"secretsmanager:{operation}", secret, (("secretsmanager:SecretId", secret),)
    elif wire.service == "s3" and wire.path.count("/") > 1 and wire.method in _OF_AN_OBJECT:
        # The path's first part is the bucket: the stand-in has one host for all of them.
        there = f"arn:{PARTITION}:s3:::{unquote(wire.path[1:])}"
        yield f"s3:{_OF_AN_OBJECT[wire.method]}", there, (("s3:TlsVersion", "1.3"),)
    elif wire.service == "lambda" and wire.method == "POST" and (called := _INVOKED.fullmatch(wire.path)):
        named = unquote(called["function"])
        function = named if named.startswith("arn:") else arn("lambda", f"function:{named}")
        yield "lambda:InvokeFunction", function, ()
    elif wire.service == "cognito-idp" and wire.target == f"{_COGNITO}AdminDeleteUser":
        pool = str(json.loads(wire.body)["UserPoolId"])
        yield "cognito-idp:AdminDeleteUser", arn("cognito-idp", f"userpool/{pool}"), ()
    elif wire.service == "connect" and wire.method in ("PUT", "DELETE") and (found := _ATTACHED.fullmatch(wire.path)):
        yield from _attaching(wire, unquote(found["number"]))
    elif wire.service == "connect" and (wire.method, wire.path) in _OF_A_CHAT:
        yield _chatting(_OF_A_CHAT[wire.method, wire.path], json.loads(wire.body))
    elif wire.service == "execute-api" and wire.path.startswith("/participant/"):
        # A participant's token is all that counts; SDKs sign it all the same (API reference, Participant Service).
        return
    elif wire.service == "kms" and (operation := wire.target.removeprefix(_KMS)) in ("Encrypt", "Decrypt"):
        yield _sealing(operation, json.loads(wire.body))
    elif wire.service == "sms-voice" and wire.target == "PinpointSMSVoiceV2.SendTextMessage":
        yield "sms-voice:SendTextMessage", _origin(str(json.loads(wire.body)["OriginationIdentity"])), ()
    elif wire.service == "ses" and wire.method == "POST" and wire.path == "/v2/email/outbound-emails":
        sender = str(json.loads(wire.body)["FromEmailAddress"])
        # The name before it, as in `Meridian <codes@example.com>`, is no part of the address.
        address = sender.rpartition("<")[2].rstrip(">")
        yield "ses:SendEmail", arn("ses", f"identity/{address.partition('@')[2]}"), (("ses:FromAddress", address),)
    elif wire.service == "lex" and (place := _LEX.fullmatch(wire.path)):
        action = _LEX_ACTIONS.get((wire.method, place["rest"]))
        if action is None:
            raise UnknownOperation(f"{wire.method} {wire.path} of Lex's runtime isn't known here")
        yield f"lex:{action}", arn("lex", f"bot-alias/{place['bot']}/{place['alias']}"), ()
    else:
        what = wire.target or f"{wire.method} {wire.path}"
        raise UnknownOperation(f"{what} of {wire.service} isn't known here: write what it needs in calls.py")


def _attaching(wire: Wire, number: str) -> Iterator[_Need]:
    """A flow is attached to a number, or let go of; all of it is named by ARNs.

    The reference knows the number and, where one is attached, the flow; the instance is told by the condition key.
    """
    if wire.method == "DELETE":
        told = {"InstanceId": "".join(parse_qs(wire.query).get("instanceId", ()))}
    else:
        told = json.loads(wire.body)
    about = (("connect:InstanceId", told["InstanceId"].rpartition("/")[2]),)
    if wire.method == "DELETE":
        yield "connect:DisassociatePhoneNumberContactFlow", number, about
    else:
        for resource in (number, told["ContactFlowId"]):
            yield "connect:AssociatePhoneNumberContactFlow", resource, about


def _chatting(operation: str, told: Mapping[str, Any]) -> _Need:
    """A chat is begun in a flow; its streaming is the instance's; it is stopped as a contact."""
    instance = arn("connect", f"instance/{told['InstanceId']}")
    match operation:
        case "StartChatContact":
            about = (("connect:InstanceId", told["InstanceId"]),)
            return "connect:StartChatContact", f"{instance}/contact-flow/{told['ContactFlowId']}", about
        case "StartContactStreaming":
            return "connect:StartContactStreaming", instance, ()
        case _:
            about = (("connect:InstanceId", told["InstanceId"]),)
            return "connect:StopContact", f"{instance}/contact/{told['ContactId']}", about


def _sealing(operation: str, told: Mapping[str, Any]) -> _Need:
    """A text is encrypted under a key, or decrypted."""
    key = str(told.get("KeyId", ""))
    if not key.startswith("arn:"):
        raise UnknownOperation(f"{operation} without a key's ARN: functions are told it, and name it both ways")
    context = told.get("EncryptionContext", {})
    about: tuple[tuple[str, Value], ...] = (
        ("kms:CallerAccount", ACCOUNT),
        ("kms:EncryptionContextKeys", tuple(context)),
        *((f"kms:EncryptionContext:{name}", str(value)) for name, value in context.items()),
    )
    return f"kms:{operation}", key, about


def _origin(identity: str) -> str:
    """What a text message is sent from, by its id. A number by itself would need a look-up: functions are told ids."""
    for kind in ("phone", "pool"):
        if identity.startswith(f"{kind}-"):
            return arn("sms-voice", f"{'phone-number' if kind == 'phone' else kind}/{identity}")
    raise UnknownOperation(f"an origination identity that is no id of a phone number or pool: {identity}")


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
    whole = stands_at(call.resource).partition("/stream/")[0]
    key = keys.get(whole)
    if key is None:
        return
    actions = ["kms:Decrypt"]
    match service:
        case "dynamodb":
            encrypted = {"aws:dynamodb:tableName": _table_name(whole), "aws:dynamodb:subscriberId": ACCOUNT}
        case "secretsmanager":
            encrypted = {"SecretARN": whole}
            actions = _OF_A_VALUE.get(call.action, [])
        case "s3":
            # With a bucket key the context is the bucket's (S3 user guide, "Reducing the cost of SSE-KMS").
            encrypted = {"aws:s3:arn": whole}
            actions = _OF_CONTENT.get(call.action, [])
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
        "kms:encryptioncontextkeys": tuple(encrypted),
        **{f"kms:encryptioncontext:{name}": value for name, value in encrypted.items()},
    }
    for action in actions:
        yield Call.of(call.who, action, key, context)


_OF_A_VALUE: Final = {
    "secretsmanager:GetSecretValue": ["kms:Decrypt"],
    "secretsmanager:PutSecretValue": ["kms:Decrypt", "kms:GenerateDataKey"],
}
"""Secrets Manager user guide, "Secret encryption and decryption"; what tells of versions alone needs no key."""
_OF_CONTENT: Final = {"s3:GetObject": ["kms:Decrypt"], "s3:PutObject": ["kms:GenerateDataKey"]}
"""S3 user guide, "Using server-side encryption with AWS KMS keys"; an upload in parts would decrypt, too."""


def _table_name(table: str) -> str:
    return table.rpartition(":table/")[2]


def _table_arn(table: str) -> str:
    return table if table.startswith("arn:") else arn("dynamodb", f"table/{table}")
