"""What requests on the wire need: real requests of botocore, read as the door reads them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import botocore.session
import pytest
from botocore.awsrequest import AWSResponse, HeadersDict

from rehearsal.permissions.calls import UnknownOperation, Wire, calls_of, through_key
from rehearsal.permissions.policy import Call
from rehearsal.resources import ACCOUNT, REGION, arn

ROLE = f"arn:aws:iam::{ACCOUNT}:role/turns"
PEOPLE, BOOKS = arn("dynamodb", "table/people"), arn("dynamodb", "table/books")
SECRET, KEY = arn("secretsmanager", "secret:roots-aaaaaa"), arn("kms", "key/1")
ITEM = {"pk": {"S": "C#1"}, "sk": {"S": "conversation"}}


def needs(service: str, ask: Callable[[Any], object], keys: dict[str, str] | None = None) -> list[Call]:
    """What botocore's request needs; it is taken from the client's hand before it is sent."""
    sent: list[Wire] = []

    def take(request: Any, **_: object) -> Any:
        headers = {name.lower(): value for name, value in request.headers.items()}
        scope = _text(headers["authorization"]).split("Credential=")[1].split("/")
        body = request.body or b""
        target = _text(headers.get("x-amz-target", ""))
        whole = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else body.read()
        address = urlsplit(request.url)
        sent.append(Wire(scope[3], request.method, address.path, target, whole, address.query))
        respond: Any = AWSResponse
        return respond(request.url, 200, HeadersDict(), _Empty())

    made: Any = botocore.session.get_session().create_client(
        service, region_name=REGION, aws_access_key_id="any", aws_secret_access_key="any"
    )
    made.meta.events.register("before-send", take)
    ask(made)
    return [*calls_of(sent[0], ROLE, {"people": "pk", "books": "pk"}, keys or {})]


class _Empty:
    def stream(self, **_: object) -> list[bytes]:
        return [b"{}"]


def _text(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def short(calls: list[Call]) -> list[tuple[str, str]]:
    return [(call.action, call.resource) for call in calls]


def leading(call: Call) -> object:
    return dict(call.context).get("dynamodb:leadingkeys")


@pytest.mark.parametrize(
    ("ask", "action"),
    [
        (lambda c: c.get_item(TableName="people", Key=ITEM), "dynamodb:GetItem"),
        (lambda c: c.put_item(TableName=PEOPLE, Item=ITEM), "dynamodb:PutItem"),
        (lambda c: c.delete_item(TableName="people", Key=ITEM), "dynamodb:DeleteItem"),
        (lambda c: c.update_item(TableName="people", Key=ITEM), "dynamodb:UpdateItem"),
    ],
)
def test_one_item_is_asked_for_by_its_table_and_partition(ask: Callable[[Any], object], action: str) -> None:
    (call,) = needs("dynamodb", ask)
    assert (call.action, call.resource, leading(call)) == (action, PEOPLE, ("C#1",))


def test_a_transaction_needs_what_its_parts_would_need_alone() -> None:
    put = {"Put": {"TableName": "people", "Item": ITEM}}
    parts = [
        put, {"Put": {"TableName": "people", "Item": {**ITEM, "pk": {"S": "A#9"}}}},
        {"Delete": {"TableName": "books", "Key": {"pk": {"S": "x"}}}},
        {"Update": {"TableName": "books", "Key": {"pk": {"S": "x"}}, "UpdateExpression": "SET a = :a"}},
        {"ConditionCheck": {"TableName": "books", "Key": {"pk": {"S": "x"}}, "ConditionExpression": "a = b"}},
    ]  # fmt: skip
    calls = needs("dynamodb", lambda c: c.transact_write_items(TransactItems=parts))
    assert short(calls) == [
        ("dynamodb:PutItem", PEOPLE), ("dynamodb:PutItem", PEOPLE), ("dynamodb:DeleteItem", BOOKS),
        ("dynamodb:UpdateItem", BOOKS), ("dynamodb:ConditionCheckItem", BOOKS),
    ]  # fmt: skip
    assert {dict(call.context)["dynamodb:enclosingoperation"] for call in calls} == {"TransactWriteItems"}
    got = needs(
        "dynamodb", lambda c: c.transact_get_items(TransactItems=[{"Get": {"TableName": "people", "Key": ITEM}}])
    )
    assert short(got) == [("dynamodb:GetItem", PEOPLE)]


def test_a_batch_needs_its_own_action_on_each_table() -> None:
    asked = {"people": {"Keys": [ITEM, {**ITEM, "pk": {"S": "C#2"}}]}, "books": {"Keys": [{"pk": {"S": "C#1"}}]}}
    calls = needs("dynamodb", lambda c: c.batch_get_item(RequestItems=asked))
    assert {call.resource: call.action for call in calls} == {
        PEOPLE: "dynamodb:BatchGetItem",
        BOOKS: "dynamodb:BatchGetItem",
    }
    assert sorted(str(leading(call)) for call in calls) == ["('C#1',)", "('C#1',)", "('C#2',)"]
    written = {"people": [{"PutRequest": {"Item": ITEM}}, {"DeleteRequest": {"Key": ITEM}}]}
    assert short(needs("dynamodb", lambda c: c.batch_write_item(RequestItems=written))) == [
        ("dynamodb:BatchWriteItem", PEOPLE)
    ]


def test_a_search_of_an_index_is_asked_of_the_index() -> None:
    found = needs("dynamodb", lambda c: c.query(TableName="people", IndexName="by-day", KeyConditionExpression="a = b"))
    assert short(found) == [("dynamodb:Query", f"{PEOPLE}/index/by-day")]
    assert short(needs("dynamodb", lambda c: c.scan(TableName="people"))) == [("dynamodb:Scan", PEOPLE)]


def test_what_lies_under_a_key_needs_the_key_on_behalf_of_the_caller() -> None:
    item, decrypt = needs("dynamodb", lambda c: c.get_item(TableName="people", Key=ITEM), {PEOPLE: KEY})
    assert (decrypt.action, decrypt.resource, decrypt.who) == ("kms:Decrypt", KEY, ROLE)
    about = dict(decrypt.context)
    assert about["kms:viaservice"] == "dynamodb.us-east-1.amazonaws.com"
    assert about["kms:encryptioncontext:aws:dynamodb:tablename"] == "people"
    assert about["aws:viaawsservice"] == "true" and dict(item.context)["aws:viaawsservice"] == "false"
    secret = needs("secretsmanager", lambda c: c.get_secret_value(SecretId=SECRET), {SECRET: KEY})
    assert short(secret) == [("secretsmanager:GetSecretValue", SECRET), ("kms:Decrypt", KEY)]
    assert dict(secret[1].context)["kms:encryptioncontext:secretarn"] == SECRET


def test_a_message_to_an_encrypted_queue_or_topic_needs_a_data_key() -> None:
    for action, where in (("sqs:SendMessage", arn("sqs", "late")), ("sns:Publish", arn("sns", "alarms"))):
        through = through_key(Call.of(ROLE, action, where, {}), {where: KEY})
        assert [call.action for call in through] == ["kms:Decrypt", "kms:GenerateDataKey"]
    received = through_key(Call.of(ROLE, "sqs:ReceiveMessage", arn("sqs", "late"), {}), {arn("sqs", "late"): KEY})
    assert [call.action for call in received] == ["kms:Decrypt"]
    stream = Call.of(ROLE, "dynamodb:GetRecords", f"{PEOPLE}/stream/2026", {})
    assert [call.action for call in through_key(stream, {PEOPLE: KEY})] == ["kms:Decrypt"]
    with pytest.raises(UnknownOperation, match="kinesis:GetRecords"):
        list(through_key(Call.of(ROLE, "kinesis:GetRecords", PEOPLE, {}), {PEOPLE: KEY}))


def test_an_export_is_written_with_a_data_key_and_read_with_its_buckets_key() -> None:
    keys = {"arn:aws:s3:::exports": KEY}
    for method, action, uses in (
        ("put_object", "s3:PutObject", ["kms:GenerateDataKey"]),
        ("get_object", "s3:GetObject", ["kms:Decrypt"]),
        ("delete_object", "s3:DeleteObject", []),
    ):
        wire = Wire("s3", {"p": "PUT", "g": "GET", "d": "DELETE"}[method[0]], "/exports/exports/one%2Btwo", "", b"")
        own, *through = calls_of(wire, ROLE, {}, keys)
        assert (own.action, own.resource) == (action, "arn:aws:s3:::exports/exports/one+two")
        assert [call.action for call in through] == uses
        for call in through:
            assert dict(call.context)["kms:encryptioncontext:aws:s3:arn"] == "arn:aws:s3:::exports"


def test_attaching_a_number_needs_number_and_flow_and_letting_go_of_it_the_number_of_one_instance() -> None:
    instance = arn("connect", "instance/0f6f2a7e")
    flow, number = f"{instance}/contact-flow/1", arn("connect", "phone-number/2")
    named = {"PhoneNumberId": number, "InstanceId": instance}
    attached = needs("connect", lambda c: c.associate_phone_number_contact_flow(**named, ContactFlowId=flow))
    action = "connect:AssociatePhoneNumberContactFlow"
    assert short(attached) == [(action, number), (action, flow)]
    let_go = needs("connect", lambda c: c.disassociate_phone_number_contact_flow(**named))
    assert short(let_go) == [("connect:DisassociatePhoneNumberContactFlow", number)]
    assert {dict(call.context)["connect:instanceid"] for call in (*attached, *let_go)} == {"0f6f2a7e"}


def test_sending_a_code_needs_its_configured_sender() -> None:
    text = needs("pinpoint-sms-voice-v2", lambda c: c.send_text_message(
        DestinationPhoneNumber="+12025550143", OriginationIdentity="pool-0123456789abcdef", MessageBody="hello",
    ))  # fmt: skip
    assert short(text) == [("sms-voice:SendTextMessage", arn("sms-voice", "pool/pool-0123456789abcdef"))]
    mail = needs("sesv2", lambda c: c.send_email(
        FromEmailAddress="Meridian <codes@example.com>", Destination={"ToAddresses": ["a@example.com"]},
        Content={"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}},
    ))  # fmt: skip
    assert short(mail) == [("ses:SendEmail", arn("ses", "identity/example.com"))]
    assert dict(mail[0].context)["ses:fromaddress"] == "codes@example.com"
    with pytest.raises(UnknownOperation, match="12025550100"):
        needs("pinpoint-sms-voice-v2", lambda c: c.send_text_message(
            DestinationPhoneNumber="+12025550143", OriginationIdentity="+12025550100", MessageBody="hello",
        ))  # fmt: skip


def test_deleting_an_account_needs_its_pool() -> None:
    gone = needs("cognito-idp", lambda c: c.admin_delete_user(UserPoolId="eu-west-1_Customers", Username="a-subject"))
    assert short(gone) == [("cognito-idp:AdminDeleteUser", arn("cognito-idp", "userpool/eu-west-1_Customers"))]


def test_a_function_is_called_by_its_name_or_arn() -> None:
    alias = arn("lambda", "function:follower:live")
    for named, resource in (("follower", arn("lambda", "function:follower")), (alias, alias)):
        assert short(needs("lambda", invoking(named))) == [("lambda:InvokeFunction", resource)]


def invoking(named: str) -> Callable[[Any], object]:
    return lambda client: client.invoke(FunctionName=named, InvocationType="Event")


def test_a_rotation_needs_the_secrets_key_where_it_reads_or_writes_its_text() -> None:
    keys = {SECRET: KEY}
    put = needs("secretsmanager", lambda c: c.put_secret_value(SecretId=SECRET, SecretString="s"), keys)
    assert [call.action for call in put] == ["secretsmanager:PutSecretValue", "kms:Decrypt", "kms:GenerateDataKey"]
    told = needs("secretsmanager", lambda c: c.describe_secret(SecretId=SECRET), keys)
    assert [call.action for call in told] == ["secretsmanager:DescribeSecret"]


@pytest.mark.parametrize(
    ("ask", "action"),
    [
        (lambda c, place: c.recognize_text(text="hello", **place), "lex:RecognizeText"),
        (
            lambda c, place: c.recognize_utterance(requestContentType="text/plain; charset=utf-8", **place),
            "lex:RecognizeUtterance",
        ),
        (lambda c, place: c.put_session(sessionState={}, **place), "lex:PutSession"),
        (lambda c, place: c.get_session(**place), "lex:GetSession"),
        (lambda c, place: c.delete_session(**place), "lex:DeleteSession"),
    ],
)
def test_lex_is_asked_by_bot_alias(ask: Callable[[Any, Any], object], action: str) -> None:
    place = {"botId": "AAAAAAAAAA", "botAliasId": "BBBBBBBBBB", "localeId": "en_US", "sessionId": "some.one:1"}
    calls = needs("lexv2-runtime", lambda client: ask(client, place))
    assert short(calls) == [(action, arn("lex", "bot-alias/AAAAAAAAAA/BBBBBBBBBB"))]


@pytest.mark.parametrize(
    ("service", "ask", "told"),
    [
        ("dynamodb", lambda c: c.execute_statement(Statement="SELECT 1"), "ExecuteStatement"),
        ("dynamodb", lambda c: c.list_tables(), "ListTables"),
        ("secretsmanager", lambda c: c.get_secret_value(SecretId="by-name"), "by name"),
        ("secretsmanager", lambda c: c.delete_secret(SecretId=SECRET), "DeleteSecret"),
        ("sqs", lambda c: c.list_queues(), "ListQueues of sqs"),
    ],
)
def test_an_unwritten_operation_is_refused_by_its_name(service: str, ask: Callable[[Any], object], told: str) -> None:
    with pytest.raises(UnknownOperation, match=told):
        needs(service, ask)
