"""Mistakes in the telephone's settings, each told where it stands; and the certificate that captures need."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Protocol

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_public_key
from cryptography.x509.oid import NameOID

from compiler import Problem
from deployment import Environment
from deployment.phone_certificate import SECURITY_KEY_LENGTH, UnusableCertificate, public_key, read

INSTANCE = "arn:aws:connect:us-east-1:111122223333:instance/00000000-0000-4000-8000-000000000000"
CERTIFICATE = Path(__file__).parents[2] / "synth" / "capture.pem"
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


class Root(Protocol):
    folder: Path

    def write(self, name: str, text: str) -> None: ...
    def load(self, text: str | None = None, name: str = "dev", **context: object) -> Environment: ...
    def given(self, context: dict[str, object], text: str | None = None, name: str = "dev") -> Environment: ...
    def told(
        self, text: str | None = None, context: dict[str, object] | None = None, name: str = "dev"
    ) -> tuple[Problem, ...]: ...


def certificate(key: Key) -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "captures")])
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
        .not_valid_after(dt.datetime(2036, 1, 1, tzinfo=dt.UTC))
    )
    return built.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()


@pytest.mark.parametrize(
    ("line", "at", "said"),
    [
        (
            "number: {country: us}",
            (2, 21),
            "`us` is not a country's code. Write two capital letters, such as US. Did you",
        ),
        ("number: {type: DID}", (2, 3), "`country` is missing here. Add it."),
        ("number: {country: US, type: FREE}", (2, 31), "`FREE` is not a value of `type`."),
        (
            "instance_arn: my-instance",
            (2, 17),
            "`my-instance` is not an instance's ARN. Copy it from the Amazon Connect",
        ),
        ("instance_alias: d-bank", (2, 19), "`d-bank` can't be an instance's alias. Use at most 45"),
        ("hours: {time_zone: New York, weekdays: 09:00-17:00}", (2, 22), "`New York` is not a time zone. "),
        ("hours: {time_zone: UTC, weekdays: 9-17}", (2, 37), "`9-17` are no hours. Write from and until, as in 08:00"),
        ("hours: {time_zone: UTC, weekdays: 20:00-08:00}", (2, 37), "`20:00-08:00` ends before it begins."),
        ("holidays: [2026-02-30]", (2, 14), "`2026-02-30` is not a day. Write it as in 2026-12-25."),
        ("holidays: [2026-12-25, 2026-12-25]", (2, 26), "`2026-12-25` is here twice. Keep one of them."),
        ("queue_capacity: 0", (2, 19), "`queue_capacity` must be at least 1, not `0`."),
        (
            "queues: {Cards: 3}",
            (2, 12),
            "`Cards` can't be a queue. Write one of those in the dialogue's telephone.yaml.",
        ),
        ("queus: {cards: 3}", (2, 3), "unknown setting `queus`. Did you mean `queues`?"),
        ("users: [{name: Ada, team: agent, email: a@example.com}]", (2, 18), "`Ada` is no name of a person here."),
        (
            "users: [{name: A E, team: agnet, email: a@example.com}]",
            (2, 29),
            "there is no team `agnet`. Did you mean `a",
        ),
        ("users: [{name: A E, team: agent, email: ada}]", (2, 43), "`ada` is not an e-mail address."),
        ("users: [{name: A E, team: agent}]", (2, 11), "`email` is missing here. Add it."),
        (
            "users: [{name: A E, team: agent, email: a@b.co}, {name: B E, team: agent, email: A@b.co}]",
            (2, 52),
            "`a@b.co` is here twice. Keep one of them.",
        ),
        ("recordings_days: 4000", (2, 20), "`recordings_days` must be at most 3653, not `4000`."),
        ("capture_certificate: ../capture.pem", (2, 24), "`../capture.pem` is not where a certificate may lie. Put it"),
        ("capture_certificate: environments/none.pem", (2, 24), "`environments/none.pem`: there is no such file. Make"),
    ],
)
def test_a_mistake_is_told_where_it_stands(root: Root, line: str, at: tuple[int, int], said: str) -> None:
    (problem,) = root.told(f"phone:\n  {line}\n")
    assert (problem.place.line, problem.place.column) == at
    assert problem.message.startswith(said), problem.message


def test_what_is_there_already_lies_where_the_rest_is_deployed_and_keeps_its_users(root: Root) -> None:
    told = root.told(
        'account: "999988887777"\nregion: eu-west-1\nphone:\n'
        f"  instance_arn: {INSTANCE}\n  instance_alias: mine\n"
        "  users: [{name: Ada Example, team: agent, email: ada@example.com}]\n"
    )
    assert [problem.place.line for problem in told] == [4, 4, 5, 6]
    assert [word in problem.message for word, problem in zip(("account", "region"), told[:2], strict=True)] == [
        True,
        True,
    ]
    assert root.load(f"phone: {{instance_arn: '{INSTANCE}'}}\n").phone.instance_arn == INSTANCE


def test_lists_and_groups_can_be_given_on_the_command_line(root: Root) -> None:
    phone = root.given(
        {
            "phone.number.country": "US",
            "phone.holidays": "2026-12-25, 2027-01-01",
            "phone.users": "[{name: Ada Example, team: auditor, email: ada@example.com}]",
            "phone.queues.cards": "3",
        }
    ).phone
    assert phone.number is not None and phone.number.country == "US"
    assert phone.holidays == ("2026-12-25", "2027-01-01")
    assert [user.team for user in phone.users] == ["auditor"]
    assert (phone.capacity("cards"), phone.capacity("everyday")) == (3, 20)


def test_a_user_is_no_setting_that_a_command_line_could_name(root: Root) -> None:
    (problem,) = root.told("", {"phone.users.name": "Ada Example"})
    assert "there is no setting" in problem.message


# -- the certificate -------------------------------------------------------------------------------


def test_the_environment_holds_the_certificate_and_not_where_it_lay(root: Root) -> None:
    root.write("environments/capture.pem", "\n" + CERTIFICATE.read_text("ascii"))
    phone = root.load("phone: {capture_certificate: environments/capture.pem}\n").phone
    assert phone.capture_certificate == CERTIFICATE.read_text("ascii")


def test_a_key_of_4096_bits_fits_into_what_connect_takes(tmp_path: Path) -> None:
    pem = public_key(CERTIFICATE.read_text("ascii"))
    assert pem.startswith("-----BEGIN PUBLIC KEY-----") and len(pem) <= SECURITY_KEY_LENGTH
    known = x509.load_pem_x509_certificate(CERTIFICATE.read_bytes()).public_key()
    assert load_pem_public_key(pem.encode()) == known
    assert len(CERTIFICATE.read_text("ascii")) > SECURITY_KEY_LENGTH, "the certificate itself would not"


def test_a_private_key_is_refused_and_not_repeated(root: Root) -> None:
    key = rsa.generate_private_key(65537, 2048)
    text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    root.write("environments/capture.pem", text)
    (problem,) = root.told("phone: {capture_certificate: environments/capture.pem}\n")
    assert "holds a private key, and whoever reads the repository has it" in problem.message
    assert text.splitlines()[1] not in problem.message
    (problem,) = root.told("", {"phone.capture_certificate": text})
    assert "wants a file's path" in problem.message and text.splitlines()[1] not in problem.message


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "no X.509 certificate"),
        (lambda: "", "no X.509 certificate"),
        (lambda: certificate(ec.generate_private_key(ec.SECP256R1())), "not of an RSA key"),
        (lambda: certificate(rsa.generate_private_key(65537, 1024)), "not of an RSA key"),
    ],
    ids=["no certificate", "nothing", "elliptic", "too small"],
)
def test_what_cannot_encrypt_is_refused(tmp_path: Path, make: object, said: str) -> None:
    assert callable(make)
    (tmp_path / "capture.pem").write_text(make(), "ascii")
    with pytest.raises(UnusableCertificate, match=said):
        read(tmp_path / "capture.pem")
