"""A small standard to play with."""

from __future__ import annotations

from datetime import date
from typing import Any

from tirek.requirements.standardfile import RequirementData, StandardData, Words, write


def demand(key: str, **fields: Any) -> RequirementData:
    text = fields.pop("text", key.replace("-", " "))
    given = {"paragraph": "1", "point": "entrances", "section": Words("Бөлім", "Раздел", "Part")}
    return RequirementData(key=key, text=Words(f"{text} kk", f"{text} ru", text), **{**given, **fields})


def standard(*requirements: RequirementData, **fields: Any) -> StandardData:
    given = {
        "code": "school-rules",
        "name": Words("Ереже", "Правила", "Rules"),
        "label": "2025",
        "instrument": Words("Бұйрық", "Приказ", "Order"),
        "source": "https://example.org/rules",
        "valid_from": date(2025, 1, 1),
    }
    return StandardData(
        requirements=requirements or (demand("gate"), demand("camera", point="video")), **{**given, **fields}
    )


def content(*requirements: RequirementData, **fields: Any) -> bytes:
    return write(standard(*requirements, **fields)).encode()
