"""Forms of this app."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tirek.equipment.actions.items import MOST
from tirek.equipment.models import Item, Kind
from tirek.facilities.models import Building, Facility
from tirek.places.filters import name_contains

FIELDS = [
    "kind", "building", "place", "maker", "model", "serial", "quantity", "state", "state_note", "installed_on", "warranty_until",
    "next_test_on", "retention_days", "zone", "note",
]  # fmt: skip


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class FacilityField(forms.CharField):
    """A facility by its code, or by its name where only one has it. Registers are long: nobody scrolls through them."""

    user: Any = None

    def prepare_value(self, value: Any) -> Any:
        return value.code if isinstance(value, Facility) else value

    def clean(self, value: Any) -> Facility | None:
        if isinstance(value, Facility):
            return value
        text = super().clean(value)
        if not text:
            return None
        rows = Facility.objects.restrict(self.user, "view").select_related("area").defer("area__boundary")
        found: list[Facility] = list(rows.filter(code__iexact=text)) or list(rows.filter(name_contains(text))[:2])
        if not found:
            raise forms.ValidationError(_("No facility has this code or name."))
        if len(found) > 1:
            raise forms.ValidationError(_("Several facilities are called so. Give the code."))
        return found[0]


class ItemForm(forms.ModelForm):
    """What is known of an item. Where it stands is changed by moving it, that it goes by taking it out."""

    class Meta:
        model = Item
        fields = FIELDS
        widgets = {
            "installed_on": DateInput(), "warranty_until": DateInput(), "next_test_on": DateInput(),
            "note": forms.Textarea(attrs={"rows": 3}),
        }  # fmt: skip

    def __init__(self, *args: Any, facility: Facility, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["kind"]
        field.queryset = Kind.objects.filter(is_active=True) | Kind.objects.filter(pk=self.instance.kind_id)
        buildings: Any = self.fields["building"]
        buildings.queryset = Building.objects.filter(facility=facility)
        state: Any = self.fields["state"]
        retired = self.instance.pk and self.instance.state == Item.State.RETIRED
        state.choices = [c for c in Item.State.choices if retired or c[0] != Item.State.RETIRED]
        self.fields["quantity"].min_value = 1

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end = data.get("installed_on"), data.get("warranty_until")
        if start and end and end < start:
            self.add_error("warranty_until", _("The warranty ends before the installation."))
        if data.get("quantity") == 0:
            self.add_error("quantity", _("At least one."))
        return data


class AddForm(ItemForm):
    """One item or many equal ones."""

    count = forms.IntegerField(
        label=gettext_lazy("How many equal ones"),
        initial=1,
        min_value=1,
        max_value=MOST,
        help_text=gettext_lazy("each gets a number and a label of its own"),
    )
    tag = forms.CharField(
        label=gettext_lazy("inventory number"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("empty: the next free one"),
    )
    field_order = ["kind", "count", "building", "place", "tag", "maker", "model", "serial", "state", "installed_on"]

    def clean_tag(self) -> str:
        return clean_tag(self.cleaned_data["tag"])


class WhereForm(forms.Form):
    """At which facility."""

    facility = FacilityField(label=gettext_lazy("Facility"), help_text=gettext_lazy("its code, or its name"))

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["facility"]
        field.user = user


class MoveForm(WhereForm):
    """To another place."""

    building = forms.CharField(label=gettext_lazy("building"), max_length=120, required=False)
    place = forms.CharField(label=gettext_lazy("place in the building"), max_length=160, required=False)
    why = forms.CharField(label=gettext_lazy("why"), max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        name, facility = data.get("building", ""), data.get("facility")
        data["building"] = None
        if name and facility:
            data["building"] = Building.objects.filter(facility=facility, name__iexact=name).first()
            if data["building"] is None:
                self.add_error("building", _("The facility has no building of this name."))
        return data


class RetireForm(forms.Form):
    why = forms.CharField(label=gettext_lazy("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class TestForm(forms.Form):
    """One test by a person."""

    __test__ = False  # pytest must not take it for one

    passed = forms.ChoiceField(
        label=gettext_lazy("Result"),
        choices=[("1", pgettext_lazy("test", "passed")), ("0", pgettext_lazy("test", "failed"))],
        widget=forms.RadioSelect,
    )
    on = forms.DateField(label=gettext_lazy("Day of the test"), widget=DateInput())
    note = forms.CharField(label=gettext_lazy("note"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = timezone.localdate()

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("A test cannot lie in the future."))
        return day


class KindForm(forms.ModelForm):
    class Meta:
        model = Kind
        fields = ["code", "name_kk", "name_ru", "name_en", "group", "icon", "test_every_days", "is_active"]
        help_texts = {"icon": gettext_lazy("name of a Tabler icon that is part of Tirek")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["code"].disabled = True

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not any(data.get(f"name_{language}") for language in ("kk", "ru", "en")):
            self.add_error("name_ru", _("Give the kind a name in at least one language."))
        return data


def clean_tag(tag: str) -> str:
    """An inventory number stands in an address and on a label: no spaces around it and no slashes in it."""
    tag = tag.strip()
    if any(c in "/?#\\" or not c.isprintable() for c in tag) or tag in (".", ".."):
        raise forms.ValidationError(_("A number has none of / ? # \\."))
    return tag
