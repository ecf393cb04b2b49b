"""How large what is shipped is: our own code as one zip, and the layers of third-party packages."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Final

from bench import figures
from bench.figures import Section
from bench.functions import LAMBDAS

TARGET_MB: Final = 1.0
CACHE: Final = LAMBDAS.parent / ".cache"
_READS_KEYS: Final = "aws_encryption_sdk"
"""The package by which one layer is told from the other."""


def measure_shipped() -> Section:
    """Megabytes (1,048,576 bytes) as Lambda counts them."""
    size = zipped(LAMBDAS)
    rows = [
        figures.at_most(
            "our own code, zipped",
            size / 2**20,
            TARGET_MB,
            unit="MB",
            beside=f"{size:,} bytes with the compiled model",
        )
    ]
    layers = sorted(CACHE.glob("layer-*"), key=lambda folder: folder.stat().st_mtime)
    newest = {(folder / "python" / _READS_KEYS).is_dir(): folder for folder in layers}
    for reads_keys, what, beside in (
        (False, "the layer, zipped", "Powertools and what it needs"),
        (True, "the layer of secret_turn alone, zipped", "the AWS Encryption SDK and what it needs"),
    ):
        if reads_keys in newest:
            size = zipped(newest[reads_keys])
            rows.append(figures.told(what, f"{size / 2**20:.2f} MB", beside=beside))
    return Section("Size", tuple(rows))


def zipped(folder: Path) -> int:
    """Bytes of a zip of the folder's files, byte code left out."""
    room = io.BytesIO()
    with zipfile.ZipFile(room, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                archive.write(path, path.relative_to(folder))
    return room.getbuffer().nbytes
