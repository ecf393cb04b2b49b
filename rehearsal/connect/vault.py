"""Encrypts keys as Connect does: an AWS Encryption SDK message under the raw RSA provider `AmazonConnect`.

Source: Amazon Connect administrator guide, "Encrypt customer input": RSA with OAEP, SHA-512 and MGF1; the key that is
given to Connect is an X.509 certificate in PEM. The message is of a suite without key commitment, with a signature,
as the documentation's decryption sample expects; a reader must therefore not demand commitment.
"""

from __future__ import annotations

import base64
from importlib import import_module

PROVIDER = "AmazonConnect"


class EncryptionSdkVault:
    """The real message format; needs the package aws-encryption-sdk, which comes without types."""

    def encrypt(self, key_id: str, certificate: str, digits: str) -> str:
        """Base64 of the message. Raises ValueError for a certificate that is none."""
        sdk = import_module("aws_encryption_sdk")
        names = import_module("aws_encryption_sdk.identifiers")
        wrapping_keys = import_module("aws_encryption_sdk.internal.crypto.wrapping_keys")
        providers = import_module("aws_encryption_sdk.key_providers.raw")
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
        from cryptography.x509 import load_pem_x509_certificate

        public = load_pem_x509_certificate(certificate.encode()).public_key()
        wrapping = wrapping_keys.WrappingKey(
            wrapping_algorithm=names.WrappingAlgorithm.RSA_OAEP_SHA512_MGF1,
            wrapping_key=public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
            wrapping_key_type=names.EncryptionKeyType.PUBLIC,
        )
        key = providers.RawMasterKey(provider_id=PROVIDER, key_id=key_id, wrapping_key=wrapping)
        client = sdk.EncryptionSDKClient(commitment_policy=names.CommitmentPolicy.FORBID_ENCRYPT_ALLOW_DECRYPT)
        message, _ = client.encrypt(
            source=digits.encode(),
            key_provider=key,
            algorithm=names.Algorithm.AES_256_GCM_IV12_TAG16_HKDF_SHA384_ECDSA_P384,
        )
        return base64.b64encode(bytes(message)).decode()
