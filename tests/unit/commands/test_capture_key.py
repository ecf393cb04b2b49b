"""A pair of keys for what is keyed in: the certificate is printed, the private key goes where it belongs."""

from __future__ import annotations

import json
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from moto import mock_aws

from commands import capture_key, main
from commands.capture_key import MOST, NEEDS
from deployment.phone_certificate import public_key

NAME, REGION = "throughline-dev/capture-key", "eu-west-1"
WAITING = Path("throughline-dev-capture-key.pem")


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    """An account in this process, and a cache of the test's own; keys are short, so that they are quickly made."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.setattr(capture_key, "CACHE", tmp_path)
    monkeypatch.setattr(capture_key, "BITS", 2048)
    with mock_aws():
        yield boto3.client("secretsmanager", region_name=REGION)


def asked(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> tuple[str, str]:
    assert main(["capture-key", "-c", f"region={REGION}", *words]) == status
    told = capsys.readouterr()
    assert "PRIVATE" not in told.out + told.err
    return told.out, told.err


def kept(aws: Any) -> list[str]:
    keys: list[str] = json.loads(aws.get_secret_value(SecretId=NAME)["SecretString"])["keys"]
    return keys


def belong(private: str, certificate: str) -> bool:
    key = load_pem_private_key(private.encode(), None).public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode() == public_key(certificate)


def test_the_private_key_goes_into_the_secret_and_the_certificate_is_printed(
    aws: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    aws.create_secret(Name=NAME)
    out, err = asked(capsys)
    (private,) = kept(aws)
    assert belong(private, out)
    assert "environments/dev-capture.pem" in err and "phone.capture_certificate" in err


def test_the_key_before_it_is_kept_and_the_one_before_that_is_not(aws: Any, capsys: pytest.CaptureFixture[str]) -> None:
    aws.create_secret(Name=NAME)
    certificates = [asked(capsys)[0] for _ in range(3)]
    keys = kept(aws)
    assert len(keys) == MOST
    assert [belong(key, one) for key, one in zip(keys, reversed(certificates), strict=False)] == [True, True]


def test_a_secret_of_one_bare_key_keeps_it(aws: Any, capsys: pytest.CaptureFixture[str]) -> None:
    first, _ = capture_key.pair("by hand")
    aws.create_secret(Name=NAME, SecretString=first)
    out, err = asked(capsys)
    assert kept(aws)[1] == first and belong(kept(aws)[0], out)
    assert "calls in flight" in err


@pytest.mark.parametrize("text", ["{not json", '{"keys": 5}', '{"keys": [5, "nothing"]}', "nothing"])
def test_what_is_no_key_is_not_kept(aws: Any, capsys: pytest.CaptureFixture[str], text: str) -> None:
    aws.create_secret(Name=NAME, SecretString=text)
    asked(capsys)
    assert len(kept(aws)) == 1


def test_before_the_first_deployment_it_waits_where_nobody_else_reads(
    aws: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out, err = asked(capsys)
    waiting = tmp_path / WAITING
    assert stat.S_IMODE(waiting.stat().st_mode) == 0o600
    assert "call this once more" in err
    aws.create_secret(Name=NAME)
    again, err = asked(capsys)
    assert again == out, "whoever calls it as before writes the same certificate over the one that is deployed"
    (private,) = kept(aws)
    assert belong(private, out) and "CERTIFICATE" not in private
    assert "is gone" in err and not waiting.exists()


def test_a_certificate_that_the_settings_name_may_be_the_one_to_come(
    aws: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    aws.create_secret(Name=NAME)
    out, _ = asked(capsys, "-c", "phone.capture_certificate=environments/not-yet.pem")
    assert belong(kept(aws)[0], out)


def test_asked_again_before_the_deployment_the_newer_pair_waits(
    aws: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    asked(capsys)
    out, _ = asked(capsys)
    assert belong((tmp_path / WAITING).read_text("ascii"), out)


def test_a_dry_run_asks_nobody_and_keeps_nothing(aws: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    aws.create_secret(Name=NAME)
    out, err = asked(capsys, "--dry-run")
    assert public_key(out) and "dry run" in err
    assert not list(tmp_path.iterdir())
    with pytest.raises(aws.exceptions.ResourceNotFoundException):
        aws.get_secret_value(SecretId=NAME)


def test_the_certificate_is_of_a_key_as_long_as_connect_takes_and_fits_its_field() -> None:
    private, certificate = capture_key.pair("a test's captures")
    found = x509.load_pem_x509_certificate(certificate.encode())
    assert found.not_valid_after_utc.year - found.not_valid_before_utc.year in (4, 5)
    assert belong(private, certificate)
    assert capture_key.BITS == 4096


def test_without_leave_it_says_which_call_was_refused(
    aws: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from botocore.client import BaseClient
    from botocore.exceptions import ClientError

    plain = vars(BaseClient)["_make_api_call"]

    def denied(self: Any, operation: str, parameters: Any) -> Any:
        if self.meta.service_model.service_name != "secretsmanager":  # a rehearsal's thread, say
            return plain(self, operation, parameters)
        raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "of no concern"}}, operation)

    monkeypatch.setattr("botocore.client.BaseClient._make_api_call", denied)
    _, err = asked(capsys, status=1)
    assert "AccessDeniedException" in err and "DescribeSecret" in err


def test_without_the_package_it_says_what_to_install(
    aws: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.asymmetric", None)
    _, err = asked(capsys, status=2)
    assert err.strip() == NEEDS


def test_without_a_profile_of_that_name_nothing_is_made(
    aws: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    _, err = asked(capsys, "--profile", "nobody's", status=2)
    assert "profile" in err and not list(tmp_path.iterdir())
