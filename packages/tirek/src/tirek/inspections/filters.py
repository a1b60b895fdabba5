"""Filters of the lists; they stand in the address."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from tirek.accounts.models import Person
from tirek.facilities.filters import FirstDay, FromLinks, LastDay, search_condition
from tirek.facilities.models import Facility
from tirek.inspections import queries
from tirek.inspections.models import Finding, Inspection, Round
from tirek.places.filters import DistrictFilter
from tirek.places.models import Area
from tirek.requirements.models import Point, Requirement
from tirek.ui.filters import OneRowFilter, SearchFilter

DAY = {"type": "date"}


def _people(request: Any) -> QuerySet[Person]:
    return queries.able()


def _rounds(request: Any) -> QuerySet[Round]:
    return Round.objects.restrict(request.user, "view").order_by("-starts_on")


class _OfFacilities(FromLinks):
    """What is found by its facility."""

    def search(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return rows.filter(facility__in=Facility.objects.filter(search_condition(value)).values("pk"))

    def inside(self, rows: QuerySet, _name: str, value: Area) -> QuerySet:
        within = Facility.objects.filter(area__path__startswith=value.path)
        return rows.filter(facility__in=within.values("pk"))


class VisitFilter(_OfFacilities):
    q = SearchFilter(_("Facility, address or code"), method="search")
    state = django_filters.MultipleChoiceFilter(
        choices=Inspection.State.choices, label=_("State"), widget=forms.CheckboxSelectMultiple
    )
    kind = django_filters.MultipleChoiceFilter(
        choices=Inspection.Kind.choices, label=_("Kind"), widget=forms.CheckboxSelectMultiple
    )
    inspector = OneRowFilter(queryset=_people, label=_("Inspector"))
    round = OneRowFilter(queryset=_rounds, label=_("Round"))
    area = DistrictFilter(method="inside")
    what = django_filters.ChoiceFilter(
        method="special",
        label=_("What to look at"),
        choices=[("conflicts", _("two answers")), ("late", _("day is over")), ("half_year", _("last six months"))],
    )
    since = django_filters.DateFilter(
        field_name="planned_on", lookup_expr="gte", label=_("from"), widget=forms.DateInput(attrs=DAY)
    )
    until = django_filters.DateFilter(
        field_name="planned_on", lookup_expr="lte", label=_("until"), widget=forms.DateInput(attrs=DAY)
    )
    handed_in_since = FirstDay(field_name="submitted_at", label=_("handed in from"), widget=forms.DateInput(attrs=DAY))
    handed_in_until = LastDay(field_name="submitted_at", label=_("handed in until"), widget=forms.DateInput(attrs=DAY))
    # Below the others, of which it takes what they found.
    each = django_filters.ChoiceFilter(
        method="last_of_each", choices=[("facility", _("the last visit"))], label=_("Of each facility")
    )
    from_links = ("handed_in_since", "handed_in_until", "each")

    class Meta:
        model = Inspection
        fields: list[str] = []

    def special(self, rows: QuerySet[Inspection], _name: str, value: str) -> QuerySet[Inspection]:
        return queries.special(rows, value)

    def last_of_each(self, rows: QuerySet[Inspection], _name: str, _value: str) -> QuerySet[Inspection]:
        last = rows.filter(facility=OuterRef("facility")).order_by("-submitted_at", "-pk")
        return rows.filter(pk=Subquery(last.values("pk")[:1]))


class FindingFilter(_OfFacilities):
    q = SearchFilter(_("Facility, address or code"), method="search")
    state = django_filters.MultipleChoiceFilter(
        choices=Finding.State.choices, label=_("State"), widget=forms.CheckboxSelectMultiple
    )
    severity = django_filters.MultipleChoiceFilter(
        choices=Requirement.Severity.choices, label=_("Severity"), widget=forms.CheckboxSelectMultiple
    )
    point = django_filters.MultipleChoiceFilter(
        method="at_points", choices=Point.choices, label=_("Point"), widget=forms.CheckboxSelectMultiple
    )
    mandatory = django_filters.ChoiceFilter(
        method="by_duty",
        choices=[("True", _("mandatory")), ("False", _("by weight"))],
        label=_("Requirement"),
    )
    area = DistrictFilter(method="inside")
    since = django_filters.DateFilter(
        field_name="found_on", lookup_expr="gte", label=_("from"), widget=forms.DateInput(attrs=DAY)
    )
    until = django_filters.DateFilter(
        field_name="found_on", lookup_expr="lte", label=_("until"), widget=forms.DateInput(attrs=DAY)
    )
    fixed_since = django_filters.DateFilter(
        field_name="fixed_on", lookup_expr="gte", label=_("put right from"), widget=forms.DateInput(attrs=DAY)
    )
    fixed_until = django_filters.DateFilter(
        field_name="fixed_on", lookup_expr="lte", label=_("put right until"), widget=forms.DateInput(attrs=DAY)
    )
    from_links = ("fixed_since", "fixed_until")

    class Meta:
        model = Finding
        fields: list[str] = []

    def at_points(self, rows: QuerySet[Finding], _name: str, value: list[str]) -> QuerySet[Finding]:
        if not value:
            return rows
        return rows.filter(requirement__in=Requirement.objects.filter(point__in=value).values("pk"))

    def by_duty(self, rows: QuerySet[Finding], _name: str, value: str) -> QuerySet[Finding]:
        return rows.filter(requirement__in=Requirement.objects.filter(mandatory=value == "True").values("pk"))


class RoundFilter(django_filters.FilterSet):
    state = django_filters.MultipleChoiceFilter(
        choices=Round.State.choices, label=_("State"), widget=forms.CheckboxSelectMultiple
    )
    rule = django_filters.MultipleChoiceFilter(
        choices=Round.Rule.choices, label=_("Rule"), widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Round
        fields: list[str] = []
