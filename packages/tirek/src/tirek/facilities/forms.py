"""Forms of this app."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tirek.accounts.models import Agency
from tirek.facilities.hours import Unreadable, parse, show
from tirek.facilities.models import Building, Contact, Document, Entrance, Facility
from tirek.facilities.queries import HOURS, contact_accounts
from tirek.files.forms import StoredFileField
from tirek.places.fields import AreaField, DegreesField
from tirek.places.models import Area
from tirek.places.queries import area_at, areas, settlement_at

PLANS = (Document.Kind.SITE_PLAN, Document.Kind.FLOOR_PLAN, Document.Kind.UTILITIES)


class HoursField(forms.CharField):
    """24 numbers of people, midnight first."""

    def prepare_value(self, value: Any) -> Any:
        return " ".join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[int]:
        text = super().clean(value)
        parts = re.findall(r"\S+", text.replace(",", " ").replace(";", " "))
        if not parts:
            return []
        if len(parts) != HOURS or not all(part.isascii() and part.isdigit() for part in parts):
            raise forms.ValidationError(_("Give 24 numbers, one for each hour from midnight, or none."))
        return [int(part) for part in parts]


class OpeningField(forms.CharField):
    """Opening hours as people write them; cleans to a week (see `hours`)."""

    def prepare_value(self, value: Any) -> Any:
        return show(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[Any]:
        try:
            return parse(super().clean(value))
        except Unreadable as part:
            example = _("Mon-Fri 8:00-18:00; Sat 9-14")
            raise forms.ValidationError(
                _("“%(part)s” cannot be read as hours. Write them like this: %(example)s")
                % {"part": part, "example": example}
            ) from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(parse(data or "") != (initial or []))
        except Unreadable:
            return True


class PlacedForm(forms.ModelForm):
    """A form with a place. The area may be left empty: then it is found by latitude and longitude."""

    lat = DegreesField(label=gettext_lazy("Latitude"), min_value=-85, max_value=85)
    lon = DegreesField(label=gettext_lazy("Longitude"), min_value=-180, max_value=180)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = areas(user)
        self.fields["area"].required = False
        self.fields["area"].help_text = _("Leave empty to find it by latitude and longitude.")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not any(data.get(f"name_{language}") for language in ("kk", "ru", "en")):
            self.add_error("name_ru", _("Give the facility a name in at least one language."))
        if data.get("area") is None and "lat" in data and "lon" in data:
            data["area"] = self._found(data["lat"], data["lon"])
            if data["area"] is None:
                self.add_error(
                    "area", _("This place lies in no area. Check latitude and longitude, or choose the area.")
                )
        return data

    def _found(self, lat: float, lon: float) -> Area | None:
        return settlement_at(lat, lon) or area_at(lat, lon)


class FacilityForm(PlacedForm):
    """All that is known of a facility itself."""

    visitors = HoursField(
        required=False,
        label=gettext_lazy("People by hour"),
        help_text=gettext_lazy("24 numbers, midnight first, local time"),
    )
    opening = OpeningField(
        required=False,
        label=gettext_lazy("Opening hours"),
        help_text=gettext_lazy("For example: Mon-Fri 8:00-18:00; Sat 9-14. Or: daily 9-21, around the clock."),
    )

    class Meta:
        model = Facility
        field_classes = {"area": AreaField}
        fields = [
            "code", "type", "name_kk", "name_ru", "name_en", "category", "address_kk", "address_ru", "lat", "lon", "area",
            "agency", "owner", "head", "phone", "email", "opening", "guards", "capacity", "staff", "visitors", "entrances",
            "floor_area_m2", "site_area_m2", "perimeter_m", "notes",
        ]  # fmt: skip

    @property
    def groups(self) -> list[tuple[str, list[Any]]]:
        """The fields as the page groups them."""
        named = (
            (_("What it is"), ["name_kk", "name_ru", "name_en", "code", "type", "category", "agency", "owner"]),
            (_("Where it is"), ["address_kk", "address_ru", "lat", "lon", "area"]),
            (_("Who answers for it"), ["head", "phone", "email", "guards"]),
            (_("People and hours"), ["opening", "visitors", "capacity", "staff", "entrances"]),
            (_("Size"), ["floor_area_m2", "site_area_m2", "perimeter_m"]),
            (_("Worth knowing"), ["notes"]),
        )
        return [(title, [self[name] for name in names]) for title, names in named]


class ProposalForm(PlacedForm):
    """The short form: what must be known to propose a facility. The rest is filled in when it is on the list."""

    reason = forms.CharField(
        label=gettext_lazy("Why it should stand on the list"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )

    class Meta:
        model = Facility
        field_classes = {"area": AreaField}
        fields = [
            "name_kk", "name_ru", "type", "category", "address_kk", "address_ru", "lat", "lon", "area", "agency", "owner",
            "capacity",
        ]  # fmt: skip


class ReasonForm(forms.Form):
    """Why something is proposed."""

    reason = forms.CharField(label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)

    def __init__(self, *args: Any, user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class ReviewForm(forms.Form):
    """The opinion of another person."""

    supported = forms.TypedChoiceField(
        label=gettext_lazy("Your opinion"),
        choices=[("yes", gettext_lazy("for it")), ("no", gettext_lazy("against it"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    opinion = forms.CharField(label=gettext_lazy("Why"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)


class DecisionForm(forms.Form):
    """The paper of the commission. Which proposals it is about stands beside each of them."""

    number = forms.CharField(label=gettext_lazy("Number of the decision"), max_length=60)
    dated = forms.DateField(
        label=gettext_lazy("Date of the decision"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    title = forms.CharField(label=gettext_lazy("Title"), max_length=300, required=False)
    file = StoredFileField(
        kind="document",
        label=gettext_lazy("File of the decision"),
        required=False,
        help_text=gettext_lazy("The signed paper as PDF or picture."),
    )

    def clean_number(self) -> str:
        """Without the sign that every page puts before it."""
        number = str(self.cleaned_data["number"]).lstrip("№ ").strip()
        if not number:
            raise forms.ValidationError(_("Write the number."))
        return number


class ContactForm(forms.ModelForm):
    """Somebody to ring."""

    class Meta:
        model = Contact
        fields = ["full_name", "position", "phone", "hours", "order", "person"]
        help_texts = {
            "person": gettext_lazy(
                "With an account this person sees the facility here, answers its notices and draws up its passport. "
                "An administrator makes the account, with the role of a facility contact."
            ),
            "hours": gettext_lazy(
                "For example: Mon-Fri 9-18, or: around the clock. The page then says who is on duty now."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        account = self.fields["person"]
        assert isinstance(account, forms.ModelChoiceField)
        account.queryset = contact_accounts().order_by("full_name")

    def clean_phone(self) -> str:
        phone = str(self.cleaned_data["phone"])
        if len(re.sub(r"\D", "", phone)) < 3 or not re.fullmatch(r"[+\d\s().,#*-]+", phone):
            raise forms.ValidationError(_("Give a phone number that can be rung."))
        return phone


class BuildingForm(forms.ModelForm):
    class Meta:
        model = Building
        fields = ["name", "use", "floors", "area_m2", "built", "people", "order"]
        labels = {"order": gettext_lazy("Order in the list")}


class OfFacilityForm(forms.ModelForm):
    """A form that offers the buildings of one facility."""

    def __init__(self, *args: Any, facility: Facility, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["building"].queryset = facility.buildings.all()
        if not self.fields["building"].queryset.exists():
            del self.fields["building"]


class EntranceForm(OfFacilityForm):
    class Meta:
        model = Entrance
        fields = ["name", "kind", "building", "control", "order"]
        labels = {"order": gettext_lazy("Order in the list")}


class DocumentForm(OfFacilityForm):
    """A paper with its file."""

    file = StoredFileField(kind="document", label=gettext_lazy("File"))

    class Meta:
        model = Document
        fields = ["kind", "title", "building", "dated"]
        widgets = {"dated": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    @property
    def file_kind(self) -> str:
        """As what the file is kept: plans and photos are drawn anew, papers stay as they came."""
        kind = self.cleaned_data["kind"]
        return "photo" if kind == Document.Kind.PHOTO else "plan" if kind in PLANS else "document"


class NewVersionForm(forms.Form):
    """A newer version of a paper: the file and its date."""

    file = StoredFileField(kind="document", label=gettext_lazy("File"))
    dated = forms.DateField(
        label=gettext_lazy("Date of the document"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class BulkAgencyForm(forms.Form):
    agency = forms.ModelChoiceField(
        queryset=Agency.objects.order_by("code"),
        required=False,
        label=gettext_lazy("Agency in charge"),
        empty_label=gettext_lazy("none"),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class BulkCategoryForm(forms.Form):
    category = forms.ChoiceField(
        choices=Facility._meta.get_field("category").choices, label=gettext_lazy("Category"), widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
