"""Labels with QR: A4, three columns of eight, to be cut or for sheets of stickers of 70 × 37 mm."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import segno
import typst
from django.utils.translation import gettext as _

from tirek.equipment.models import Item

TEMPLATE = Path(__file__).resolve().parent / "typst" / "labels.typ"
#: Ten sheets.
MOST = 240
#: Which of the eight patterns lies over the code. Any can be read; trying all of them for each label would take most of the time.
MASK = 2


def labels_pdf(items: Iterable[Item], address_of: Callable[[Item], str]) -> bytes:
    """Labels for items, each with a QR of `address_of(item)`, where a phone finds its record."""
    labels = [
        {
            "tag": item.tag,
            "kind": item.kind.name,
            "facility": item.facility.name,
            "place": ", ".join(filter(None, (item.building.name if item.building else "", item.place))),
            "qr": _picture(address_of(item)),
        }
        for item in items
    ]
    values = {"data": json.dumps({"title": _("Labels"), "labels": labels}, ensure_ascii=False)}
    return bytes(typst.compile(str(TEMPLATE), sys_inputs=values))


def _picture(address: str) -> dict[str, Any]:
    """A QR as grey pixels, one for each field. As shapes or SVG a sheet takes ten times as long."""
    matrix = segno.make(address, error="m", micro=False, mask=MASK).matrix
    return {"side": len(matrix), "pixels": [0 if dark else 255 for line in matrix for dark in line]}
