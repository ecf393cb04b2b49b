"""Runs a command until it ends or whoever started this ends, however suddenly.

    python with_parent.py COMMAND ARGUMENT…

The starter holds the other end of this process's standard input, which the system closes for it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading


def main(command: list[str]) -> None:
    """Run `command`; exit with its code, or end it once standard input ends."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    threading.Thread(target=lambda: os._exit(process.wait()), daemon=True).start()
    sys.stdin.buffer.read()
    process.terminate()
    process.wait()


if __name__ == "__main__":
    main(sys.argv[1:])
