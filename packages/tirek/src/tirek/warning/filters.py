"""Filters of the registers; they stand in the address bar."""

from __future__ import annotations

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from tirek.places.filters import DistrictFilter
from tirek.ui.filters import SearchFilter
from tirek.warning.models import Alert, Delivery, Endpoint, Mode


class AlertFilter(django_filters.FilterSet):
    q = SearchFilter(_("Number, place or words"), method="by_words")
    state = django_filters.MultipleChoiceFilter(label=_("State"), choices=Alert.State.choices)
    mode = django_filters.ChoiceFilter(label=_("Mode"), choices=Mode.choices)
    type = django_filters.MultipleChoiceFilter(label=_("Kind"), choices=Alert.Type.choices)

    class Meta:
        model = Alert
        fields = ["q", "state", "mode", "type"]

    def by_words(self, rows: QuerySet[Alert], name: str, value: str) -> QuerySet[Alert]:
        places = Q(area_text_kk__icontains=value) | Q(area_text_ru__icontains=value) | Q(area_text_en__icontains=value)
        return rows.filter(places | Q(identifier__icontains=value) | Q(texts__icontains=value))


class DeliveryFilter(django_filters.FilterSet):
    q = SearchFilter(_("Name"), field_name="endpoint__name", lookup_expr="icontains")
    state = django_filters.MultipleChoiceFilter(label=_("State"), choices=Delivery.State.choices)
    kind = django_filters.ChoiceFilter(label=_("Kind"), field_name="endpoint__kind", choices=Endpoint.Kind.choices)

    class Meta:
        model = Delivery
        fields = ["q", "state", "kind"]


class EndpointFilter(django_filters.FilterSet):
    q = SearchFilter(_("Name or code"), method="by_words")
    state = django_filters.MultipleChoiceFilter(label=_("State"), choices=Endpoint.State.choices)
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Endpoint.Kind.choices)
    area = DistrictFilter()

    class Meta:
        model = Endpoint
        fields = ["q", "state", "kind", "area"]

    def by_words(self, rows: QuerySet[Endpoint], name: str, value: str) -> QuerySet[Endpoint]:
        return rows.filter(Q(name__icontains=value) | Q(code__icontains=value))
