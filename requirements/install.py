"""Makes .venv hold exactly one lock: `python3 requirements/install.py run|dev`.

A machine needs Python 3.11 or newer and a package index that pip can reach; uv, which does the rest
in seconds, is itself installed here. Without uv, pip does the same more slowly. Every file is checked
against its hash in the lock.

This file is read by any Python from 3.6 on, so that an old one gets a sentence rather than a SyntaxError.
"""

import os
import pathlib
import subprocess
import sys
from typing import NoReturn

ROOT = pathlib.Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)

LAUNCHER = """#!{python}
import sys

from {module} import {function}

sys.exit({function}())
"""


def main(lock: str) -> None:
    """Create the environment if need be, fill it from the lock, and link the project's own code into it."""
    if not PYTHON.exists():
        create()
    if not (VENV / "bin" / "uv").exists():
        tell("installing uv")
        pip("uv.txt", check=False)
    tell(f"installing {lock}.txt (a minute at most; later calls skip this)")
    if (VENV / "bin" / "uv").exists():
        uv = [str(VENV / "bin" / "uv"), "pip", "sync", "--quiet", "--require-hashes"]
        run([*uv, "--python", str(PYTHON), f"requirements/{lock}.txt"])
    else:
        tell("uv can't be had here: pip does it, in a few minutes")
        pip(f"{lock}.txt")
    run([str(PYTHON), str(pathlib.Path(__file__)), "--link"])


def create() -> None:
    """Make .venv with this interpreter."""
    if sys.version_info < OLDEST:
        have = ".".join(map(str, sys.version_info[:2]))
        give_up(f"Python {have} is too old: 3.11 or newer is needed, e.g. `make PYTHON=python3.12 …`.")
    tell("creating .venv with Python " + ".".join(map(str, sys.version_info[:3])))
    if subprocess.call([sys.executable, "-m", "venv", "--clear", str(VENV)], cwd=str(ROOT)) != 0:
        give_up(
            "this Python can't make a virtual environment (on Debian and Ubuntu: "
            "`apt install python3-venv`); or choose another one: `make PYTHON=python3.12 …`."
        )


def link() -> None:
    """Put the project's two roots on the path and its commands into bin, as [project.scripts] names them."""
    import sysconfig
    import tomllib

    packages = pathlib.Path(sysconfig.get_path("purelib"))
    packages.joinpath("throughline.pth").write_text(f"{ROOT}\n{ROOT / 'lambdas'}\n")
    project = tomllib.loads(ROOT.joinpath("pyproject.toml").read_text())["project"]
    for name, target in project["scripts"].items():
        module, function = target.split(":")
        script = VENV / "bin" / name
        script.write_text(LAUNCHER.format(python=PYTHON, module=module, function=function))
        script.chmod(0o755)


def pip(lock: str, check: bool = True) -> None:
    """Install a lock with the environment's own pip."""
    options = ["--quiet", "--disable-pip-version-check", "--require-hashes", "--no-deps"]
    run([str(PYTHON), "-m", "pip", "install", *options, "-r", "requirements/" + lock], check)


def run(command: "list[str]", check: bool = True) -> None:
    """Run a command in the project, without the caller's environment being taken for ours."""
    foreign = ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME")
    kept = {name: value for name, value in os.environ.items() if name not in foreign}
    code = subprocess.call(command, cwd=str(ROOT), env=kept)
    if check and code != 0:
        give_up("that failed (see above): is the package index reachable? The same command may be run again.")


def tell(line: str) -> None:
    """Say what is going on."""
    print("· " + line, flush=True)


def give_up(why: str) -> NoReturn:
    """End with one sentence that says what to do."""
    sys.exit("throughline: " + why)


if __name__ == "__main__":
    if sys.argv[1:] == ["--link"]:
        link()
    else:
        main(sys.argv[1])
