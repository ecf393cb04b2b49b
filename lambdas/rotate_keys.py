"""The rotation of the customers' secret: Secrets Manager calls it once for each of the four steps."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from settings import RotateKeysSettings
from throughline.customers.rotating import Rotation, secrets_client

SETTINGS = RotateKeysSettings.from_environment(os.environ)
CLIENT = secrets_client()


class ForeignSecret(PermissionError):
    """An event about another secret than ours: nothing was done."""


def handler(event: Mapping[str, Any], context: object) -> None:
    """Take one step of a rotation; what fails is raised, and Secrets Manager tries the rotation again.

    Raises ForeignSecret for another secret, and StoreError where the step would lose addresses.
    """
    del context
    if event["SecretId"] != SETTINGS.keys:
        raise ForeignSecret("the event's secret is not the one that this function rotates")
    Rotation(CLIENT, SETTINGS.keys, event["ClientRequestToken"]).step(event["Step"])
