"""Numbers of the register: I-000001 and on."""

from __future__ import annotations

import re

from tirek.incidents.models import Incident

PREFIX, DIGITS = "I-", 6
OURS = re.compile(rf"{PREFIX}\d{{{DIGITS}}}")


def next_codes(count: int) -> list[str]:
    """The next free numbers. Two people who write in one moment may get the same: who comes second tries anew."""
    rows = Incident.objects.filter(code__gte=PREFIX, code__lte=f"{PREFIX}{'9' * DIGITS}").order_by("-code")
    codes = rows.values_list("code", flat=True).iterator(chunk_size=50)
    last = next((code for code in codes if OURS.fullmatch(code)), f"{PREFIX}0")
    start = int(last.removeprefix(PREFIX)) + 1
    return [f"{PREFIX}{number:0{DIGITS}d}" for number in range(start, start + count)]
