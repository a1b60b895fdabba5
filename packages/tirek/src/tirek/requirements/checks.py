"""Live checks that need nothing but the register."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tirek.facilities.models import Contact, Document
from tirek.requirements.registry import MET, UNMET, LiveFact, live_check

LANGUAGES = ("kk", "ru", "en")
YEAR = 365.25


def said(text: str | Promise | Callable[[], str], **values: Any) -> dict[str, str]:
    """A translated text in all three languages, for `LiveFact.text_by_language`."""
    found = {}
    for code in LANGUAGES:
        with translation.override(code):
            found[code] = str(text() if callable(text) else text) % values
    return found


@live_check("contacts_on_duty")
def contacts_on_duty(facility_ids: list[int]) -> dict[int, LiveFact]:
    """Somebody to ring stands on the register with hours of duty."""
    reachable = set(
        Contact.objects.filter(facility__in=facility_ids)
        .exclude(hours="")
        .exclude(phone="")
        .values_list("facility", flat=True)
    )
    yes, no = (
        said(_("Contacts with hours of duty stand on the register.")),
        said(_("No contact on the register has hours of duty.")),
    )
    return {pk: LiveFact(MET, None, yes) if pk in reachable else LiveFact(UNMET, None, no) for pk in facility_ids}


@live_check("document_present")
def document_present(facility_ids: list[int], kind: str, years: int) -> dict[int, LiveFact]:
    """A document of this kind stands on the register and is not older than so many years. A kind that does not exist is
    not known.
    """
    if kind not in Document.Kind.values:
        return {}
    newest: dict[int, date] = {}
    rows = Document.objects.filter(facility__in=facility_ids, kind=kind, replaced_by=None).order_by()
    for facility, dated, added in rows.values_list("facility", "dated", "added_at"):
        day = dated or timezone.localdate(added)
        newest[facility] = max(day, newest.get(facility, day))
    oldest = timezone.localdate() - timedelta(days=round(years * YEAR))
    missing = LiveFact(UNMET, None, said(_("No such document stands on the register.")))
    facts = {day: _of_day(day, oldest) for day in set(newest.values())}
    return {pk: facts[newest[pk]] if pk in newest else missing for pk in facility_ids}


def _of_day(day: date, oldest: date) -> LiveFact:
    at = datetime.combine(day, time(), timezone.get_default_timezone())
    values = {"day": f"{day:%d.%m.%Y}"}
    if day >= oldest:
        return LiveFact(MET, at, said(_("The document on the register is of %(day)s."), **values))
    return LiveFact(UNMET, at, said(_("The document on the register is of %(day)s: too old."), **values))
