"""The templates at length: CDK's own command line makes the same ones, and no setting takes an export away."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.synth.conftest import ROOT, Assembly, Synthesise, assembly, composer, synthesise, templates
from tests.synth.test_environments import (
    test_a_changed_setting_takes_no_export_away_that_a_deployed_stack_may_still_import as takes_no_export_away,
)

__all__ = ["assembly", "composer", "synthesise"]


def test_cdks_command_line_synthesises_the_same(assembly: Assembly, tmp_path: Path) -> None:
    node = Path(sys.executable).with_name("node")
    cdk = ROOT / "node_modules" / "aws-cdk" / "bin" / "cdk"
    assert cdk.exists(), "`make test` installs it: `npm ci` does"
    app = f"{sys.executable} {ROOT / 'app.py'}"
    done = subprocess.run(
        [str(node), str(cdk), "synth", "--quiet", "--no-notices", "--app", app, "--output", str(tmp_path / "out")],
        env={**os.environ, "CDK_DISABLE_VERSION_CHECK": "1", "HOME": str(tmp_path)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    ours, theirs = templates(assembly), templates(Assembly(tmp_path / "out"))
    assert set(ours) == set(theirs)
    for name, template in ours.items():
        assert template["Resources"].keys() == theirs[name]["Resources"].keys()
        for id, resource in template["Resources"].items():
            assert resource.get("Properties") == theirs[name]["Resources"][id].get("Properties"), (name, id)


@pytest.mark.parametrize(
    "context",
    [
        {"reference_bank": "false"},
        {"alexa.enabled": "false"},
        {"watched.alarms": "false", "watched.dashboard": "false"},
        {"lex.guests": "false", "lex.sentiment": "false"},
        {"people.callback_urls": "https://www.example.com/back", "kept.rotate_keys_days": "90"},
        {"lex.conversation_logs": "true", "running.traffic_shifting": "canary"},
        {"phone.enabled": "false"},
        {"phone.number.country": "US", "phone.capture_certificate": "tests/synth/capture.pem"},
    ],
    ids=str,
)
def test_no_setting_takes_an_export_away(
    assembly: Assembly, synthesise: Synthesise, context: dict[str, object]
) -> None:  # fmt: skip
    takes_no_export_away(assembly, synthesise, context)
