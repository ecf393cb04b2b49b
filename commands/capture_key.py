"""`throughline capture-key`: a new pair of keys for what customers key in on the telephone.

    throughline capture-key -c environment=prod --profile prod > environments/prod-capture.pem

The certificate goes to standard output, for the settings; the private key into the environment's secret and nowhere
else, before the one that was there, so that calls in flight still open. The secret comes with the first deployment
that has a certificate: until then the private key waits in a file of the cache that only you can read, and calling
this once more after that deployment puts it into the secret.

Exit status: 0 done, 1 AWS refused, 2 it can't be begun. `--dry-run` makes a certificate to look at and keeps no key.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from commands import Subparsers, target

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

BITS: Final = 4096
"""The longest that Amazon Connect takes (Administrator Guide, "Encrypt sensitive customer input")."""
YEARS: Final = 5
"""That the certificate is good for; it is known to nobody but the flows, and proves nothing."""
MOST: Final = 2
"""Private keys that are kept: an instance takes two security keys at once (API reference, "AssociateSecurityKey")."""
CACHE: Final = Path(".cache")
_CERTIFICATE: Final = "-----BEGIN CERTIFICATE-----"
NEEDS: Final = "capture-key needs the package cryptography: `make test` installs it, or `pip install cryptography`."


class Refused(Exception):
    """The secret could not be read or written; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Secret:
    """The environment's secret of private keys."""

    client: Any  # botocore makes its clients' types at run time
    name: str

    def keys(self) -> list[str] | None:
        """The private keys in it, newest first; None where it isn't deployed yet. Raises Refused."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            self.client.describe_secret(SecretId=self.name)
            return _parsed(self.client.get_secret_value(SecretId=self.name)["SecretString"])
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceNotFoundException":
                raise _refused(error) from None
            # There is no such secret, or there is, and nothing was ever put into it.
            return None if error.operation_name == "DescribeSecret" else []
        except BotoCoreError as error:
            raise Refused(f"AWS was not asked: {error}") from None

    def put(self, keys: list[str]) -> None:
        """Keep these and no others. Raises Refused."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            self.client.put_secret_value(SecretId=self.name, SecretString=json.dumps({"keys": keys}))
        except ClientError as error:
            raise _refused(error) from None
        except BotoCoreError as error:
            raise Refused(f"AWS was not asked: {error}") from None


def add(subparsers: Subparsers) -> None:
    """Declare the subcommand."""
    found = subparsers.add_parser(
        "capture-key", help="a new key for what is keyed in on the telephone", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    target.declare(found)
    found.add_argument("--dry-run", action="store_true", help="print a certificate whose private key is thrown away")
    found.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Make the pair, keep the one and print the other."""
    import compiler

    try:
        # A certificate that is named already may be the very one that is to be made.
        environment = target.settings([*args.context, "phone.capture_certificate="])
    except compiler.Problems as problems:
        print(problems, file=sys.stderr)
        return 2
    try:
        private, certificate = pair(f"{environment.prefix} captures")
    except ImportError:
        print(NEEDS, file=sys.stderr)
        return 2
    if args.dry_run:
        print(certificate, end="")
        print("A dry run: nobody has this certificate's private key any more, so don't use it.", file=sys.stderr)
        return 0
    try:
        session = target.session(args.profile)
    except target.NoSuchProfile as error:
        print(error, file=sys.stderr)
        return 2
    waiting = CACHE / f"{environment.prefix}-capture-key.pem"
    file = f"environments/{environment.name}-capture.pem"
    try:
        client = session.create_client("secretsmanager", region_name=environment.region or None)
        return _keep(Secret(client, f"{environment.prefix}/capture-key"), waiting, private, certificate, file)
    except Refused as error:
        print(error, file=sys.stderr)
        return 1
    except ValueError as error:  # no region anywhere
        print(f"{error} Set the region in the environment's settings, or AWS_REGION.", file=sys.stderr)
        return 2


def _keep(secret: Secret, waiting: Path, private: str, certificate: str, file: str) -> int:
    there = secret.keys()
    if there is None:
        _hide(waiting, private + certificate)
        print(certificate, end="")
        print(
            f"The secret {secret.name} comes with the first deployment that has a certificate. Until then the private "
            f"key waits in {waiting}, which only you can read.\n"
            f"Next: keep the certificate above as {file}, set phone.capture_certificate to that path, deploy, and "
            "call this once more.",
            file=sys.stderr,
        )
        return 0
    if waiting.exists():
        private, mark, rest = waiting.read_text("ascii").partition(_CERTIFICATE)
        secret.put([private, *there][:MOST])
        waiting.unlink()
        # Once more, since whoever calls this as before writes it over the file that is deployed.
        print(mark + rest, end="")
        print(
            f"The private key that waited in {waiting} is in the secret {secret.name} now, and the file is gone. "
            "What is keyed in can be read. No new pair was made.",
            file=sys.stderr,
        )
        return 0
    secret.put([private, *there][:MOST])
    print(certificate, end="")
    after = " The key before it is kept, too, for calls in flight." if there else ""
    print(
        f"The private key is in the secret {secret.name}.{after}\n"
        f"Next: keep the certificate above as {file}, set phone.capture_certificate to that path, and deploy. "
        "Functions read the secret once an hour: deploy no sooner than that.",
        file=sys.stderr,
    )
    return 0


def pair(name: str) -> tuple[str, str]:
    """A new private key and its certificate in that name, both in PEM. Raises ImportError without cryptography."""
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return private, _certified(key, name)


def _certified(key: RSAPrivateKey, name: str) -> str:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.serialization import Encoding

    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=365 * YEARS))
        .sign(key, hashes.SHA256())
    )
    return certificate.public_bytes(Encoding.PEM).decode()


def _hide(path: Path, pair: str) -> None:
    """Write it where nobody else of this machine may read, over one that was not used."""
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(pair)


def _parsed(text: str) -> list[str]:
    """The keys in a secret's text, in either shape that the function reads; none of what is no key."""
    try:
        found = json.loads(text)["keys"] if text.lstrip().startswith("{") else [text]
    except (ValueError, KeyError, TypeError):
        found = None
    keys = found if isinstance(found, list) else []
    return [one for one in keys if isinstance(one, str) and "PRIVATE KEY-----" in one]


def _refused(error: Any) -> Refused:
    told = error.response["Error"]
    return Refused(f"AWS refused {error.operation_name}: {told['Code']}. Is this profile the account's operator?")
