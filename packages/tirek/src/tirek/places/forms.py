"""Forms of this app."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tirek.places.imports.reading import BOUNDARY_COLUMNS, LARGEST_FILE, SETTLEMENT_COLUMNS
from tirek.places.models import Area

SETTLEMENTS = "settlements"
SUFFIXES = {True: {".csv", ".txt", ".tsv"}, False: {".geojson", ".json", ".gpkg"}}
LABELS = {
    "code": gettext_lazy("code"),
    "name_kk": gettext_lazy("name in Kazakh"),
    "name_ru": gettext_lazy("name in Russian"),
    "name_en": gettext_lazy("name in English"),
    "population": gettext_lazy("population"),
    "lat": gettext_lazy("latitude"),
    "lon": gettext_lazy("longitude"),
}


class UploadForm(forms.Form):
    """What is brought, and the file."""

    what = forms.ChoiceField(
        label=gettext_lazy("What is in the file"),
        widget=forms.RadioSelect,
        initial=Area.Kind.DISTRICT,
        choices=[
            (Area.Kind.REGION, gettext_lazy("boundaries of regions")),
            (Area.Kind.DISTRICT, gettext_lazy("boundaries of districts")),
            (Area.Kind.SETTLEMENT, gettext_lazy("boundaries of settlements")),
            (SETTLEMENTS, gettext_lazy("settlements as a table (CSV)")),
        ],
    )
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("GeoJSON or GeoPackage for boundaries, CSV for a table; at most 200 MB"),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        file: UploadedFile | None = data.get("file")
        if file is None or "what" not in data:
            return data
        wanted = SUFFIXES[data["what"] == SETTLEMENTS]
        if Path(file.name or "").suffix.lower() not in wanted:
            self.add_error("file", _("This must be a file ending in %(list)s.") % {"list": ", ".join(sorted(wanted))})
        elif (file.size or 0) > LARGEST_FILE:
            self.add_error("file", _("The file is larger than 200 MB. Simplify the boundaries first."))
        return data


class MappingForm(forms.Form):
    """Which column of the file fills which field."""

    def __init__(self, *args: Any, what: str, columns: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "—"), *((column, column) for column in columns)]
        for name in SETTLEMENT_COLUMNS if what == SETTLEMENTS else BOUNDARY_COLUMNS:
            self.fields[name] = forms.ChoiceField(label=capfirst(str(LABELS[name])), choices=choices, required=False)

    def mapping(self) -> dict[str, str]:
        """The chosen columns by field; call after `is_valid()`."""
        return {name: column for name, column in self.cleaned_data.items() if column}


class AreaForm(forms.ModelForm):
    """Names and population of an area."""

    class Meta:
        model = Area
        fields = ["name_kk", "name_ru", "name_en", "population"]
