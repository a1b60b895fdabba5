"""Forms of endpoints and plans."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tirek.facilities.models import Facility
from tirek.places import queries as places
from tirek.places.fields import DegreesField
from tirek.warning import wording
from tirek.warning.models import Endpoint, Plan, PlanText
from tirek_protocols.command import topics


class EndpointForm(forms.Form):
    """Where a siren or loudspeaker stands. The area follows from the place."""

    name = forms.CharField(
        label=_("Name"), max_length=160, help_text=_("As officers call it: “School No. 41, assembly hall”.")
    )
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_("Letters, digits, “-” and “_”. It cannot change once the device is enrolled."),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Endpoint.Kind.choices)
    facility = forms.ModelChoiceField(label=_("Facility"), queryset=Facility.objects.none(), required=False)
    lat = DegreesField(label=_("Latitude"), min_value=-85, max_value=85)
    lon = DegreesField(label=_("Longitude"), min_value=-180, max_value=180)
    range_m = forms.IntegerField(label=_("Range, metres"), min_value=10, max_value=5000, initial=300)

    def __init__(self, *args: Any, user: Any, endpoint: Endpoint | None = None, **kwargs: Any) -> None:
        if endpoint is not None:
            kwargs["initial"] = {name: getattr(endpoint, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)
        facilities = self.fields["facility"]
        assert isinstance(facilities, forms.ModelChoiceField)
        chosen = Q(pk=endpoint.facility_id) if endpoint is not None and endpoint.facility_id else Q(pk=None)
        offered = Q(state=Facility.State.LISTED) | chosen
        facilities.queryset = Facility.objects.restrict(user, "view").filter(offered)

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if not topics.is_endpoint_id(code):
            raise forms.ValidationError(_("Only letters, digits, “-” and “_”."))
        return code

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if "lat" in data and "lon" in data:
            data["area"] = places.area_at(data["lat"], data["lon"])
            if data["area"] is None:
                self.add_error("lat", _("This place lies outside of all areas on the map."))
        return data


class PlanForm(forms.ModelForm):
    """How a plan is used; its words are changed one language at a time."""

    class Meta:
        model = Plan
        fields = ["valid_min", "radius_m", "repeats_per_hour", "is_active"]


class PlanTextForm(forms.ModelForm):
    """A plan's words in one language."""

    headline = forms.CharField(label=_("Headline"), max_length=wording.LONGEST["headline"])
    description = forms.CharField(
        label=_("What happened"),
        max_length=wording.LONGEST["description"],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("{place} and {area} are filled in when the warning is composed."),
    )
    instruction = forms.CharField(
        label=_("What to do"), max_length=wording.LONGEST["instruction"], widget=forms.Textarea(attrs={"rows": 5})
    )

    class Meta:
        model = PlanText
        fields = ["headline", "description", "instruction"]
