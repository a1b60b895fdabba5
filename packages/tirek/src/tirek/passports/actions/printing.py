"""Taking a passport out of Tirek as a document. It is for official use, so who took it stands in the log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tirek.audit.act import act
from tirek.passports import paper
from tirek.passports.models import Passport

PRINT = "passports.print_passport"


def print_passport(user: Any, pk: int, languages: Sequence[str], url: str) -> tuple[Passport, bytes]:
    """The passport as PDF. Raises Passport.DoesNotExist."""
    rows = Passport.objects.restrict(user, "print").select_related(
        "facility__area", "approved_by", "agreed_by", "made_by"
    )
    passport: Passport = rows.get(pk=pk)
    made = paper.passport_pdf(passport, languages, url)  # before the act: it takes its time
    with act(PRINT, user) as trace:
        trace.on(passport, after={"sha256": passport.sha256, "languages": list(languages)})
    return passport, made
