"""The files of standards that Tirek brings, as far as one must know to hand them on: they are read whole only when imported."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

FOLDER = Path(__file__).resolve().parent / "standards"


@dataclass(frozen=True, slots=True)
class Packaged:
    code: str
    label: str
    requirements: int
    text: str


def files() -> list[Packaged]:
    """All of them, by code and then by label."""
    found = [_read(path) for path in FOLDER.glob("*.yaml")]
    return sorted(found, key=lambda one: (one.code, one.label))


def _read(path: Path) -> Packaged:
    text = path.read_text(encoding="utf-8")
    data = yaml.safe_load(text)
    count = sum(len(section["requirements"]) for section in data["sections"])
    return Packaged(data["standard"]["code"], str(data["edition"]["label"]), count, text)
