"""Resolves requirements/*.in into requirements/*.txt for every platform, each package with its hashes: `make lock`.

No index is named in them: each computer asks the one it is set up for. Packages already locked keep their version
unless one of them is named: `make lock ARGS=pillow`.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OPTIONS = (
    "--universal --generate-hashes --no-annotate --no-header --no-emit-index-url --python-version 3.11 --quiet"
)


def main(packages: list[str]) -> int:
    """Write both locks; the answer is an exit code."""
    # uv is needed for this alone, so it is no part of anybody's environment until somebody locks.
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "uv"]
    if subprocess.run(install, check=False).returncode:
        print("uv could not be installed; the lines above say why.", file=sys.stderr)
        return 3
    for kind in ("run", "dev"):
        command = [sys.executable, "-m", "uv", "pip", "compile", *OPTIONS.split()]
        for package in packages:
            command += ["--upgrade-package", package]
        # Naming the file as constraint keeps what both hold at one version.
        if kind == "dev":
            command += ["--constraint", "requirements/run.txt"]
        command += [f"requirements/{kind}.in", "--output-file", f"requirements/{kind}.txt"]
        if subprocess.run(command, cwd=ROOT, check=False).returncode:
            print("The requirements could not be resolved; nothing further was written.", file=sys.stderr)
            return 3
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
