"""Filters of the list of passports; they stand in the address."""

from __future__ import annotations

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tirek.accounts.models import Agency
from tirek.facilities.models import Facility, FacilityType
from tirek.facilities.words import search_condition
from tirek.places.filters import DistrictFilter
from tirek.ui.filters import OneRowFilter, SearchFilter

STATES = [
    ("in_force", pgettext_lazy("passport", "in force")),
    ("stale", pgettext_lazy("passport", "out of date")),
    ("to_approve", pgettext_lazy("passport", "waits for approval")),
    ("to_agree", pgettext_lazy("passport", "waits for agreement")),
    ("none", pgettext_lazy("passport", "none in force")),
]


class PassportFilter(django_filters.FilterSet):
    q = SearchFilter(_("Name, address or number"), method="search")
    passport = django_filters.MultipleChoiceFilter(
        choices=STATES, method="by_state", label=_("Passport"), widget=forms.CheckboxSelectMultiple
    )
    area = DistrictFilter()
    type = django_filters.ModelMultipleChoiceFilter(
        queryset=FacilityType.objects.all(), label=_("Type"), widget=forms.CheckboxSelectMultiple
    )
    category = django_filters.MultipleChoiceFilter(
        choices=[(1, "1"), (2, "2"), (3, "3")], label=_("Category"), widget=forms.CheckboxSelectMultiple
    )
    agency = OneRowFilter(queryset=Agency.objects.all(), label=_("Agency in charge"))

    class Meta:
        model = Facility
        fields: list[str] = []

    def search(self, rows: QuerySet[Facility], _name: str, value: str) -> QuerySet[Facility]:
        return rows.filter(search_condition(value))

    def by_state(self, rows: QuerySet[Facility], _name: str, value: list[str]) -> QuerySet[Facility]:
        wanted = Q()
        for state in value:
            wanted |= Q(in_force=False) if state == "none" else Q(**{state: True})
        return rows.filter(wanted)
