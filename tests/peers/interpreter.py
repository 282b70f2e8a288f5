"""Which Python runs a script: Debian's own, or that of a throw-away virtual environment with what the script needs.

A script says so in its first lines:
    # needs: transformers==4.57.1 torch     (from the Python package index, into the environment)
    # debian: python3-torch                 (packages of the distribution, which must be installed)
"""

import hashlib
import pathlib
import re
import subprocess

SYSTEM_PYTHON = "/usr/bin/python3"


class Unavailable(Exception):
    """A dependency cannot be had here; says which and what to do."""


def _declared(script, key):
    head = pathlib.Path(script).read_text(encoding="utf-8").splitlines()[:30]
    found = [line.split(":", 1)[1].split() for line in head if re.match(rf"#\s*{key}:", line)]
    return [word for words in found for word in words]


def _require_debian(packages):
    for package in packages:
        query = subprocess.run(["dpkg-query", "-W", "-f=${Status}", package], capture_output=True, text=True)
        if "install ok installed" not in query.stdout:
            raise Unavailable(f"the package {package} is not installed (apt-get install {package})")


def _make_environment(folder, needs, with_system_packages):
    ready = folder / "ready"
    if ready.exists():
        return
    make = [SYSTEM_PYTHON, "-m", "venv", "--clear", str(folder)]
    if with_system_packages:
        make.append("--system-site-packages")
    install = [str(folder / "bin/python"), "-m", "pip", "install", "--quiet", *needs]
    for command in (make, install):
        result = subprocess.run(command, capture_output=True, text=True)
        if result.returncode != 0:
            last = (result.stderr or result.stdout).strip().splitlines()[-1:]
            raise Unavailable(f"{' '.join(command[2:])}: {' '.join(last)}")
    ready.touch()


def interpreter_for(script, environments):
    """Path of the interpreter; environments are made below the folder `environments` and used again."""
    needs, debian = _declared(script, "needs"), _declared(script, "debian")
    _require_debian(debian)
    if not needs:
        return SYSTEM_PYTHON
    name = hashlib.sha256(" ".join([*sorted(needs), "|", *sorted(debian)]).encode()).hexdigest()[:12]
    folder = pathlib.Path(environments) / name
    folder.parent.mkdir(parents=True, exist_ok=True)
    _make_environment(folder, needs, bool(debian))
    return str(folder / "bin/python")
