"""What the search looks in. SQLite knows capitals of Latin letters only, so the row keeps its words without any."""

from __future__ import annotations

from django.db.models import Q

from tirek.facilities.models import Facility
from tirek.places.filters import name_contains
from tirek.places.models import LANGUAGES, Area


def words_of(facility: Facility) -> str:
    """Names, addresses and code, without capitals."""
    names = [getattr(facility, f"name_{language}") for language in LANGUAGES]
    return " ".join([*dict.fromkeys(names), facility.address_kk, facility.address_ru, facility.code]).casefold()


def named_condition(text: str) -> Q:
    """Every word stands in a name or in the name of the type: what people mean before they mean a street."""
    condition = Q()
    for word in text.split():
        either = Q()
        for spelt in (word, word.capitalize(), word.lower()):
            either |= name_contains(spelt) | name_contains(spelt, "type__")
        condition &= either
    return condition


def search_condition(text: str) -> Q:
    """Every word stands in a name, an address, the code or the name of the area."""
    condition = Q()
    for word in text.split():
        areas = Area.objects.filter(name_contains(word) | name_contains(word.capitalize()))
        condition &= Q(words__contains=word.casefold()) | Q(area__in=areas.values("pk"))
    return condition
