"""Forms of this app."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tirek.facilities.models import FacilityType
from tirek.places.filters import districts
from tirek.places.models import Area
from tirek.requirements.models import Point
from tirek.requirements.queries import in_force
from tirek.upgrades.consequence import MEANING, ROMAN
from tirek.upgrades.models import Consequence, Measure, Scenario, UpgradePlan

# So that money in tiyn stays below 2^53, where sums are exact.
MOST_MONEY = Decimal(90_000_000_000_000)
MOST_PRICE = Decimal(999_999_999_999)
WEIGHTS = ("weight_1", "weight_2", "weight_3", "weight_4")
LANGUAGES = ("kk", "ru", "en")


def _points(key: str) -> list[tuple[int, Any]]:
    return [
        (n, gettext_lazy("%(n)s: %(meaning)s") % {"n": n, "meaning": text}) for n, text in enumerate(MEANING[key], 1)
    ]


class ConsequenceForm(forms.ModelForm):
    """The factors that the register does not know, and the adjustment."""

    importance = forms.TypedChoiceField(
        label=gettext_lazy("Importance of the service"), widget=forms.RadioSelect, coerce=int
    )
    dependence = forms.TypedChoiceField(
        label=gettext_lazy("Others that depend on it"), widget=forms.RadioSelect, coerce=int
    )
    people = forms.TypedChoiceField(label=gettext_lazy("People present"), required=False, coerce=int, empty_value=None)
    size = forms.TypedChoiceField(label=gettext_lazy("Size"), required=False, coerce=int, empty_value=None)
    basis = forms.CharField(
        label=gettext_lazy("Where these points come from"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("For instance: letter of the health department of 12 March, beds and patients a day."),
    )
    adjustment = forms.TypedChoiceField(
        label=gettext_lazy("Move the tier"),
        widget=forms.RadioSelect,
        coerce=int,
        choices=[
            (-1, gettext_lazy("one lower")),
            (0, gettext_lazy("as the points say")),
            (1, gettext_lazy("one higher")),
        ],
    )
    adjustment_why = forms.CharField(
        label=gettext_lazy("Why it is moved"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("What the five factors cannot hold. It stands in the log."),
    )

    class Meta:
        model = Consequence
        fields = ("importance", "dependence", "people", "size", "basis", "adjustment", "adjustment_why")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["importance"].choices = _points("service")
        self.fields["dependence"].choices = _points("dependence")
        register = ("", gettext_lazy("from the register"))
        self.fields["people"].choices = [register, *_points("people")]
        self.fields["size"].choices = [register, *_points("size")]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("adjustment") and not cleaned.get("adjustment_why", "").strip():
            self.add_error("adjustment_why", _("Say why the tier is moved."))
        return cleaned


class MeasureForm(forms.ModelForm):
    """A measure of the catalogue."""

    keys = forms.CharField(
        label=gettext_lazy("Keys of requirements that it meets"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "Separated by spaces or commas. Requirements that name this measure themselves need not be repeated."
        ),
    )
    price = forms.DecimalField(
        label=gettext_lazy("Price, tenge"), min_value=0, max_value=MOST_PRICE, decimal_places=2, max_digits=14
    )
    every = forms.IntegerField(
        label=gettext_lazy("One for how many of them"),
        min_value=1,
        max_value=1_000_000,
        initial=1,
        help_text=gettext_lazy("40 with metres of perimeter: one for every 40 metres."),
    )

    class Meta:
        model = Measure
        fields = (
            "code",
            "name_kk",
            "name_ru",
            "name_en",
            "price",
            "unit",
            "per",
            "every",
            "keys",
            "source",
            "is_active",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        instance = kwargs.get("instance")
        if instance is not None:
            kwargs.setdefault("initial", {})["keys"] = " ".join(instance.keys)
        super().__init__(*args, **kwargs)

    def clean_keys(self) -> list[str]:
        return check_keys(self.cleaned_data["keys"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("name_ru") and not cleaned.get("name_kk"):
            self.add_error("name_ru", _("Give it a name in Kazakh or Russian."))
        return cleaned


def check_keys(text: str) -> list[str]:
    """Keys out of a text. Raises ValidationError for one that no requirement in force has."""
    keys = sorted({key for key in re.split(r"[\s,;]+", text) if key})
    known = {one.key for one in in_force()}
    if unknown := [key for key in keys if key not in known]:
        raise forms.ValidationError(
            _("No requirement in force has this key: %(keys)s.") % {"keys": ", ".join(unknown[:10])}
        )
    return keys


class ScenarioForm(forms.ModelForm):
    """A named event: which points matter for it, and how much."""

    types = forms.MultipleChoiceField(
        label=gettext_lazy("Types of facilities it concerns"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None ticked: all."),
    )

    class Meta:
        model = Scenario
        fields = ("code", "name_kk", "name_ru", "name_en")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        instance = kwargs.get("instance")
        if instance is not None:
            kwargs.setdefault("initial", {})["types"] = instance.types
        super().__init__(*args, **kwargs)
        weights = instance.points if instance is not None else {}
        for point in Point:
            self.fields[f"point_{point.value}"] = forms.IntegerField(
                label=gettext_lazy("Weight: %(point)s") % {"point": point.label},
                min_value=0,
                max_value=10,
                initial=weights.get(point.value, 0),
            )
        self.fields["types"].choices = sorted(
            ((row.code, row.name) for row in FacilityType.objects.all()), key=lambda pair: pair[1]
        )
        self.order_fields(["code", "name_kk", "name_ru", "name_en", *(f"point_{p.value}" for p in Point), "types"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        points = {p.value: cleaned.get(f"point_{p.value}") or 0 for p in Point}
        if not any(points.values()):
            self.add_error("point_perimeter", _("At least one point must matter."))
        if not any(cleaned.get(f"name_{code}") for code in ("kk", "ru")):
            self.add_error("name_ru", _("Give it a name in Kazakh or Russian."))
        cleaned["points"] = {name: weight for name, weight in points.items() if weight}
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        """The fields of the row."""
        names = ("code", "name_kk", "name_ru", "name_en", "points", "types")
        return {name: self.cleaned_data[name] for name in names}


class PlanForm(forms.ModelForm):
    """What a plan is computed from."""

    budget = forms.DecimalField(
        label=gettext_lazy("Budget, tenge"), min_value=0, max_value=MOST_MONEY, decimal_places=2, max_digits=16
    )
    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=2000, max_value=2100)
    least_per_district = forms.IntegerField(
        label=gettext_lazy("Facilities a district at least"),
        min_value=0,
        max_value=10_000,
        initial=0,
        help_text=gettext_lazy("Counted in the areas right below the plan's. Where fewer need anything, all of these."),
    )
    scenario = forms.ModelChoiceField(
        Scenario.objects.all(),
        label=gettext_lazy("Scenario"),
        required=False,
        empty_label=gettext_lazy("none: all requirements by their weights"),
    )
    mandatory_first = forms.BooleanField(
        label=gettext_lazy("Mandatory requirements first"),
        required=False,
        initial=True,
        help_text=gettext_lazy(
            "Every facility with mandatory requirements unmet gets what meets them, before anything else."
        ),
    )

    class Meta:
        model = UpgradePlan
        fields = ("name", "year", "area", "budget", "scenario", "mandatory_first", "least_per_district")

    def __init__(self, *args: Any, request: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = districts(request).defer("boundary")
        self.fields["area"].empty_label = None
        self.fields["year"].initial = timezone.localdate().year + 1
        weights = self.instance.tier_weights or self.initial.get("tier_weights") or [1, 2, 3, 4]
        for name, weight, tier in zip(WEIGHTS, weights, ROMAN.values(), strict=True):
            self.fields[name] = forms.FloatField(
                label=gettext_lazy("A point of gap in tier %(tier)s is worth") % {"tier": tier},
                min_value=0.01,
                max_value=1000,
                initial=weight,
            )

    @property
    def values(self) -> dict[str, Any]:
        """The fields of the row."""
        rest = {name: value for name, value in self.cleaned_data.items() if name not in WEIGHTS}
        return {**rest, "tier_weights": [self.cleaned_data[name] for name in WEIGHTS]}


class CompareForm(forms.Form):
    """Two plans."""

    a = forms.ModelChoiceField(UpgradePlan.objects.none(), label=gettext_lazy("First plan"), empty_label=None)
    b = forms.ModelChoiceField(UpgradePlan.objects.none(), label=gettext_lazy("Second plan"), empty_label=None)

    def __init__(self, *args: Any, plans: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["a"].queryset = self.fields["b"].queryset = plans


def first_area(user: Any) -> Area | None:
    """Where a new plan is made for unless the person says otherwise: the highest area in reach."""
    rows = Area.objects.restrict(user, "view").exclude(kind__in=[Area.Kind.COUNTRY, Area.Kind.SETTLEMENT])
    return rows.defer("boundary").order_by("path").first()
