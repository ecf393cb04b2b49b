"""For functions of a run that is to be the same each time: their clock stands, chance is drawn from a known seed, and
nothing is given up for being late, however busy the machine is.

Python imports a module of this name from PYTHONPATH when it starts; nobody else has this folder on it.
"""

import os
import random
import secrets
import sys
import time
import uuid
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import botocore.config

PATIENT_SECONDS = 60


def chances(seed: str) -> Callable[[], random.Random]:
    """Who draws, for each module that asks: one that asks once more, as boto3 does for a retry, moves no other."""
    streams: defaultdict[str, random.Random] = defaultdict(random.Random)

    def drawing() -> random.Random:
        asking = sys._getframe(2).f_globals.get("__name__", "")
        if asking not in streams:
            streams[asking].seed(f"{seed} {asking}")
        return streams[asking]

    return drawing


def _determine(now: float) -> None:
    chance = chances(os.environ.get("AWS_LAMBDA_FUNCTION_NAME", ""))

    def hexadecimal(bytes_: int | None = None) -> str:
        return f"{chance().getrandbits(8 * (bytes_ or 32)):0{2 * (bytes_ or 32)}x}"

    def below(limit: int) -> int:
        return chance().randrange(limit)

    def uuid4() -> uuid.UUID:
        return uuid.UUID(int=chance().getrandbits(128), version=4)

    plain = botocore.config.Config.__init__

    def patient(config: botocore.config.Config, *args: Any, **options: Any) -> None:
        plain(config, *args, **{**options, "connect_timeout": PATIENT_SECONDS, "read_timeout": PATIENT_SECONDS})

    time.time = lambda: now
    for there, name, instead in (
        (secrets, "token_hex", hexadecimal), (secrets, "token_urlsafe", hexadecimal), (secrets, "randbelow", below),
        (uuid, "uuid4", uuid4), (botocore.config.Config, "__init__", patient),
    ):  # fmt: skip
        setattr(there, name, instead)


if "DETERMINED_NOW" in os.environ:
    _determine(float(os.environ["DETERMINED_NOW"]))
