"""Filters of the board and of the registers; they stand in the address."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tirek.flashpoints import months
from tirek.flashpoints.board import Board, Line
from tirek.flashpoints.models import Flashpoint, Measure
from tirek.places.filters import DistrictFilter, name_contains
from tirek.ui.filters import SearchFilter

SHOWS = [
    ("ranked", _("ranked")),
    ("unsaid", _("not enough data to say")),
    ("cluster", _("with a cluster")),
    ("flashpoint", _("signed as a flash-point")),
    ("attention", _("places of attention")),
    ("surge", _("found by officers, not reported")),
]


class BoardForm(forms.Form):
    """Which month, and which districts; the map shows the same."""

    month = forms.TypedChoiceField(label=_("Month"), required=False, coerce=int, empty_value=1)
    show = forms.MultipleChoiceField(
        label=_("Districts"), required=False, choices=SHOWS, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, origin: int, horizons: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = [(h, months.in_words(origin + h - 1)) for h in range(1, horizons + 1)]
        self.fields["month"].when_empty = months.in_words(origin)  # type: ignore[attr-defined]

    @property
    def horizon(self) -> int:
        """The month asked for; the first one when the address says nonsense."""
        return int(self.cleaned_data.get("month") or 1) if self.is_valid() else 1

    @property
    def shown(self) -> set[str]:
        return set(self.cleaned_data.get("show") or ()) if self.is_valid() else set()


def fits(line: Line, shown: set[str]) -> bool:
    """Whether a district is shown: any of the things asked for."""
    if not shown:
        return True
    has = {
        "ranked": line.enough,
        "unsaid": not line.enough,
        "cluster": bool(line.clusters),
        "flashpoint": line.flashpoint is not None,
        "attention": bool(line.outlook.attention),
        "surge": bool(line.outlook.surge.get("is")),
    }
    return any(has[key] for key in shown)


def narrowed(board: Board, shown: set[str]) -> list[Line]:
    return [line for line in board.lines if fits(line, shown)]


class FlashpointFilter(django_filters.FilterSet):
    q = SearchFilter(_("District or reason"), method="search")
    state = django_filters.ChoiceFilter(
        choices=Flashpoint.State.choices, method="by_state", label=pgettext_lazy("flash-point", "State")
    )
    area = DistrictFilter()
    objections = django_filters.ChoiceFilter(
        choices=[("open", _("to answer")), ("any", _("any objection"))], method="by_objections", label=_("Objections")
    )

    class Meta:
        model = Flashpoint
        fields: list[str] = []

    def search(self, rows: QuerySet[Flashpoint], _name: str, value: str) -> QuerySet[Flashpoint]:
        for word in value.split():
            rows = rows.filter(name_contains(word, "area__") | Q(reasons__icontains=word))
        return rows

    def by_state(self, rows: Any, _name: str, value: str) -> Any:
        today = timezone.localdate()
        if value == Flashpoint.State.STANDING:
            return rows.standing(today)
        if value == Flashpoint.State.WITHDRAWN:
            return rows.filter(withdrawn_on__lte=today)
        return rows.filter(expires_on__lt=today).exclude(withdrawn_on__lte=today)

    def by_objections(self, rows: QuerySet[Flashpoint], _name: str, value: str) -> QuerySet[Flashpoint]:
        return rows.filter(open_objections__gt=0) if value == "open" else rows.filter(all_objections__gt=0)


class MeasureFilter(django_filters.FilterSet):
    q = SearchFilter(_("Words of the measure"), method="search")
    state = django_filters.MultipleChoiceFilter(
        choices=Measure.State.choices, label=pgettext_lazy("measure", "State"), widget=forms.CheckboxSelectMultiple
    )
    late = django_filters.ChoiceFilter(choices=[("yes", _("overdue"))], method="by_term", label=_("Term"))
    kind = django_filters.MultipleChoiceFilter(
        choices=Measure.Kind.choices, label=_("Kind"), widget=forms.CheckboxSelectMultiple
    )
    area = DistrictFilter()

    class Meta:
        model = Measure
        fields: list[str] = []

    def search(self, rows: QuerySet[Measure], _name: str, value: str) -> QuerySet[Measure]:
        for word in value.split():
            rows = rows.filter(Q(text__icontains=word) | Q(outcome__icontains=word) | name_contains(word, "area__"))
        return rows

    def by_term(self, rows: QuerySet[Measure], _name: str, _value: str) -> QuerySet[Measure]:
        return rows.filter(state=Measure.State.OPEN, due_on__lt=timezone.localdate())
