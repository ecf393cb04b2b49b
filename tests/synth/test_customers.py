from __future__ import annotations

from tests.synth.conftest import Assembly, templates

TABLE = "AWS::DynamoDB::Table"


def test_the_customers_table_is_keyed_by_pk_and_sk(assembly: Assembly) -> None:
    (table,) = assembly.resources("Customers", TABLE)
    assert table.properties["KeySchema"] == [
        {"AttributeName": "pk", "KeyType": "HASH"},
        {"AttributeName": "sk", "KeyType": "RANGE"},
    ]
    assert {it["AttributeType"] for it in table.properties["AttributeDefinitions"]} == {"S"}


def test_every_table_lies_under_our_own_rotated_key(assembly: Assembly) -> None:
    key = assembly.one("Customers", "AWS::KMS::Key")
    assert key.properties["EnableKeyRotation"] is True
    (table,), (ledger,) = (assembly.resources(stack, TABLE) for stack in ("Customers", "Bank"))
    assert table.properties["SSESpecification"] == {
        "KMSMasterKeyId": {"Fn::GetAtt": [key.id, "Arn"]},
        "SSEEnabled": True,
        "SSEType": "KMS",
    }
    assert key.id in str(ledger.properties["SSESpecification"]["KMSMasterKeyId"])


def test_no_table_can_be_lost_by_mistake(assembly: Assembly) -> None:
    for table in (*assembly.resources("Customers", TABLE), *assembly.resources("Bank", TABLE)):
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
    (table,) = assembly.resources("Customers", TABLE)
    assert table.properties["TimeToLiveSpecification"] == {"AttributeName": "expires", "Enabled": True}
    assert table.properties["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}


def test_the_secret_is_made_by_aws_and_lies_under_our_key(assembly: Assembly) -> None:
    key = assembly.one("Customers", "AWS::KMS::Key")
    secret = assembly.one("Customers", "AWS::SecretsManager::Secret")
    assert secret.properties["KmsKeyId"] == {"Fn::GetAtt": [key.id, "Arn"]}
    assert secret.properties["GenerateSecretString"]["PasswordLength"] >= 64
    assert secret.properties["GenerateSecretString"]["GenerateStringKey"] == "1"
    assert "SecretString" not in secret.properties


def test_logs_use_the_key_for_our_log_groups_alone(assembly: Assembly) -> None:
    policy = assembly.one("Customers", "AWS::KMS::Key").properties["KeyPolicy"]
    (logs,) = [it for it in policy["Statement"] if "logs." in str(it["Principal"])]
    assert ":log-group:throughline-dev-*" in str(logs["Condition"]["ArnLike"])


def test_another_business_needs_no_ledger(otherwise: Assembly) -> None:
    assert "Bank" not in templates(otherwise)
    for _, function in otherwise.functions():
        assert function.properties["Environment"]["Variables"]["LEDGER"] == ""
