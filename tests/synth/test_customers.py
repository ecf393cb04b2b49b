from __future__ import annotations

from tests.synth.conftest import Assembly, Resource, templates

TABLE = "AWS::DynamoDB::Table"


def customers(assembly: Assembly) -> Resource:
    return next(it for it in assembly.resources("Customers", TABLE) if len(it.properties["KeySchema"]) == 2)


def erasures(assembly: Assembly) -> Resource:
    return next(it for it in assembly.resources("Customers", TABLE) if len(it.properties["KeySchema"]) == 1)


def test_the_customers_table_is_keyed_by_pk_and_sk(assembly: Assembly) -> None:
    table = customers(assembly)
    assert table.properties["KeySchema"] == [
        {"AttributeName": "pk", "KeyType": "HASH"},
        {"AttributeName": "sk", "KeyType": "RANGE"},
    ]
    assert {it["AttributeType"] for it in table.properties["AttributeDefinitions"]} == {"S"}


def test_every_table_lies_under_our_own_rotated_key(assembly: Assembly) -> None:
    key = assembly.one("Customers", "AWS::KMS::Key")
    assert key.properties["EnableKeyRotation"] is True
    table, (ledger,) = customers(assembly), assembly.resources("Bank", TABLE)
    assert table.properties["SSESpecification"] == {
        "KMSMasterKeyId": {"Fn::GetAtt": [key.id, "Arn"]},
        "SSEEnabled": True,
        "SSEType": "KMS",
    }
    assert key.id in str(ledger.properties["SSESpecification"]["KMSMasterKeyId"])


def test_no_table_can_be_lost_by_mistake(assembly: Assembly) -> None:
    found = [table for stack in ("Customers", "Bank", "Trails") for table in assembly.resources(stack, TABLE)]
    assert len(found) == 4
    for table in found:
        assert table.properties["PointInTimeRecoverySpecification"] == {
            "PointInTimeRecoveryEnabled": True,
            "RecoveryPeriodInDays": 35,
        }
        assert table.properties["DeletionProtectionEnabled"] is True
        assert table.deletion == "Retain"


def test_a_key_that_data_lies_under_outlives_its_stack(assembly: Assembly) -> None:
    assert assembly.one("Customers", "AWS::KMS::Key").deletion == "Retain"
    assert assembly.one("Customers", "AWS::SecretsManager::Secret").deletion == "Retain"


def test_what_happens_to_a_customer_expires_and_is_streamed_with_what_was_before(assembly: Assembly) -> None:
    table = customers(assembly)
    assert table.properties["TimeToLiveSpecification"] == {"AttributeName": "expires", "Enabled": True}
    assert table.properties["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}


def test_the_secret_is_made_by_aws_and_lies_under_our_key(assembly: Assembly) -> None:
    key = assembly.one("Customers", "AWS::KMS::Key")
    secret = assembly.one("Customers", "AWS::SecretsManager::Secret")
    assert secret.properties["KmsKeyId"] == {"Fn::GetAtt": [key.id, "Arn"]}
    assert secret.properties["GenerateSecretString"]["PasswordLength"] >= 64
    assert secret.properties["GenerateSecretString"]["GenerateStringKey"] == "1"
    assert "SecretString" not in secret.properties


def test_what_was_erased_expires_and_lies_apart_from_what_is_restored(assembly: Assembly) -> None:
    assert [key["AttributeName"] for key in erasures(assembly).properties["KeySchema"]] == ["pk"]
    assert erasures(assembly).properties["TimeToLiveSpecification"] == {"AttributeName": "expires", "Enabled": True}
    assert "StreamSpecification" not in erasures(assembly).properties


def test_exports_are_encrypted_closed_and_gone_after_a_week(assembly: Assembly) -> None:
    bucket = assembly.one("Customers", "AWS::S3::Bucket").properties
    (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    key = assembly.one("Customers", "AWS::KMS::Key")
    assert rule["ServerSideEncryptionByDefault"] == {
        "KMSMasterKeyID": {"Fn::GetAtt": [key.id, "Arn"]},
        "SSEAlgorithm": "aws:kms",
    }
    assert rule["BucketKeyEnabled"] is True
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert [it["ExpirationInDays"] for it in bucket["LifecycleConfiguration"]["Rules"]] == [7]
    assert "VersioningConfiguration" not in bucket, "what was erased must be gone"


def test_the_secret_is_rotated_by_a_timer_only_where_that_is_asked_for(assembly: Assembly, full: Assembly) -> None:
    assert assembly.resources("Records", "AWS::SecretsManager::RotationSchedule") == []
    schedule = full.one("Records", "AWS::SecretsManager::RotationSchedule").properties
    assert schedule["RotationRules"] == {"AutomaticallyAfterDays": 180}
    assert schedule["RotateImmediatelyOnUpdate"] is False
    permission = full.one("Records", "AWS::Lambda::Permission")
    assert permission.properties["Principal"] == "secretsmanager.amazonaws.com"
    assert "Keys" in str(permission.properties["SourceArn"])
    assert permission.properties["FunctionName"] == schedule["RotationLambdaARN"]


def test_another_business_needs_no_ledger(otherwise: Assembly) -> None:
    assert "Bank" not in templates(otherwise)
    told = [function.properties["Environment"]["Variables"] for _, function in otherwise.functions()]
    assert [it["LEDGER"] for it in told if "LEDGER" in it] == ["", ""]
