"""Files as operators bring them, written on the fly."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures import square


@pytest.fixture(autouse=True)
def _english(english: None) -> None:
    """Messages are compared in English."""


@pytest.fixture
def geojson(tmp_path: Path) -> Callable[..., Path]:
    """Factory: a GeoJSON file of (properties, geometry) pairs."""

    def make(
        *features: tuple[dict[str, Any], dict[str, Any] | None], name: str = "areas.geojson", **extra: Any
    ) -> Path:
        rows = [{"type": "Feature", "properties": p, "geometry": g} for p, g in features]
        path = tmp_path / name
        path.write_text(json.dumps({"type": "FeatureCollection", "features": rows, **extra}), encoding="utf-8")
        return path

    return make


@pytest.fixture
def districts(geojson: Callable[..., Path]) -> Path:
    """Two districts, West and East, each one degree wide."""
    return geojson(
        ({"code": "W", "name_ru": "Западный район", "population": 5000}, square(50.5, 57.5, 0.5)),
        ({"code": "E", "name_ru": "Восточный район", "name_kk": "Шығыс ауданы"}, square(50.5, 58.5, 0.5)),
    )


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    """Factory: a text file in an encoding."""

    def make(text: str, encoding: str = "utf-8", name: str = "settlements.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return make
