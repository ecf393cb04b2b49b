"""A real rehearsal on free ports, and a real browser before it: the installed Chromium, or CHROMIUM."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60.0
PATIENCE_MS = 15_000
"""A recogniser that was never trained before is trained at its first use."""

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def url() -> Iterator[str]:
    """Where the page of a fresh rehearsal is served."""
    port, aws_port = _free_port(), _free_port()
    environment = {**os.environ, "PORT": str(port), "AWS_PORT": str(aws_port), "KEEP": ""}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    process = subprocess.Popen([sys.executable, "-m", "rehearsal"], cwd=ROOT, env=environment)
    try:
        _wait_until_ready(f"http://127.0.0.1:{port}/healthz", process)
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, or the one that CHROMIUM names."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert chromium, "these tests need Chromium: apt-get install chromium, or name one in CHROMIUM"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, url: str) -> Iterator[Page]:
    """The page, just opened. What the browser complains of fails the test, but for requests that failed."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda told: troubles.append(told.text) if told.type in ("error", "warning") else None)
    page.goto(url)
    page.get_by_role("radio", name="Sam").wait_for(state="attached")
    yield page
    context.close()
    assert [trouble for trouble in troubles if "Failed to load resource" not in trouble] == []


def _free_port() -> int:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        return int(chosen.getsockname()[1])


def _wait_until_ready(health: str, process: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + START_SECONDS
    while time.monotonic() < ends:
        assert process.poll() is None, "the rehearsal ended; run `python -m rehearsal` to see why"
        try:
            with urllib.request.urlopen(health, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the rehearsal was not ready within {START_SECONDS:.0f} s")
