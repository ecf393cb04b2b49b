"""The rehearsal's evaluator and @cloud-copilot/iam-simulate must decide alike, on hundreds of drawn cases.

That package is AGPL-3.0-or-later: it is run here, as a process of its own that nothing is linked with, to test.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from rehearsal.permissions.patterns import PolicyError, Value
from rehearsal.permissions.policy import Call, Kind, Policies, read_policy
from rehearsal.resources import ACCOUNT, arn

ROOT = Path(__file__).resolve().parents[2]
SIMULATOR = ROOT / "node_modules" / "@cloud-copilot" / "iam-simulate" / "dist" / "esm" / "index.js"
CASES = 1_500
ROLE = f"arn:aws:iam::{ACCOUNT}:role/turns"
KEY = arn("kms", "key/11111111-2222-3333-4444-555555555555")
ASKED = {
    "dynamodb:GetItem": (arn("dynamodb", "table/people"), arn("dynamodb", "table/people-old")),
    "dynamodb:Query": (arn("dynamodb", "table/people/index/by-day"), arn("dynamodb", "table/people")),
    "kms:Decrypt": (KEY,),
    "secretsmanager:GetSecretValue": (arn("secretsmanager", "secret:roots-aaaaaa"),),
    "logs:PutLogEvents": (arn("logs", "log-group:turns:log-stream:one"),),
    "lambda:InvokeFunction": (arn("lambda", "function:turn:live"), arn("lambda", "function:turn")),
    "comprehend:DetectSentiment": ("*",),
}
RESOURCES = (
    "*", "arn:aws:dynamodb:*:*:table/*", "arn:aws:dynamodb:us-east-1:123456789012:table/people",
    "arn:aws:dynamodb:us-east-1:*:table/people*", "arn:aws:dynamodb:us-east-?:123456789012:table/pe?ple",
    "arn:aws:dynamodb:*:123456789012:table/people/index/*", "arn:aws:dynamodb:eu-west-1:*:*", KEY,
    "arn:aws:kms:*:*:key/*", "arn:aws:logs:*:*:log-group:turns:*", "arn:aws:lambda:*:*:function:turn:live",
    "arn:aws:lambda:*:*:function:turn:*", "arn:aws:secretsmanager:*:*:secret:roots-??????",
    "arn:aws:lambda:*:*:function:${aws:SourceAccount}*", "arn:aws:dynamodb:*:*:table/${aws:RequestedRegion}",
)  # fmt: skip
KEYS: dict[str, tuple[Value, ...]] = {
    "aws:SecureTransport": ("true", "false"),
    "aws:SourceAccount": (ACCOUNT, "210987654321", "turn"),
    "aws:SourceArn": (arn("lex", "bot-alias/AAAAAAAAAA/BBBBBBBBBB"), arn("sqs", "queue"), arn("sqs", "queue/of:one")),
    "aws:RequestedRegion": ("us-east-1", "us-west-2", "US-EAST-1"),
    "aws:MultiFactorAuthAge": ("60", "3600"),
    "aws:TagKeys": ((), ("team",), ("team", "stage"), ("Team", "other")),
    "aws:PrincipalTag/team": ("bank", "Bank", "ba*k", ""),
    "kms:ViaService": ("dynamodb.us-east-1.amazonaws.com", "secretsmanager.us-east-1.amazonaws.com"),
    "kms:CallerAccount": (ACCOUNT, "210987654321"),
    "dynamodb:LeadingKeys": (("C#1",), ("C#1", "A#2"), ("A#2",)),
}
VALUES = {
    "aws:SecureTransport": ("true", "false", True, False, "True"),
    "aws:SourceArn": (
        "arn:aws:lex:*:*:bot-alias/*", "arn:aws:lex:us-east-1:123456789012:bot-alias/AAAAAAAAAA/BBBBBBBBBB",
        "arn:aws:sqs:*:123456789012:queue", "arn:aws:sqs:*:*:queue*", "arn:*:sqs:*:*:*", "arn:aws:sqs:*:*:*e",
    ),
    "aws:MultiFactorAuthAge": ("60", 3600, "100"),
    "aws:SourceAccount": (ACCOUNT, "2109*", "${aws:PrincipalTag/team}"),
    "aws:RequestedRegion": ("us-east-1", "us-*-1", "us-west-?"),
    "aws:TagKeys": ("team", "stage", "t*"),
    "aws:PrincipalTag/team": ("bank", "b*", "ba${*}k", "${aws:SourceAccount}", "x${aws:PrincipalTag/none, 'y'}"),
    "kms:ViaService": ("dynamodb.us-east-1.amazonaws.com", "dynamodb.*.amazonaws.com"),
    "kms:CallerAccount": (ACCOUNT, "1234*"),
    "dynamodb:LeadingKeys": ("C#1", "C#*", "A#2"),
}  # fmt: skip
TEXT = ("StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase",
        "StringNotEqualsIgnoreCase")  # fmt: skip
OPERATORS = {
    "aws:SecureTransport": ("Bool",),
    "aws:SourceArn": ("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "StringLike"),
    "aws:MultiFactorAuthAge": ("NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals",
                               "NumericGreaterThan", "NumericGreaterThanEquals"),
}  # fmt: skip
MISREAD = ("ba${*}k",)
"""The other evaluator takes a `${*}` for itself only beside wildcards, and no variable in a condition's ARN."""
MANY = ("aws:TagKeys", "dynamodb:LeadingKeys")


def drawn(chance: random.Random) -> dict[str, Any]:
    """A case in the simulator's own shape."""
    action = chance.choice([*ASKED])
    resource = chance.choice(ASKED[action])
    context = {key: chance.choice(values) for key, values in KEYS.items() if chance.random() < 0.5}
    case: dict[str, Any] = {
        "request": {
            "principal": ROLE,
            "action": action,
            "resource": {"resource": resource, "accountId": ACCOUNT},
            "contextVariables": {
                k: v if isinstance(v, str) else [*v] for k, v in context.items() if applies(k, action)
            },
        },
        "identityPolicies": [{"name": "own", "policy": policy(chance, action, resource, principals=())}],
        "serviceControlPolicies": [],
        "resourceControlPolicies": [],
    }
    if action in ("kms:Decrypt", "lambda:InvokeFunction", "secretsmanager:GetSecretValue") and chance.random() < 0.8:
        principals = ({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, {"AWS": ROLE}, {"Service": "lexv2.amazonaws.com"}, "*")
        case["resourcePolicy"] = policy(chance, action, resource, principals=principals)
    return case


def applies(key: str, action: str) -> bool:
    """Whether AWS gives the key for the action: the simulator leaves others out."""
    service = key.split(":", maxsplit=1)[0]
    return service == "aws" or (service == action.split(":", maxsplit=1)[0])


def policy(chance: random.Random, action: str, resource: str, principals: tuple[Any, ...]) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [statement(chance, action, resource, principals) for _ in range(chance.randint(1, 3))],
    }


def statement(chance: random.Random, action: str, resource: str, principals: tuple[Any, ...]) -> dict[str, Any]:
    service, name = action.split(":")
    actions = (action, action.upper().replace("KMS", "kms"), f"{service}:*", "*", f"{service}:{name[0]}*",
               f"{service}:?{name[1:]}", "sqs:SendMessage", f"{service}:{name}X")  # fmt: skip
    found: dict[str, Any] = {"Effect": "Deny" if chance.random() < 0.2 else "Allow"}
    if principals:
        found["Principal"] = chance.choice(principals)
    found["NotAction" if chance.random() < 0.15 else "Action"] = chance.sample(actions, chance.randint(1, 2))
    patterns = (resource, resource, "*", *RESOURCES)
    found["NotResource" if chance.random() < 0.15 else "Resource"] = chance.sample(patterns, chance.randint(1, 3))
    if chance.random() < 0.6:
        found["Condition"] = condition(chance, action)
    return found


def condition(chance: random.Random, action: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    keys = [key for key in KEYS if applies(key, action)]
    for key in chance.sample(keys, chance.randint(1, 2)):
        if chance.random() < 0.15:
            found.setdefault("Null", {})[key] = chance.choice(("true", "false"))
            continue
        operator = chance.choice(OPERATORS.get(key, TEXT))
        if key in MANY:
            operator = chance.choice(("ForAllValues:", "ForAnyValue:")) + operator
        if chance.random() < 0.3 and not operator.startswith("ForAnyValue:"):
            operator += "IfExists"
        values = [*dict.fromkeys(chance.choices(VALUES[key], k=chance.randint(1, 2)))]
        if "Like" not in operator:
            values = [value for value in values if value not in MISREAD] or ["bank"]
        found.setdefault(operator, {})[key] = values if len(values) > 1 else values[0]
    return found


def ours(case: dict[str, Any]) -> str:
    """Our verdict, or what we refuse to decide."""
    request = case["request"]
    resource = request["resource"]["resource"]
    context = {k: v if isinstance(v, str) else tuple(v) for k, v in request["contextVariables"].items()}
    try:
        grants = [*read_policy(Kind.IDENTITY, ROLE, "own", case["identityPolicies"][0]["policy"])]
        if "resourcePolicy" in case:
            grants += read_policy(Kind.RESOURCE, resource, "there", case["resourcePolicy"])
        decided = Policies(tuple(grants)).decide(Call.of(ROLE, request["action"], resource, context))
    except PolicyError as refused:
        return f"refused: {refused}"
    if decided.allowed:
        return "Allowed"
    return "ExplicitlyDenied" if "explicit" in decided.because else "ImplicitlyDenied"


def theirs(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    node = Path(sys.executable).with_name("node")
    done = subprocess.run(
        [str(node), str(Path(__file__).with_name("simulate.mjs")), str(SIMULATOR)],
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


@pytest.mark.xdist_group("roles")
def test_two_evaluators_decide_alike() -> None:
    assert SIMULATOR.exists(), "run `npm ci --ignore-scripts` in the checkout: it brings @cloud-copilot/iam-simulate"
    chance = random.Random(20261122)
    cases = [drawn(chance) for _ in range(CASES)]
    decided = Counter[str]()
    unlike = []
    for case, answer in zip(cases, theirs(cases), strict=True):
        mine = ours(case)
        assert not answer.get("error") and not answer["ignored"], answer
        decided[mine.partition(":")[0]] += 1
        if not mine.startswith("refused") and answer["verdict"] != mine:
            unlike.append((mine, answer["verdict"], case))
    assert not unlike, f"{len(unlike)} unlike, such as {json.dumps(unlike[:3], indent=1)}"
    assert decided["Allowed"] > 150 and decided["ExplicitlyDenied"] > 50 and decided["ImplicitlyDenied"] > 300, decided
    assert decided["refused"] < CASES / 10, decided
