"""One environment's settings from its file and CDK's context, all checks, all problems at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path as FilePath

from compiler.documents import Document, Plain
from compiler.load import overlaid
from compiler.problems import Findings, Problems
from compiler.source import Located
from deployment import phone_checks
from deployment.environment import Environment
from deployment.settings_checks import check
from deployment.settings_context import read_context
from deployment.settings_errors import fitted
from deployment.settings_file import FOLDER, settings_file
from deployment.settings_secrets import shown


def load(root: FilePath, context: Mapping[str, object]) -> Environment:
    """Read and check the environment that `context` chooses.

    `root` is the folder that holds `environments/` and cdk.json. `context` is CDK's: `environment` names the
    file (`dev` unless it is there), every other key is a setting's dotted path, such as `alexa.skill_id`, and
    overrides the file. Values may be text, as they are on a command line. CDK's own keys are passed over.

    Raises Problems with everything that is wrong, sorted by place.
    """
    findings = Findings()
    told = read_context(root, context, findings)
    document = settings_file(root, told.name, told.chosen, findings) if told.name is not None else None
    data = document.data if document else None
    if document is not None and data is not None and not isinstance(data, dict):
        held = "a list" if isinstance(data, list) else shown(data)
        findings.error(document.at(()), f"this file holds {held}. Write settings as `key: value` lines.")
        document = data = None
    merged: Plain = overlaid(data or {}, told.layer.data)
    file = Located((told.layer, document or Document(f"{FOLDER}/{told.name}.yaml")))
    assert isinstance(merged, dict)
    found = fitted(merged, file, findings)
    if document is not None:
        # Of a file that can't be read nobody knows what its other settings say.
        check(told.name, found, merged, file, findings)
    certificate = phone_checks.certificate(root, found.shape.phone, file, findings)
    if findings.failed or told.name is None:
        raise Problems(findings.problems)
    return found.shape.environment(told.name, certificate=certificate)
