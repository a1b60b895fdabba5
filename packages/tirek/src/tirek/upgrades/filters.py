"""Filters of the registers; they stand in the address."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tirek.accounts.models import Agency
from tirek.places.filters import DistrictFilter, name_contains
from tirek.ui.filters import OneRowFilter, SearchFilter
from tirek.upgrades.consequence import ROMAN
from tirek.upgrades.models import Measure, PlanLine, UpgradePlan


def agencies(request: Any) -> QuerySet[Agency]:
    return Agency.objects.all()


class PlanFilter(django_filters.FilterSet):
    q = SearchFilter(_("Name"), field_name="name", lookup_expr="icontains")
    state = django_filters.MultipleChoiceFilter(
        choices=UpgradePlan.State.choices,
        label=pgettext_lazy("upgrade plan", "State"),
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = UpgradePlan
        fields: list[str] = []


class MeasureFilter(django_filters.FilterSet):
    q = SearchFilter(_("Name or code"), method="search")
    per = django_filters.MultipleChoiceFilter(
        choices=Measure.Per.choices, label=_("How many are needed"), widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Measure
        fields: list[str] = []

    def search(self, rows: QuerySet[Measure], _name: str, value: str) -> QuerySet[Measure]:
        condition = Q()
        for word in value.split():
            condition &= name_contains(word) | Q(code__icontains=word)
        return rows.filter(condition)


class LineFilter(django_filters.FilterSet):
    q = SearchFilter(_("Facility or code"), method="search")
    area = DistrictFilter("facility__area", label=_("Located in"))
    agency = OneRowFilter(field_name="facility__agency", queryset=agencies, label=_("Agency in charge"))
    tier = django_filters.MultipleChoiceFilter(
        choices=list(ROMAN.items()), label=_("Tier"), widget=forms.CheckboxSelectMultiple
    )
    package = django_filters.MultipleChoiceFilter(
        choices=PlanLine.Package.choices, label=_("Package"), widget=forms.CheckboxSelectMultiple
    )
    mandatory = django_filters.ChoiceFilter(
        method="only_mandatory", label=_("Mandatory"), choices=[("yes", _("meets mandatory requirements"))]
    )
    core = django_filters.ChoiceFilter(
        method="only_core",
        label=_("Under other weights"),
        choices=[("yes", _("in every plan")), ("no", _("not in every plan"))],
    )

    class Meta:
        model = PlanLine
        fields: list[str] = []

    def search(self, rows: QuerySet[PlanLine], _name: str, value: str) -> QuerySet[PlanLine]:
        condition = Q()
        for word in value.split():
            condition &= name_contains(word, "facility__") | Q(facility__code__icontains=word)
        return rows.filter(condition)

    def only_mandatory(self, rows: QuerySet[PlanLine], _name: str, value: str) -> QuerySet[PlanLine]:
        return rows.filter(mandatory=True)

    def only_core(self, rows: QuerySet[PlanLine], _name: str, value: str) -> QuerySet[PlanLine]:
        return rows.filter(stays__gte=1) if value == "yes" else rows.filter(Q(stays__lt=1) | Q(stays=None))
