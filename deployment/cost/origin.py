"""Whose bill it is: the environment and the region that an assembly was synthesised for, by its manifest."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

NO_REGION: Final = "unknown-region"
"""What CDK writes for a stack that goes to whichever region the credentials name."""
_STACK: Final = "aws:cloudformation:stack"
_PRODUCT: Final = "throughline-"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the templates are and what they were synthesised for."""

    folder: str
    """As it was given."""
    environments: tuple[str, ...] = ()
    """Names of the environments that its stacks belong to: one, unless somebody mixed them; none if none is known."""
    regions: tuple[str, ...] = (NO_REGION,)
    """Those of its stacks; unknown-region for a stack that names none."""

    @property
    def environment(self) -> str:
        """The environment's name for a reader; empty if it is not known."""
        return ", ".join(self.environments)

    @property
    def region(self) -> str:
        """The region's name for a reader."""
        return ", ".join(self.regions)


def origin(folder: Path) -> Origin:
    """What the manifests in that folder say; nothing but the folder where there is none, or none that can be read."""
    stacks = [stack for file in (folder, *sorted(folder.glob("assembly-*"))) for stack in _stacks(file)]
    environments = {_environment(name) for name, _ in stacks} - {""}
    regions = {target.rpartition("/")[2] for _, target in stacks}
    return Origin(str(folder), tuple(sorted(environments)), tuple(sorted(regions)) or (NO_REGION,))


def mismatch(found: Origin, wanted: str) -> str:
    """What to do if the templates aren't those of the environment `wanted`; empty if they are."""
    if found.environments == (wanted,):
        return ""
    of = f"is of the environment {found.environment}" if found.environments else "holds no environment's stacks"
    return f"{found.folder} {of}, not of {wanted}: run `make synth ENVIRONMENT={wanted}` first"


def _stacks(folder: Path) -> Iterator[tuple[str, str]]:
    """Name and target, as in aws://account/region, of each stack."""
    try:
        artifacts = json.loads((folder / "manifest.json").read_text("utf-8")).get("artifacts", {})
    except (OSError, ValueError):
        return
    for artifact in artifacts.values():
        if artifact.get("type") == _STACK:
            yield artifact.get("properties", {}).get("stackName", ""), artifact.get("environment", f"/{NO_REGION}")


def _environment(stack: str) -> str:
    """The name between the product's and the part's; a part's has no hyphen, an environment's may have."""
    return stack.removeprefix(_PRODUCT).rpartition("-")[0] if stack.startswith(_PRODUCT) else ""
