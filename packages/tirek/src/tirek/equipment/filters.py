"""Filters of the list; they stand in the address."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tirek.equipment.models import Item, Kind
from tirek.equipment.queries import NOT_EXPECTED, WARRANTY_DAYS, overdue_test
from tirek.places.filters import DistrictFilter, name_contains
from tirek.ui.filters import SearchFilter


class ItemFilter(django_filters.FilterSet):
    q = SearchFilter(_("Number, serial, kind or facility"), method="search")
    due = django_filters.ChoiceFilter(
        label=_("To do"),
        method="by_due",
        choices=[("test", _("test overdue")), ("warranty", _("warranty running out"))],
    )
    state = django_filters.MultipleChoiceFilter(
        choices=Item.State.choices, label=_("State"), widget=forms.CheckboxSelectMultiple
    )
    group = django_filters.MultipleChoiceFilter(
        field_name="kind__group", choices=Kind.Group.choices, label=_("Group"), widget=forms.CheckboxSelectMultiple
    )
    kind = django_filters.ModelMultipleChoiceFilter(
        queryset=Kind.objects.all(), label=_("Kind"), widget=forms.CheckboxSelectMultiple
    )
    area = DistrictFilter("facility__area")
    facility = django_filters.CharFilter(
        label=_("Code of the facility"),
        field_name="facility__code",
        lookup_expr="iexact",
        widget=forms.TextInput(attrs={"placeholder": _("Code of the facility"), "type": "search"}),
    )

    class Meta:
        model = Item
        fields: list[str] = []

    def search(self, rows: QuerySet[Item], _name: str, value: str) -> QuerySet[Item]:
        return rows.filter(search_condition(value))

    def by_due(self, rows: QuerySet[Item], _name: str, value: str) -> QuerySet[Item]:
        today = timezone.localdate()
        if value == "test":
            return rows.filter(overdue_test(today))
        ending = (today, today + timedelta(days=WARRANTY_DAYS))
        return rows.filter(warranty_until__range=ending).exclude(state__in=NOT_EXPECTED)

    def filter_queryset(self, queryset: QuerySet[Item]) -> QuerySet[Item]:
        rows = super().filter_queryset(queryset)
        # What was taken out is shown when it is asked for.
        return rows if self.form.cleaned_data.get("state") else rows.exclude(state=Item.State.RETIRED)


def search_condition(words: str) -> Q:
    """Every word stands in the number, the serial number, the model, the place, the kind or the facility."""
    condition = Q()
    for word in words.split():
        condition &= (
            Q(tag__icontains=word)
            | Q(serial__icontains=word)
            | Q(model__icontains=word)
            | Q(maker__icontains=word)
            | Q(place__icontains=word)
            | name_contains(word, "kind__")
            | name_contains(word, "facility__")
        )
    return condition


def chosen(query: Any, rows: QuerySet[Item], request: Any) -> QuerySet[Item]:
    """The rows that the filters in `query` leave."""
    return ItemFilter(query, queryset=rows, request=request).qs
