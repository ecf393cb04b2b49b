"""For functions whose attackers needn't wait: what is waited for, so that all answers take the same time, is cut short.

Python imports a module of this name from PYTHONPATH when it starts; nobody else has this folder on it.
"""

import time
from typing import SupportsIndex

_SLEEP = time.sleep
LONGEST = 0.01


def _briefly(seconds: float | SupportsIndex) -> None:
    _SLEEP(min(float(seconds), LONGEST))


time.sleep = _briefly
