"""The third-party packages that the functions import, as Lambda layers: one for all, one for what decrypts.

Built by pip for the function's platform from a hashed lock, once per lock, with no Docker. boto3 is the
runtime's own.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import cast

from aws_cdk import Stack
from aws_cdk.aws_lambda import Architecture, Code, LayerVersion, Runtime

PYTHON = "3.14"
"""The newest Python that Lambda offers; the functions' runtime."""
RUNTIME = Runtime.PYTHON_3_14
ARCHITECTURE = Architecture.ARM_64
_PLATFORM = "manylinux2014_aarch64"
_ROOT = Path(__file__).resolve().parent.parent
_LOCK = _ROOT / "requirements" / "layer.txt"
_CAPTURE_LOCK = _ROOT / "requirements" / "capture.txt"
_CACHE = _ROOT / ".cache"


class LayerNotBuilt(RuntimeError):
    """pip could not fetch the layer's packages."""


def third_party(stack: Stack) -> LayerVersion:
    """The stack's own copy of the layer.

    One a stack, because a layer's ARN changes with each version, and CloudFormation refuses to change
    a value that another stack imports.
    """
    return _layer(stack, "ThirdParty", _LOCK)


def capture_packages(stack: Stack) -> LayerVersion:
    """What reads what customers keyed in: a layer of its own, for the one function that may."""
    return _layer(stack, "CapturePackages", _CAPTURE_LOCK)


def _layer(stack: Stack, id: str, lock: Path) -> LayerVersion:
    there = stack.node.try_find_child(id)
    if there is not None:
        return cast(LayerVersion, there)
    return LayerVersion(
        stack,
        id,
        code=Code.from_asset(str(build(lock))),
        compatible_architectures=[ARCHITECTURE],
        compatible_runtimes=[RUNTIME],
        description=f"Packages of requirements/{lock.name}",
    )


def build(lock: Path = _LOCK) -> Path:
    """The folder that a lock's layer is made of; built if this lock never was.

    Raises LayerNotBuilt with what pip said.
    """
    digest = hashlib.sha256(lock.read_bytes() + f"{PYTHON} {_PLATFORM}".encode()).hexdigest()[:16]
    layer = _CACHE / f"layer-{digest}"
    if layer.exists():
        return layer
    _CACHE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=_CACHE) as room:
        _install(Path(room) / "python", lock)
        try:
            Path(room).rename(layer)
        except OSError:
            # Another process was building it too and came first; theirs is the same.
            if not layer.exists():
                raise
        else:
            Path(room).mkdir()
    return layer


def _install(folder: Path, lock: Path) -> None:
    """Put the packages there, without what differs from one machine to the next."""
    target = ["--target", str(folder), "--platform", _PLATFORM, "--python-version", PYTHON]
    checks = ["--only-binary", ":all:", "--require-hashes", "--no-deps", "--no-compile"]
    quiet = ["--quiet", "--disable-pip-version-check"]
    command = [sys.executable, "-m", "pip", "install", *target, *checks, *quiet, "-r", str(lock)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise LayerNotBuilt(
            f"pip could not fetch the packages of {lock.name} for {_PLATFORM}; the first synthesis needs "
            f"the package index, later ones don't.\n{done.stderr.strip()}"
        )
    shutil.rmtree(folder / "bin", ignore_errors=True)
    for record in folder.glob("*.dist-info/RECORD"):
        record.unlink()
