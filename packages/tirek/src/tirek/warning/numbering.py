"""Identifiers of alerts. The mode is part of the name: an exercise begins with EX-."""

from __future__ import annotations

import re
import secrets
from datetime import datetime

from django.db.models import Max
from django.utils import timezone

from tirek.live.locks import hold_order
from tirek.places.models import Area
from tirek.warning.models import Alert, Mode

_CODE = re.compile(r"[A-Z0-9][A-Z0-9.-]{0,19}")


def draft_identifier(mode: str) -> str:
    """A name for an alert that is not issued yet."""
    return f"{_mark(mode)}draft-{secrets.token_hex(6)}"


def next_identifier(mode: str, area: Area, now: datetime) -> tuple[str, int]:
    """The identifier and number for an alert issued now, e.g. `KZ-15-2026-0187` or `EX-KZ-15-2026-0187`.

    Live alerts and exercises are counted apart, anew each local year. Must run in the transaction that issues: the order
    lock, which it takes, makes sure that no number is given twice and none is left out.
    """
    hold_order()
    year = timezone.localtime(now).year
    stem = f"{_mark(mode)}{_prefix(area)}-{year}-"
    last = Alert.objects.filter(mode=mode, identifier__startswith=stem).aggregate(last=Max("number"))["last"] or 0
    return f"{stem}{last + 1:04d}", last + 1


def _mark(mode: str) -> str:
    return "EX-" if mode == Mode.EXERCISE else ""


def _prefix(area: Area) -> str:
    """The code of the region that holds `area`, when it can stand in an identifier."""
    region: Area | None = area
    while region is not None and region.kind != Area.Kind.REGION:
        region = region.parent
    code = region.code.upper() if region else ""
    return code if _CODE.fullmatch(code) and not code.startswith("EX-") else "TIREK"
