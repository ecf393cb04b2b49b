from __future__ import annotations

import base64
import datetime as dt
import json
from importlib import import_module
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from rehearsal.assembly import Assembly
from rehearsal.connect.flows import content_of
from rehearsal.connect.layout import layout_of
from rehearsal.connect.names import ATTRIBUTES, REFS
from rehearsal.connect.vault import PROVIDER, EncryptionSdkVault
from rehearsal.resources import Resource, Resources

CARD = "4111111111111111"
NEW_YEAR = "2027-01-01"
FEAST = {"OverrideName": "Feast", "EffectiveFrom": NEW_YEAR, "EffectiveTill": NEW_YEAR, "OverrideConfig": []}
BILLS = {"Fn::GetAtt": ["Bills", "QueueArn"]}


def key_pair() -> tuple[bytes, str]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "capture")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    dated = builder.serial_number(1).not_valid_before(start).not_valid_after(start + dt.timedelta(days=3650))
    certificate = dated.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    pem = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(*pem), certificate.decode()


def test_what_the_vault_encrypts_the_private_key_decrypts() -> None:
    private, certificate = key_pair()
    sealed = EncryptionSdkVault().encrypt("key-1", certificate, CARD)
    message = base64.b64decode(sealed)
    assert CARD.encode() not in message and PROVIDER.encode() in message and b"key-1" in message
    assert sealed != EncryptionSdkVault().encrypt("key-1", certificate, CARD)
    sdk, names = import_module("aws_encryption_sdk"), import_module("aws_encryption_sdk.identifiers")
    wrapping = import_module("aws_encryption_sdk.internal.crypto.wrapping_keys").WrappingKey(
        names.WrappingAlgorithm.RSA_OAEP_SHA512_MGF1, private, names.EncryptionKeyType.PRIVATE
    )
    raw = import_module("aws_encryption_sdk.key_providers.raw")
    key = raw.RawMasterKey(provider_id=PROVIDER, key_id="key-1", wrapping_key=wrapping)
    client = sdk.EncryptionSDKClient(commitment_policy=names.CommitmentPolicy.REQUIRE_ENCRYPT_ALLOW_DECRYPT)
    plain, _ = client.decrypt(source=message, key_provider=key)
    assert plain == CARD.encode()


def test_a_certificate_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="PEM"):
        EncryptionSdkVault().encrypt("key-1", "nonsense", CARD)


class ConnectResources(Resources):
    """The rehearsal's resources with Connect's names in its tables."""

    def ref(self, resource: Resource) -> str:
        found = REFS.get(resource.type)
        return found(self, resource) if found else super().ref(resource)

    def attribute(self, resource: Resource, name: str) -> str:
        found = ATTRIBUTES.get((resource.type, name))
        return found(self, resource) if found else super().attribute(resource, name)


def assembly() -> Assembly:
    content = {
        "Version": "2019-10-30",
        "StartAction": "t",
        "Actions": [
            {
                "Identifier": "t",
                "Type": "UpdateContactTargetQueue",
                "Parameters": {"QueueId": "QUEUE"},
                "Transitions": {},
            }
        ],
    }
    before, after = json.dumps(content).split("QUEUE")
    instance = {"Fn::GetAtt": ["Instance", "Arn"]}
    at = {"Hours": 9, "Minutes": 30}
    resources: dict[str, Any] = {
        "Instance": {"Type": "AWS::Connect::Instance", "Properties": {}},
        "Bills": {
            "Type": "AWS::Connect::Queue",
            "Properties": {
                "InstanceArn": instance,
                "Name": "Bills",
                "HoursOfOperationArn": {"Ref": "Hours"},
                "MaxContacts": 2,
                "OutboundCallerConfig": {"OutboundFlowArn": {"Ref": "Flow"}},
            },
        },
        "Hours": {
            "Type": "AWS::Connect::HoursOfOperation",
            "Properties": {
                "InstanceArn": instance,
                "Name": "Day",
                "TimeZone": "Europe/Berlin",
                "Config": [{"Day": "MONDAY", "StartTime": at, "EndTime": {"Hours": 17, "Minutes": 0}}],
                "HoursOfOperationOverrides": [
                    FEAST
                ],
            },
        },
        "Profile": {
            "Type": "AWS::Connect::RoutingProfile",
            "Properties": {
                "InstanceArn": instance,
                "Name": "Desk",
                "MediaConcurrencies": [{"Channel": "VOICE", "Concurrency": 1}, {"Channel": "CHAT", "Concurrency": 3}],
                "QueueConfigs": [
                    {"Delay": 5, "Priority": 2, "QueueReference": {"QueueArn": BILLS, "Channel": "CHAT"}}
                ],
            },
        },
        "Kim": {
            "Type": "AWS::Connect::User",
            "Properties": {"InstanceArn": instance, "Username": "kim", "RoutingProfileArn": {"Ref": "Profile"}},
        },
        "Flow": {
            "Type": "AWS::Connect::ContactFlow",
            "Properties": {
                "InstanceArn": instance, "Name": "Inbound", "Type": "CONTACT_FLOW",
                "Content": {"Fn::Join": ["", [before, {"Ref": "Bills"}, after]]},
            },
        },
        "Module": {
            "Type": "AWS::Connect::ContactFlowModule",
            "Properties": {"InstanceArn": instance, "Name": "M", "Content": json.dumps(content)},
        },
    }  # fmt: skip
    them = ConnectResources({"phone": {"Resources": resources}})
    return Assembly(({"Resources": resources},), (), (), (), {}, them)


def test_the_flows_of_the_templates_are_read_with_their_names_resolved() -> None:
    flows = {it.name: it for it in content_of(assembly()).values()}
    assert flows["Inbound"].kind == "CONTACT_FLOW" and flows["M"].kind == "MODULE"
    assert "/contact-flow/" in flows["Inbound"].arn and "/flow-module/" in flows["M"].arn
    queue = str(flows["Inbound"].actions["t"].parameters["QueueId"])
    assert queue == layout_of(assembly()).queues[0].arn
    assert queue.startswith("arn:aws:connect:us-east-1:123456789012:instance/") and "/queue/" in queue


def test_the_centre_of_the_templates_is_read() -> None:
    it = layout_of(assembly())
    assert (it.queues[0].name, it.queues[0].capacity, it.queues[0].hours) == ("Bills", 2, it.hours[0].arn)
    assert it.queues[0].outbound_flow in content_of(assembly())
    routed = it.profiles[0].queues[0]
    assert (routed.channel, routed.priority, routed.delay, routed.queue) == ("CHAT", 2, 5.0, it.queues[0].arn)
    assert it.profiles[0].slots == {"VOICE": 1, "CHAT": 3}
    assert (it.agents[0].username, it.agents[0].profile) == ("kim", it.profiles[0].arn)
    monday = dt.datetime(2026, 11, 23, 10, 0, tzinfo=dt.UTC).timestamp()
    assert it.hours[0].open(monday) and not it.hours[0].open(monday - 7200) and not it.hours[0].open(monday + 86_400)


def test_every_name_is_stable_and_of_its_own_kind() -> None:
    them = assembly().resources
    made = {them.ref(it) for it in them.all()} | {them.ref(it) for it in assembly().resources.all()}
    assert len(made) == 7
    assert all(ATTRIBUTES[key](them, next(them.of_type("AWS::Connect::Queue"))) for key in ATTRIBUTES)
