"""The four steps in which AWS Secrets Manager has a secret rotated, each safe to repeat.

A store: one of the few places that may import botocore. The steps and what each may find done already: AWS Secrets
Manager user guide, "Lambda rotation functions".
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from throughline.customers.rotation import check, rotated
from throughline.errors import StoreError

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager.client import SecretsManagerClient

CURRENT: Final = "AWSCURRENT"
PENDING: Final = "AWSPENDING"
_BYTES: Final = 48


def secrets_client() -> SecretsManagerClient:
    """A client of Secrets Manager, of this function's region."""
    import boto3
    from botocore.config import Config

    config = Config(connect_timeout=2, read_timeout=5, retries={"total_max_attempts": 3, "mode": "standard"})
    return boto3.client("secretsmanager", config=config)


class Rotation:
    """One rotation of one secret, which bears the id of the version that it makes."""

    def __init__(self, client: SecretsManagerClient, secret: str, version: str) -> None:
        """`secret` is its ARN; `version` is the rotation's token, which is the new version's id."""
        self._client = client
        self._secret = secret
        self._version = version

    def step(self, name: str) -> None:
        """Take the step that Secrets Manager calls so.

        Raises StoreError for an unknown step, a secret that can't be read, and a version that would lose addresses.
        """
        match name:
            case "createSecret":
                self._create()
            case "setSecret":
                """Nobody else is to be told: the functions read the secret for themselves."""
            case "testSecret":
                if not self._is_current():
                    check(self._text(CURRENT), self._pending())
            case "finishSecret":
                self._finish()
            case _:
                raise StoreError(f"Secrets Manager knows no step {name!r} of a rotation: look at the event")

    def _create(self) -> None:
        """Add a root, unless a former attempt did: another one's text would be refused for the same version."""
        if self._version in self._stages():
            try:
                self._pending()
            except self._client.exceptions.ResourceNotFoundException:
                """The version is announced and has no text yet."""
            else:
                return
        made = rotated(self._text(CURRENT), secrets.token_urlsafe(_BYTES))
        self._client.put_secret_value(
            SecretId=self._secret, ClientRequestToken=self._version, SecretString=made, VersionStages=[PENDING]
        )

    def _finish(self) -> None:
        if self._is_current():
            return
        current = next(version for version, stages in self._stages().items() if CURRENT in stages)
        self._client.update_secret_version_stage(
            SecretId=self._secret, VersionStage=CURRENT, MoveToVersionId=self._version, RemoveFromVersionId=current
        )

    def _is_current(self) -> bool:
        return CURRENT in self._stages().get(self._version, [])

    def _stages(self) -> dict[str, list[str]]:
        return dict(self._client.describe_secret(SecretId=self._secret).get("VersionIdsToStages", {}))

    def _text(self, stage: str) -> str:
        return self._client.get_secret_value(SecretId=self._secret, VersionStage=stage)["SecretString"]

    def _pending(self) -> str:
        return self._client.get_secret_value(SecretId=self._secret, VersionId=self._version)["SecretString"]
