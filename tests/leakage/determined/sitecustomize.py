"""For functions of a run that is to be the same each time: their clock stands, and chance is drawn from a known seed.

Python imports a module of this name from PYTHONPATH when it starts; nobody else has this folder on it.
"""

import os
import random
import secrets
import time
import uuid

_CHANCE = random.Random(os.environ.get("AWS_LAMBDA_FUNCTION_NAME", ""))
_NOW = float(os.environ["DETERMINED_NOW"])


def _hex(bytes_: int | None = None) -> str:
    return f"{_CHANCE.getrandbits(8 * (bytes_ or 32)):0{2 * (bytes_ or 32)}x}"


def _uuid4() -> uuid.UUID:
    return uuid.UUID(int=_CHANCE.getrandbits(128), version=4)


time.time = lambda: _NOW
for _module, _name, _instead in (
    (secrets, "token_hex", _hex), (secrets, "token_urlsafe", _hex), (secrets, "randbelow", _CHANCE.randrange),
    (uuid, "uuid4", _uuid4),
):  # fmt: skip
    setattr(_module, _name, _instead)
