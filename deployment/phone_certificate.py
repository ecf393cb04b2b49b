"""The certificate that what customers key in is encrypted with: read from its file, and refused if it can't work."""

from __future__ import annotations

from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SECURITY_KEY_LENGTH = 1024
"""Characters: `Key` in CloudFormation's schema of AWS::Connect::SecurityKey."""
SMALLEST = 2048
"""Bits of an RSA key that still counts as safe (NIST SP 800-131A)."""
_MAKE = (
    "Make one with `throughline capture-key`, which prints the certificate and keeps the private key where it belongs"
)


class UnusableCertificate(ValueError):
    """What is in the file can't be what captures are encrypted with; says what to do."""


def read(path: Path) -> str:
    """The certificate in PEM, with one line break at its end. Raises UnusableCertificate."""
    try:
        text = path.read_text("ascii")
    except FileNotFoundError:
        raise UnusableCertificate(f"there is no such file. {_MAKE}.") from None
    except (OSError, UnicodeDecodeError):
        raise UnusableCertificate(f"this file can't be read as a certificate. {_MAKE}.") from None
    if "PRIVATE KEY" in text:
        raise UnusableCertificate(
            f"this file holds a private key, and whoever reads the repository has it. Throw it away. {_MAKE}."
        )
    public_key(text)
    return text.strip() + "\n"


def public_key(certificate: str) -> str:
    """The certificate's public key in PEM: what Amazon Connect is given to check the certificate by.

    Raises UnusableCertificate.
    """
    try:
        key = x509.load_pem_x509_certificate(certificate.encode()).public_key()
    except ValueError:
        raise UnusableCertificate(f"this file holds no X.509 certificate in PEM. {_MAKE}.") from None
    if not isinstance(key, RSAPublicKey) or key.key_size < SMALLEST:
        raise UnusableCertificate(f"this certificate is not of an RSA key of {SMALLEST} bits or more. {_MAKE}.")
    text = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    if len(text) > SECURITY_KEY_LENGTH:
        raise UnusableCertificate(
            f"this certificate's public key has {len(text)} characters in PEM, and Amazon Connect takes "
            f"{SECURITY_KEY_LENGTH}: a key of 4096 bits fits. {_MAKE}."
        )
    return text
