"""Filters of the list of areas; they stand in the address."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from tirek.places.fields import AreasInOrder
from tirek.places.models import LANGUAGES, Area
from tirek.places.queries import areas
from tirek.ui.filters import OneRowField, OneRowFilter, SearchFilter


def districts(request: Any) -> QuerySet[Area]:
    """Areas that a list can be narrowed to: those above settlements."""
    return areas(request.user).exclude(kind=Area.Kind.SETTLEMENT).order_by("path")


def name_contains(query: str, prefix: str = "") -> Q:
    """The condition that a name, in any language, has the words. `prefix` is the lookup to the named row ("area__")."""
    return reduce(or_, (Q(**{f"{prefix}name_{language}__icontains": query}) for language in LANGUAGES))


class DistrictField(OneRowField):
    iterator = AreasInOrder


class DistrictFilter(OneRowFilter):
    """What lies in one district or region, or in something inside it. `field_name` leads from the row to its area."""

    field_class = DistrictField

    def __init__(self, field_name: str = "area", **kwargs: Any) -> None:
        super().__init__(field_name, **{"queryset": districts, "label": _("District")} | kwargs)

    def filter(self, rows: QuerySet, value: Area | None) -> QuerySet:
        return rows if value is None else rows.filter(**{f"{self.field_name}__path__startswith": value.path})


class AreaFilter(django_filters.FilterSet):
    q = SearchFilter(_("Name or code"), method="search")
    kind = django_filters.MultipleChoiceFilter(
        choices=Area.Kind.choices, label=_("Kind"), widget=forms.CheckboxSelectMultiple
    )
    within = DistrictFilter(method="inside", label=_("Located in"))

    class Meta:
        model = Area
        fields: list[str] = []

    def search(self, rows: QuerySet[Area], _name: str, value: str) -> QuerySet[Area]:
        return rows.filter(name_contains(value) | Q(code__icontains=value))

    def inside(self, rows: QuerySet[Area], _name: str, value: Area) -> QuerySet[Area]:
        return rows.filter(path__startswith=value.path).exclude(pk=value.pk)
