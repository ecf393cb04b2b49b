"""The evaluator by itself: what decides, and what is refused because nobody wrote it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.permissions.patterns import PolicyError, Value, arn_like, like, resource_like
from rehearsal.permissions.policy import Call, Grant, Kind, Policies, Verdict, read_policy, read_statement
from rehearsal.resources import ACCOUNT, arn

ROLE = f"arn:aws:iam::{ACCOUNT}:role/turns"
TABLE = arn("dynamodb", "table/people")
KEY = arn("kms", "key/11111111-2222-3333-4444-555555555555")
ROOT = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}


def allow(action: Any, resource: Any, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def held(*statements: dict[str, Any]) -> list[Grant]:
    return [grant for one in statements for grant in read_statement(Kind.IDENTITY, ROLE, "own", one)]


def at(resource: str, *statements: dict[str, Any]) -> list[Grant]:
    return [grant for one in statements for grant in read_statement(Kind.RESOURCE, resource, "there", one)]


def decide(grants: list[Grant], action: str, resource: str, who: str = ROLE, **context: Value) -> Verdict:
    named = {name.replace("__", ":"): value for name, value in context.items()}
    return Policies(tuple(grants)).decide(Call.of(who, action, resource, named))


def test_what_nobody_allows_is_denied() -> None:
    assert decide([], "dynamodb:GetItem", TABLE) == Verdict(
        False, "because no identity-based policy allows the dynamodb:GetItem action"
    )


def test_a_denial_wins_over_every_grant() -> None:
    grants = held(allow("*", "*"), {"Effect": "Deny", "Action": "dynamodb:Get*", "Resource": TABLE})
    assert decide(grants, "dynamodb:GetItem", TABLE).because == "with an explicit deny in an identity-based policy"
    assert decide(grants, "dynamodb:PutItem", TABLE).allowed


def test_a_denial_at_the_resource_wins_too_for_everybody_and_for_the_account() -> None:
    for principal in ({"AWS": "*"}, ROOT, {"AWS": ROLE}):
        no = {"Effect": "Deny", "Principal": principal, "Action": "dynamodb:*", "Resource": "*"}
        verdict = decide([*held(allow("*", "*")), *at(TABLE, no)], "dynamodb:GetItem", TABLE)
        assert verdict.because == "with an explicit deny in a resource-based policy"


def test_without_tls_nothing_goes_where_a_policy_wants_it() -> None:
    no = {
        "Effect": "Deny", "Principal": "*", "Action": "dynamodb:*", "Resource": "*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }  # fmt: skip
    grants = [*held(allow("dynamodb:GetItem", TABLE)), *at(TABLE, no)]
    assert decide(grants, "dynamodb:GetItem", TABLE, aws__SecureTransport="true").allowed
    assert not decide(grants, "dynamodb:GetItem", TABLE, aws__SecureTransport="false").allowed


def test_kms_needs_the_keys_policy_and_the_roles() -> None:
    own, account = held(allow("kms:Decrypt", KEY)), at(KEY, allow("kms:*", "*", Principal=ROOT))
    assert decide([*own, *account], "kms:Decrypt", KEY).allowed
    assert decide(own, "kms:Decrypt", KEY).because.startswith("because no resource-based policy")
    assert decide(account, "kms:Decrypt", KEY).because.startswith("because no identity-based policy")
    assert decide(at(KEY, allow("kms:Decrypt", "*", Principal={"AWS": ROLE})), "kms:Decrypt", KEY).allowed


def test_a_service_is_allowed_by_the_resource_alone() -> None:
    function = arn("lambda", "function:turn:live")
    lex = {"Service": "lexv2.amazonaws.com"}
    there = at(function, allow("lambda:InvokeFunction", function, Principal=lex))
    assert decide(there, "lambda:InvokeFunction", function, who="lexv2.amazonaws.com").allowed
    assert not decide(there, "lambda:InvokeFunction", function, who="alexa-appkit.amazon.com").allowed
    account = at(function, allow("lambda:*", "*", Principal=ROOT))
    assert not decide(account, "lambda:InvokeFunction", function, who="lexv2.amazonaws.com").allowed


def test_not_elements_mean_everything_else() -> None:
    grants = held({"Effect": "Allow", "NotAction": ["dynamodb:Delete*", "kms:*"], "NotResource": KEY})
    assert decide(grants, "dynamodb:GetItem", TABLE).allowed
    assert not decide(grants, "dynamodb:DeleteItem", TABLE).allowed
    assert not decide(grants, "s3:GetObject", KEY).allowed


@pytest.mark.parametrize(
    ("operator", "value", "found", "absent"),
    [
        ("StringEquals", "a", {"a": True, "A": False, "ab": False}, False),
        ("StringNotEquals", "a", {"a": False, "b": True}, True),
        ("StringEqualsIgnoreCase", "a", {"A": True, "b": False}, False),
        ("StringLike", "a*?", {"ab": True, "a": False}, False),
        ("StringNotLike", "a*", {"ab": False, "b": True}, True),
        ("StringEqualsIfExists", "a", {"a": True, "b": False}, True),
        ("ArnLike", "arn:aws:sqs:*:1:q*", {"arn:aws:sqs:x:1:q:r": True, "arn:aws:sqs:x:2:1:q": False}, False),
        ("ArnNotEquals", "arn:aws:sqs:*:1:q", {"arn:aws:sqs:x:1:q": False, "arn:aws:sqs:x:1:r": True}, True),
        ("NumericLessThan", "10", {"9": True, "10": False, "1e1": False}, False),
        ("NumericGreaterThanEquals", 10, {"9": False, "10.0": True}, False),
        ("Bool", True, {"true": True, "false": False}, False),
        ("Null", "true", {"a": False}, True),
        ("Null", "false", {"a": True}, False),
    ],
)
def test_conditions(operator: str, value: object, found: dict[str, bool], absent: bool) -> None:
    grants = held(allow("dynamodb:GetItem", TABLE, Condition={operator: {"aws:SourceArn": value}}))
    for text, holds in found.items():
        assert decide(grants, "dynamodb:GetItem", TABLE, aws__SourceArn=text).allowed is holds, text
    assert decide(grants, "dynamodb:GetItem", TABLE).allowed is absent


@pytest.mark.parametrize(
    ("operator", "holding", "failing"),
    [
        ("ForAllValues:StringLike", (("C#1",), ("C#1", "C#2"), ()), (("C#1", "A#1"),)),
        ("ForAnyValue:StringLike", (("C#1", "A#1"),), (("A#1",), ())),
        ("ForAllValues:StringNotLike", (("A#1",), ()), (("C#1", "A#1"),)),
        ("ForAnyValue:StringNotLike", (("C#1", "A#1"),), (("C#1",), ())),
    ],
)
def test_conditions_on_keys_of_many_values(
    operator: str, holding: tuple[tuple[str, ...]], failing: tuple[tuple[str, ...]]
) -> None:
    grants = held(allow("dynamodb:GetItem", TABLE, Condition={operator: {"dynamodb:LeadingKeys": "C#*"}}))
    for values in holding:
        assert decide(grants, "dynamodb:GetItem", TABLE, dynamodb__LeadingKeys=values).allowed, values
    for values in failing:
        assert not decide(grants, "dynamodb:GetItem", TABLE, dynamodb__LeadingKeys=values).allowed, values


def test_policy_variables_are_taken_letter_by_letter() -> None:
    grants = held(allow("dynamodb:GetItem", "arn:aws:dynamodb:*:*:table/${aws:PrincipalAccount}-*"))
    there = arn("dynamodb", f"table/{ACCOUNT}-people")
    assert decide(grants, "dynamodb:GetItem", there, aws__PrincipalAccount=ACCOUNT).allowed
    assert not decide(grants, "dynamodb:GetItem", there, aws__PrincipalAccount="*").allowed
    with pytest.raises(PolicyError, match=r"\$\{aws:PrincipalAccount\} has no one value"):
        decide(grants, "dynamodb:GetItem", there)


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ({"Effect": "Allow", "Action": "a:b"}, "either Resource or NotResource"),
        ({"Effect": "Allow", "Action": "a:b", "NotAction": "a:c", "Resource": "*"}, "either Action or NotAction"),
        ({"Effect": "Maybe", "Action": "a:b", "Resource": "*"}, "Allow or Deny"),
        (allow("a:b", "*", NotPrincipal={"AWS": "*"}), "NotPrincipal isn't known here"),
        (allow("a:b", "*", Principal={"AWS": "*"}), "an identity's none"),
        (allow("a:b", "*", Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}), "operator IpAddress isn't known"),
        (allow("a:b", "*", Condition={"DateLessThan": {"aws:CurrentTime": "2030"}}), "DateLessThan isn't known"),
        (allow("a:b", "*", Condition={"Null": {"aws:SourceArn": "maybe"}}), "Null takes true or false"),
        (allow("a:b", "*", Condition={"ForAnyValue:BoolIfExists": {"a:b": "true"}}), "contradicts itself"),
        (allow("a:b", "*", Condition={"StringEquals": {"a:b": {"Ref": "x"}}}), "a text, a number or a boolean"),
    ],
)
def test_what_is_not_known_is_refused_by_its_name(statement: dict[str, Any], told: str) -> None:
    with pytest.raises(PolicyError, match=told):
        held(statement)


def test_what_can_not_be_decided_is_an_error_and_no_leave() -> None:
    many = held(allow("a:b", "*", Condition={"StringEquals": {"dynamodb:LeadingKeys": "x"}}))
    with pytest.raises(PolicyError, match="needs ForAllValues or ForAnyValue"):
        decide(many, "a:b", TABLE, dynamodb__LeadingKeys=("x",))
    number = held(allow("a:b", "*", Condition={"NumericEquals": {"aws:MultiFactorAuthAge": "soon"}}))
    with pytest.raises(PolicyError, match="no number"):
        decide(number, "a:b", TABLE, aws__MultiFactorAuthAge="1")
    with pytest.raises(PolicyError, match="no ARN"):
        decide(held(allow("a:b", "people")), "a:b", TABLE)


@pytest.mark.parametrize("document", [{"Statement": []}, {"Version": "2008-10-17", "Statement": []}])
def test_only_the_current_version_of_policies_is_read(document: dict[str, Any]) -> None:
    with pytest.raises(PolicyError, match="2012-10-17"):
        list(read_policy(Kind.IDENTITY, ROLE, "own", document))


@pytest.mark.parametrize("principal", [{"Federated": "x"}, {"AWS": "123456789012"}])
def test_principals_of_other_kinds_are_refused(principal: dict[str, str]) -> None:
    with pytest.raises(PolicyError):
        at(TABLE, allow("a:b", "*", Principal=principal))


def test_no_wildcard_reaches_across_the_parts_of_an_arn() -> None:
    assert arn_like("arn:aws:sqs:*:*:a*", "arn:aws:sqs:us-east-1:1:a:b", {})
    assert not arn_like("arn:aws:sqs:*:b:c", "arn:aws:sqs:us-east-1:1:b:c", {})
    assert resource_like("*", "*", {}) and not resource_like(TABLE, "*", {})


TEXT = st.text(alphabet="ab*?:${}.", max_size=8)


@given(st.text(alphabet="ab*?.", max_size=8), TEXT)
def test_a_pattern_is_like_what_a_plain_reading_says(pattern: str, text: str) -> None:
    def reads(p: str, t: str) -> bool:
        if not p:
            return not t
        if p[0] == "*":
            return reads(p[1:], t) or (bool(t) and reads(p, t[1:]))
        return bool(t) and p[0] in ("?", t[0]) and reads(p[1:], t[1:])

    assert like(pattern, text, {}) is reads(pattern, text)


@given(st.lists(st.sampled_from(["GetItem", "PutItem", "Query", "Get*", "*"]), min_size=1, max_size=4, unique=True))
def test_a_statement_says_the_same_in_parts(names: list[str]) -> None:
    actions = [f"dynamodb:{name}" for name in names]
    together = held(allow(actions, [TABLE, KEY]))
    apart = held(*(allow(action, resource) for action in actions for resource in (TABLE, KEY)))
    for action in ("dynamodb:GetItem", "dynamodb:Scan", "kms:Decrypt"):
        assert decide(together, action, TABLE) == decide(apart, action, TABLE)
