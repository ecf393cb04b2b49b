"""Without a grant the customer hears something polite, the door notes the denial, and AWS's SDKs know the error."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError

import botocore.session
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from rehearsal.lex.server import LexServer
from rehearsal.people import Person
from rehearsal.permissions.door import Door, access_key, asked_from_json, asked_to_json, guarded
from rehearsal.permissions.policy import Grant, Kind
from rehearsal.permissions.roles import Roles
from rehearsal.resources import ACCOUNT, REGION
from rehearsal.ways import LexText
from rehearsal.world import WEB_DOOR, World
from throughline.turn import Assurance

from .conftest import events, instances
from .customers import fetched
from .places import EVENTS


@pytest.fixture
def restored(world: World) -> Iterator[World]:
    """The world, whose roles are as they were when the test has ended."""
    world.cloud.forget()
    yield world
    world.cloud.admit(world.roles)
    world.cloud.forget()


def grant(roles: Roles, function: str, action: str, ending: str = "") -> Grant:
    (found,) = [
        one
        for one in roles.policies.by_holder[roles.functions[function]]
        if one.kind is Kind.IDENTITY
        and one.document.get("Action") == action
        and ending in one.document.get("Resource", "")
    ]
    return found


def client(service: str, url: str, function: str, **more: Any) -> Any:
    return botocore.session.get_session().create_client(
        service,
        region_name=REGION,
        endpoint_url=url,
        aws_access_key_id=access_key(function),
        aws_secret_access_key="any",
        config=Config(retries={"total_max_attempts": 1}, **more),
    )


SESSION = {"botId": "AAAAAAAAAA", "botAliasId": "BBBBBBBBBB", "localeId": "en_US", "sessionId": "someone"}
MISSING = (
    ("secretsmanager:GetSecretValue", ""),
    ("kms:Decrypt", ""),
    ("dynamodb:GetItem", "-Table"),
    ("dynamodb:PutItem", "-Table"),
)


@pytest.mark.parametrize("channel", ["lex", "alexa"])
@pytest.mark.parametrize(("action", "ending"), MISSING)
def test_without_a_grant_the_answer_is_polite_and_the_denial_noted(
    restored: World, channel: str, action: str, ending: str
) -> None:
    function = restored.hook_function if channel == "lex" else restored.alexa_function
    event = dict(events(channel))["guest_full.json" if channel == "lex" else "launch_full.json"]
    restored.cloud.admit(restored.roles.without(grant(restored.roles, function, action, ending)))
    with instances(restored) as functions:
        answer = json.dumps(functions.invoke(function, event))
    assert "sorry" in answer.lower()
    assert "arn:" not in answer and "AccessDenied" not in answer and "authorized" not in answer
    refused = {(one.function, one.call.action) for one in restored.cloud.asked() if not one.verdict.allowed}
    assert refused == {(function, action)}


def test_without_leave_to_write_the_ledger_nothing_is_paid_and_that_is_said(restored: World) -> None:
    person = Person.called("Roles Robin")
    device = LexText(restored, person, Assurance.VERIFIED)
    device.say("pay forty dollars to Lakeside Water from checking today")
    missing = grant(restored.roles, restored.hook_function, "dynamodb:PutItem", "-Ledger")
    restored.cloud.admit(restored.roles.without(missing))
    said = device.say("yes").text
    assert said and "arn:" not in said and "$40" not in said
    assert not (restored.ledger(restored.customer(person).customer) or {"moves": []})["moves"]
    refused = {one.call.action for one in restored.cloud.asked() if not one.verdict.allowed}
    assert refused == {"dynamodb:PutItem"}


def test_a_signed_address_opens_for_as_long_as_its_signer_may_open_it(restored: World) -> None:
    function = restored.hook_function
    bucket = restored.assembly.function("lex_turn").environment["EXPORTS"]
    restored.cloud.client("s3").put_object(Bucket=bucket, Key="exports/one/page.html", Body=b"all of it")
    signing = client("s3", restored.cloud.url, function, signature_version="s3v4")
    address = signing.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "exports/one/page.html"})
    assert fetched(address) == "all of it"
    for action in ("s3:GetObject", "kms:Decrypt"):
        restored.cloud.admit(restored.roles.without(grant(restored.roles, function, action)))
        with pytest.raises(HTTPError, match=r"40[03]"):
            fetched(address)
    refused = {one.call.action for one in restored.cloud.asked() if not one.verdict.allowed}
    assert refused == {"s3:GetObject", "kms:Decrypt"}


def test_a_request_that_nobody_signed_is_let_pass_only_where_aws_asks_for_no_signature(restored: World) -> None:
    unsigned = Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1})

    def asking(service: str) -> Any:
        session, url = botocore.session.get_session(), restored.cloud.url
        return session.create_client(service, region_name=REGION, endpoint_url=url, config=unsigned)

    with pytest.raises(ClientError, match="NotAuthorizedException"):  # it was asked, and knows no such token
        asking("cognito-idp").get_user(AccessToken="of-nobody")
    with pytest.raises(ClientError, match="MissingAuthenticationToken"):
        asking("cognito-idp").list_user_pools(MaxResults=1)
    with pytest.raises(ClientError, match="MissingAuthenticationToken"):
        asking("dynamodb").list_tables()


def test_the_door_answers_in_awss_words(restored: World) -> None:
    function = restored.hook_function
    table = restored.assembly.function("lex_turn").environment["TABLE"]
    # Of a strand: a turn may take away an address, never what was said.
    strand = {"pk": {"S": "L#1"}, "sk": {"S": "turn#1"}}
    with pytest.raises(ClientError) as denied:
        client("dynamodb", restored.cloud.url, function).delete_item(TableName=table, Key=strand)
    role = restored.roles.functions[function].rpartition("/")[2]
    assert denied.value.response["Error"] == {
        "Code": "AccessDeniedException",
        "Message": f"User: arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{function} is not authorized to perform: "
        f"dynamodb:DeleteItem on resource: arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{table} because no "
        "identity-based policy allows the dynamodb:DeleteItem action",
    }
    assert denied.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert denied.value.response["ResponseMetadata"]["RequestId"]


def test_a_secret_without_its_key_is_denied_in_secrets_managers_words(restored: World) -> None:
    function = restored.hook_function
    secret = restored.cloud.named_here({"": restored.assembly.secrets[0]})[""]
    restored.cloud.admit(restored.roles.without(grant(restored.roles, function, "kms:Decrypt")))
    with pytest.raises(ClientError) as denied:
        client("secretsmanager", restored.cloud.url, function).get_secret_value(SecretId=secret)
    error = denied.value.response["Error"]
    assert error["Code"] == "AccessDeniedException" and error["Message"] == "Access to KMS is not allowed"


def test_lex_answers_a_function_without_leave_as_a_rest_service_does(world: World) -> None:
    asked: dict[str, str] = {
        "botId": world.bot.id, "botAliasId": world.live.id, "localeId": "en_US", "sessionId": "someone"
    }  # fmt: skip
    for function in (WEB_DOOR, world.hook_function):
        with pytest.raises(ClientError) as denied:
            client("lexv2-runtime", world.lex_url, function).recognize_text(text="hello", **asked)
        assert denied.value.response["Error"]["Code"] == "AccessDeniedException"
        assert "lex:RecognizeText" in denied.value.response["Error"]["Message"]
        assert denied.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


def test_a_key_that_nobody_has_is_refused(world: World) -> None:
    stranger = client("dynamodb", world.cloud.url, "Stranger")
    with pytest.raises(ClientError, match="UnrecognizedClientException"):
        stranger.list_tables()
    stranger = client("lexv2-runtime", world.lex_url, "Stranger")
    with pytest.raises(ClientError, match="UnrecognizedClientException"):
        stranger.get_session(**SESSION)


def test_an_operation_that_nobody_wrote_down_is_refused_by_its_name(restored: World) -> None:
    with pytest.raises(ClientError, match="UpdateTable isn't known here"):
        client("dynamodb", restored.cloud.url, restored.hook_function).update_table(TableName="any")
    with pytest.raises(ClientError, match=r"secretsmanager\.ListSecrets of secretsmanager isn't known here"):
        client("secretsmanager", restored.cloud.url, restored.hook_function).list_secrets()
    assert [one.verdict.allowed for one in restored.cloud.asked()] == [False, False]


def test_whoever_has_no_functions_key_is_the_accounts_administrator(world: World) -> None:
    assert world.cloud.dynamodb.list_tables()["TableNames"]
    assert not [one for one in world.cloud.asked() if one.call.action == "dynamodb:ListTables"]


def test_a_door_without_roles_knows_nobody(world: World) -> None:
    with LexServer(guarded(Door(), world.wire.handle)) as server:
        lex = client("lexv2-runtime", server.url, world.hook_function)
        with pytest.raises(ClientError, match="UnrecognizedClientException"):
            lex.get_session(**SESSION)


def test_roles_and_what_was_asked_go_to_another_process_unchanged(world: World) -> None:
    assert Roles.from_json(world.roles.to_json()) == world.roles
    asked = world.cloud.asked()
    assert asked_from_json(asked_to_json(asked)) == asked


def test_every_recorded_event_is_there() -> None:
    channels = ("lex", "alexa", "connect")
    assert len([*EVENTS.rglob("*.json")]) == len([event for channel in channels for event in events(channel)])
