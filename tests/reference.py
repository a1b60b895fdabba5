"""Inputs with known answers that nobody in this project made. They stand outside it, where TIREK_REFERENCE says."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def reference_path(*parts: str) -> Path:
    """A file or folder of the reference data; the test is skipped where that is absent."""
    base = Path(os.environ.get("TIREK_REFERENCE") or ROOT.parent / "shared" / "data")
    path = base.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"no reference data at {path}: set TIREK_REFERENCE to the folder that holds it")
    return path
