"""Inventory numbers: T-000001 and on."""

from __future__ import annotations

import re
from urllib.parse import unquote

from tirek.equipment.models import Item

PREFIX = "T-"
DIGITS = 6
OURS = re.compile(rf"{PREFIX}\d{{{DIGITS}}}")


def next_tags(count: int) -> list[str]:
    """The next free numbers. Two people who add in one moment may get the same: who comes second tries anew."""
    # Numbers of one length are in order as texts too. What somebody else's numbers look like does not matter.
    rows = Item.objects.filter(tag__gte=PREFIX, tag__lte=f"{PREFIX}{'9' * DIGITS}").order_by("-tag")
    tags = rows.values_list("tag", flat=True).iterator(chunk_size=50)
    last = next((tag for tag in tags if OURS.fullmatch(tag)), f"{PREFIX}0")
    start = int(last.removeprefix(PREFIX)) + 1
    return [f"{PREFIX}{number:0{DIGITS}d}" for number in range(start, start + count)]


def read_label(text: str) -> str:
    """The inventory number that a label says: the last part of its address, or what was typed."""
    found = re.search(r"/equipment/t/([^/?#\s]+)", text)
    return unquote(found.group(1) if found else text).strip()[:200]
